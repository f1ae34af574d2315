"""Strokes: where the analyst said the pen runs, and what is no curve."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from curvedesk.domain.strokes import CurveStroke, NotCurveStroke
from curvedesk.ui.canvas.frame import Frame
from curvedesk.ui.canvas.inks import NOT_CURVE, faint
from curvedesk.ui.canvas.intervals_layer import tracks_of
from curvedesk.ui.canvas.polyline import path

LINE_PX, DOT_PX = 2.25, 2.5
DOTS_FROM_ZOOM = 0.35


class StrokesLayer:
    """Committed strokes are a plain line with a dot at each end."""

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """All strokes of the project that have a line, but those the tool in hand is about to take away."""
        if not frame.desk.flags.strokes:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        preview = frame.desk.preview
        hidden = preview.hidden if preview is not None else ()
        for name, stroke in frame.project.strokes.items():
            if name not in hidden and isinstance(stroke, CurveStroke | NotCurveStroke) and _in_sight(stroke, frame):
                _paint_stroke(painter, frame, stroke)


def _paint_stroke(painter: QPainter, frame: Frame, stroke: CurveStroke | NotCurveStroke) -> None:
    points = np.asarray(stroke.points, np.float64).reshape(-1, 2)
    x, y = frame.place(points[:, 0], points[:, 1])
    if len(x) == 1:
        x, y = np.append(x, x + 0.01), np.append(y, y)  # a dot: Qt draws nothing for a line without length
    line = path([(x, y)])
    colour, width = _pen_of(stroke, frame)
    painter.strokePath(line, _pen(colour, width))
    if isinstance(stroke, CurveStroke) and frame.view.zoom >= DOTS_FROM_ZOOM:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for end in (0, -1):
            painter.drawEllipse(QPointF(x[end], y[end]), DOT_PX, DOT_PX)


def _pen_of(stroke: CurveStroke | NotCurveStroke, frame: Frame) -> tuple[QColor, float]:
    if isinstance(stroke, NotCurveStroke):
        return faint(NOT_CURVE, 0.4), max(LINE_PX, stroke.width_px * frame.view.zoom)
    keys = [key for key, _ in tracks_of(frame, (stroke.curve,))]
    return QColor(frame.project.look(keys[0] if keys else stroke.curve).colour), LINE_PX


def _pen(colour: QColor, width_px: float) -> QPen:
    return QPen(colour, width_px, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _in_sight(stroke: CurveStroke | NotCurveStroke, frame: Frame) -> bool:
    y = [point[1] for point in stroke.points]
    top, bottom = frame.rows
    return max(y) + stroke.width_px >= top and min(y) - stroke.width_px <= bottom
