"""The column of tools at the left, each with its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from curvedesk.ui.parts import hairline, tight
from curvedesk.ui.theme import font, theme
from curvedesk.ui.theme.tokens import TOOLS_PX

if TYPE_CHECKING:
    from curvedesk.ui.action_book import ActionBook

TARGET = QSize(40, 38)


class ToolButton(QToolButton):
    """A tool's icon with its key in the corner."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self._action = action
        self.setIcon(action.icon())
        self.setIconSize(QSize(20, 20))
        self.setFixedSize(TARGET)
        self.setCheckable(action.isCheckable())
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setToolTip(self._action.toolTip())
        self.setAccessibleName(self._action.text())
        self.setEnabled(self._action.isEnabled())
        self.setChecked(self._action.isChecked())
        self.update()

    def nextCheckState(self) -> None:
        """The action alone decides whether it is checked."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, then its key."""
        super().paintEvent(event)
        key = self._action.shortcut().toString().replace("Shift+", "\N{UPWARDS WHITE ARROW}")
        if len(key.lstrip("\N{UPWARDS WHITE ARROW}")) > 1:
            return
        painter = QPainter(self)
        small = font("small")
        small.setPointSizeF(small.pointSizeF() - 1.5)
        painter.setFont(small)
        painter.setPen(theme().tokens.muted)
        painter.drawText(
            self.rect().adjusted(0, 0, -4, -2), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, key
        )
        painter.end()


class ToolColumn(QWidget):
    """Buttons of the actions that have a place in the column, groups parted by a hairline."""

    def __init__(self, book: ActionBook, groups: tuple[tuple[str, ...], ...]) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.setFixedWidth(TOOLS_PX)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        column = tight(QVBoxLayout(self), gap=2)
        column.setContentsMargins(8, 8, 8, 8)
        self.buttons: dict[str, ToolButton] = {}
        for number, group in enumerate(groups):
            if number:
                column.addSpacing(4)
                column.addWidget(hairline())
                column.addSpacing(4)
            for name in group:
                self.buttons[name] = ToolButton(book.actions[name])
                column.addWidget(self.buttons[name])
        column.addStretch(1)
