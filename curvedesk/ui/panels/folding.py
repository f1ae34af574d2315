"""A heading that opens and closes what lies under it: the detail is one click deeper."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from curvedesk.ui.parts import tight
from curvedesk.ui.theme import TARGET_PX, font


class Fold(QWidget):
    """``make`` builds the inside when it is first opened."""

    def __init__(self, title: str, make: Callable[[], QWidget]) -> None:
        super().__init__()
        self._make = make
        self._inside: QWidget | None = None
        self.button = QToolButton()
        self.button.setText(title)
        self.button.setFont(font(strong=True))
        self.button.setCheckable(False)
        self.button.setMinimumHeight(TARGET_PX)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setArrowType(Qt.ArrowType.RightArrow)
        self.button.clicked.connect(self.flip)
        self._column = tight(QVBoxLayout(self), gap=0)
        self._column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def is_open(self) -> bool:
        """Whether the inside shows."""
        return self._inside is not None and not self._inside.isHidden()

    def flip(self) -> None:
        """Open or close."""
        opens = not self.is_open
        if self._inside is None:
            self._inside = self._make()
            self._column.addWidget(self._inside)
        self._inside.setVisible(opens)
        self.button.setArrowType(Qt.ArrowType.DownArrow if opens else Qt.ArrowType.RightArrow)
