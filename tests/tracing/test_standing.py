"""Pens that stand still, of which the network finds one end; and pens that swing hidden under another."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from curvedesk.domain.sheet import Sheet
from curvedesk.tracing.local import retrace
from curvedesk.tracing.standing import standing_pens
from curvedesk.tracing.track import Evidence, trace_track
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
    sp,
    strokes,
    values_of,
)

CLOSE = 1.5  # % of the track


def _coming_to_rest(depth: Floats) -> Floats:
    return np.where(depth < 1030, 40 + 25 * np.sin((depth - 1030) / 4), 40.0)


def _row(foot: float) -> int:
    return TOP_PX + round(foot * PX_PER_FOOT)


def _lost(*, dpi: float = 200, slope: float = 0.0) -> tuple[Sheet, Evidence]:
    """A pen that stands still from 30 ft on, of which the network sees nothing from 40 ft on."""
    sheet = make_sheet([gr()], feet=90, dpi=dpi, slope=slope)
    evidence = ideal(sheet, [pen_line(sheet, "GR", _coming_to_rest)])
    probability = evidence.probability.copy()
    probability[:, _row(40) :] = 0
    return sheet, replace(evidence, probability=probability)


@pytest.mark.parametrize(("dpi", "slope"), [(200, 0.0), (400, 0.01)])
def test_a_pen_that_stands_still_is_followed_to_its_end(dpi: float, slope: float) -> None:
    log = digitised(*_lost(dpi=dpi, slope=slope))
    assert np.abs(values_of(log, "GR") - _coming_to_rest(log.depth)).max() < CLOSE


def test_a_stroke_beside_a_pen_that_stands_still_does_not_lose_it() -> None:
    sheet, evidence = _lost()
    lines = trace_track(sheet, sheet.tracks[0], evidence, dpi=200)
    x, y = sheet.pixel_at(sheet.tracks[0], np.full(2, 0.4), np.array([1070.0, 1073.0]))
    said = strokes({"kind": "curve", "curve": "GR", "points": np.column_stack([x, y]).tolist()})
    found = retrace(sheet, sheet.tracks[0], evidence, lines, dpi=200, before=(), after=said)
    line = found.curves.get(0, lines[0])
    assert np.isfinite(line.x_px).all()
    assert np.ptp(line.x_px[line.y_px > _row(50)]) < CLOSE * 2


def test_a_ruled_line_of_which_the_network_takes_one_end_for_a_pen_stays_a_ruled_line() -> None:
    gray = np.full((900, 220), 255, np.uint8)
    gray[:, 140:143] = 0
    gray[380:382] = 255  # where the print is broken
    solid: Bytes = np.zeros_like(gray)
    solid[382:460, 140:143] = 255
    assert standing_pens(solid, gray) is solid
    alone = gray.copy()
    alone[:380] = 255
    alone[750:] = 255
    assert (standing_pens(solid, alone)[382:750, 141] > 200).all()
    assert not standing_pens(solid, alone)[:, :140].any()
    scattered = np.zeros_like(gray)
    scattered[382:750:6, 141] = 255
    assert standing_pens(scattered, alone) is scattered, "found here and there is how a crossed line looks"


def test_tall_paper_is_read_in_bands_and_no_pen_is_lost_between_them() -> None:
    gray = np.full((9000, 60), 255, np.uint8)
    gray[8000:8500, LEFT_PX : LEFT_PX + 3] = 0
    solid: Bytes = np.zeros_like(gray)
    solid[8000:8120, LEFT_PX : LEFT_PX + 3] = 255
    assert (standing_pens(solid, gray)[8000:8500, LEFT_PX + 1] > 200).all()


def test_a_dashed_pen_that_swings_fast_under_a_solid_one_is_not_given_up() -> None:
    def both(depth: Floats) -> Floats:
        return 50 + 42 * np.sin(2 * np.pi * (depth - 1000) / 21)

    def apart(depth: Floats) -> Floats:
        return both(depth) + np.where((depth < 1019) | (depth > 1029), 6.0, 0.0)

    sheet = make_sheet([gr(), sp()], feet=60, width_px=400)
    evidence = ideal(sheet, [pen_line(sheet, "GR", both), pen_line(sheet, "SP", apart)])
    probability = evidence.probability.copy()
    hidden_rows = slice(_row(19), _row(29))
    probability[1, hidden_rows] = 0
    broad = np.ones((7, 1), np.uint8)
    probability[0, hidden_rows] = cv2.dilate(probability[0, hidden_rows], broad)  # no ridge that rewards the way
    log = digitised(sheet, replace(evidence, probability=probability))
    values = values_of(log, "SP")
    hidden = (log.depth > 1019) & (log.depth < 1029)
    assert np.isfinite(values[hidden]).mean() > 0.95
    assert np.nanmedian(np.abs(values - apart(log.depth))[hidden]) < 2 * CLOSE
