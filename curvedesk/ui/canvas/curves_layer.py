"""Traced curves: a thin exact line within a faint wide band, so that both the ink and the line can be judged."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import CurveKey, Look
from curvedesk.domain.track import Style
from curvedesk.ui.canvas.frame import Frame
from curvedesk.ui.canvas.inks import BAD, DOUBTFUL, faint
from curvedesk.ui.canvas.line_cache import LineCache, ReadyLine
from curvedesk.ui.canvas.polyline import path
from curvedesk.ui.canvas.thinning import Piece, dashed, thinned

BAND_PX, DOUBT_PX = 7.0, 9.0
DASHES_PX = {Style.DASHED: (9.0, 5.0), Style.DOTTED: (2.0, 4.0)}  # pen down, pen up, in screen pixels


class CurvesLayer:
    """The active curve is painted last, with a stronger band; locked ones without any."""

    def __init__(self, lines: LineCache) -> None:
        self._lines = lines

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """See the class."""
        if not frame.desk.flags.curves:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for key, curve in _in_order(frame):
            look = frame.project.look(key)
            if look.visible:
                ready = self._lines.line(key, curve)
                if frame.desk.flags.confidence:
                    _paint_doubts(painter, frame, ready)
                _paint_line(painter, frame, ready, look, active=key == frame.desk.active_curve)


def _in_order(frame: Frame) -> Iterator[tuple[CurveKey, TracedCurve]]:
    curves, active = frame.project.curves, frame.desk.active_curve
    yield from ((key, curve) for key, curve in curves.items() if key != active)
    if active in curves:
        yield active, curves[active]


def _paint_line(painter: QPainter, frame: Frame, ready: ReadyLine, look: Look, *, active: bool) -> None:
    pieces, along = [], []
    index = ready.for_scale(frame.scale)
    for run in index.runs(*frame.rows):
        x, y = frame.place(index.line.x_px[run], index.line.y_px[run])
        pieces.append((x, y))
        along.append(index.along_px[run] * frame.view.zoom)
    thin = [_thinned(piece, frame) for piece in pieces]
    whole = path(thin)
    if not look.locked:
        _stroke(painter, whole, faint(look.colour, 0.38 if active else 0.2), BAND_PX)
    pattern = DASHES_PX.get(ready.index.line.spec.style)
    if pattern is not None and index is ready.index:
        cuts = zip(pieces, along, strict=True)
        whole = path(cut for piece, s in cuts for cut in dashed(piece, s, down=pattern[0], up=pattern[1]))
    _stroke(painter, whole, QColor(look.colour), look.width_px * (1.25 if active else 1.0))


def _thinned(piece: Piece, frame: Frame) -> Piece:
    """Thinned by rows of device pixels counted from the scan's corner, so that it never shimmers."""
    top = frame.view.origin(frame.ratio)[1]
    x, y = thinned(piece[0], piece[1] * frame.ratio + top)
    return x, (y - top) / frame.ratio


def _paint_doubts(painter: QPainter, frame: Frame, ready: ReadyLine) -> None:
    line = ready.index.line
    runs = ready.doubtful_runs(*frame.rows)
    for wanted, colour in ((1, DOUBTFUL), (2, BAD)):
        pieces = [frame.place(line.x_px[run], line.y_px[run]) for run, grade in runs if grade == wanted]
        _stroke(painter, path(_thinned(piece, frame) for piece in pieces), faint(colour, 0.45), DOUBT_PX)


def _stroke(painter: QPainter, line: QPainterPath, colour: QColor, width_px: float) -> None:
    pen = QPen(colour, width_px, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.BevelJoin)
    painter.strokePath(line, pen)
