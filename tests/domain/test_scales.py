"""Value scales: every value has one place, and comes back from it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvedesk.domain.scales import ScaleKind, ValueScale, Wrap, WrapKind

ADD = Wrap(WrapKind.ADD)
NONE = Wrap()
ends = st.floats(-1e4, 1e4).filter(lambda v: abs(v) > 1e-3)
positive = st.floats(1e-3, 1e5)


def _apart(left: float, right: float) -> bool:
    return abs(left - right) > 0.01 * max(abs(left), abs(right))


@st.composite
def scales(draw: st.DrawFn, wrap: Wrap) -> ValueScale:
    kind = draw(st.sampled_from(ScaleKind))
    number = positive if kind is ScaleKind.LOG else ends
    left, right = draw(st.tuples(number, number).filter(lambda pair: _apart(*pair)))
    table: tuple[tuple[float, float], ...] = ()
    if kind is ScaleKind.TABLE:
        middle, share = draw(st.floats(0.05, 0.95)), draw(st.floats(0.05, 0.95))
        table = ((0.0, left), (middle, left + share * (right - left)), (1.0, right))
    return ValueScale(left, right, kind, table, wrap)


def _close(scale: ValueScale, value: float, wanted: float) -> bool:
    size = abs(scale.left) + abs(scale.right) + abs(wanted)
    return bool(abs(value - wanted) <= (1e-9 * abs(wanted) if scale.kind is ScaleKind.LOG else 1e-11 * size))


@given(scales(NONE), st.floats(-3, 4))
def test_a_fraction_without_a_wrap_comes_back_even_outside_the_track(scale: ValueScale, fraction: float) -> None:
    place, turn = scale.place_of(scale.value_at(fraction))
    assert turn == 0
    assert place == pytest.approx(fraction, abs=1e-8)


@given(scales(ADD), st.floats(0, 0.999), st.integers(-4, 4))
def test_an_adding_wrap_gives_back_fraction_and_turn(scale: ValueScale, fraction: float, turn: int) -> None:
    value = scale.value_at(fraction, turn)
    place, whole = scale.place_of(value)
    assert 0 <= place < 1
    assert place + whole == pytest.approx(fraction + turn, abs=1e-7)  # at an edge 0 of n + 1 may stand for 1 of n
    assert _close(scale, float(scale.value_at(place, whole)), float(value))


@given(st.data(), st.floats(1.5, 20), st.floats(0, 1), st.integers(0, 4))
def test_a_multiplying_wrap_gives_the_lowest_scale_that_holds_the_value(
    data: st.DataObject, factor: float, fraction: float, turn: int
) -> None:
    scale = data.draw(scales(Wrap(WrapKind.MULTIPLY, factor)).filter(lambda s: s.kind is not ScaleKind.LOG))
    value = scale.value_at(fraction, turn)
    place, lowest = scale.place_of(value)
    assert 0 <= lowest <= turn or fraction == pytest.approx(1)
    assert place <= 1
    share = (value - scale.left) / (scale.right - scale.left)
    assert lowest == 0 or share > factor ** (lowest - 1) * (1 - 1e-9)
    assert _close(scale, float(scale.value_at(place, lowest)), float(value))


def test_a_gamma_ray_of_170_on_0_to_150_is_drawn_20_into_the_track() -> None:
    fraction, turn = ValueScale(0, 150, wrap=ADD).place_of([170.0, 150.0, 149.0, -15.0, 310.0])
    np.testing.assert_allclose(fraction * 150, [20, 0, 149, 135, 10])
    assert turn.tolist() == [1, 1, 0, -1, 2]


def test_a_resistivity_wraps_whole_decades_on_a_log_track() -> None:
    scale = ValueScale(1, 100, ScaleKind.LOG, wrap=ADD)
    np.testing.assert_allclose(scale.value_at([0.5, 0.5, 0.5], [0, 1, -1]), [10, 1000, 0.1])
    assert scale.place_of(1000.0)[1] == 1


def test_a_tenfold_back_up_scale_goes_on_at_a_tenth_of_the_track() -> None:
    scale = ValueScale(0, 20, wrap=Wrap(WrapKind.MULTIPLY, 10))
    fraction, turn = scale.place_of([19.0, 20.0, 21.0, 200.0, 2000.0, 200000.0, -5.0, 0.0])
    np.testing.assert_allclose(fraction, [0.95, 1, 0.105, 1, 1, 1, -0.25, 0])
    assert turn.tolist() == [0, 0, 1, 1, 2, 4, 0, 0]


def test_a_reversed_neutron_scale_falls_to_the_right() -> None:
    scale = ValueScale(0.45, -0.15)
    np.testing.assert_allclose(scale.value_at([0, 0.5, 1, 1.5]), [0.45, 0.15, -0.15, -0.45])


def test_a_hyperbolic_table_is_read_between_its_marks_and_beyond_them() -> None:
    scale = ValueScale(0, 50, ScaleKind.TABLE, ((0, 0), (0.5, 10), (0.9, 50)))
    np.testing.assert_allclose(scale.value_at([0.25, 0.7, 1.0]), [5, 30, 60])
    np.testing.assert_allclose(scale.place_of([5, 30, 60])[0], [0.25, 0.7, 1.0])


@pytest.mark.parametrize("wrap", [NONE, ADD, Wrap(WrapKind.MULTIPLY, 10)])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("kind", [ScaleKind.LINEAR, ScaleKind.LOG])
def test_what_is_no_number_has_no_place(kind: ScaleKind, value: float, wrap: Wrap) -> None:
    fraction, turn = ValueScale(1, 100, kind, wrap=wrap).place_of(value)
    assert np.isnan(fraction)
    assert turn == 0


def test_a_log_scale_holds_neither_zero_nor_less() -> None:
    fraction, turn = ValueScale(0.2, 2000, ScaleKind.LOG, wrap=ADD).place_of([0.0, -1.0])
    assert np.isnan(fraction).all()
    assert turn.tolist() == [0, 0]
