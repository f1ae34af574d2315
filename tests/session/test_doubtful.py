"""Where a stroke helps most."""

from __future__ import annotations

import numpy as np
import pytest

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.sheet import Sheet, parse_sheet
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, Stroke, SwapStroke
from curvedesk.session.doubtful import DoubtKind, doubts, mean_confidence, step_from

ROWS = np.arange(0.0, 2000.0)


@pytest.fixture
def sheet() -> Sheet:
    """GR, and two like pens ILD and ILM in one track; a row is 0.1 ft from 1000 ft on."""
    scale = {"left": 0.2, "right": 2000, "scale": "log", "unit": "OHMM"}
    return parse_sheet(
        {
            "format": "curvedesk-sheet",
            "version": 1,
            "dpi": 200,
            "depth": {"unit": "FT", "ties": [[0, 1000], [2000, 1200]], "top": 1000, "bottom": 1200, "step": 0.5},
            "tracks": [
                {
                    "name": "1",
                    "edges": {"left": [[0, 0], [0, 2000]], "right": [[400, 0], [400, 2000]]},
                    "curves": [{"mnemonic": "GR", "unit": "GAPI", "left": 0, "right": 150, "wrap": True}],
                },
                {
                    "name": "2",
                    "edges": {"left": [[500, 0], [500, 2000]], "right": [[900, 0], [900, 2000]]},
                    "curves": [{"mnemonic": "ILD", **scale}, {"mnemonic": "ILM", **scale}],
                },
            ],
        }
    )


def line(
    sheet: Sheet, name: str, x_px: FloatArray, *, sure: FloatArray | float = 0.97, turn: FloatArray | int = 0
) -> TracedCurve:
    """A pen with one point a row."""
    track, spec = next((t, s) for t, s in sheet.curves() if s.mnemonic == name)
    full = np.broadcast_to
    return TracedCurve(
        spec,
        track.name,
        full(x_px, ROWS.shape).astype(np.float64),
        np.where(np.isnan(full(x_px, ROWS.shape)), np.nan, ROWS),
        full(turn, ROWS.shape).astype(np.int32),
        full(sure, ROWS.shape).astype(np.float32),
    )


def faint(first: int, last: int, sure: float) -> FloatArray:
    """Confidence 0.97 but for the rows first..last."""
    return np.where((first <= ROWS) & (last > ROWS), sure, 0.97)


def test_a_pen_that_is_sure_everywhere_asks_for_nothing(sheet: Sheet) -> None:
    assert doubts(sheet, {"1/GR": line(sheet, "GR", np.full(2000, 200.0))}) == ()


def test_a_faint_stretch_is_named_by_depth_and_curve(sheet: Sheet) -> None:
    (found,) = doubts(sheet, {"1/GR": line(sheet, "GR", np.full(2000, 200.0), sure=faint(500, 600, 0.4))})
    assert found.kind is DoubtKind.FAINT
    assert found.depths == pytest.approx((1050, 1060), abs=1.0)
    assert found.sentence == "GR faint or crowded ink"


def test_a_longer_or_darker_doubt_comes_first(sheet: Sheet) -> None:
    sure = np.minimum(faint(300, 340, 0.5), faint(1200, 1400, 0.1))
    first, second = doubts(sheet, {"1/GR": line(sheet, "GR", np.full(2000, 200.0), sure=sure)})
    assert (first.kind, second.kind) == (DoubtKind.BRIDGED, DoubtKind.FAINT)
    assert first.rows[0] > second.rows[0]


@pytest.mark.parametrize(
    "stroke",
    [AcceptStroke("GR", (480.0, 620.0)), CurveStroke("GR", ((200.0, 490.0), (200.0, 610.0)))],
    ids=["accepted", "drawn"],
)
def test_what_the_analyst_has_said_is_not_asked_again(sheet: Sheet, stroke: Stroke) -> None:
    curves = {"1/GR": line(sheet, "GR", np.full(2000, 200.0), sure=faint(500, 600, 0.4))}
    assert doubts(sheet, curves) and not doubts(sheet, curves, [stroke])


