"""What can be done with a model beside picking it: going back, another name, a file to carry, and deleting."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFileDialog, QMenu, QVBoxLayout, QWidget

from curvedesk.domain.errors import CurveDeskError
from curvedesk.store.model_files import SUFFIX, export_model, import_model
from curvedesk.store.registry_edits import delete_model, model_before, rename_model
from curvedesk.ui.panels.base import line
from curvedesk.ui.panels.curve_menus import popup
from curvedesk.ui.panels.fields import TextField, mark_wrong
from curvedesk.ui.parts import icon_button, label, tight
from curvedesk.ui.theme import icon

if TYPE_CHECKING:
    from curvedesk.ui.panels.model import ModelPanel

KINDS = f"Models (*{SUFFIX})"


class ModelMenu(QWidget):
    """The quiet button beside the title, and the line in which the model gets another name."""

    def __init__(self, panel: ModelPanel) -> None:
        super().__init__()
        self._panel = panel
        self.more = icon_button("more", "More about models", self.open)
        self.field = TextField("Name of the model")
        self.field.given.connect(self._rename)
        self.fault = label("", "bad", wrap=True)
        keep = icon_button("close", "Keep the old name", self.hide)
        column = tight(QVBoxLayout(self), gap=4)
        column.addWidget(line(label("Name", "muted"), self.field, keep, stretch=1))
        column.addWidget(self.fault)
        self.hide()

    def menu(self) -> QMenu:
        """As things stand: what cannot be done is greyed out."""
        entry = self._panel.entry
        own = entry is not None and not entry.bundled
        before = self._before()
        menu = popup(
            self.more,
            [
                ("Go back to the model before", "undo", partial(self._panel.activate, before) if before else None),
                ("", "", None),
                ("Rename", "pen", self.ask if own else None),
                ("Save as a file...", "export", self.save if entry else None),
                ("Take in from a file...", "open", self.take_in),
            ],
        )
        deleting = menu.addMenu(icon("trash"), "Delete")
        for name in self._panel.deletable():
            deleting.addAction(name).triggered.connect(partial(self._delete_clicked, name))
        deleting.setEnabled(not deleting.isEmpty())
        return menu

    def open(self) -> None:
        """Show the menu below its button."""
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def ask(self) -> None:
        """Let a person name the model anew."""
        entry = self._panel.entry
        self.fault.hide()
        self.field.show_value(entry.id if entry else "")
        self.show()
        self.field.setFocus()
        self.field.selectAll()

    def save(self) -> None:
        """Ask for a place and write the model there."""
        entry = self._panel.entry
        suggested = f"{entry.id}{SUFFIX}" if entry else ""
        path, _kind = QFileDialog.getSaveFileName(self, "Save the model", str(Path.home() / suggested), KINDS)
        if path and entry is not None:
            self._do(partial(export_model, entry.id, Path(path)), f"Model saved as {Path(path).name}")

    def take_in(self) -> None:
        """Ask for a file and register the model in it; it is picked like any other."""
        path, _kind = QFileDialog.getOpenFileName(self, "Take in a model", str(Path.home()), KINDS)
        if path:
            self._do(partial(import_model, Path(path)), f"The model in {Path(path).name} can be picked now")

    def delete(self, name: str) -> None:
        """Delete one of the user's own models that is not in use."""
        used = self._panel.desk.document.project.model_id
        self._do(partial(delete_model, name, in_use=used), f"{name} is deleted")

    def _delete_clicked(self, name: str, _checked: bool) -> None:
        self.delete(name)

    def _rename(self, name: str) -> None:
        entry = self._panel.entry
        fault = self._tried(partial(rename_model, entry.id, name)) if entry else None
        mark_wrong(self.field, fault or "")
        self.fault.setText(fault or "")
        self.fault.setVisible(bool(fault))
        if not fault:
            self.hide()
            self._panel.wake()

    def _before(self) -> str | None:
        entry = self._panel.entry
        try:
            return model_before(entry.id) if entry else None
        except CurveDeskError:
            return None

    def _do(self, work: Callable[[], object], done: str) -> None:
        fault = self._tried(work)
        self._panel.desk.say(fault or done, kind="warn" if fault else "info", topic="model")
        self._panel.wake()

    def _tried(self, work: Callable[[], object]) -> str | None:
        try:
            work()
        except CurveDeskError as fault:
            return str(fault)
        return None
