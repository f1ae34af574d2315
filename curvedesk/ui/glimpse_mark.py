"""A tag on the canvas that says: the ink you see in this colour is what the model in training finds, and no result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from curvedesk.ui.canvas.inks import TIE
from curvedesk.ui.panels.quality_bars import Swatch
from curvedesk.ui.parts import float_over, label, tight

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk

MARGIN_PX = 16


class GlimpseMark(QFrame):
    """At the upper right of ``host``, for as long as there is a glimpse."""

    def __init__(self, desk: Desk, host: QWidget) -> None:
        super().__init__(host)
        self._glimpses = desk.jobs.glimpses
        self.setProperty("role", "raised")
        self.setAccessibleName("Preview")
        self.setToolTip("What the model finds while it learns; it is shown only until the training ends. M hides it")
        self._text = label("", "small")
        swatch = Swatch()
        swatch.show_colour(TIE)
        row = tight(QHBoxLayout(self), gap=8)
        row.setContentsMargins(10, 4, 12, 4)
        row.addWidget(swatch)
        row.addWidget(self._text)
        float_over(self)
        host.installEventFilter(self)
        self._glimpses.changed.connect(self._show)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; nothing while it is hidden."""
        return self._text.text() if not self.isHidden() else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _show(self) -> None:
        now = self._glimpses.now
        self.setVisible(now is not None)
        if now is not None:
            self._text.setText(f"Preview of what it learns, step {now.step}")
            self.adjustSize()
            self._place()
            self.raise_()

    def _place(self) -> None:
        host = self.parentWidget()
        if host is not None:
            self.move(max(0, host.width() - self.width() - MARGIN_PX), self._top(host))

    def _top(self, host: QWidget) -> int:
        rect = getattr(host, "paper_rect", None)  # below the pinned scales
        return MARGIN_PX + (rect.top() if rect is not None else 0)
