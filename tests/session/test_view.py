"""The arithmetic between scan and screen, for any view."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from curvedesk.session.glide import Glide, glide_to
from curvedesk.session.view import KEPT_PX, MAX_ZOOM, MIN_ZOOM, View, level_for

COORDINATES = st.floats(-1e5, 3e5)
SIZES = st.integers(1, 300_000)
views = st.builds(
    View,
    x0_px=st.floats(-1e4, 1e4),
    y0_px=st.floats(-1e4, 3e5),
    zoom=st.floats(0.003, 20),
    width=st.integers(50, 4000),
    height=st.integers(50, 4000),
)


@given(views, COORDINATES, COORDINATES)
def test_a_scan_point_goes_to_the_screen_and_comes_back(view: View, x_px: float, y_px: float) -> None:
    back = view.to_scan(*view.to_screen(x_px, y_px))
    assert np.allclose(back, (x_px, y_px), rtol=0, atol=1e-8)


@given(views, st.floats(0, 4000), st.floats(0, 4000), st.floats(0.1, 10))
def test_zooming_keeps_the_point_under_the_cursor(view: View, x: float, y: float, factor: float) -> None:
    before = view.to_scan(x, y)
    after = view.zoomed_at(x, y, factor)
    assert np.allclose(after.to_screen(*before), (x, y), atol=1e-5)
    assert MIN_ZOOM <= after.zoom <= MAX_ZOOM


@given(views, st.floats(-3000, 3000), st.floats(-3000, 3000))
def test_panning_moves_the_paper_the_other_way_by_as_many_pixels(view: View, right: float, down: float) -> None:
    x, y = view.panned(right=right, down=down).to_screen(*view.to_scan(100.0, 100.0))
    assert np.allclose((x, y), (100 - right, 100 - down), atol=1e-5)


@given(views, SIZES)
def test_fit_width_puts_both_borders_of_the_scan_on_the_rims(view: View, scan_width: int) -> None:
    assume(MIN_ZOOM <= view.width / scan_width <= MAX_ZOOM)
    fitted = view.fit_width(scan_width)
    left, right = fitted.to_screen([-0.5, scan_width - 0.5], 0)[0]
    assert np.allclose((left, right), (0, view.width), atol=1e-6)
    assert fitted.y0_px == view.y0_px


@given(views, SIZES, SIZES)
def test_the_whole_scan_is_in_sight_when_it_is_fitted(view: View, width: int, height: int) -> None:
    assume(MIN_ZOOM <= min(view.width / width, view.height / height) <= MAX_ZOOM)
    fitted = view.fit_all(width, height)
    x, y = fitted.to_screen([-0.5, width - 0.5], [-0.5, height - 0.5])
    assert (x >= -1e-6).all() and (x <= view.width + 1e-6).all()
    assert (y >= -1e-6).all() and (y <= view.height + 1e-6).all()


@given(views, SIZES, SIZES)
def test_the_log_never_gets_lost(view: View, width: int, height: int) -> None:
    clamped = view.clamped(width, height)
    (left, right), (top, bottom) = clamped.columns, clamped.rows
    across = (min(right, width - 0.5) - max(left, -0.5)) * view.zoom
    down = (min(bottom, height - 0.5) - max(top, -0.5)) * view.zoom
    assert across > min(KEPT_PX, view.width / 2, width * view.zoom) - 1e-3
    assert down > min(KEPT_PX, view.height / 2, height * view.zoom) - 1e-3


@given(views, SIZES, SIZES)
def test_clamping_twice_changes_nothing_more(view: View, width: int, height: int) -> None:
    once = view.clamped(width, height)
    twice = once.clamped(width, height)
    assert np.allclose((once.x0_px, once.y0_px), (twice.x0_px, twice.y0_px), atol=1e-9)


@given(st.floats(0.0005, 20), st.integers(1, 12))
def test_the_level_is_the_coarsest_whose_pixels_fit_a_device_pixel(scale: float, levels: int) -> None:
    level = level_for(scale, levels)
    assert 0 <= level < levels
    assert scale * 2**level <= 1 or level == 0
    assert scale * 2 ** (level + 1) > 1 or level == levels - 1


def test_a_finer_screen_asks_for_a_finer_level() -> None:
    view = View(zoom=0.25)
    assert view.level_for(9) == 2
    assert view.level_for(9, ratio=2.0) == 1


@given(views, st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0]))
def test_a_snapped_view_lies_on_a_device_pixel_less_than_one_away(view: View, ratio: float) -> None:
    snapped = view.snapped(ratio)
    x, y = (float(v) * ratio for v in snapped.to_screen(-0.5, -0.5))
    assert abs(x - round(x)) < 1e-5 and abs(y - round(y)) < 1e-4
    assert np.allclose(snapped.origin(ratio), (-round(x), -round(y)))
    moved = (view.x0_px - snapped.x0_px, view.y0_px - snapped.y0_px)
    assert np.abs(moved).max() * view.zoom * ratio < 0.5001


@given(views, st.floats(0, 1e5), st.floats(1, 1e4))
def test_rows_asked_for_are_shown_whole_and_in_the_middle(view: View, y_px: float, rows: float) -> None:
    assume(0.8 * view.height / rows >= MIN_ZOOM)
    shown = view.showing_rows(y_px, y_px + rows)
    assert shown.zoom <= view.zoom
    top, bottom = shown.rows
    assert top <= y_px + 1e-6 and bottom >= y_px + rows - 1e-6
    assert abs((top + bottom) / 2 - (y_px + rows / 2)) < 1e-6


@given(views, views, st.floats(-10, 1000))
def test_a_glide_ends_exactly_at_its_goal_and_stays_there(start: View, goal: View, elapsed_ms: float) -> None:
    glide = glide_to(start, goal)
    assert glide.at(glide.duration_ms) is goal
    assert glide.is_over(elapsed_ms) == (glide.at(elapsed_ms) is goal)


@given(views, st.floats(-500, 500))
def test_a_glide_comes_nearer_all_the_time(start: View, down: float) -> None:
    glide = Glide(start, start.panned(down=down))
    away = [abs(glide.at(ms).y0_px - glide.goal.y0_px) for ms in range(0, 171, 10)]
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(away))


def test_a_far_goal_is_shown_arriving_and_not_rushing_by() -> None:
    start = View(zoom=0.5, width=800, height=600)
    goal = start.panned(down=100_000)
    glide = glide_to(start, goal)
    assert 0 < goal.y0_px - glide.at(0).y0_px < 600 / 0.5
