"""Sub-pixel places of the pen's line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvedesk.domain.scales import ValueScale
from curvedesk.tracing.axis import Axis, unroll
from curvedesk.tracing.path import GAP, Path
from curvedesk.tracing.refine import refine
from curvedesk.tracing.strip import MARGIN_PX
from tests.tracing.makers import Bytes, Floats, draw

SUBPIXEL_PX = 0.15
WIDTH, ROWS = 120, 90


def _axis() -> Axis:
    return unroll(ValueScale(0, 1), WIDTH, turns=range(0, 1))


def _sheet() -> Bytes:
    return np.zeros((ROWS, WIDTH + 1 + 2 * MARGIN_PX), np.uint8)


def _steep_path(x: Floats) -> Path:
    at = np.rint(x).astype(np.int32)
    return Path(at, at.copy())


@settings(max_examples=40)
@given(st.floats(30, 80), st.floats(-0.8, 0.8), st.integers(-1, 1))
def test_a_steep_line_is_placed_between_pixels(x0: float, lean: float, wrong_px: int) -> None:
    rows = np.arange(ROWS, dtype=np.float64)
    x = x0 + lean * (rows - ROWS / 2) * 0.6
    image = _sheet()
    draw(image, np.column_stack([x, rows]))
    line = refine(_steep_path(x + wrong_px), _axis(), image)
    inner = slice(5, -5)
    np.testing.assert_allclose(line.v, rows)
    assert np.abs(line.u - x)[inner].max() < SUBPIXEL_PX
    assert line.confidence[inner].min() > 0.5


@pytest.mark.parametrize("apart_px", [5, 6, 8])
@pytest.mark.parametrize("side", [-1, 1])
def test_a_neighbour_does_not_pull(apart_px: int, side: int) -> None:
    rows = np.arange(ROWS, dtype=np.float64)
    x = 60.4 + 0.1 * rows
    image = _sheet()
    for shift in (0, side * apart_px):
        draw(image, np.column_stack([x + shift, rows]))
    line = refine(_steep_path(x), _axis(), image)
    assert np.abs(line.u - x)[5:-5].max() < SUBPIXEL_PX


@pytest.mark.parametrize("y", [40.0, 40.3, 40.5, 40.8])
def test_a_level_stroke_is_followed_to_its_tip(y: float) -> None:
    image = _sheet()
    draw(image, [[30, 0], [30, y], [95, y + 0.4], [95, ROWS]])
    entered = np.where(np.arange(ROWS) <= 40, 30, 95).astype(np.int32)
    left = np.where(np.arange(ROWS) < 40, 30, 95).astype(np.int32)
    line = refine(Path(entered, left), _axis(), image)
    level = np.flatnonzero((line.u > 35) & (line.u < 90))
    assert line.u.max() == pytest.approx(95, abs=0.5)
    assert len(level) >= 10, "a vertex each few columns, or its values are lost between two rows"
    wanted = y + 0.4 * (line.u[level] - 30) / 65
    assert np.abs(line.v[level] - wanted).max() < SUBPIXEL_PX


def test_a_gap_parts_the_line_and_is_never_sure() -> None:
    rows = np.arange(ROWS, dtype=np.float64)
    image = _sheet()
    draw(image, np.column_stack([50 + 0 * rows, rows])[:30])
    draw(image, np.column_stack([50 + 0 * rows, rows])[60:])
    at = np.where((rows < 30) | (rows >= 60), 50, GAP).astype(np.int32)
    line = refine(Path(at, at.copy()), _axis(), image)
    assert np.isnan(line.u[30:60]).all()
    assert np.isnan(line.v[30:60]).all()
    assert not line.confidence[30:60].any()
    assert np.isfinite(line.u[np.r_[0:30, 60:ROWS]]).all()


def test_paper_under_a_path_leaves_it_where_it_is() -> None:
    at = np.full(ROWS, 44, np.int32)
    line = refine(Path(at, at.copy()), _axis(), _sheet())
    assert (line.u == 44).all()
    assert not line.confidence.any()


def test_ink_half_as_sure_is_placed_as_well_and_trusted_half_as_much() -> None:
    rows = np.arange(ROWS, dtype=np.float64)
    image = _sheet()
    draw(image, np.column_stack([50.3 + 0 * rows, rows]))
    line = refine(_steep_path(50.3 + 0 * rows), _axis(), image // 2)
    assert np.abs(line.u - 50.3)[5:-5].max() < SUBPIXEL_PX
    assert line.confidence[10:-10] == pytest.approx(0.5, abs=0.05)
