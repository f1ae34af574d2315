"""Confidence says what it means: the fewer, the weaker or the more contradictory the evidence, the lower."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from curvedesk.registration.chain import Chain
from curvedesk.registration.confidence import depth_confidence, track_confidence
from curvedesk.registration.depth import DepthScale, Tie
from curvedesk.registration.rulings import Ruling
from curvedesk.registration.tracks import Strip


def scale(count: int, *, seen: float = 1.0, wrong: int = 0, clear: float = 0.8) -> DepthScale:
    y, depth = 500.0 * np.arange(count), 1000 + 100.0 * np.arange(count)
    chain = Chain(y, depth, (True,) * count, 100.0, 5.0, 0.98 * count, wrong, ())
    lines = [k < seen * count for k in range(count)]
    ties = tuple(Tie(float(a), float(d), 0.0, s, True, 0.0, None) for a, d, s in zip(y, depth, lines, strict=True))
    return DepthScale(ties, 0.0, clear, chain)


def test_that_many_numbers_on_their_lines_are_sure() -> None:
    assert depth_confidence(scale(12), ratios=(240.0, 240.0)) >= 0.95


@pytest.mark.parametrize(
    "weak",
    [
        pytest.param(scale(3), id="three numbers"),
        pytest.param(scale(12, seen=0.2), id="hardly a line to snap to"),
        pytest.param(scale(12, wrong=3), id="sure numbers that contradict"),
    ],
)
def test_that_weak_evidence_is_never_called_sure(weak: DepthScale) -> None:
    assert depth_confidence(weak, ratios=(240.0, 240.0)) < 0.95


def test_that_a_scale_no_log_is_drawn_at_is_asked_for() -> None:
    assert depth_confidence(scale(20), ratios=(112.0, 56.0)) <= 0.6


def test_that_more_numbers_never_make_it_less_sure() -> None:
    rising = [depth_confidence(scale(n)) for n in range(3, 20)]
    assert rising == sorted(rising)


def test_that_an_undrawn_border_is_less_sure_than_a_drawn_one() -> None:
    drawn = Strip(20.0, 520.0, Ruling(False, 10, 0, 1.0, 0.8), 1.0)
    assert track_confidence(replace(drawn, sure=0.0)) < track_confidence(drawn)
    assert track_confidence(drawn) >= 0.95