def test_a_stroke_on_another_curve_does_not_answer_for_this_one(sheet: Sheet) -> None:
    curves = {"1/GR": line(sheet, "GR", np.full(2000, 200.0), sure=faint(500, 600, 0.4))}
    assert doubts(sheet, curves, [AcceptStroke("ILD", (480.0, 620.0))])


def test_like_pens_that_cross_are_asked_about_until_a_swap_answers(sheet: Sheet) -> None:
    slope = (ROWS - 1000) / 10
    curves = {"2/ILD": line(sheet, "ILD", 700 + slope), "2/ILM": line(sheet, "ILM", 700 - slope)}
    (found,) = doubts(sheet, curves)
    assert found.sentence == "ILD and ILM cross, order unclear"
    assert found.rows[0] <= 1000 <= found.rows[1]
    assert doubts(sheet, curves, [SwapStroke(("ILM", "ILD"), 1010.0)]) == ()


def test_a_pen_that_leaves_the_scale_is_asked_about(sheet: Sheet) -> None:
    curve = line(sheet, "GR", np.where(ROWS < 800, 380.0, 20.0), sure=faint(780, 820, 0.7), turn=(ROWS >= 800) * 1)
    assert [d.sentence for d in doubts(sheet, {"1/GR": curve}) if d.kind is DoubtKind.WRAP] == [
        "GR leaves the scale: back-up?"
    ]


def test_a_gap_left_open_is_asked_about(sheet: Sheet) -> None:
    x_px = np.where((ROWS > 900) & (ROWS < 960), np.nan, 200.0)
    (found,) = doubts(sheet, {"1/GR": line(sheet, "GR", x_px)})
    assert found.kind is DoubtKind.OPEN


def test_one_long_doubt_is_cut_into_stretches_a_stroke_can_answer(sheet: Sheet) -> None:
    found = doubts(sheet, {"1/GR": line(sheet, "GR", np.full(2000, 200.0), sure=faint(0, 2000, 0.3))})
    assert len(found) == 3
    assert max(d.rows[1] - d.rows[0] for d in found) < 700


def test_a_tension_pen_that_is_not_exported_is_never_asked_about(sheet: Sheet) -> None:
    kept_home = parse_sheet(
        {
            "format": "curvedesk-sheet",
            "version": 1,
            "depth": {"unit": "FT", "ties": [[0, 1000], [2000, 1200]], "top": 1000, "bottom": 1200, "step": 0.5},
            "tracks": [
                {
                    "name": "1",
                    "edges": {"left": [[0, 0], [0, 2000]], "right": [[400, 0], [400, 2000]]},
                    "curves": [{"mnemonic": "TENS", "left": 0, "right": 1, "digitize": False}],
                }
            ],
        }
    )
    assert doubts(kept_home, {"1/TENS": line(kept_home, "TENS", np.full(2000, 200.0), sure=0.1)}) == ()


def test_walking_goes_round_the_list(sheet: Sheet) -> None:
    sure = np.minimum(faint(300, 340, 0.5), faint(1200, 1400, 0.1))
    found = doubts(sheet, {"1/GR": line(sheet, "GR", np.full(2000, 200.0), sure=sure)})
    assert [step_from(found, None, by=1), step_from(found, 1, by=1), step_from(found, 0, by=-1)] == [0, 0, 1]
    assert step_from((), None, by=1) is None


def test_the_mean_says_how_sure_a_curve_is_where_it_reads(sheet: Sheet) -> None:
    half = line(sheet, "GR", np.where(ROWS < 1000, 200.0, np.nan), sure=faint(1000, 2000, 0.1))
    assert mean_confidence(half) == pytest.approx(0.97)
    assert mean_confidence(line(sheet, "GR", np.full(2000, np.nan))) is None
