"""Stretches the analyst spoke about: accepted ones tinted, those without a reading hatched, exchanges marked."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from curvedesk.domain.project import CurveKey, curve_keys
from curvedesk.domain.strokes import AcceptStroke, NullStroke, SwapStroke
from curvedesk.domain.track import Track
from curvedesk.ui.canvas.frame import Frame
from curvedesk.ui.canvas.inks import ACCEPTED, NULL, faint
from curvedesk.ui.canvas.shapes import seen_rows, strip

BAR_PX, HATCH_PX, SWAP_APART_PX = 3.0, 8, 3.0
Marked = AcceptStroke | NullStroke


class IntervalsLayer:
    """Each with a bar in the curve's colour along the track's border, so that it is clear whom it concerns."""

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """See the class."""
        if frame.project.sheet is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, y = frame.view.origin(frame.ratio)
        painter.setBrushOrigin(QPointF(-(x / frame.ratio % HATCH_PX), -(y / frame.ratio % HATCH_PX)))
        for stroke in frame.project.strokes.values():
            if isinstance(stroke, AcceptStroke | NullStroke):
                self._paint_interval(painter, frame, stroke)
            elif isinstance(stroke, SwapStroke):
                self._paint_swap(painter, frame, stroke)

    def _paint_interval(self, painter: QPainter, frame: Frame, stroke: Marked) -> None:
        rows = seen_rows(frame, stroke.rows)
        if rows is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        for key, track in tracks_of(frame, (stroke.curve,)):
            painter.setBrush(_fill(stroke))
            painter.drawPolygon(strip(frame, track, *rows))
            painter.setBrush(QColor(frame.project.look(key).colour))
            x, y = frame.place(track.left_at(rows), [rows[0], rows[1]])
            painter.drawRect(QRectF(x.min() - BAR_PX, y[0], BAR_PX, y[1] - y[0]))

    def _paint_swap(self, painter: QPainter, frame: Frame, stroke: SwapStroke) -> None:
        if seen_rows(frame, (stroke.from_row - 1, stroke.from_row + 1)) is None:
            return
        for number, (key, track) in enumerate(tracks_of(frame, stroke.curves)):
            ends = [float(track.left_at(stroke.from_row)), float(track.right_at(stroke.from_row))]
            x, y = frame.place(ends, stroke.from_row)
            level = float(y) + SWAP_APART_PX * number
            painter.setPen(QPen(QColor(frame.project.look(key).colour), 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x[0], level), QPointF(x[1], level))


def tracks_of(frame: Frame, names: tuple[str, ...]) -> Iterator[tuple[CurveKey, Track]]:
    """The curves that bear these names, by mnemonic or by key, with their tracks."""
    sheet = frame.project.sheet
    if sheet is not None:
        for key, (track, spec) in curve_keys(sheet).items():
            if spec.mnemonic in names or key in names:
                yield key, track


def _fill(stroke: Marked) -> QBrush:
    if isinstance(stroke, AcceptStroke):
        return QBrush(faint(ACCEPTED, 0.16))
    return QBrush(faint(NULL, 0.55), Qt.BrushStyle.BDiagPattern)
