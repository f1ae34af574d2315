"""What moves too often to be kept in the picture: the tool's preview, the brush, a stretch that was just reached."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPen

from curvedesk.ui.canvas.frame import Frame
from curvedesk.ui.canvas.inks import EDGE, faint

PULSE_MS = 900.0
PULSE_SHARE = 0.28
BRUSHES = frozenset({"not_curve", "erase"})


class Pulse(QObject):
    """A stretch reached by key lights up once and fades."""

    stepped = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[float, float] | None = None
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(33)
        self._timer.timeout.connect(self._step)

    def start(self, y0_px: float, y1_px: float) -> None:
        """Light these rows up."""
        self.rows = (min(y0_px, y1_px), max(y0_px, y1_px))
        self._since.start()
        self._timer.start()
        self.stepped.emit()

    def paint(self, painter: QPainter, frame: Frame, colour: str) -> None:
        """A band across the area with a line above and below."""
        if self.rows is None:
            return
        left = max(0.0, 1.0 - self._since.elapsed() / PULSE_MS)
        _, (top, bottom) = frame.view.to_screen(0.0, list(self.rows))
        band = QRectF(0, top - 6, frame.view.width, bottom - top + 12)
        painter.fillRect(band, faint(colour, PULSE_SHARE * left))
        painter.setPen(QPen(faint(colour, left), 1))
        painter.drawLine(band.topLeft(), band.topRight())
        painter.drawLine(band.bottomLeft(), band.bottomRight())

    def _step(self) -> None:
        if self._since.elapsed() >= PULSE_MS:
            self.rows = None
            self._timer.stop()
        self.stepped.emit()


def brush_radius(frame: Frame) -> float:
    """Half the width of what the tool in hand covers, in screen pixels; 0 where it is a point."""
    desk = frame.desk
    return max(2.0, desk.stroke_width_px * frame.view.zoom / 2) if desk.tool in BRUSHES else 0.0


def paint_brush(painter: QPainter, frame: Frame, at: QPointF) -> None:
    """The outline of the brush under the pointer, dark on light and light on dark."""
    radius = brush_radius(frame)
    if radius:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, wider in ((EDGE, 1.0), ("#1c2127", 0.0)):
            painter.setPen(QPen(QColor(colour), 1))
            painter.drawEllipse(at, radius + wider, radius + wider)
