"""On which back-up scale a pen runs where no ink tells: what the analyst says holds to where the pen left it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, Stroke
from curvedesk.session.tools.intervals import accepted
from curvedesk.tracing.local import retrace
from curvedesk.tracing.track import Evidence, trace_track
from tests.tracing.makers import Floats, gr, ideal, make_sheet, pen_line

FEET, HIGH = 180, (1040.0, 1130.0)  # the log, and the depths on a back-up scale: 900 rows
ADD, TENFOLD = True, {"kind": "multiply", "factor": 10}


def _log(wrap: Any, place: float) -> tuple[Sheet, Evidence]:
    """GR at 60, and at `place` % of the track between the depths, both ways so fast that no ink tells how."""
    sheet = make_sheet([gr(wrap=wrap)], feet=FEET)
    line = pen_line(sheet, "GR", lambda depth: np.where((depth > HIGH[0]) & (depth < HIGH[1]), place, 60.0))
    rows = _rows(sheet, np.array(HIGH))
    fast = (np.abs(line.y_px[:, None] - rows) < 3).any(axis=1)
    return sheet, ideal(sheet, [replace(line, x_px=np.where(fast, np.nan, line.x_px))])


def _rows(sheet: Sheet, depth: Floats) -> Floats:
    return np.asarray(sheet.pixel_at(sheet.tracks[0], 0.5, depth)[1])


def _said(sheet: Sheet, place: float, turn: int | None) -> CurveStroke:
    x, y = sheet.pixel_at(sheet.tracks[0], place / 100, np.array([1080.0, 1085.0]))
    return CurveStroke("GR", tuple(zip(x.tolist(), y.tolist(), strict=True)), 3.0, turn)


def _turns(sheet: Sheet, line: TracedCurve) -> tuple[set[int], set[int]]:
    """Scales between the depths, and elsewhere."""
    first, last = _rows(sheet, np.array(HIGH))
    there = np.isfinite(line.x_px)
    inside, near = (line.y_px > first + 8) & (line.y_px < last - 8), (line.y_px > first - 8) & (line.y_px < last + 8)
    return set(line.turn[there & inside].tolist()), set(line.turn[there & ~near].tolist())


@pytest.mark.parametrize(("wrap", "guessed", "right"), [(ADD, 0, 1), (TENFOLD, 1, 0)], ids=["add", "tenfold"])
def test_it_holds_over_the_whole_stretch_and_no_farther(wrap: Any, guessed: int, right: int) -> None:
    sheet, evidence = _log(wrap, 35.0)
    for turn, wanted in ((None, guessed), (right, right), (guessed, guessed)):
        said = [_said(sheet, 35.0, turn)]
        (line,) = trace_track(sheet, sheet.tracks[0], evidence, dpi=200, strokes=said)
        assert _turns(sheet, line) == ({wanted}, {0})


def _retraced(sheet: Sheet, evidence: Evidence | None, line: TracedCurve, after: Sequence[Stroke], **more: Any) -> Any:
    found = retrace(sheet, sheet.tracks[0], evidence, [line], dpi=200, before=(), after=after, **more)
    return found.curves.get(0, line)


def test_after_a_stroke_the_window_grows_to_where_the_pen_left_the_scale() -> None:
    sheet, evidence = _log(ADD, 35.0)
    (plain,) = trace_track(sheet, sheet.tracks[0], evidence, dpi=200)
    told = _retraced(sheet, evidence, plain, [_said(sheet, 35.0, 1)])
    assert _turns(sheet, told) == ({1}, {0})
    values = told.spec.scale.value_at(sheet.tracks[0].fraction_at(told.x_px, told.y_px), told.turn)
    middle = np.abs(told.y_px - _rows(sheet, np.array(1100.0))) < 2
    assert np.nanmean(values[middle]) == pytest.approx(135, abs=1)
    gone = retrace(sheet, sheet.tracks[0], evidence, [told], dpi=200, before=[_said(sheet, 35.0, 1)], after=())
    assert _turns(sheet, gone.curves[0]) == ({0}, {0})


@pytest.mark.parametrize("draft", [False, True])
def test_at_once_and_without_any_ink_the_strokes_own_rows_are_on_it(draft: bool) -> None:
    sheet, evidence = _log(ADD, 35.0)
    (plain,) = trace_track(sheet, sheet.tracks[0], evidence, dpi=200)
    said = _said(sheet, 35.0, 1)
    told = _retraced(sheet, evidence if draft else None, plain, [said], draft=draft)
    rows = sorted(y for _, y in said.points)
    here = (told.y_px >= rows[0] + 1) & (told.y_px <= rows[1] - 1) & np.isfinite(told.x_px)
    assert here.sum() > 10
    assert set(told.turn[here].tolist()) == {1}


def test_a_scale_that_has_no_place_there_is_passed_over_and_one_without_back_up_asks_nothing() -> None:
    sheet, evidence = _log(TENFOLD, 5.0)
    (told,) = trace_track(sheet, sheet.tracks[0], evidence, dpi=200, strokes=[_said(sheet, 5.0, 1)])
    assert np.isfinite(told.x_px).any()
    plain = make_sheet([gr()], feet=FEET)
    (line,) = trace_track(plain, plain.tracks[0], evidence, dpi=200, strokes=[_said(plain, 5.0, 3)])
    assert set(line.turn.tolist()) == {0}


def test_the_last_of_two_strokes_over_each_other_says_the_scale() -> None:
    sheet, evidence = _log(ADD, 35.0)
    both = [_said(sheet, 35.0, 1), _said(sheet, 35.0, 2)]
    assert _turns(sheet, trace_track(sheet, sheet.tracks[0], evidence, dpi=200, strokes=both)[0])[0] == {2}
    both.reverse()
    assert _turns(sheet, trace_track(sheet, sheet.tracks[0], evidence, dpi=200, strokes=both)[0])[0] == {1}


def test_what_was_accepted_keeps_its_scale() -> None:
    from curvedesk.domain.project import Project, ScanRef, curve_keys

    sheet, evidence = _log(ADD, 35.0)
    (line,) = trace_track(sheet, sheet.tracks[0], evidence, dpi=200, strokes=[_said(sheet, 35.0, 1)])
    rows = _rows(sheet, np.array([1070.0, 1100.0]))
    project = Project(
        ScanRef("a.tif", "0" * 64, 0, 560, 560, 200.0), sheet, curves={next(iter(curve_keys(sheet))): line}
    )
    kept = accepted(project, "GR", (float(rows[0]), float(rows[1])))
    assert isinstance(kept, AcceptStroke)
    assert set(kept.turns) == {1}
    (again,) = trace_track(sheet, sheet.tracks[0], evidence, dpi=200, strokes=[kept])
    assert _turns(sheet, again) == ({1}, {0})
