"""Traced curves: a thin exact line within a faint wide band, so that both the ink and the line can be judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import CurveKey, Look
from curvedesk.domain.track import Style
from curvedesk.session.line_index import LineIndex
from curvedesk.ui.canvas.bands import band, downward, draw_line
from curvedesk.ui.canvas.frame import Frame
from curvedesk.ui.canvas.inks import BAD, DOUBTFUL, faint
from curvedesk.ui.canvas.line_cache import LineCache, ReadyLine
from curvedesk.ui.canvas.polyline import dashed_path, path, polygon
from curvedesk.ui.canvas.thinning import Piece, dashed, thinned

BAND_PX, DOUBT_PX, BEFORE_PX = 7.0, 9.0, 4.0
BEFORE_INK = 0.45  # opacity of a curve that was
NEAR = 0.18  # device pixels a scan pixel below which swings lie so close that bands would only fill the track
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
        painter.setPen(Qt.PenStyle.NoPen)
        if frame.desk.flags.before:
            self._paint_before(painter, frame)
        for key, curve in _in_order(frame):
            look = frame.project.look(key)
            if not look.visible:
                continue
            ready = self._lines.line(key, curve)
            if frame.scale < NEAR:
                _paint_far(painter, frame, ready, look)
            else:
                if frame.desk.flags.confidence:
                    _paint_doubts(painter, frame, ready)
                _paint_near(painter, frame, ready, look, active=key == frame.desk.active_curve)

    def _paint_before(self, painter: QPainter, frame: Frame) -> None:
        """Faint and wide, so that the line of now shows on top of it wherever they agree."""
        for key, curve in frame.desk.before.curves.items():
            look = frame.project.look(key)
            if look.visible:
                ready = self._lines.line(f"before {key}", curve)
                index = ready.for_scale(frame.scale)
                _fill(painter, frame, _pieces(frame, index), faint(look.colour, BEFORE_INK), BEFORE_PX)


def _in_order(frame: Frame) -> Iterator[tuple[CurveKey, TracedCurve]]:
    curves, active = frame.project.curves, frame.desk.active_curve
    yield from ((key, curve) for key, curve in curves.items() if key != active)
    if active is not None and active in curves:
        yield active, curves[active]


def _paint_far(painter: QPainter, frame: Frame, ready: ReadyLine, look: Look) -> None:
    """So many swings a row that the line is an area."""
    _fill(painter, frame, _pieces(frame, ready.for_scale(frame.scale)), faint(look.colour, 0.85), look.width_px)


def _pieces(frame: Frame, index: LineIndex) -> list[Piece]:
    """What of a line may show in the frame, on the screen."""
    return [frame.place(index.line.x_px[run], index.line.y_px[run]) for run in _runs(frame, index)]


def _runs(frame: Frame, index: LineIndex) -> list[slice]:
    """Runs of the line in the frame's rows that reach its columns; a narrow rim asks for few of them."""
    left, right = frame.columns
    x_px = index.line.x_px
    return [run for run in index.runs(*frame.rows) if x_px[run].max() >= left and x_px[run].min() <= right]


def _paint_near(painter: QPainter, frame: Frame, ready: ReadyLine, look: Look, *, active: bool) -> None:
    line = ready.index.line
    runs = _runs(frame, ready.index)
    if not runs:
        return
    pieces = [frame.place(line.x_px[run], line.y_px[run]) for run in runs]
    if not look.locked:
        _fill(painter, frame, pieces, faint(look.colour, 0.38 if active else 0.2), BAND_PX)
    pattern = DASHES_PX.get(line.spec.style)
    if pattern is None:
        whole = path(_thinned(piece, frame) for piece in pieces)
    else:
        along = [ready.index.along_px[run] * frame.view.zoom for run in runs]
        cuts = zip(pieces, along, strict=True)
        whole = dashed_path(dashed(piece, s, down=pattern[0], up=pattern[1]) for piece, s in cuts)
    width_px = look.width_px * (1.3 if active else 1.0)
    draw_line(painter, whole, QColor(look.colour), width_px=width_px, ratio=frame.ratio)
    painter.setPen(Qt.PenStyle.NoPen)


def _paint_doubts(painter: QPainter, frame: Frame, ready: ReadyLine) -> None:
    line = ready.index.line
    runs = ready.doubtful_runs(*frame.rows)
    for wanted, colour in ((1, DOUBTFUL), (2, BAD)):
        pieces = [frame.place(line.x_px[run], line.y_px[run]) for run, grade in runs if grade == wanted]
        _fill(painter, frame, pieces, faint(colour, 0.45), DOUBT_PX)


def _thinned(piece: Piece, frame: Frame) -> Piece:
    """Thinned by rows of device pixels counted from the scan's corner, so that it never shimmers."""
    x, y = thinned(*_device(piece, frame))
    return _screen((x, y), frame)


def _fill(painter: QPainter, frame: Frame, pieces: Iterable[Piece], colour: QColor, width_px: float) -> None:
    """Everything within half of `width_px` of the lines, in one go, so that nothing is laid on twice."""
    pieces = list(pieces)
    if not pieces:
        return
    shape = QPainterPath()
    shape.setFillRule(Qt.FillRule.WindingFill)
    for piece in pieces:
        for part in downward(_device(piece, frame)):
            shape.addPolygon(polygon(*_screen(band(part, half=width_px * frame.ratio / 2), frame)))
    painter.fillPath(shape, colour)


def _device(piece: Piece, frame: Frame) -> Piece:
    top = frame.view.origin(frame.ratio)[1]
    return piece[0] * frame.ratio, piece[1] * frame.ratio + top


def _screen(piece: Piece, frame: Frame) -> Piece:
    top = frame.view.origin(frame.ratio)[1]
    return piece[0] / frame.ratio, (piece[1] - top) / frame.ratio
