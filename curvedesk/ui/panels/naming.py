"""A line in which a track gets another name, in the panel itself instead of a dialog."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from curvedesk.domain.errors import CurveDeskError
from curvedesk.ui.panels.base import line
from curvedesk.ui.panels.fields import TextField, mark_wrong
from curvedesk.ui.parts import icon_button, label, tight


class NameField(QWidget):
    """Hidden until ``ask``; ``rename(old, new)`` does it or says why not."""

    def __init__(self, rename: Callable[[str, str], CurveDeskError | None]) -> None:
        super().__init__()
        self._rename = rename
        self._old = ""
        self.field = TextField("Name of the track")
        self.field.given.connect(self._give)
        self.fault = label("", "bad", wrap=True)
        self.fault.hide()
        column = tight(QVBoxLayout(self), gap=4)
        row = line(label("Name", "muted"), self.field, icon_button("close", "Keep the old name", self.hide), stretch=1)
        column.addWidget(row)
        column.addWidget(self.fault)
        self.hide()

    def ask(self, name: str) -> None:
        """Let a person name this track anew."""
        self._old = name
        self.fault.hide()
        self.field.show_value(name)
        self.show()
        self.field.setFocus()
        self.field.selectAll()

    def _give(self, new: str) -> None:
        error = self._rename(self._old, new)
        mark_wrong(self.field, str(error or ""))
        self.fault.setText(str(error or ""))
        self.fault.setVisible(error is not None)
        if error is None:
            self.hide()
