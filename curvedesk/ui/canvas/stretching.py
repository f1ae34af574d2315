"""While the size changes, the picture that is there is stretched; it is painted crisp when the size is still."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QRegion

from curvedesk.ui.canvas.backing import Backing
from curvedesk.ui.canvas.frame import Frame
from curvedesk.ui.canvas.papers import Papers
from curvedesk.ui.theme import theme

STILL_MS = 120


class Stretching(QObject):
    """Says of each frame whether it is `now`; `over` when a picture that is stretched is to be painted anew."""

    over = Signal()

    def __init__(self, backing: Backing, papers: Papers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = False
        self._jumped = False
        self._backing, self._papers = backing, papers
        self._scale = 0.0
        self._still = QTimer(self, interval=STILL_MS, singleShot=True)
        self._still.timeout.connect(self._end)

    def paint(self, painter: QPainter, frame: Frame, *, zooming: bool) -> bool:
        """Paint the stretched picture with `painter` in device pixels of the area; False where it will not do.

        The first jump to another size is painted as it is; jumps that follow at once are a hand that moves.
        """
        self._jumped = frame.scale != self._scale and not zooming
        moving = zooming or self._still.isActive()
        self._scale = frame.scale
        place = self._backing.stretched(frame.view, frame.ratio) if moving else None
        self.now = place is not None
        if place is not None:
            self._paint(painter, frame, place)
        return self.now

    def painted(self) -> None:
        """The frame is there; from now on it is still, or not."""
        if self._jumped:
            self._still.start()

    def _paint(self, painter: QPainter, frame: Frame, place: QRectF) -> None:
        whole = QRectF(frame.part.topLeft() * frame.ratio, frame.part.size() * frame.ratio)
        painter.save()
        painter.setClipRegion(QRegion(whole.toAlignedRect()) - QRegion(place.toRect()))
        painter.fillRect(whole, theme().tokens.sunken)
        self._papers.paint_coarse(painter, frame)
        painter.restore()
        painter.setClipRect(whole)
        painter.drawPixmap(place, self._backing.picture, QRectF(self._backing.picture.rect()))

    def _end(self) -> None:
        if self.now:
            self.over.emit()
