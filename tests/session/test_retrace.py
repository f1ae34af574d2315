"""Curves follow strokes: on a thread, joined to the stroke's entry, dropped where the document moved on."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import Look, Project, ScanRef, curve_keys
from curvedesk.domain.strokes import CurveStroke, SwapStroke
from curvedesk.session.changes import Change, ChangeKind
from curvedesk.session.commands import AddStroke, ReplaceCurves, SetLook, SetWell
from curvedesk.session.document import Document
from curvedesk.session.retrace import Outcome, Retracer, Snapshot, retraced
from curvedesk.session.retracing import Retracing
from curvedesk.tracing.track import Evidence, trace_track
from tests.tracing.makers import cali, gr, ideal, make_sheet, pen_line

SHEET = make_sheet([gr(), cali()], feet=40)
PENS = [pen_line(SHEET, "GR", lambda d: np.full(np.shape(d), 30.0)), pen_line(SHEET, "CALI", lambda d: d * 0 + 70)]
EVIDENCE: Evidence = ideal(SHEET, PENS)
TRACED = dict(zip(curve_keys(SHEET), trace_track(SHEET, SHEET.tracks[0], EVIDENCE, dpi=200), strict=True))
PROJECT = Project(ScanRef("a.tif", "0" * 64, 0, 320, 560, 200.0), SHEET, curves=TRACED)


def _stroke(feet: float, value: float = 40.0, curve: str = "GR") -> CurveStroke:
    x, y = SHEET.pixel_at(SHEET.tracks[0], np.full(2, value / 100), np.array([feet, feet + 3]))
    return CurveStroke(curve, tuple(zip(x.tolist(), y.tolist(), strict=True)))


class _Desk:
    """A document whose curves are traced when the test says so."""

    def __init__(self, project: Project = PROJECT) -> None:
        self.document = Document(project)
        self.asked: list[Snapshot] = []
        self.retracing = Retracing(self.document, lambda _: EVIDENCE, self.asked.append)

    def draw(self, *strokes: CurveStroke | SwapStroke) -> None:
        for stroke in strokes:
            self.document.execute(AddStroke(stroke))

    def finish(self) -> Change | None:
        """What is under way comes back."""
        return self.retracing.take(retraced(self.asked[-1]))

    def value(self, key: str, feet: float) -> float:
        curve = self.document.project.curves[key]
        at = int(np.nanargmin(np.abs(SHEET.depth_at(curve.x_px, curve.y_px) - feet)))
        return 100 * float(SHEET.tracks[0].fraction_at(curve.x_px[at], curve.y_px[at]))


def test_a_curve_follows_its_stroke_and_one_undo_takes_both_back() -> None:
    desk = _Desk()
    desk.draw(_stroke(1010))
    change = desk.finish()
    assert change is not None
    assert change.kinds == {ChangeKind.CURVES}
    assert desk.value("1/GR", 1011) == pytest.approx(40, abs=1.5)
    assert len(desk.document.history.entries) == 1
    desk.document.undo()
    assert desk.document.project.strokes == {}
    assert desk.value("1/GR", 1011) == pytest.approx(30, abs=0.5)
    desk.document.redo()
    assert desk.value("1/GR", 1011) == pytest.approx(40, abs=1.5)
    assert not desk.retracing.is_busy, "what was taken back and done again came with its curve"


def test_a_stroke_drawn_while_another_is_traced_comes_next_and_each_has_its_own_undo() -> None:
    desk = _Desk()
    desk.draw(_stroke(1010), _stroke(1025))
    assert len(desk.asked) == 1
    desk.finish()
    assert len(desk.asked) == 2
    desk.finish()
    assert [round(desk.value("1/GR", feet) / 10) for feet in (1011, 1026)] == [4, 4]
    desk.document.undo()
    assert [round(desk.value("1/GR", feet) / 10) for feet in (1011, 1026)] == [4, 3]
    assert len(desk.document.project.strokes) == 1


def test_what_was_drafted_at_once_ends_as_if_it_had_been_traced_with_care() -> None:
    desk = _Desk()
    desk.draw(_stroke(1010))
    desk.finish()
    assert desk.retracing.is_busy, "a draft is not the last word"
    desk.finish()
    assert not desk.retracing.is_busy
    assert [snapshot.draft for snapshot in desk.asked] == [True, False]
    careful = retraced(replace(desk.asked[0], draft=False)).curves["1/GR"]
    for column in ("x_px", "y_px", "turn", "confidence"):
        now = getattr(desk.document.project.curves["1/GR"], column)
        assert np.array_equal(now, getattr(careful, column), equal_nan=column != "turn")
    desk.document.undo()
    assert np.array_equal(desk.document.project.curves["1/GR"].x_px, TRACED["1/GR"].x_px, equal_nan=True)


def test_a_stroke_that_comes_while_a_draft_is_refined_is_drafted_first_and_both_are_refined_together() -> None:
    desk = _Desk()
    desk.draw(_stroke(1010))
    desk.finish()
    late = desk.asked[-1]
    desk.draw(_stroke(1025))
    assert [snapshot.draft for snapshot in desk.asked] == [True, False, True]
    assert desk.retracing.take(retraced(late)) is None, "nobody waits for it any more"
    desk.finish()
    assert [round(desk.value("1/GR", feet) / 10) for feet in (1011, 1026)] == [4, 4]
    assert (len(desk.asked[-1].before), len(desk.asked[-1].after), desk.asked[-1].draft) == (0, 2, False)
    desk.finish()
    assert not desk.retracing.is_busy
    assert [round(desk.value("1/GR", feet) / 10) for feet in (1011, 1026)] == [4, 4]


def test_a_fault_while_a_draft_is_refined_leaves_the_draft() -> None:
    desk = _Desk()
    desk.draw(_stroke(1010))
    desk.finish()
    assert desk.retracing.take(Outcome(desk.asked[-1], sentence="It could not be traced.")) is None
    assert desk.value("1/GR", 1011) == pytest.approx(40, abs=1.5)
    assert not desk.retracing.is_busy


def test_a_trace_nobody_waits_for_any_more_is_given_up() -> None:
    outcome = retraced(Snapshot(PROJECT, (), (_stroke(1010),), EVIDENCE, 1), lambda: False)
    assert (outcome.curves, outcome.sentence) == ({}, "")


def test_a_result_is_dropped_when_its_stroke_was_taken_back_meanwhile() -> None:
    desk = _Desk()
    desk.draw(_stroke(1010))
    desk.document.undo()
    assert desk.finish() is None
    assert desk.document.project.curves == TRACED
    assert not desk.retracing.is_busy
    desk.document.redo()
    desk.finish()
    assert desk.value("1/GR", 1011) == pytest.approx(40, abs=1.5), "done again, it is traced again"


def test_a_prediction_that_comes_meanwhile_is_traced_upon_anew() -> None:
    desk = _Desk()
    desk.draw(_stroke(1010))
    desk.draw(_stroke(1025))
    key = "1/CALI"
    desk.document.execute(ReplaceCurves({key: TRACED["1/GR"]}))
    assert desk.finish() is None, "made for the curves that were"
    while desk.retracing.is_busy:
        desk.finish()
    assert np.array_equal(desk.document.project.curves[key].x_px, TRACED["1/GR"].x_px)


def test_a_sheet_edit_meanwhile_does_not_lose_the_stroke() -> None:
    desk = _Desk()
    desk.draw(_stroke(1010))
    desk.document.execute(SetWell({"WELL": "TWO"}))
    assert desk.finish() is None
    assert desk.retracing.is_busy
    desk.finish()
    assert desk.value("1/GR", 1011) == pytest.approx(40, abs=1.5)


def test_a_locked_curve_stays_as_it_is() -> None:
    desk = _Desk()
    desk.document.execute(SetLook("1/GR", Look("#000000", locked=True)))
    desk.draw(_stroke(1010))
    assert desk.finish() is None
    assert desk.document.project.curves["1/GR"] is TRACED["1/GR"]


def test_a_swap_exchanges_the_curves_below() -> None:
    desk = _Desk()
    row = float(SHEET.pixel_at(SHEET.tracks[0], 0.5, 1020.0)[1])
    desk.draw(SwapStroke(("GR", "CALI"), row))
    desk.finish()
    assert [round(desk.value(key, 1010)) for key in ("1/GR", "1/CALI")] == [30, 70]
    assert [round(desk.value(key, 1030)) for key in ("1/GR", "1/CALI")] == [70, 30]


def test_a_fault_in_tracing_becomes_a_sentence() -> None:
    broken = replace(EVIDENCE, probability=np.zeros((2, 0, 0), np.uint8))
    two = make_sheet([gr()], [cali()], feet=40)
    project = replace(PROJECT, sheet=two, curves={})
    swap = SwapStroke(("GR", "CALI"), 300.0)
    outcome = retraced(Snapshot(project, (), (swap,), EVIDENCE, 1))
    assert "joins two tracks" in outcome.sentence
    outcome = retraced(Snapshot(PROJECT, (), (_stroke(1010),), replace(broken, window=None), 1))  # type: ignore[arg-type]
    assert outcome.sentence.startswith("The curve could not be traced")
    assert not outcome.curves


def test_without_a_sheet_nothing_happens() -> None:
    outcome = retraced(Snapshot(Project(), (), (_stroke(1010),), None, 1))
    assert (outcome.curves, outcome.sentence) == ({}, "")


def test_curves_that_were_never_traced_are_drawn_by_hand() -> None:
    outcome = retraced(Snapshot(replace(PROJECT, curves={}), (), (_stroke(1010),), None, 1))
    curve = outcome.curves["1/GR"]
    assert isinstance(curve, TracedCurve)
    assert float(np.nanmin(SHEET.depth_at(curve.x_px, curve.y_px))) == pytest.approx(1010, abs=0.1)


def test_the_worker_delivers_and_forgets_what_a_newer_snapshot_replaced() -> None:
    got: list[Outcome] = []
    first_in, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def deliver(outcome: Outcome) -> None:
        got.append(outcome)
        first_in.set()
        go_on.wait(60)
        if len(got) == 2:
            done.set()

    worker = Retracer(deliver)
    snapshots = [Snapshot(PROJECT, (), (_stroke(feet),), EVIDENCE, n) for n, feet in enumerate((1005, 1015, 1025))]
    worker.submit(snapshots[0])
    assert first_in.wait(60)
    worker.submit(snapshots[1])
    worker.submit(snapshots[2])
    go_on.set()
    assert done.wait(60)
    worker.close()
    assert [outcome.snapshot.entry for outcome in got] == [0, 2]


def test_a_closed_worker_delivers_no_more() -> None:
    got: list[Outcome] = []
    worker = Retracer(got.append)
    worker.close()
    worker.submit(Snapshot(PROJECT, (), (), None, 0))
    assert got == []


def test_a_closed_document_hears_no_more() -> None:
    desk = _Desk()
    desk.draw(_stroke(1010))
    desk.retracing.close()
    assert desk.finish() is None
    desk.draw(_stroke(1020))
    assert len(desk.asked) == 1
