"""Go to a depth: a field at the top of the canvas, gone when answered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from curvedesk.ui.looking import go_to_depth
from curvedesk.ui.parts import label, tight

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk


class DepthField(QFrame):
    """Enter goes there, Escape goes away."""

    def __init__(self, desk: Desk, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._desk, self._canvas = desk, canvas
        self.setProperty("role", "raised")
        row = tight(QHBoxLayout(self))
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(label("Go to depth"))
        self.field = QLineEdit()
        self.field.setFixedWidth(112)
        self.field.setAccessibleName("Depth")
        self.field.returnPressed.connect(self._go)
        self.unit = label("", "muted")
        row.addWidget(self.field)
        row.addWidget(self.unit)
        self.hide()

    def ask(self) -> None:
        """Show it, with the range of the log as a hint."""
        sheet = self._desk.sheet
        if sheet is None:
            return
        self.unit.setText(sheet.depth.unit.lower())
        self.field.setPlaceholderText(f"{sheet.depth.top:,.0f}–{sheet.depth.bottom:,.0f}")
        self.field.clear()
        self._mark(wrong=False)
        self.adjustSize()
        self.move((self._canvas.width() - self.width()) // 2, 72)
        self.show()
        self.raise_()
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes away."""
        if event.key() == Qt.Key.Key_Escape:
            self._done()
        else:
            super().keyPressEvent(event)

    def _go(self) -> None:
        depth = depth_in(self.field.text())
        if depth is None:
            self._mark(wrong=True)
            return
        go_to_depth(self._desk, depth)
        self._done()

    def _done(self) -> None:
        self.hide()
        self._canvas.setFocus()

    def _mark(self, *, wrong: bool) -> None:
        self.field.setProperty("wrong", wrong)
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)


def depth_in(text: str) -> float | None:
    """The depth a person typed: 14,150 or 14150.5 or 14150 ft; None where there is no number."""
    found = re.fullmatch(r"\s*(-?\d[\d,' ]*\.?\d*)\s*[a-zA-Z]*\s*", text)
    return float(re.sub(r"[,' ]", "", found.group(1))) if found else None
