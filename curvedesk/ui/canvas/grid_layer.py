"""The calibration grid: the sheet's own depth and scale lines over the print, so that it shows where they part."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.scales import ScaleKind, ValueScale
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.track import Track
from curvedesk.session.residuals import tie_residuals_px
from curvedesk.ui.canvas.frame import Frame
from curvedesk.ui.canvas.inks import BAD, EDGE, GRID, TIE, faint
from curvedesk.ui.canvas.polyline import path
from curvedesk.ui.canvas.shapes import knots, seen_rows
from curvedesk.ui.canvas.ticks import depth_text, nice_step, ticks
from curvedesk.ui.theme import font

LINE_APART_PX, LABEL_APART_PX = 9.0, 60.0
ACROSS = np.linspace(0.0, 1.0, 5)
HANDLE_PX, TIE_APART_PX = 4.0, 72.0  # closer ties are not named: the print between them stays readable
FAR_OFF_PX = 3.0  # a tie this far from its neighbours' line is a slip
BELOW_PX = 22.0  # a label stands below its tie, for the number printed there is what it is compared with
DIVISIONS = 10


class GridLayer:
    """Lines, labels of depth, ties with their residual, and the handles of ties and borders."""

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """See the class; nothing without a sheet or while the grid is off."""
        sheet = frame.project.sheet
        if sheet is None or not frame.desk.flags.grid:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("small"))
        for number, track in enumerate(sheet.tracks):
            _paint_depth_lines(painter, frame, sheet, track, named=number == 0)
            _paint_scale_lines(painter, frame, sheet, track)
            _paint_border_handles(painter, frame, track)
        _paint_ties(painter, frame, sheet)


def _paint_depth_lines(painter: QPainter, frame: Frame, sheet: Sheet, track: Track, *, named: bool) -> None:
    top, bottom = frame.rows
    x = float(track.left_at((top + bottom) / 2))
    low, high = sorted(float(d) for d in sheet.depth_at(x, np.array([top, bottom])))
    unit_px = frame.view.zoom * (bottom - top) / max(high - low, 1e-9)
    fine, strong = nice_step(LINE_APART_PX / unit_px), nice_step(LABEL_APART_PX / unit_px)
    low = max(low - 2 * fine, sheet.depth.top)  # a tilted line may reach in from outside
    high = min(high + 2 * fine, sheet.depth.bottom)
    for step, width, share in ((fine, 1.0, 0.35), (strong, 1.6, 0.85)):
        lines = [_depth_line(frame, sheet, track, depth) for depth in ticks(low, high, step).tolist()]
        painter.strokePath(path(lines), QPen(faint(GRID, share), width))
    for depth in ticks(low, high, strong).tolist() if named else ():
        at_x, at_y = _depth_line(frame, sheet, track, depth)
        paint_label(painter, depth_text(depth, strong), at_x[0] + 6, at_y[0] - 4, GRID)


def _depth_line(frame: Frame, sheet: Sheet, track: Track, depth: float) -> tuple[FloatArray, FloatArray]:
    return frame.place(*sheet.pixel_at(track, ACROSS, depth))


def _paint_scale_lines(painter: QPainter, frame: Frame, sheet: Sheet, track: Track) -> None:
    scale = next((spec.scale for spec in track.curves if spec.digitize), None)
    ends = sheet.y_at(float(track.left_at(frame.rows[0])), np.array([sheet.depth.top, sheet.depth.bottom]))
    seen = seen_rows(frame, (float(ends.min()), float(ends.max())))
    if seen is None:
        return
    rows = knots(track, *seen)
    for fraction, strong in scale_fractions(scale):
        border = fraction in {0.0, 1.0}
        line = path([frame.place(track.x_at(fraction, rows), rows)])
        painter.strokePath(line, QPen(faint(GRID, 0.85 if strong else 0.35), 1.8 if border else 1.0))


def scale_fractions(scale: ValueScale | None) -> list[tuple[float, bool]]:
    """Where across a track its scale lines stand, and which of them are strong."""
    if scale is None or scale.kind is ScaleKind.LINEAR:
        return [(i / DIVISIONS, i % 5 == 0) for i in range(DIVISIONS + 1)]
    if scale.kind is ScaleKind.TABLE:
        return [(fraction, True) for fraction, _ in scale.table]
    low, high = sorted((scale.left, scale.right))
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))))
    values = [(m * 10.0**d, m == 1) for d in decades for m in range(1, 10)]
    inside = [(value, strong) for value, strong in values if low * 0.999 < value < high * 1.001]
    places = [(float(scale.place_of(value)[0]), strong) for value, strong in inside]
    return [(0.0, True), *((round(at, 9), strong) for at, strong in places if 0.001 < at < 0.999), (1.0, True)]


def _paint_border_handles(painter: QPainter, frame: Frame, track: Track) -> None:
    painter.setPen(QPen(QColor(GRID), 1.25))
    painter.setBrush(QColor(EDGE))
    for border in (track.left, track.right):
        seen = border[(border[:, 1] >= frame.rows[0]) & (border[:, 1] <= frame.rows[1])]
        x, y = frame.place(seen[:, 0], seen[:, 1])
        if len(y) * 3 * HANDLE_PX > frame.part.height():
            continue  # so many that they would hide the border
        for at in zip(x.tolist(), y.tolist(), strict=True):
            painter.drawEllipse(QPointF(*at), HANDLE_PX, HANDLE_PX)


def _paint_ties(painter: QPainter, frame: Frame, sheet: Sheet) -> None:
    rows, depths = sheet.depth.ties[:, 0], sheet.depth.ties[:, 1]
    off = tie_residuals_px(sheet.depth)
    x, y = frame.place(sheet.column_at(rows), rows)
    crowded = len(y) > 1 and float(np.median(np.abs(np.diff(y)))) < TIE_APART_PX
    for i in np.flatnonzero((rows >= frame.rows[0]) & (rows <= frame.rows[1])).tolist():
        painter.setPen(QPen(QColor(EDGE), 1.25))
        painter.setBrush(QColor(BAD if abs(off[i]) > FAR_OFF_PX else TIE))
        painter.drawRect(QRectF(x[i] - HANDLE_PX, y[i] - HANDLE_PX, 2 * HANDLE_PX, 2 * HANDLE_PX))
        if not crowded or abs(off[i]) > FAR_OFF_PX:
            paint_label(painter, tie_text(depths[i], off[i]), x[i] + 2 * HANDLE_PX + 2, y[i] + BELOW_PX, TIE)


def tie_text(depth: float, off_px: float) -> str:
    """A tie's depth and how far it lies off, in pixels; nothing where it lies where it should."""
    off = f"  {off_px:+.1f} px" if abs(off_px) >= 0.05 else ""
    return f"{depth:,.1f}{off}".replace(".0", "", 1 if depth == round(depth) else 0).replace("-", "\N{MINUS SIGN}")


def paint_label(painter: QPainter, text: str, x: float, base: float, colour: str) -> None:
    """A text on a pale ground, so that it can be read over print."""
    metrics = QFontMetricsF(painter.font())
    ground = QRectF(x - 3, base - metrics.ascent() - 1, metrics.horizontalAdvance(text) + 6, metrics.height() + 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faint(EDGE, 0.85))
    painter.drawRoundedRect(ground, 3, 3)
    painter.setPen(QColor(colour))
    painter.drawText(QPointF(x, base), text)
