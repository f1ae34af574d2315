"""Models, training, history and messages in the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from curvedesk.domain.project import Project
from curvedesk.protocol.messages import Cancelled, Loss, Preview, Progress, Result
from curvedesk.session.commands import ActivateModel, AddStroke, OpenScan, SetSheet
from curvedesk.session.jobs import JobState, Stage, basis_of
from curvedesk.session.sheet_edits import set_well
from curvedesk.store.locations import user_models_dir
from curvedesk.store.manifest import MANIFEST
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.folding import Fold
from curvedesk.ui.panels.history import HistoryPanel
from curvedesk.ui.panels.log import LogPanel
from curvedesk.ui.panels.model import ModelPanel
from curvedesk.ui.panels.training import training_of
from tests.ui.panel_desk import STROKES, desk_over, project, sheet

Show = Callable[[QWidget], QWidget]


@pytest.fixture
def desk(app: QApplication) -> Iterator[Desk]:
    """A log with five strokes."""
    made = desk_over()
    yield made
    made.close()


def job(desk: Desk, *, done: int, total: int, left: float | None = None) -> JobState:
    """A training under way."""
    basis = basis_of(desk.document.project)
    return JobState("finetune", "j1", 1, basis, Stage.RUNNING, "train", done, total, left)


def settle() -> None:
    """Let timers of no time run."""
    QApplication.processEvents()


def test_the_model_in_use_is_shown_with_its_card(desk: Desk, show: Show) -> None:
    panel = ModelPanel(desk)
    show(panel)
    assert panel.picker.currentData() == "curvenet-4"
    assert "came with CurveDesk" in panel.facts.text()
    assert panel.stale.isHidden()


def test_what_a_model_was_measured_to_do_is_one_click_deeper_each_table_another(desk: Desk, show: Show) -> None:
    panel = ModelPanel(desk)
    show(panel)
    folds = [fold for fold in panel.card.findChildren(Fold) if fold.isVisible()]
    assert [fold.button.text() for fold in folds] == ["More", "How it was measured"]
    folds[1].flip()
    inside = [fold for fold in folds[1].findChildren(Fold) if not fold.isHidden()]
    assert len(inside) > 3
    assert not any(fold.is_open for fold in inside)


def test_a_damaged_model_says_so_instead_of_hiding_the_others(desk: Desk, show: Show) -> None:
    broken = user_models_dir() / "broken"
    broken.mkdir(parents=True)
    (broken / MANIFEST).write_text("{}")
    panel = ModelPanel(desk)
    show(panel)
    assert [panel.picker.itemText(i) for i in range(panel.picker.count())] == ["broken (damaged)", "curvenet-4"]
    panel.picker.activated.emit(0)
    settle()
    assert "install the model again" in panel.facts.text()


def test_another_model_is_one_undoable_step_and_the_curves_say_whose_they_are(desk: Desk, show: Show) -> None:
    panel = ModelPanel(desk)
    show(panel)
    panel.activate("gone-2")
    settle()
    assert "not installed here" in panel.facts.text()
    assert panel.stale.text() == "The curves you see were found by curvenet-4." and not panel.stale.isHidden()
    desk.undo()
    settle()
    assert panel.stale.isHidden() and panel.picker.currentData() == "curvenet-4"


def test_a_training_is_followed_from_start_to_verdict(desk: Desk, show: Show) -> None:
    panel = ModelPanel(desk)
    show(panel)
    improve = panel.improve
    assert improve.count.text() == "4 strokes · 1 accepted"
    assert improve.running.isHidden() and not improve.start.isHidden()
    desk.set_job(job(desk, done=38, total=60, left=19.0))
    training = training_of(desk)
    training.hear(Preview("j1", "preflight", {"sentence": "About 50 s on this processor."}))
    for step in range(1, 39):
        training.hear(Loss("j1", step, 1.0 / step, 1.1 / step if step % 5 == 0 else None))
    assert improve.step.text() == "step 38 of 60 · 19 s left"
    assert improve.sentence.text() == "About 50 s on this processor. You can go on working."
    assert not improve.curves.isHidden() and improve.start.isHidden()
    training.hear(Result("j1", {}, {"kept": True, "held_out_before_pct": 2.1, "held_out_after_pct": 0.9}))
    assert improve.verdict.text() == (
        "Kept: the new model is better; error on strokes it has not seen: 2.1 % → 0.9 % of track."
    )
    assert improve.verdict.property("role") == "good"
    desk.set_job(None)
    assert improve.running.isHidden()


def test_a_model_that_was_no_better_is_told_plainly(desk: Desk, show: Show) -> None:
    panel = ModelPanel(desk)
    show(panel)
    desk.set_job(job(desk, done=1, total=60))
    training_of(desk).hear(Result("j1", {}, {"kept": False, "sentence": "Not kept: the old model stays."}))
    assert panel.improve.verdict.text() == "Not kept: the old model stays."
    assert panel.improve.verdict.property("role") == "warn"


def test_a_cancelled_training_leaves_the_model_and_says_so(desk: Desk, show: Show) -> None:
    panel = ModelPanel(desk)
    show(panel)
    desk.set_job(job(desk, done=1, total=60))
    training_of(desk).hear(Progress("j1", "train", 2, 60, 70.0))
    assert panel.improve.step.text() == "step 2 of 60 · 70 s left"
    training_of(desk).hear(Progress("another", "train", 50, 60))
    assert panel.improve.step.text().startswith("step 2 ")
    training_of(desk).hear(Cancelled("j1"))
    assert "as it was" in panel.improve.verdict.text()


def test_learning_by_heart_is_warned_of(desk: Desk, show: Show) -> None:
    panel = ModelPanel(desk)
    show(panel)
    desk.set_job(job(desk, done=9, total=60))
    training_of(desk).hear(Loss("j1", 9, 0.1, 0.2))
    assert "2.0 times as wrong" in panel.improve.curves.ratio.text() and "by heart" in panel.improve.curves.ratio.text()
    assert panel.improve.curves.ratio.property("role") == "warn"


def test_without_strokes_nothing_can_be_started_and_the_reason_is_given(app: QApplication, show: Show) -> None:
    made = desk_over()
    bare = desk_over(replace(made.document.project, strokes={}))
    panel = ModelPanel(bare)
    show(panel)
    assert panel.improve.start.isHidden()
    assert panel.improve.sentence.text().startswith("Draw where a curve goes wrong")
    made.close()
    bare.close()


def _header(desk: Desk, value: str) -> None:
    assert desk.sheet is not None
    desk.execute(SetSheet(set_well(desk.sheet, "FLD", value), f"Field {value}"))


def test_the_history_lists_what_was_done_and_a_click_goes_back_and_forth(desk: Desk, show: Show) -> None:
    panel = HistoryPanel(desk)
    show(panel)
    for value in ("A", "B", "C"):
        _header(desk, value)
    settle()
    texts = [panel.done.data(panel.done.index(row)) for row in range(panel.done.rowCount())]
    assert texts == ["The start", "Field A", "Field B", "Field C"]
    panel.steps_view.clicked.emit(panel.done.index(1))
    settle()
    assert desk.sheet is not None and desk.sheet.well["FLD"] == "A"
    assert panel.done.now_row() == 1
    panel.steps_view.clicked.emit(panel.done.index(3))
    assert desk.sheet is not None and desk.sheet.well["FLD"] == "C"
    panel.steps_view.clicked.emit(panel.done.index(0))
    assert desk.sheet is not None and "FLD" not in desk.sheet.well


def test_the_opening_of_the_scan_is_where_the_history_begins(app: QApplication, show: Show) -> None:
    scan = project(None).scan
    assert scan is not None
    desk = desk_over(Project())
    desk.execute(OpenScan(scan))
    desk.execute(SetSheet(sheet(), "Sheet read"))
    panel = HistoryPanel(desk)
    show(panel)
    texts = [panel.done.data(panel.done.index(row)) for row in range(panel.done.rowCount())]
    assert texts == ["Scan opened", "Sheet read"]
    panel.steps_view.clicked.emit(panel.done.index(0))
    settle()
    assert desk.sheet is None and desk.document.project.scan is not None
    assert panel.done.now_row() == 0
    desk.close()


def test_a_kept_model_can_be_given_back_as_long_as_it_was_the_last_thing(desk: Desk, show: Show) -> None:
    panel = ModelPanel(desk)
    show(panel)
    desk.set_job(job(desk, done=60, total=60))
    desk.execute(ActivateModel("mine-1"))
    training_of(desk).hear(Result("j1", {}, {"kept": True, "model": "mine-1"}))
    assert panel.improve.back.isVisible()
    panel.improve.back.click()
    assert desk.document.project.model_id == "curvenet-4"
    settle()
    assert not panel.improve.back.isVisible()


def test_strokes_are_listed_with_their_depths_and_lead_there(desk: Desk, show: Show) -> None:
    panel = HistoryPanel(desk)
    show(panel)
    texts = [panel.strokes.data(panel.strokes.index(row)) for row in range(panel.strokes.rowCount())]
    assert texts == ["GR runs here", "Not a curve", "No reading of CALI", "GR accepted", "ILD and ILM change places"]
    panel.strokes_view.clicked.emit(panel.strokes.index(2))
    assert desk.view is not None
    top, bottom = desk.view.rows
    assert top < 1200 and bottom > 1300


def test_chosen_strokes_are_taken_away_and_brought_back(desk: Desk, show: Show) -> None:
    panel = HistoryPanel(desk)
    show(panel)
    panel.activateWindow()
    panel.strokes_view.setFocus()
    panel.strokes_view.setCurrentIndex(panel.strokes.index(0))
    QTest.keyClick(panel.strokes_view, Qt.Key.Key_Delete)
    settle()
    assert list(desk.document.project.strokes) == ["s2", "s3", "s4", "s5"]
    assert panel.strokes.rowCount() == 4
    desk.undo()
    settle()
    assert panel.count.text() == "5"


def test_a_new_stroke_appears_in_both_lists(desk: Desk, show: Show) -> None:
    panel = HistoryPanel(desk)
    show(panel)
    desk.execute(AddStroke(STROKES["s4"]))
    settle()
    assert panel.strokes.rowCount() == 6
    assert panel.done.data(panel.done.index(1)) == "GR accepted"


def test_messages_are_kept_with_their_time_and_copied(desk: Desk, show: Show, app: QApplication) -> None:
    HistoryPanel(desk)  # messages count from the first panel on, whichever it is
    desk.say("Curve follows your stroke", detail="re-traced 62 rows")
    desk.say("The disk is full", kind="error")
    panel = LogPanel(desk)
    show(panel)
    assert [row.text.text() for row in panel.list.widgets()] == [
        "The disk is full",
        "Curve follows your stroke\nre-traced 62 rows",
    ]
    panel.copy.click()
    first, second = app.clipboard().text().splitlines()
    assert first.endswith("info Curve follows your stroke · re-traced 62 rows")
    assert second.endswith("error The disk is full")
