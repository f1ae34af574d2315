"""Curves of a region without a sheet, on strokes drawn as the network would see them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from curvedesk.domain.track import Style
from curvedesk.synth import crop
from curvedesk.tracing.free import FreeCurve, trace_free

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]
HEIGHT, WIDTH = 400, 300


def blank(height: int = HEIGHT, width: int = WIDTH) -> Bytes:
    return np.zeros((height, width), np.uint8)


def drawn(*lines: Floats, on: Bytes | None = None) -> Bytes:
    """Lines (n, 2) as strokes of 3 px."""
    image = blank() if on is None else on
    for line in lines:
        cv2.polylines(image, [np.rint(line * 16).astype(np.int32)], False, 255, 3, cv2.LINE_AA, 4)
    return image


def pen(x_of_y: NDArray[np.float64] | float, y: Floats) -> Floats:
    return np.stack([np.broadcast_to(x_of_y, y.shape), y], 1)


def apart(a: Floats, b: Floats) -> float:
    """Largest distance of a point of `a` from the nearest of `b`."""
    return float(cKDTree(b).query(a)[0].max())


def same_line(curve: FreeCurve, line: Floats, *, within: float, ends: int = 4) -> bool:
    walked = walk(curve.points)
    return apart(walked, line) < within and apart(line[ends:-ends], walked) < within


def walk(points: Floats) -> Floats:
    """A point at least every pixel of the way, also over the gaps a curve bridges."""
    return np.concatenate([np.linspace(a, b, 2 + int(np.hypot(*(b - a)))) for a, b in pairwise(points)])


ROWS = np.arange(5.0, 395.0)


def test_one_pen_is_followed_to_a_fraction_of_a_pixel() -> None:
    line = pen(150 + 60 * np.sin(ROWS / 40), ROWS)
    (curve,) = trace_free(drawn(line), blank())
    x_drawn = np.interp(curve.points[:, 1], line[:, 1], line[:, 0])
    assert np.median(np.abs(curve.points[:, 0] - x_drawn)) < 0.25
    assert same_line(curve, line, within=1.5)
    assert curve.style is Style.SOLID
    assert curve.confidence > 0.9


def test_two_pens_that_cross_stay_two() -> None:
    left, right = pen(60 + ROWS * 0.45, ROWS), pen(240 - ROWS * 0.45, ROWS)
    curves = trace_free(drawn(left, right), blank())
    assert len(curves) == 2
    for line in (left, right):
        assert any(same_line(curve, line, within=3) for curve in curves)


def test_two_pens_that_touch_for_a_while_both_go_on() -> None:
    near = 30 * np.abs(np.clip((ROWS - 200) / 100, -1, 1)) ** 2
    left, right = pen(148 - near, ROWS), pen(151 + near, ROWS)
    curves = trace_free(drawn(left, right), blank())
    assert len(curves) == 2
    assert all(np.ptp(curve.points[:, 1]) > 370 for curve in curves)


def test_a_solid_and_a_dashed_pen_that_cross_keep_their_styles() -> None:
    left, right = pen(60 + ROWS * 0.45, ROWS), pen(240 - ROWS * 0.45, ROWS)
    curves = trace_free(drawn(left), drawn(right))
    assert {curve.style: same_line(curve, line, within=3) for curve in curves for line in (left, right)}
    by_style = {curve.style: curve for curve in curves}
    assert same_line(by_style[Style.SOLID], left, within=3)
    assert same_line(by_style[Style.DASHED], right, within=3)


def test_a_short_stretch_taken_for_the_other_class_does_not_cut_the_pen() -> None:
    solid, dashed = drawn(pen(150, ROWS)), blank()
    dashed[180:215], solid[180:215] = solid[180:215], 0
    (curve,) = trace_free(solid, dashed)
    assert curve.style is Style.SOLID
    assert np.ptp(curve.points[:, 1]) > 380


def test_a_spike_is_followed_to_its_tip() -> None:
    line = np.array([[80.0, 5], [85, 198], [240, 200], [85, 203], [80, 395]])
    (curve,) = trace_free(drawn(line), blank())
    assert curve.points[:, 0].max() > 236
    assert (curve.points[0, 1], curve.points[-1, 1]) == pytest.approx((5, 395), abs=4)


def test_neighbouring_spikes_both_ways_are_one_pen() -> None:
    line = np.array([[150.0, 5], [150, 180], [60, 185], [150, 190], [240, 195], [150, 200], [150, 395]])
    (curve,) = trace_free(drawn(line), blank())
    assert curve.points[:, 0].min() < 64
    assert curve.points[:, 0].max() > 236
    assert np.ptp(curve.points[:, 1]) > 380


def test_level_swings_over_the_whole_width_are_followed_across() -> None:
    turns = np.array([[20.0, 20], [280, 60], [20, 75], [280, 120], [30, 180], [270, 260], [20, 380]])
    (curve,) = trace_free(drawn(turns), blank())
    dense = np.concatenate([np.linspace(a, b, 300) for a, b in pairwise(turns)])
    assert apart(dense, curve.points) < 6  # a sharp tip is rounded by a few pixels
    assert apart(curve.points, dense) < 3


def dashes(line: Floats, *, on: int, off: int) -> list[Floats]:
    return [line[k : k + on] for k in range(0, len(line), on + off)]


@pytest.mark.parametrize(("on", "off"), [(12, 10), (20, 16), (30, 20)])
def test_dashes_become_one_line(on: int, off: int) -> None:
    line = pen(150 + 40 * np.sin(ROWS / 60), ROWS)
    (curve,) = trace_free(blank(), drawn(*dashes(line, on=on, off=off)))
    assert curve.style is Style.DASHED
    assert same_line(curve, line, within=3, ends=off + 4)


def test_dashes_go_on_across_a_solid_pen() -> None:
    straight, slanted = pen(150, ROWS), pen(50 + ROWS * 0.5, ROWS)
    curves = trace_free(drawn(straight), drawn(*dashes(slanted, on=16, off=10)))
    assert sorted(curve.style for curve in curves) == [Style.DASHED, Style.SOLID]
    assert all(np.ptp(curve.points[:, 1]) > 370 for curve in curves)


def test_a_pen_that_fades_for_a_moment_at_a_bend_goes_on() -> None:
    upper, lower = np.array([[120.0, 10], [100, 150], [190, 190]]), np.array([[210.0, 205], [140, 240], [130, 390]])
    (curve,) = trace_free(drawn(upper, lower), blank())
    assert np.ptp(curve.points[:, 1]) > 370


def test_pens_side_by_side_are_not_joined() -> None:
    upper, lower = pen(60, np.arange(10.0, 150)), pen(200, np.arange(160.0, 390))
    assert len(trace_free(drawn(upper, lower), blank())) == 2


def test_a_long_gap_stays_a_gap() -> None:
    upper, lower = pen(150, np.arange(10.0, 120)), pen(150, np.arange(280.0, 390))
    curves = trace_free(drawn(upper, lower), blank())
    assert len(curves) == 2
    assert all(np.hypot(*np.diff(curve.points, axis=0).T).max() < 70 for curve in curves)


@pytest.mark.parametrize("shape", [(0, 0), (0, 50), (50, 0), (1, 1), (3, 300), (400, 300)])
def test_blank_paper_has_no_curves(shape: tuple[int, int]) -> None:
    assert trace_free(blank(*shape), blank(*shape)) == []


def test_specks_and_faint_shadows_are_no_curves() -> None:
    faint = drawn(pen(150, ROWS)) // 3
    faint[np.random.default_rng(1).integers(0, HEIGHT, 60), np.random.default_rng(2).integers(0, WIDTH, 60)] = 255
    assert trace_free(faint, blank()) == []


def test_a_page_all_ink_does_not_break_it() -> None:
    full = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for curve in trace_free(full, full):
        assert np.isfinite(curve.points).all()


def test_a_ring_is_one_curve() -> None:
    circle = np.stack([150 + 60 * np.cos(np.arange(0, 6.4, 0.1)), 200 + 60 * np.sin(np.arange(0, 6.4, 0.1))], 1)
    (curve,) = trace_free(drawn(circle), blank())
    assert apart(circle, curve.points) < 3


def test_curves_run_down_the_paper_in_drawing_order() -> None:
    lines = [pen(60 + 150 * (k % 2) + 20 * np.sin(ROWS / 30), ROWS) for k in range(2)]
    curves = trace_free(drawn(*lines), blank())
    assert len(curves) == 2
    for curve in curves:
        assert curve.points[0, 1] < curve.points[-1, 1]
        assert np.diff(curve.points[:, 1]).min() > -2


@given(dx=st.integers(0, 120), dy=st.integers(0, 80))
def test_coordinates_are_relative_to_the_region(dx: int, dy: int) -> None:
    line = pen(80 + 40 * np.sin(np.arange(20.0, 180) / 25), np.arange(20.0, 180))
    alone = trace_free(drawn(line, on=blank(200, 160)), blank(200, 160))
    image = blank(280, 280)
    image[dy : dy + 200, dx : dx + 160] = drawn(line, on=blank(200, 160))
    moved = trace_free(image, blank(280, 280))
    assert len(alone) == len(moved) == 1
    assert np.allclose(alone[0].points + np.array([dx, dy]), moved[0].points)


@given(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 120)), min_size=2, max_size=25))
def test_whatever_is_drawn_the_lines_lie_on_its_ink(corners: Sequence[tuple[int, int]]) -> None:
    image = drawn(np.array(corners, float), on=blank(121, 121))
    ink = np.argwhere(image >= 60)[:, ::-1].astype(float)
    for curve in trace_free(image, blank(121, 121)):
        x, y = curve.points.T
        assert ((x > -1) & (x < 121) & (y > -1) & (y < 121)).all()
        assert 0 <= curve.confidence <= 1
        assert cKDTree(ink).query(curve.points)[0].max() < 2


@pytest.mark.parametrize("seed", [0, 2, 3, 4, 5])  # 1 draws blank paper
def test_the_labels_of_a_synthetic_crop_come_back_as_lines(seed: int) -> None:
    made = crop(np.random.default_rng((77, seed)), size=256)
    curves = trace_free(made.solid, made.dashed)
    traced = np.concatenate([np.zeros((0, 2)), *(curve.points for curve in curves)])
    y, x = np.nonzero(np.maximum(made.solid, made.dashed) > 128)
    ink = np.stack([x, y], 1).astype(float)
    assert len(ink) > 200
    found = float((cKDTree(traced).query(ink)[0] < 4).mean())
    true = float((cKDTree(ink).query(traced)[0] < 4).mean())
    assert 2 * found * true / (found + true) > 0.9
