"""Scores mean what they say; the shared scorer is the judge of the definitions."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from curvedesk.learn.metrics import agreement, ious, outside, overlap, skeleton, total, walk

COORDINATE = st.floats(0, 60)
POINTS = st.lists(st.tuples(COORDINATE, COORDINATE), max_size=12)


def _line(x: float) -> NDArray[np.float64]:
    return walk([[x, 0], [x, 100]])


def test_ious_of_a_perfect_multiclass_output_are_all_1() -> None:
    target = torch.zeros(1, 3, 8, 8)
    target[0, 1, :, 2] = target[0, 2, :, 5] = 1
    target[0, 0] = 1 - target[0, 1:].amax(0)
    found = ious(target * 2 - 1, target, torch.ones(1, 1, 8, 8))
    assert found == {"any": 1, "solid": 1, "dashed": 1, "background": 1}


def test_ious_count_known_pixels_only_and_each_class_alone() -> None:
    target = torch.zeros(1, 3, 4, 4)
    target[0, 1, :, 0] = 1
    logits = torch.full((1, 3, 4, 4), -5.0)
    logits[0, 1, :2, 0] = logits[0, 2, 3, 3] = 5
    known = torch.ones(1, 1, 4, 4)
    assert ious(logits, target, known) == {"any": 2 / 5, "solid": 1 / 2, "dashed": 0, "background": 11 / 14}
    known[0, 0, 3] = 0
    assert ious(logits, target, known) == {"any": 2 / 3, "solid": 2 / 3, "dashed": 1, "background": 9 / 10}


def test_ious_of_a_binary_output_have_one_class() -> None:
    target = torch.eye(4)[None, None]
    assert ious(target - 0.5, target, torch.ones(1, 1, 4, 4)) == {"any": 1}


def test_a_3_px_line_shifted_by_1_px_has_half_its_overlap() -> None:
    """Why an IoU is never quoted without the width of its labels."""
    wide = np.zeros((10, 20), bool)
    wide[:, 5:8] = True
    assert overlap(wide, np.roll(wide, 1, 1), np.ones_like(wide)).iou == 0.5


def test_overlaps_of_crops_add_up_before_the_ratio_is_taken() -> None:
    small, large = np.ones((1, 1), bool), np.ones((3, 3), bool)
    crops = [overlap(small, small, small), overlap(~large, large, large)]
    assert total(crops).iou == 0.1
    assert total([]).iou == 1


@pytest.mark.parametrize(("tolerance", "f1"), [(1, 0), (2, 1), (3, 1)])
def test_lines_2_px_apart_agree_from_a_tolerance_of_2_px_on(tolerance: float, f1: float) -> None:
    assert agreement(_line(10), _line(12), tolerance_px=tolerance).f1 == f1


def test_half_a_line_is_precise_but_recalls_half() -> None:
    found = agreement(_line(10)[:50], _line(10), tolerance_px=0.5)
    assert found.precision == 1
    assert found.recall == pytest.approx(0.5, abs=0.01)


def test_where_nothing_is_wanted_a_speck_is_forgiven_and_a_line_is_not() -> None:
    nothing = np.zeros((0, 2))
    assert agreement(_line(1)[:50], nothing, tolerance_px=2).f1 == pytest.approx(1)
    assert agreement(_line(1), nothing, tolerance_px=2).f1 == 0
    assert agreement(nothing, _line(1), tolerance_px=2).f1 == 0


def test_a_skeleton_is_the_middle_of_a_stroke() -> None:
    mask = np.zeros((30, 30), bool)
    mask[2:28, 10:15] = True
    assert set(skeleton(mask)[3:-3, 0]) == {12}


@settings(deadline=None, max_examples=60)
@given(found=POINTS, wanted=POINTS, tolerance=st.sampled_from([1, 2, 3]))
def test_definitions_are_those_of_the_shared_scorer(
    scorer: ModuleType,
    found: list[tuple[float, float]],
    wanted: list[tuple[float, float]],
    tolerance: int,
) -> None:
    box = [(10, 10, 30, 25)]
    ours = agreement(outside(walk(found), box), outside(walk(wanted), box), tolerance_px=tolerance)
    theirs = scorer._f1(
        scorer._outside(scorer._walk(found), box), scorer._outside(scorer._walk(wanted), box), tolerance
    )
    assert (ours.precision, ours.recall, ours.f1) == pytest.approx(
        (theirs["precision"], theirs["recall"], theirs["f1"]), abs=1e-4
    )
