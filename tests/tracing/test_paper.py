"""What the paper says where the network is blind to ink, or sees some where there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from curvedesk.domain.sheet import Sheet
from curvedesk.tracing.paper import paper_of
from curvedesk.tracing.track import Evidence
from tests.tracing.makers import (
    LEFT_PX,
    PX_PER_FOOT,
    TOP_PX,
    Bytes,
    Floats,
    digitised,
    gr,
    ideal,
    make_sheet,
    pen_line,
    values_of,
)

WIDTH_PX = 300
CLOSE = 1.5  # % of the track on its first scale


def _track(rows: int = 60) -> Bytes:
    return np.full((rows, WIDTH_PX), 255, np.uint8)


def test_a_broad_level_band_is_one_but_no_thin_stroke_and_no_steep_one() -> None:
    gray = _track()
    gray[10:16, 40:200] = 0
    gray[30:33, 40:200] = 0
    gray[20:60, 250:258] = 0
    paper = paper_of(gray)
    assert np.argwhere(paper.bands.any(axis=1)).ravel().tolist() == list(range(10, 16))
    assert np.argwhere(paper.bands.any(axis=0)).ravel().tolist() == list(range(40, 200))
    assert not paper.bare.any()


@pytest.mark.parametrize("rows", [3, 7], ids=["thin", "thick"])
def test_a_ruled_line_is_no_band_and_bare_but_for_where_ink_adheres(rows: int) -> None:
    gray = _track()
    gray[20 : 20 + rows] = 0
    gray[20 + rows : 26 + rows, 100:150] = 0
    paper, line, ink = paper_of(gray), slice(20, 20 + rows), slice(100, 150)
    assert np.delete(paper.bare[line], ink, axis=1).all()
    assert not paper.bare[line, ink].any(), "a pen runs along the line there"
    assert not np.delete(paper.bare, line, axis=0).any(), "only ruled lines are bare"
    assert paper.bands[line, ink].all(), "its band goes on under the line"
    assert not np.delete(paper.bands, ink, axis=1).any()


def test_a_line_ruled_in_gray_is_bare_but_for_where_a_pen_crosses_it() -> None:
    gray = _track()
    gray[20:22] = 170
    gray[10:30, 100:104] = 60
    gray[40:42, 30:90] = 60
    paper = paper_of(gray)
    assert np.delete(paper.bare[20:22], slice(100, 104), axis=1).all()
    assert not paper.bare[20:22, 100:104].any()
    assert not np.delete(paper.bare, slice(20, 22), axis=0).any(), "a stroke in part of the track is no ruled line"


def test_paper_that_is_black_all_over_holds_no_band() -> None:
    paper = paper_of(np.zeros((20, WIDTH_PX), np.uint8))
    assert paper.bare.all()
    assert not paper.bands.any()


def _row(foot: float) -> int:
    return TOP_PX + round(foot * PX_PER_FOOT)


def _column(percent: float) -> int:
    return LEFT_PX + round(percent / 100 * WIDTH_PX)


def _tenfold() -> Sheet:
    return make_sheet([gr(wrap={"kind": "multiply", "factor": 10})], feet=90, width_px=WIDTH_PX)


def _climbing(high: float, depth: Floats) -> Floats:
    """Over the border onto the tenfold scale, to `high` and back at two level strokes, and home again."""
    base = np.interp(depth, [1000, 1008, 1020, 1070, 1082, 1090], [50, 60, 140, 140, 60, 50])
    return np.where((depth > 1030) & (depth < 1060), high, base)


@pytest.mark.parametrize("high", [350.0, 600.0])
def test_a_level_stroke_that_the_network_does_not_see_in_a_black_band_keeps_the_pen_on_its_scale(high: float) -> None:
    sheet = _tenfold()
    evidence = ideal(sheet, [pen_line(sheet, "GR", lambda depth: _climbing(high, depth))])
    probability, gray = evidence.probability.copy(), evidence.gray.copy()
    for foot in (30, 60):
        row, left, right = _row(foot), _column(14), _column(high / 10)
        gray[row - 3 : row + 3, left:right] = 0
        probability[:, row - 5 : row + 5, left + 8 : right - 8] = 0
    log = digitised(sheet, Evidence(probability, gray, evidence.window))
    off = np.abs(values_of(log, "GR") - _climbing(high, log.depth))
    assert np.mean(off < 10 * CLOSE) > 0.97, "not read on the first scale, to which a leap leads"


def test_a_ruled_line_that_the_network_takes_for_ink_leads_no_pen_astray() -> None:
    sheet = _tenfold()
    evidence = ideal(sheet, [pen_line(sheet, "GR", lambda depth: 15 + 5 * np.sin(depth / 4))])
    probability, gray, row = evidence.probability.copy(), evidence.gray.copy(), _row(45)
    gray[row - 2 : row + 2, _column(0) : _column(100)] = 0
    probability[0, row - 1 : row + 2, _column(15) : _column(70)] = 255
    log = digitised(sheet, replace(evidence, probability=probability, gray=gray))
    off = np.abs(values_of(log, "GR") - (15 + 5 * np.sin(log.depth / 4)))
    assert off.max() < CLOSE
