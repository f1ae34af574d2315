"""The parts of a proposed sheet that wait for a person: value, how sure, the paper it was read from, and accept."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from curvedesk.session.sheet_parts import Part
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.crops import CropView
from curvedesk.ui.panels.curve_row import sureness_token
from curvedesk.ui.parts import icon_button, label, set_role, tight


class PartRow(QWidget):
    """``wanted`` when a person wants to see it on the paper, ``accepted`` when it is right; both with the path."""

    wanted = Signal(str)
    accepted = Signal(str)

    def __init__(self, desk: Desk, part: Part) -> None:
        super().__init__()
        self.part = part
        self.title, self.value = label("", "strong"), label("", "muted")
        self.sure = label("")
        self.sure.setMinimumWidth(36)
        self.sure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.accept = icon_button("accept", f"{part.title} is right", self._accept)
        self.crop = CropView(desk, size=QSize(240, 48))
        row = tight(QHBoxLayout(), gap=8)
        row.addWidget(self.title)
        row.addWidget(self.value, 1)
        row.addWidget(self.sure)
        row.addWidget(self.accept)
        column = tight(QVBoxLayout(self), gap=2)
        column.addLayout(row)
        column.addWidget(self.crop)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_part(self, part: Part) -> None:
        """Show this from now on."""
        self.part = part
        self.title.setText(part.title)
        self.value.setText(part.value)
        confidence = part.confidence or 0.0
        self.sure.setText(f"{confidence:.0%}")
        set_role(self.sure, sureness_token(confidence))
        self.crop.show_crop(part.crop)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Taken, so that the release comes here."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show it on the paper."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.wanted.emit(self.part.path)

    def _accept(self) -> None:
        self.accepted.emit(self.part.path)
