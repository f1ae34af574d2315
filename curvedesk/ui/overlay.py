"""A sheet that lies over the window, for what needs room: help and keys. Escape or a click beside it closes it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from curvedesk.ui.parts import icon_button, label, tight
from curvedesk.ui.theme import theme

DIM = 90  # of 255


class Overlay(QWidget):
    """Covers ``host``; subclasses fill ``column``."""

    def __init__(self, host: QWidget, title: str, *, width_px: int, height_px: int) -> None:
        super().__init__(host)
        self._wanted = (width_px, height_px)
        self._host = host
        self._before: QWidget | None = None
        self.card = QFrame(self)
        self.card.setProperty("role", "raised")
        self.card.setAccessibleName(title)
        self.column = tight(QVBoxLayout(self.card), gap=0)
        self.column.setContentsMargins(1, 1, 1, 1)
        self.head = QWidget()
        row = tight(QHBoxLayout(self.head))
        row.setContentsMargins(24, 12, 12, 12)
        row.addWidget(label(title, "strong"), 1)
        row.addWidget(icon_button("close", "Close (Esc)", self.close_sheet))
        self.column.addWidget(self.head)
        host.installEventFilter(self)
        self.hide()

    def open_sheet(self) -> None:
        """Show it over everything else of the window."""
        self._before = self._host.window().focusWidget()
        self._place()
        self.show()
        self.raise_()
        self.card.setFocus()

    def close_sheet(self) -> None:
        """Away, and the focus back to where it was."""
        self.hide()
        if self._before is not None:
            self._before.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the sheet closes it."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_sheet()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The window behind steps back."""
        colour = QColor(theme().tokens.shadow)
        colour.setAlpha(DIM)
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour)
        painter.end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """As large as the host."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        host = self._host
        self.setGeometry(host.rect())
        width, height = min(self._wanted[0], host.width() - 48), min(self._wanted[1], host.height() - 48)
        self.card.setGeometry((host.width() - width) // 2, (host.height() - height) // 2, width, height)
