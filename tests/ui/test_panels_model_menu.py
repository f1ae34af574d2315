"""What the menu beside the models does: go back, rename, carry, delete; and a project never loses its model by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from curvedesk.session.commands import ActivateModel
from curvedesk.store.registry import list_models
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.model import ModelPanel
from tests.store.toy_models import put
from tests.ui.panel_desk import desk_over

Show = Callable[[QWidget], QWidget]
BUNDLED = "curvenet-4"


@pytest.fixture
def panel(app: QApplication, show: Show) -> Iterator[ModelPanel]:
    """A project that uses the user's own model `mine`, made from the bundled one; `other` is there too."""
    put("mine", seed=2, parent=BUNDLED)
    put("other", seed=3, parent="mine")
    desk = desk_over()
    desk.execute(ActivateModel("mine"))
    made = ModelPanel(desk)
    show(made)
    yield made
    desk.close()


def _texts(menu: QMenu) -> dict[str, bool]:
    return {action.text(): action.isEnabled() for action in menu.actions() if action.text()}


def _choose(panel: ModelPanel, text: str) -> None:
    menu = panel.menu.menu()
    next(action for action in menu.actions() if action.text() == text).trigger()
    QApplication.processEvents()


def _said(desk: Desk) -> list[str]:
    heard: list[str] = []
    desk.message.connect(lambda message: heard.append(message.text))
    return heard


def test_going_back_to_the_model_before_is_one_undoable_step(panel: ModelPanel) -> None:
    _choose(panel, "Go back to the model before")
    assert panel.desk.document.project.model_id == BUNDLED
    assert panel.picker.currentData() == BUNDLED
    panel.desk.undo()
    assert panel.desk.document.project.model_id == "mine"


def test_a_bundled_model_can_only_be_carried(panel: ModelPanel) -> None:
    panel.activate(BUNDLED)
    QApplication.processEvents()
    texts = _texts(panel.menu.menu())
    assert texts["Save as a file..."] and texts["Take in from a file..."]
    assert not texts["Rename"] and not texts["Go back to the model before"]


def test_a_renamed_model_stays_the_projects_without_a_step_in_its_history(panel: ModelPanel) -> None:
    steps = len(panel.desk.document.history.entries)
    _choose(panel, "Rename")
    assert panel.menu.field.text() == "mine"
    QTest.keyClicks(panel.menu.field, "gulf-coast\r")
    QApplication.processEvents()
    assert panel.picker.currentData() == "gulf-coast"
    assert "from curvenet-4" in panel.facts.text()
    assert panel.menu.isHidden()
    assert len(panel.desk.document.history.entries) == steps


def test_a_name_that_is_taken_is_told_beside_the_field(panel: ModelPanel) -> None:
    _choose(panel, "Rename")
    QTest.keyClicks(panel.menu.field, "other\r")
    assert "is taken" in panel.menu.fault.text()
    assert panel.menu.isVisible()
    assert panel.picker.currentData() == "mine"


def test_a_model_is_saved_and_taken_in_under_the_next_free_name(
    panel: ModelPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, said = str(tmp_path / "m.curvemodel"), _said(panel.desk)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (path, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (path, ""))
    _choose(panel, "Save as a file...")
    _choose(panel, "Take in from a file...")
    assert said == ["Model saved as m.curvemodel", "The model in m.curvemodel can be picked now"]
    assert panel.picker.findData("mine-2") >= 0
    assert panel.desk.document.project.model_id == "mine"


def test_a_file_of_another_kind_is_one_sentence(
    panel: ModelPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").write_bytes(b"PNG")
    said = _said(panel.desk)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(tmp_path / "x"), ""))
    _choose(panel, "Take in from a file...")
    assert len(said) == 1 and "is no CurveDesk model" in said[0]


def test_a_cancelled_dialog_does_nothing(panel: ModelPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    said = _said(panel.desk)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: ("", ""))
    _choose(panel, "Save as a file...")
    _choose(panel, "Take in from a file...")
    assert not said


def test_only_own_models_that_are_not_in_use_can_be_deleted(panel: ModelPanel) -> None:
    assert panel.deletable() == ("other",)
    panel.menu.delete("mine")
    assert "mine" in {entry.id for entry in list_models()}
    panel.menu.delete("other")
    QApplication.processEvents()
    assert "other" not in {entry.id for entry in list_models()}
    assert panel.picker.findData("other") < 0
    assert panel.deletable() == ()
