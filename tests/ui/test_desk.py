"""The desk and its engine: results become commands, those of older sheets are dropped, faults come with a way on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from curvedesk.domain.project import Prediction, sheet_print
from curvedesk.protocol.jobs import FinetuneJob, PredictJob, RegisterJob
from curvedesk.protocol.messages import Cancelled, Failed, Progress, Result
from curvedesk.session.commands import SetSheet
from curvedesk.store.curve_file import write_curves
from curvedesk.ui.desk import Desk
from curvedesk.ui.messages import Message
from curvedesk.ui.window import Window
from tests.ui.window_making import IdleEngine, draw_curves, straight_curves

Wait = Callable[..., None]


@pytest.fixture
def engine(desk: Desk) -> IdleEngine:
    """The engine of the desk."""
    engine = desk.jobs.engines.engine
    assert isinstance(engine, IdleEngine)
    return engine


@pytest.fixture
def said(desk: Desk) -> list[Message]:
    """What the desk says."""
    heard: list[Message] = []
    desk.message.connect(heard.append)
    return heard


def _result(desk: Desk, folder: Path, job: str) -> Result:
    assert desk.sheet is not None
    path = folder / "curves.npz"
    write_curves(path, straight_curves(desk.sheet))
    return Result(job, {"curves": str(path)}, {"evidence": "e1", "model": "m1", "seconds": 2.0})


def test_a_prediction_is_asked_for_what_is_seen_first_and_becomes_one_step(
    desk: Desk, engine: IdleEngine, wait_until: Wait, tmp_path: Path
) -> None:
    assert desk.view is not None
    desk.jobs.predict()
    (job,) = engine.jobs
    assert isinstance(job, PredictJob)
    assert job.look == desk.view.rows
    engine.event.emit(_result(desk, tmp_path, "job-1"))
    wait_until(lambda: desk.document.project.curves)
    assert desk.sheet is not None
    assert desk.document.project.prediction == Prediction("e1", "m1", sheet_print(desk.sheet))
    desk.undo()
    assert not desk.document.project.curves


def test_progress_is_shown_and_can_be_stopped(window: Window, desk: Desk, engine: IdleEngine) -> None:
    desk.jobs.predict()
    engine.event.emit(Progress("job-1", "ink", 3, 12, 40.0))
    assert window.status.job.text() == "Looking for curves, about 40 s left"
    assert (window.status.bar.value(), window.status.bar.maximum()) == (3, 12)
    window.book.refresh()
    assert not window.book.actions["predict"].isEnabled()
    window.book.actions["cancel_job"].trigger()
    assert engine.cancelled == ["job-1"]
    engine.event.emit(Cancelled("job-1"))
    assert desk.job is None


def test_a_prediction_for_an_older_sheet_is_dropped_and_said(
    desk: Desk, engine: IdleEngine, said: list[Message], tmp_path: Path
) -> None:
    from dataclasses import replace

    desk.jobs.predict()
    result = _result(desk, tmp_path, "job-1")
    assert desk.sheet is not None
    depth = replace(desk.sheet.depth, ties=np.add(desk.sheet.depth.ties, [[5.0, 0.0, 0.0]]))
    desk.execute(SetSheet(replace(desk.sheet, depth=depth)))
    engine.event.emit(result)
    assert not desk.document.project.curves
    assert said[-1].kind == "warn"
    assert said[-1].action is not None
    said[-1].action()
    assert len(engine.jobs) == 2


def test_a_failure_is_one_sentence_with_a_way_on(desk: Desk, engine: IdleEngine, said: list[Message]) -> None:
    desk.jobs.predict()
    engine.event.emit(Failed("job-1", "Memory ran out; close other programs."))
    assert desk.job is None
    assert (said[-1].text, said[-1].kind) == ("Memory ran out; close other programs.", "error")
    assert said[-1].action_text == "Predict again"


def test_what_is_said_of_other_jobs_changes_nothing(desk: Desk, engine: IdleEngine) -> None:
    desk.jobs.predict()
    engine.event.emit(Failed("job-99", "Something else."))
    assert desk.job is not None


def test_reading_the_sheet_and_improving_hand_over_their_own_jobs(desk: Desk, engine: IdleEngine) -> None:
    desk.jobs.read_sheet()
    engine.event.emit(Cancelled("job-1"))
    trainer = IdleEngine()
    desk.jobs.engines.trainer_maker = lambda: trainer  # type: ignore[assignment, return-value]  # it has what is called
    desk.jobs.improve()
    assert [type(job) for job in (*engine.jobs, *trainer.jobs)] == [RegisterJob, FinetuneJob]


def test_doubtful_places_are_walked_through_by_key(window: Window, desk: Desk, wait_until: Wait) -> None:
    from dataclasses import replace

    from curvedesk.session.commands import ReplaceCurves

    draw_curves(desk)
    curve = desk.document.project.curves["1/GR"]
    sure = curve.confidence.copy()
    sure[1000:1200] = 0.3
    desk.execute(ReplaceCurves({"1/GR": replace(curve, confidence=sure)}))
    wait_until(lambda: desk.places.found)
    reached: list[tuple[float, float]] = []
    desk.place_reached.connect(lambda top, bottom: reached.append((top, bottom)))
    window.book.actions["next_place"].trigger()
    assert desk.active_curve == "1/GR"
    (rows,) = reached
    assert rows[0] < 2000 < rows[1]


def test_a_step_that_was_taken_back_can_be_done_again_from_its_own_line(desk: Desk, said: list[Message]) -> None:
    draw_curves(desk)
    desk.undo()
    assert said[-1].text == "Taken back: Curves traced"
    assert said[-1].action is not None
    said[-1].action()
    assert desk.document.project.curves


def test_that_a_scan_was_opened_cannot_be_taken_back(desk: Desk) -> None:
    while desk.can_undo:
        desk.undo()
    assert desk.document.project.scan is not None
