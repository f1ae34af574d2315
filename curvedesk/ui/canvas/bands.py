"""Broad lines as filled shapes and fine ones as hairlines side by side: some ten times cheaper than Qt's own stroker,
which outlines every small segment of a long line."""

from __future__ import annotations

import itertools
import math

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from curvedesk.domain.polyline import FloatArray
from curvedesk.ui.canvas.thinning import Piece

BACK_PX = 3.0  # device pixels a line may go back up before it is another part


def downward(piece: Piece) -> list[Piece]:
    """The line cut where it goes back up, so that no row is filled between two parts of it."""
    x, y = piece
    back = y < np.maximum.accumulate(y) - BACK_PX
    if not back.any():
        return [piece]
    ends = np.flatnonzero(np.diff(back.astype(np.int8))) + 1
    lowest = [
        start + int(np.argmin(y[start:stop])) for start, stop in zip(ends[::2], [*ends[1::2], len(y)], strict=False)
    ]
    cuts = [0, *sorted({*(ends - 1).tolist(), *ends.tolist(), *lowest}), len(y) - 1]
    return [(x[a : b + 1], y[a : b + 1]) for a, b in itertools.pairwise(cuts) if b > a]


def band(piece: Piece, *, half: float) -> Piece:
    """The outline of everything within `half` of a line, row by row; line and outline in device pixels.

    Made for lines that run down the paper (see `downward`): between the leftmost and the rightmost point of a row all
    is filled.
    """
    x, y = _dense(*piece)
    row = np.floor(y).astype(np.intp)
    first, reach = int(row.min()), math.ceil(half)
    rows = int(row.max()) - first + 1 + 2 * reach
    low, high = np.full(rows, np.inf), np.full(rows, -np.inf)
    np.minimum.at(low, row - first + reach, x)
    np.maximum.at(high, row - first + reach, x)
    wide_low, wide_high = low.copy(), high.copy()
    for k in range(-reach, reach + 1):
        side = math.sqrt(max(half * half - k * k, 0.0))
        to, of = slice(max(k, 0), rows + min(k, 0)), slice(max(-k, 0), rows + min(-k, 0))
        np.minimum(wide_low[to], low[of] - side, out=wide_low[to])
        np.maximum(wide_high[to], high[of] + side, out=wide_high[to])
    there = np.isfinite(wide_low)
    levels = (np.arange(rows) + first - reach + 0.5)[there]
    return np.r_[wide_low[there], wide_high[there][::-1]], np.r_[levels, levels[::-1]]


def _dense(x: FloatArray, y: FloatArray) -> Piece:
    """The line with a point in every row it passes."""
    if len(y) < 2:
        return x, y
    parts = np.ceil(np.abs(np.diff(y))).astype(np.intp) + 1
    if parts.sum() <= 1.5 * len(y):
        return x, y
    start = np.repeat(np.arange(len(parts)), parts)
    share = (np.arange(len(start)) - np.repeat(np.cumsum(parts) - parts, parts)) / parts[start]
    made = [np.append(v[start] + share * np.diff(v)[start], v[-1]) for v in (x, y)]
    return made[0], made[1]


def draw_line(painter: QPainter, line: QPainterPath, colour: QColor, *, width_px: float, ratio: float) -> None:
    """An opaque line of `width_px` screen pixels: hairlines of one device pixel, which Qt draws fast, around it."""
    pen = QPen(colour, 1.0 / ratio, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.BevelJoin)
    for dx, dy in _places(width_px * ratio):
        painter.translate(dx / ratio, dy / ratio)
        painter.strokePath(line, pen)
        painter.translate(-dx / ratio, -dy / ratio)


def _places(width: float) -> list[tuple[float, float]]:
    """Where hairlines stand so that together they are so wide, in device pixels."""
    radius = (width - 1.0) / 2.0
    if radius <= 0.05:
        return [(0.0, 0.0)]
    count = 3 if radius <= 0.75 else 6
    turn = 2 * math.pi / count
    ring = [(radius * math.cos(turn * i + 0.5), radius * math.sin(turn * i + 0.5)) for i in range(count)]
    return ring if radius <= 0.75 else [*ring, (0.0, 0.0)]
