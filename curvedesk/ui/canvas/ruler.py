"""The depth ruler pinned on the left: log units, exactly level with the print beside it, always readable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.sheet import Sheet
from curvedesk.ui.canvas.frame import Frame
from curvedesk.ui.canvas.ticks import depth_text, nice_step, ticks
from curvedesk.ui.theme import Tokens, font

RULER_PX = 72
APART_PX, SHORT_PX, LONG_PX = 44.0, 4, 8
MINOR_APART_PX = 7.0
BEYOND = 0.25  # shares of the log's length above and below it that are still named, muted: they are extrapolated


@dataclass(frozen=True, slots=True)
class Marks:
    """Depths (or inches of paper) that are named, and those in between, with their screen rows."""

    named: FloatArray
    named_y: FloatArray
    minor_y: FloatArray
    step: float


def marks(frame: Frame, sheet: Sheet | None, *, dpi: float) -> Marks:
    """Round depths in sight; inches from the top of the paper while no depth is known."""
    top, bottom = frame.view.rows
    if sheet is None:
        low, high = top / dpi, bottom / dpi
    else:
        low, high = sorted(float(d) for d in sheet.depth_at(_column(frame, sheet), np.array([top, bottom])))
    unit_px = frame.view.height / max(high - low, 1e-9)
    step, minor = nice_step(APART_PX / unit_px), nice_step(MINOR_APART_PX / unit_px)
    named, between = ticks(low, high, step), ticks(low, high, minor)
    return Marks(named, _levels(frame, sheet, named, dpi), _levels(frame, sheet, between, dpi), step)


def _column(frame: Frame, sheet: Sheet) -> float:
    """The column the ruler is level with: where the print begins in sight."""
    middle = frame.view.centre[1]
    first = min((float(track.left_at(middle)) for track in sheet.tracks), default=frame.view.x0_px)
    return min(max(first, frame.view.columns[0]), frame.view.columns[1])


def _levels(frame: Frame, sheet: Sheet | None, at: FloatArray, dpi: float) -> FloatArray:
    y_px = at * dpi if sheet is None else sheet.y_at(_column(frame, sheet), at)
    return frame.place(0.0, y_px)[1]


def paint_ruler(
    painter: QPainter,
    frame: Frame,
    sheet: Sheet | None,
    *,
    top: int,
    tokens: Tokens,
    dpi: float,
    cursor: QPointF | None,
) -> None:
    """Into x 0..72 of the canvas, the area beginning at `top`; `cursor`: where the pointer is in the area."""
    painter.save()
    painter.setClipRect(QRectF(0, top, RULER_PX, frame.view.height))
    painter.fillRect(QRectF(0, top, RULER_PX, frame.view.height), QColor(tokens.ground))
    found = marks(frame, sheet, dpi=dpi)
    painter.setFont(font())
    _ticks(painter, frame, top + found.minor_y, SHORT_PX, tokens.border)
    _ticks(painter, frame, top + found.named_y, LONG_PX, tokens.muted)
    _paint_names(painter, frame, sheet, found, top=top, tokens=tokens)
    if cursor is not None:
        _paint_cursor(painter, frame, sheet, top=top, tokens=tokens, dpi=dpi, cursor=cursor, step=found.step)
    painter.setPen(QPen(QColor(tokens.hairline), 1))
    painter.drawLine(QPointF(RULER_PX - 0.5, top), QPointF(RULER_PX - 0.5, top + frame.view.height))
    painter.restore()


def name_of(depth: float, step: float, sheet: Sheet | None) -> str:
    """What stands at a tick: a depth in the sheet's unit, or inches of paper; nothing far outside the log."""
    if sheet is None:
        return f"{depth_text(depth, step)} in"
    return depth_text(depth, step) if beyond(sheet, depth) <= BEYOND else ""


def beyond(sheet: Sheet, depth: float) -> float:
    """How far above or below the log a depth lies, in lengths of the log; 0 inside."""
    top, bottom = sheet.depth.top, sheet.depth.bottom
    return max(top - depth, depth - bottom, 0.0) / max(bottom - top, 1e-9)


def _paint_names(
    painter: QPainter, frame: Frame, sheet: Sheet | None, found: Marks, *, top: int, tokens: Tokens
) -> None:
    metrics = QFontMetricsF(painter.font())
    base = (metrics.ascent() - metrics.descent()) / 2
    for depth, y in zip(found.named.tolist(), found.named_y.tolist(), strict=True):
        if not metrics.ascent() / 2 <= y <= frame.view.height - metrics.ascent() / 2:
            continue  # half a number tells nothing
        text = name_of(depth, found.step, sheet)
        inside = sheet is None or beyond(sheet, depth) == 0.0
        painter.setPen(QColor(tokens.text if inside else tokens.muted))
        right = RULER_PX - LONG_PX - 6
        painter.drawText(QPointF(right - metrics.horizontalAdvance(text), round(top + y + base)), text)


def _ticks(painter: QPainter, frame: Frame, y: FloatArray, length: int, colour: str) -> None:
    """Crisp lines one pixel high, as wide as a whole device pixel allows."""
    levels = np.round(y * frame.ratio - 0.5) / frame.ratio
    high = max(1.0, round(frame.ratio)) / frame.ratio
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRects([QRectF(RULER_PX - length, level, length, high) for level in levels.tolist()])


def pointed(frame: Frame, sheet: Sheet | None, cursor: QPointF, *, dpi: float) -> tuple[float, float]:
    """Depth (or inches of paper) under the pointer, and the screen row at which the ruler has it."""
    x_px, y_px = (float(v) for v in frame.view.to_scan(cursor.x(), cursor.y()))
    if sheet is None:
        return y_px / dpi, cursor.y()
    at = float(sheet.depth_at(frame.desk.on_paper(x_px), y_px))
    return at, float(_levels(frame, sheet, np.array([at]), dpi)[0])


def _paint_cursor(
    painter: QPainter,
    frame: Frame,
    sheet: Sheet | None,
    *,
    top: int,
    tokens: Tokens,
    dpi: float,
    cursor: QPointF,
    step: float,
) -> None:
    """The depth at the pointer, on the accent, level with where the ruler has it: a tilted print's lines rise."""
    at, level = pointed(frame, sheet, cursor, dpi=dpi)
    text = depth_text(at, min(step / 10, 0.1))
    metrics = QFontMetricsF(painter.font())
    high = metrics.height() + 4
    width = metrics.horizontalAdvance(text) + 10
    pill = QRectF(RULER_PX - LONG_PX - 1 - width, top + level - high / 2, width, high)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.accent_fill))
    painter.drawRoundedRect(pill, 4, 4)
    painter.setPen(QColor(tokens.on_accent))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    _ticks(painter, frame, np.array([top + level]), LONG_PX, tokens.accent)
