"""Curve errors mean what the shared scorer means by them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from curvedesk.domain.scales import ScaleKind, ValueScale, Wrap, WrapKind
from curvedesk.learn.curve_scores import at_depths, score_curve

Values = NDArray[np.float64]
DEPTH = np.arange(1000, 1200, 0.5)
LINEAR = ValueScale(0.0, 150.0)
SCALES: list[tuple[dict[str, Any], ValueScale]] = [
    ({"left": 0, "right": 150}, LINEAR),
    ({"left": 140, "right": 40, "wrap": True}, ValueScale(140.0, 40.0, wrap=Wrap(WrapKind.ADD))),
    ({"left": 0.2, "right": 2000, "scale": "log"}, ValueScale(0.2, 2000.0, kind=ScaleKind.LOG)),
    (
        {"left": 0, "right": 10, "wrap": {"kind": "multiply", "factor": 10}},
        ValueScale(0.0, 10.0, wrap=Wrap(WrapKind.MULTIPLY, 10.0)),
    ),
]


def _score(got: Values, wanted: Values, scale: ValueScale = LINEAR) -> Any:
    return score_curve(got, wanted, depth=DEPTH, row=0.05, scale=scale)


def _wave() -> Values:
    return 75 + 50 * np.sin(DEPTH / 7)


def test_the_drawn_values_themselves_score_1() -> None:
    score = _score(_wave(), _wave())
    assert (score.score, score.coverage, score.invented, score.within_2pct) == (1, 1, 0, 1)
    assert score.mae_pct == pytest.approx(0, abs=1e-9)


def test_an_offset_is_counted_in_per_cent_of_the_track() -> None:
    flat = np.full_like(DEPTH, 60.0)
    assert _score(flat + 15, flat).mae_pct == pytest.approx(10)
    assert _score(flat + 15, flat).score == 0


def test_half_a_curve_covers_half_of_it() -> None:
    got = np.where(DEPTH < 1100, _wave(), np.nan)
    assert _score(got, _wave()).score == pytest.approx(0.5)


def test_values_where_no_pen_drew_are_invented() -> None:
    wanted = np.where(DEPTH < 1100, _wave(), np.nan)
    score = _score(_wave(), wanted)
    assert score.invented == 1
    assert score.score == pytest.approx(0.5)


def test_a_pen_that_is_pinned_to_the_border_is_not_scored() -> None:
    assert _score(_wave(), np.full_like(DEPTH, 150.0)) is None


def test_the_same_values_at_other_depths_are_read_between_samples_and_not_across_gaps() -> None:
    index = np.array([0.0, 1, 2, 3, 4])
    values = np.array([0.0, 10, np.nan, 30, 40])
    got = at_depths(values, index, np.array([0.5, 1.4, 1.6, 2, 3.5, 5]))
    np.testing.assert_allclose(got, [5, 14, np.nan, np.nan, 35, np.nan])


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), case=st.sampled_from(SCALES))
def test_scores_are_those_of_the_shared_scorer(scorer: ModuleType, seed: int, case: tuple[Any, ValueScale]) -> None:
    sheet, scale = case
    rng = np.random.default_rng(seed)
    turns = 2.5 if "wrap" in sheet else 1
    fraction = np.clip(0.5 + np.cumsum(rng.normal(0, 0.05, DEPTH.size)), 0.01, turns)
    wanted = scale.left + fraction * (scale.right - scale.left)
    if "scale" in sheet:
        wanted = scale.left * (scale.right / scale.left) ** fraction
    got = wanted * rng.choice([1, 1, 1.01, 1.1], DEPTH.size)
    wanted[rng.random(DEPTH.size) < 0.1] = np.nan
    got[rng.random(DEPTH.size) < 0.1] = np.nan
    theirs = scorer._score_curve(DEPTH, got.copy(), DEPTH, wanted.copy(), sheet, 0.05)
    ours = score_curve(at_depths(got, DEPTH, DEPTH), wanted, depth=DEPTH, row=0.05, scale=scale)
    assert ours is not None
    for key in ("score", "coverage", "invented", "mae_pct", "within_2pct", "wrapped_2pct"):
        assert getattr(ours, key) == pytest.approx(theirs[key], abs=1.1e-3), key
