"""Where a dragged curve would fall: between which rows of which track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from curvedesk.ui.theme import theme


@dataclass(frozen=True, slots=True)
class Slot:
    """A place a curve can fall into: before curve ``at`` of a track, at this height on the screen."""

    track: str
    at: int
    y: int


def slots_of(track: str, rows: Sequence[QWidget], head: QWidget) -> list[Slot]:
    """The places of one track: above each row, and below the last (below the head where there is none)."""
    above = [Slot(track, place, row.mapToGlobal(QPoint(0, 0)).y()) for place, row in enumerate(rows)]
    last = rows[-1] if rows else head
    return [*above, Slot(track, len(rows), last.mapToGlobal(QPoint(0, last.height())).y())]


def nearest(slots: Sequence[Slot], y: int) -> Slot | None:
    """The place nearest to a height on the screen."""
    return min(slots, key=lambda slot: abs(slot.y - y), default=None)


class DropLine(QWidget):
    """The line that shows where a curve would fall."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("drop_line")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedHeight(2)
        self.hide()

    def show_at(self, slot: Slot) -> None:
        """Between those rows."""
        parent = self.parentWidget()
        if parent is not None:
            y = parent.mapFromGlobal(QPoint(0, slot.y)).y()
            self.setGeometry(16, y - 1, parent.width() - 48, 2)
            self.show()
            self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """In the accent colour."""
        QPainter(self).fillRect(self.rect(), QColor(theme().tokens.accent))
