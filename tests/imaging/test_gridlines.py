"""Printed lines near a click, on drawn paper."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from curvedesk.imaging.gridlines import nearest_horizontal, nearest_vertical

WIDTH, HEIGHT = 240, 60


def _paper(*lines: tuple[float, float, float], slope: float = 0.0, noise: float = 0.0) -> NDArray[np.uint8]:
    """White paper with lines (row in the middle, thickness, darkness 0..1)."""
    rows = np.arange(HEIGHT)[:, None]
    along = np.arange(WIDTH)[None] - (WIDTH - 1) / 2
    ink = np.zeros((HEIGHT, WIDTH))
    for at, thick, dark in lines:
        away = np.abs(rows - at - slope * along)
        ink = np.maximum(ink, dark * np.clip(thick / 2 + 0.5 - away, 0, 1))
    speckle = np.random.default_rng(3).normal(0, noise, ink.shape)
    return np.clip(np.rint(255 * (1 - ink) + speckle), 0, 255).astype(np.uint8)


@given(at=st.floats(20, 40), off=st.floats(-8, 8), slope=st.floats(-0.015, 0.015), thick=st.floats(1, 3.5))
def test_a_line_is_found_to_a_quarter_of_a_pixel(at: float, off: float, slope: float, thick: float) -> None:
    line = nearest_horizontal(_paper((at, thick, 1.0), slope=slope, noise=12), y_px=at + off, reach_px=10)
    assert line is not None
    assert abs(line.at_px - at) < 0.25
    assert abs(line.slope - slope) < 0.003


def test_a_border_is_found_down_the_paper() -> None:
    patch = np.ascontiguousarray(_paper((31.4, 2.0, 0.9), slope=0.01).T)
    line = nearest_vertical(patch, x_px=28, reach_px=8)
    assert line is not None
    assert line.at_px == pytest.approx(31.4, abs=0.2)


def test_the_nearest_of_two_equal_lines_is_taken() -> None:
    paper = _paper((22, 2.0, 1.0), (34, 2.0, 1.0))
    near = [nearest_horizontal(paper, y_px=y, reach_px=12) for y in (24, 32)]
    assert [round(line.at_px) for line in near if line is not None] == [22, 34]


def test_a_heavy_line_beats_a_thin_one_that_is_little_nearer() -> None:
    line = nearest_horizontal(_paper((25, 1.0, 0.25), (33, 3.0, 1.0)), y_px=28.5, reach_px=10)
    assert line is not None
    assert round(line.at_px) == 33


def test_a_line_crossed_by_a_curve_and_broken_by_letters_is_found() -> None:
    paper = _paper((30, 2.0, 1.0))
    paper[:, 60:66] = 0  # a pen straight down
    paper[:, 120:180] = 255  # nothing printed here
    line = nearest_horizontal(paper, y_px=33, reach_px=8)
    assert line is not None
    assert line.at_px == pytest.approx(30, abs=0.3)
    assert line.share < 0.9


@pytest.mark.parametrize("paper", [np.full((60, 240), 255, np.uint8), np.zeros((60, 240), np.uint8)])
def test_even_paper_has_no_line(paper: NDArray[np.uint8]) -> None:
    assert nearest_horizontal(paper, y_px=30, reach_px=10) is None


def test_a_line_out_of_reach_is_not_taken() -> None:
    assert nearest_horizontal(_paper((45, 2.0, 1.0)), y_px=20, reach_px=10) is None


def test_a_scrap_of_paper_has_no_line() -> None:
    assert nearest_horizontal(np.zeros((3, 8), np.uint8), y_px=1, reach_px=3) is None
