"""Moves the shown view towards the one that is wanted: at once, or gliding."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from curvedesk.session.glide import Glide, glide_to
from curvedesk.session.view import View

FRAME_MS = 16


class Motion(QObject):
    """`moved` after every step; `view` is what is shown now. Without a screen everything happens at once."""

    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = View()
        self._glide: Glide | None = None
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._step)
        self.is_animated = QGuiApplication.platformName() != "offscreen"
        self.is_jumping = False  # a view that a hand drags is shown at once

    @property
    def is_moving(self) -> bool:
        """Whether the goal is not reached."""
        return self._glide is not None

    @property
    def is_zooming(self) -> bool:
        """Whether the size changes under way, so that tiles of the size now are not worth drawing."""
        return self._glide is not None and self._glide.goal.zoom != self._glide.start.zoom

    def go(self, goal: View, *, gliding: bool) -> None:
        """Show `goal`."""
        if not gliding or not self.is_animated or (self.view.width, self.view.height) != (goal.width, goal.height):
            self._glide = None
            self._timer.stop()
            self._show(goal)
        else:
            self._glide = glide_to(self.view, goal)
            self._since.start()
            self._timer.start()

    def finish(self) -> None:
        """Arrive now."""
        if self._glide is not None:
            self.go(self._glide.goal, gliding=False)

    def _step(self) -> None:
        if self._glide is None:
            self._timer.stop()
            return
        elapsed = float(self._since.elapsed())
        view = self._glide.at(elapsed)
        if self._glide.is_over(elapsed):
            self._glide = None
            self._timer.stop()
        self._show(view)

    def _show(self, view: View) -> None:
        if view != self.view:
            self.view = view
            self.moved.emit()
