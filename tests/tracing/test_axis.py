"""The chain of back-up scales, laid side by side."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvedesk.domain.scales import ScaleKind, ValueScale, Wrap, WrapKind
from curvedesk.tracing.axis import Axis, unroll
from curvedesk.tracing.strip import MARGIN_PX
from tests.tracing.makers import Floats

ADD = Wrap(WrapKind.ADD)


def _along(scale: ValueScale, axis: Axis, width: int) -> Floats:
    """The coordinate that a straight pen stroke is linear in, at every position."""
    return scale.to_axis(scale.value_at((axis.column - MARGIN_PX) / width, axis.turn))


ends = st.sampled_from([(0.0, 150.0), (150.0, 0.0), (-40.0, 60.0)])
widths = st.integers(60, 600)


@given(ends, widths, st.integers(-2, 0), st.integers(1, 4))
def test_an_adding_scale_goes_on_evenly_over_every_seam(
    left_right: tuple[float, float], width: int, low: int, high: int
) -> None:
    scale = ValueScale(*left_right, wrap=ADD)
    axis = unroll(scale, width, turns=range(low, high + 1))
    step = np.diff(_along(scale, axis, width))
    np.testing.assert_allclose(step, (scale.right - scale.left) / width, rtol=1e-6)
    assert axis.turn[[0, -1]].tolist() == [low, high]


@given(ends, widths, st.sampled_from([2.0, 3.0, 5.0, 10.0]), st.integers(1, 4))
def test_a_multiplying_scale_never_jumps_more_than_a_column_of_the_wider_scale(
    left_right: tuple[float, float], width: int, factor: float, high: int
) -> None:
    scale = ValueScale(*left_right, wrap=Wrap(WrapKind.MULTIPLY, factor))
    axis = unroll(scale, width, turns=range(0, high + 1))
    step = np.diff(_along(scale, axis, width)) * np.sign(scale.right - scale.left)
    column = abs(scale.right - scale.left) / width * factor ** axis.turn[1:]
    assert (step >= 0 - 0.5 * column).all(), "rounding 1/factor to a column costs at most half of one"
    assert (step <= 1.5 * column + 1e-9).all()


@pytest.mark.parametrize(
    "scale",
    [
        ValueScale(0.2, 2000, ScaleKind.LOG, wrap=ADD),
        ValueScale(0, 10, wrap=Wrap(WrapKind.MULTIPLY, 10)),
        ValueScale(1, 0, ScaleKind.TABLE, table=((0.0, 1.0), (0.5, 0.2), (1.0, 0.0)), wrap=ADD),
    ],
    ids=["log", "multiply", "table"],
)
def test_positions_hold_the_places_that_values_have(scale: ValueScale) -> None:
    axis = unroll(scale, 300, turns=range(0, 3))
    fraction = (axis.column - MARGIN_PX) / 300
    inner = np.flatnonzero((fraction > 0.02) & ((axis.turn == 0) | (fraction > 1 / 10 + 0.02)) & (fraction < 0.98))
    back_fraction, back_turn = scale.place_of(scale.value_at(fraction[inner], axis.turn[inner]))
    np.testing.assert_allclose(back_fraction, fraction[inner], atol=1e-9)
    np.testing.assert_array_equal(back_turn, axis.turn[inner])


def test_seams_are_where_the_next_scale_begins() -> None:
    add = unroll(ValueScale(0, 100, wrap=ADD), 100, turns=range(-1, 2))
    assert add.seams == (100, 200)
    multiply = unroll(ValueScale(0, 100, wrap=Wrap(WrapKind.MULTIPLY, 4)), 100, turns=range(0, 3))
    assert multiply.seams == (100, 175)
    assert multiply.column[100] == MARGIN_PX + 25


def test_a_scale_without_a_wrap_is_the_strip_itself_and_costs_nothing_but_on_its_borders() -> None:
    axis = unroll(ValueScale(0, 100), 100, turns=range(0, 1))
    assert axis.column.tolist() == list(range(101 + 2 * MARGIN_PX))
    assert not axis.turn.any()
    assert not axis.cost[MARGIN_PX + 5 : -MARGIN_PX - 5].any()
    assert axis.cost[MARGIN_PX] > 0, "the printed border is ink whether or not a pen runs there"
    assert axis.seams == ()


def test_negative_readings_cost_on_a_scale_that_has_none() -> None:
    plain = unroll(ValueScale(0, 150, wrap=ADD), 100, turns=range(-1, 2)).cost
    signed = unroll(ValueScale(-40, 60, wrap=ADD), 100, turns=range(-1, 2)).cost
    assert (plain[1:100] > signed[1:100]).all()
    np.testing.assert_allclose(plain[100:], signed[100:])
    assert plain[105:195].max() == 0
