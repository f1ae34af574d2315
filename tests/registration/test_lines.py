"""Lines on drawn grids of known truth: borders follow waves, tilts are measured, breaks do no harm."""

from __future__ import annotations

import numpy as np
import pytest

from curvedesk.registration.atlas import Atlas, survey
from curvedesk.registration.drift import stretches
from curvedesk.registration.levels import read_levels
from curvedesk.registration.passes import LogPass, find_passes
from curvedesk.registration.tracks import border_of, lay_out
from tests.registration.makers import DrawnGrid, draw_grid

GRIDS = {
    "straight": {},
    "leaning": {"slope": 0.012},
    "waving": {"wave_px": 14.0},
    "broken": {"broken": 0.12},
    "all at once": {"slope": -0.008, "wave_px": 9.0, "broken": 0.08},
}


def geometry(drawn: DrawnGrid) -> tuple[Atlas, LogPass]:
    atlas = survey(drawn.page)
    return atlas, find_passes(drawn.page, atlas)[0]


@pytest.mark.parametrize("name", GRIDS)
def test_that_borders_follow_the_print_within_a_pixel(name: str) -> None:
    drawn = draw_grid(**GRIDS[name])  # type: ignore[arg-type]
    atlas, log = geometry(drawn)
    assert len(log.layout.strips) == 2
    places = [x for strip in log.layout.strips for x in (strip.left_px, strip.right_px)]
    for border, place in enumerate(places):
        line = border_of(atlas.columns, log.stretch, place)
        rows = np.linspace(drawn.first_px + 60, drawn.last_px - 60, 40)
        off = np.interp(rows, line[:, 1], line[:, 0]) - drawn.x_at(border, rows)
        assert np.abs(off).mean() < 1.0


@pytest.mark.parametrize("slope", [-0.02, -0.006, 0.0, 0.004, 0.015])
def test_that_the_tilt_of_level_lines_is_measured_to_a_two_thousandth(slope: float) -> None:
    drawn = draw_grid(slope=slope)
    atlas = survey(drawn.page)
    stretch = max(stretches(atlas.columns), key=lambda s: s.last - s.first)
    levels = read_levels(atlas.rows, stretch)
    assert np.median(levels.slope) == pytest.approx(slope, abs=0.0005)


def test_that_ten_divisions_are_seen_and_no_logarithm() -> None:
    drawn = draw_grid()
    _, log = geometry(drawn)
    assert log.layout.strips
    for strip in log.layout.strips:
        assert not strip.ruling.logarithmic
        assert strip.ruling.divisions == 10


def test_that_the_first_and_last_row_of_the_grid_are_found() -> None:
    drawn = draw_grid(wave_px=6.0)
    _, log = geometry(drawn)
    assert log.top_px == pytest.approx(drawn.first_px, abs=14)
    assert log.bottom_px == pytest.approx(drawn.last_px, abs=14)


@pytest.mark.parametrize("name", ["straight", "all at once"])
def test_that_printed_numbers_tie_their_lines_to_depths(name: str) -> None:
    drawn = draw_grid(**GRIDS[name], numbers=(4000.0, 50.0))  # type: ignore[arg-type]
    _, log = geometry(drawn)
    assert log.scale is not None
    for tie in log.scale.ties:
        truth = drawn.first_px + 20.0 + (tie.depth - 4000.0) / 50.0 * 100.0
        assert tie.y_px == pytest.approx(truth, abs=1.5)


def test_that_a_bare_page_has_no_pass() -> None:
    drawn = draw_grid()
    drawn.page.ink[:] = 0
    assert find_passes(drawn.page, survey(drawn.page)) == []


def test_that_the_layout_of_a_page_of_noise_is_empty() -> None:
    drawn = draw_grid()
    rng = np.random.default_rng(5)
    drawn.page.ink[:] = rng.integers(0, 256, drawn.page.ink.shape, dtype=np.uint8)
    atlas = survey(drawn.page)
    assert all(not lay_out(s, read_levels(atlas.rows, s), width_px=1400).strips for s in stretches(atlas.columns))
