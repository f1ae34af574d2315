"""Learning from strokes at the desk: an engine of its own, a verdict, and a model that one undo gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtWidgets import QWidget

from curvedesk.domain.strokes import CurveStroke
from curvedesk.protocol.jobs import FinetuneJob
from curvedesk.protocol.messages import Loss, Progress, Result
from curvedesk.session.commands import ActivateModel, AddStroke
from curvedesk.store.registry import list_models
from curvedesk.ui.desk import Desk
from curvedesk.ui.next_step import next_step
from curvedesk.ui.panels.model import ModelPanel
from curvedesk.ui.window import Window
from tests.ui.real_log import MODEL, drawn_on, make_log
from tests.ui.window_making import IdleEngine, draw_curves

Wait = Callable[..., None]
Show = Callable[[QWidget], QWidget]
PATIENCE_S = 300.0  # a busy machine is slow, not wrong
TINY = {"steps": 2, "batch": 2, "size": 64, "check_every": 1}
STROKES = [AddStroke(CurveStroke("GR", ((60.0 + n, y), (70.0, y + 20.0)))) for n, y in enumerate((100.0, 200.0, 300.0))]


@pytest.fixture
def trainers(desk: Desk) -> list[IdleEngine]:
    """The engines that were made for training; they do nothing."""
    made: list[IdleEngine] = []

    def make() -> IdleEngine:
        made.append(IdleEngine())
        return made[-1]

    desk.jobs.engines.trainer_maker = make  # type: ignore[assignment]  # an idle engine has what is called
    return made


def test_a_better_model_is_put_to_use_and_one_undo_gives_the_old_one_back(
    desk: Desk, trainers: list[IdleEngine], show: Show
) -> None:
    panel = ModelPanel(desk)
    show(panel)
    draw_curves(desk)
    for stroke in STROKES:
        desk.execute(stroke)
    assert next_step(desk) == "improve"
    before = desk.document.project.model_id
    desk.jobs.improve()
    (trainer,) = trainers
    assert isinstance(trainer.jobs[0], FinetuneJob)
    assert desk.job is not None and desk.job.kind == "finetune"
    trainer.event.emit(Progress("job-1", "learn", 1, 80, 30.0))
    trainer.event.emit(Loss("job-1", 1, 0.8, 0.9))
    assert panel.improve.step.text() == "step 1 of 80 · 30 s left"
    assert panel.improve.curves.isVisible()
    sentence = "Kept: the error on strokes it has not seen fell from 2.1 % to 0.9 % of the track."
    trainer.event.emit(Result("job-1", {}, {"kept": True, "sentence": sentence, "model": "improved-1"}))
    assert panel.improve.verdict.text() == sentence
    assert desk.document.project.model_id == "improved-1"
    assert desk.job is not None and desk.job.kind == "predict"  # with what it learnt
    assert next_step(desk) == "export"
    desk.undo()
    assert desk.document.project.model_id == before
    assert next_step(desk) == "improve"
    desk.redo()
    assert desk.document.project.model_id == "improved-1"


def test_a_model_that_is_no_better_changes_nothing(desk: Desk, trainers: list[IdleEngine], show: Show) -> None:
    panel = ModelPanel(desk)
    show(panel)
    desk.execute(STROKES[0])
    desk.jobs.improve()
    generation = desk.document.generation
    trainers[0].event.emit(Result("job-1", {}, {"kept": False, "sentence": "Not kept: it is no better.", "model": "x"}))
    assert panel.improve.verdict.text() == "Not kept: it is no better."
    assert desk.document.generation == generation
    assert desk.job is None


@pytest.fixture
def real_window(app: object) -> Iterator[Window]:
    """A window whose engines are real."""
    made = Window()
    made.show()
    yield made
    made.documents.opening.close()
    for space in list(made.documents.spaces):
        made.documents.discard(space)
    made.close()


def engines() -> list[int]:
    """Engines among the processes of this one that live."""
    return [child.pid for child in psutil.Process().children(recursive=True) if _is_engine(child)]


def _is_engine(child: psutil.Process) -> bool:
    try:
        return "engine" in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:  # it ended while it was looked at
        return False


def trainer_of(desk: Desk) -> int:
    """The process that trains for it; the window may have an engine of its own beside it."""
    trainer = desk.jobs.engines.trainer
    assert trainer is not None
    assert trainer.pid
    return trainer.pid


def test_the_real_engine_trains_in_a_process_of_its_own_and_leaves_none_behind(
    real_window: Window, tmp_path: Path, toy_weights: Path, wait_until: Wait
) -> None:
    window = real_window
    log = make_log(tmp_path, toy_weights, feet=30)
    window.open_path(log.scan)
    wait_until(lambda: window.desk is not None and window.desk.view is not None, PATIENCE_S)
    window.open_path(log.sheet)
    desk = window.desk
    assert desk is not None
    desk.execute(ActivateModel(MODEL))
    for stroke in drawn_on(log, 1003, 1010, 1020):
        desk.execute(AddStroke(stroke))
    desk.jobs.training = TINY
    told: list[Any] = []
    desk.jobs.told.connect(told.append)

    desk.jobs.improve()
    wait_until(lambda: desk.job is not None and desk.job.phase == "look", PATIENCE_S)
    trainer = trainer_of(desk)
    assert trainer in engines()
    desk.jobs.cancel()
    wait_until(lambda: desk.job is None, PATIENCE_S)
    wait_until(lambda: trainer not in engines(), PATIENCE_S)
    assert not [event for event in told if isinstance(event, Result)]
    assert desk.document.project.model_id == MODEL

    desk.jobs.improve()
    wait_until(lambda: any(isinstance(event, Result) for event in told), PATIENCE_S)
    (result,) = (event for event in told if isinstance(event, Result))
    assert [event.step for event in told if isinstance(event, Loss)] == [1, 2]
    kept = result.facts["kept"]
    assert ("is better" in result.facts["sentence"]) is kept
    assert desk.document.project.model_id == (result.facts["model"] if kept else MODEL)
    assert desk.document.project.model_id in [entry.id for entry in list_models()]
    if desk.job is not None:  # a kept model predicts at once
        desk.jobs.cancel()
        wait_until(lambda: desk.job is None, PATIENCE_S)
    window.documents.discard(window.documents.spaces[0])
    window.close()
    wait_until(lambda: not engines(), PATIENCE_S)  # the window's own, which may have begun to read the sheet, goes too


def test_a_desk_that_is_closed_ends_its_training(
    real_window: Window, tmp_path: Path, toy_weights: Path, wait_until: Wait
) -> None:
    log = make_log(tmp_path, toy_weights, feet=30)
    real_window.open_path(log.scan)
    wait_until(lambda: real_window.desk is not None and real_window.desk.view is not None, PATIENCE_S)
    real_window.open_path(log.sheet)
    assert real_window.desk is not None
    real_window.desk.execute(AddStroke(drawn_on(log, 1010)[0]))
    real_window.desk.jobs.improve()
    trainer = trainer_of(real_window.desk)
    wait_until(lambda: trainer in engines(), PATIENCE_S)
    real_window.documents.discard(real_window.documents.spaces[0])
    wait_until(lambda: trainer not in engines(), PATIENCE_S)
