"""What the tool shows while it is used, before anything is committed: lines with a white edge, rows, handles, words."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from curvedesk.domain.project import curve_keys
from curvedesk.session.tools.base import Drawn, Preview
from curvedesk.ui.canvas.frame import Frame
from curvedesk.ui.canvas.inks import ACCEPTED, BAD, EDGE, GRID, NOT_CURVE, NULL, TIE, faint
from curvedesk.ui.canvas.polyline import path
from curvedesk.ui.canvas.shapes import strip
from curvedesk.ui.theme import font, theme

EDGE_PX, LINE_PX, MARK_PX, REACH_PX = 2.0, 2.5, 4.0, 14.0
WORDS_ROOM_PX = 260
BROAD = {"not_curve": NOT_CURVE, "erase": BAD}  # painted as wide as they are
THIN = {"edge": GRID, "tie": TIE, "raw": NULL}


def paint_preview(painter: QPainter, frame: Frame, preview: Preview | None) -> None:
    """Paint it over everything."""
    if preview is None:
        return
    if preview.rows is not None:
        _paint_rows(painter, frame, preview, preview.rows)
    for drawn in preview.drawn:
        _paint_line(painter, frame, drawn)
    painter.setPen(QPen(QColor(theme().tokens.accent_fill), 1.5))
    painter.setBrush(QColor(EDGE))
    for x_px, y_px in preview.marks:
        x, y = frame.place(x_px, y_px)
        painter.drawEllipse(QPointF(float(x), float(y)), MARK_PX, MARK_PX)
    if preview.words:
        _paint_words(painter, frame, preview)


def preview_rect(frame: Frame, preview: Preview | None) -> QRect:
    """What of the area it covers, in screen pixels."""
    if preview is None:
        return QRect()
    points = [point for drawn in preview.drawn for point in drawn.points] + list(preview.marks)
    reach = REACH_PX + max([drawn.width_px for drawn in preview.drawn], default=0.0) * frame.view.zoom / 2
    found = QRectF()
    if points:
        x, y = frame.place(*np.asarray(points, np.float64).T)
        found = QRectF(x.min(), y.min(), x.max() - x.min(), y.max() - y.min())
        found = found.adjusted(-reach, -reach, reach + WORDS_ROOM_PX * bool(preview.words), reach)
    if preview.rows is not None:
        _, (top, bottom) = frame.view.to_screen(0.0, list(preview.rows))
        found = found.united(QRectF(0, top - reach, frame.view.width, bottom - top + 2 * reach))
    return found.toAlignedRect()


def _paint_line(painter: QPainter, frame: Frame, drawn: Drawn) -> None:
    points = np.asarray(drawn.points, np.float64).reshape(-1, 2)
    if not len(points):
        return
    x, y = frame.place(points[:, 0], points[:, 1])
    if len(x) == 1:
        x, y = np.append(x, x + 0.01), np.append(y, y)  # Qt draws nothing for a line without length
    line = path([(x, y)])
    if drawn.kind in BROAD:
        painter.strokePath(line, _pen(faint(BROAD[drawn.kind], 0.4), max(2.0, drawn.width_px * frame.view.zoom)))
        return
    colour = THIN.get(drawn.kind) or frame.project.look(drawn.curve).colour
    painter.strokePath(line, _pen(QColor(EDGE), LINE_PX + 2 * EDGE_PX))
    painter.strokePath(line, _pen(QColor(colour), LINE_PX))


def _pen(colour: QColor, width_px: float) -> QPen:
    return QPen(colour, width_px, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _paint_rows(painter: QPainter, frame: Frame, preview: Preview, rows: tuple[float, float]) -> None:
    sheet = frame.project.sheet
    found = curve_keys(sheet).get(preview.curve) if sheet is not None else None
    colour = NULL if preview.kind == "null" else ACCEPTED
    painter.setPen(QPen(QColor(colour), 1.5))
    painter.setBrush(faint(colour, 0.2))
    if found is not None and rows[1] > rows[0]:
        painter.drawPolygon(strip(frame, found[0], *rows))


def _paint_words(painter: QPainter, frame: Frame, preview: Preview) -> None:
    points = preview.marks or tuple(point for drawn in preview.drawn for point in drawn.points[-1:])
    if not points:
        return
    x, y = (float(v) for v in frame.place(*points[-1]))
    painter.setFont(font("small"))
    metrics = QFontMetricsF(painter.font())
    ground = QRectF(
        x + 12, y - metrics.height() - 6, metrics.horizontalAdvance(preview.words) + 12, metrics.height() + 6
    )
    ground.moveLeft(math.floor(min(ground.left(), frame.view.width - ground.width() - 4)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme().tokens.raised))
    painter.drawRoundedRect(ground, 4, 4)
    painter.setPen(QColor(theme().tokens.text))
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, preview.words)
