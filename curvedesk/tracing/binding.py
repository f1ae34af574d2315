"""The last word of the analyst: a traced line made to keep to its `curve` strokes and silent in its `null` rows.

The tracer is steered by strokes already; sub-pixel placing, level strokes and pens that leave their track can still
undo a part of that, and a stroke binds whatever any ink says.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from curvedesk.domain.curve import HALF_ROW_PX
from curvedesk.domain.polyline import FloatArray
from curvedesk.tracing.refine import Line

Mask = NDArray[np.bool_]
_HAIR_PX = 1e-3
_ROWS_FIRST = np.array([1.0, 8.0])  # a point far aside belongs to its own row of a slanted stroke, not to its foot
_ON_IT_PX = 0.5  # a line nearer than this to the rim of a stroke is within it, rows being whole pixels


def within(line: Line, start_px: float, end_px: float) -> Line:
    """The line's part in the rows [start, end), cut exactly, so that what goes on below leaves no row unread."""
    last = end_px - HALF_ROW_PX  # a reader takes the end of a piece for half a row more
    line = _split(line, (start_px, last))
    return _kept(line, (line.v >= start_px) & (line.v <= last))


def silenced(line: Line, first_px: float, last_px: float) -> Line:
    """The line without the rows first..last, cut so that no reader reaches into them."""
    above, below = first_px - HALF_ROW_PX - _HAIR_PX, last_px + HALF_ROW_PX + _HAIR_PX
    line = _split(line, (above, below))
    return _kept(line, (line.v <= above) | (line.v >= below))


def _split(line: Line, rows: Sequence[float]) -> Line:
    """The same line with a vertex wherever it crosses one of `rows` (not where it leaps from edge to edge)."""
    for row in rows:
        side = line.v - row
        with np.errstate(invalid="ignore"):
            crossed = (side[:-1] * side[1:] < 0) & (line.turn[:-1] == line.turn[1:])
        i = np.flatnonzero(crossed)
        share = side[i] / (side[i] - side[i + 1])
        u = line.u[i] + share * (line.u[i + 1] - line.u[i])
        line = Line(
            np.insert(line.u, i + 1, u),
            np.insert(line.v, i + 1, row),
            np.insert(line.turn, i + 1, line.turn[i]),
            np.insert(line.confidence, i + 1, line.confidence[i]),
        )
    return line


def _kept(line: Line, here: Mask) -> Line:
    """The points `here`, with a break where the rest was."""
    u, v = np.where(here, line.u, np.nan), np.where(here, line.v, np.nan)
    edge = here | np.concatenate([here[1:], [False]]) | np.concatenate([[False], here[:-1]])
    return _picked(line._replace(u=u, v=v), edge)


def bound(line: Line, stroke: FloatArray, *, width_px: float, turn: int | None = None) -> Line:
    """The line made to run along `stroke` (n, 2), a dense polyline, within half its width; scan pixels. `turn`: on this
    back-up scale."""
    line = _drawn_in(line, stroke, width_px / 2, turn)
    away = cKDTree(_dense(line)).query(stroke)[0] if np.isfinite(line.u).any() else np.array([np.inf])
    return line if away.max() <= width_px / 2 + _ON_IT_PX else _spliced(line, stroke, turn)


def _drawn_in(line: Line, stroke: FloatArray, reach: float, turn: int | None) -> Line:
    """Points in the stroke's rows that lie outside it moved to its rim, and trusted."""
    low, high = stroke[:, 1].min(), stroke[:, 1].max()
    here = np.flatnonzero((line.v >= low) & (line.v <= high))
    if not here.size:
        return line
    points = np.column_stack([line.u, line.v])
    nearest = cKDTree(stroke * _ROWS_FIRST).query(points[here] * _ROWS_FIRST)[1]
    away = np.hypot(*(points[here] - stroke[nearest]).T)
    share = np.minimum(1.0, reach / np.maximum(away, _HAIR_PX))[:, None]
    points[here] = stroke[nearest] + share * (points[here] - stroke[nearest])
    confidence = line.confidence.copy()
    confidence[here] = 1
    turns = line.turn
    if turn is not None:
        turns = turns.copy()
        turns[here] = turn
    return Line(points[:, 0].copy(), points[:, 1].copy(), turns, confidence)


def _spliced(line: Line, stroke: FloatArray, turn: int | None) -> Line:
    """The line with the stroke itself in place of what it has in the stroke's rows."""
    stroke = stroke if stroke[0, 1] <= stroke[-1, 1] else stroke[::-1]
    low, high = stroke[:, 1].min() - HALF_ROW_PX, stroke[:, 1].max() + HALF_ROW_PX
    with np.errstate(invalid="ignore"):
        inside, below = (line.v >= low) & (line.v <= high), line.v > high
    at = int(np.flatnonzero(inside | below)[0]) if (inside | below).any() else line.v.size
    before, after = np.arange(line.v.size) < at, np.arange(line.v.size) >= at
    turn = _turn_at(line, float(stroke[0, 1])) if turn is None else turn
    middle = Line(stroke[:, 0], stroke[:, 1], np.full(len(stroke), turn, np.int32), np.ones(len(stroke), np.float32))
    if _is_level(stroke) and before.any() and _farther(line, at - 1, stroke):
        middle = _picked(middle, slice(None, None, -1))
    return joined([_picked(line, before & ~inside), middle, _picked(line, after & ~inside)])


def joined(parts: Sequence[Line]) -> Line:
    """Lines one after the other."""
    return Line(
        np.concatenate([part.u for part in parts]),
        np.concatenate([part.v for part in parts]),
        np.concatenate([part.turn for part in parts]),
        np.concatenate([part.confidence for part in parts]),
    )


def _picked(line: Line, here: Mask | slice) -> Line:
    return Line(line.u[here], line.v[here], line.turn[here], line.confidence[here])


def _turn_at(line: Line, row: float) -> int:
    """The back-up scale of the line's nearest point."""
    there = np.flatnonzero(np.isfinite(line.v))
    return int(line.turn[there[np.argmin(np.abs(line.v[there] - row))]]) if there.size else 0


def _is_level(stroke: FloatArray) -> bool:
    across, down = np.abs(stroke[-1] - stroke[0])
    return bool(across > down)


def _farther(line: Line, index: int, stroke: FloatArray) -> bool:
    """Whether the point before the stroke lies nearer to its end than to its start."""
    point = line.u[index]
    return bool(np.abs(stroke[0, 0] - point) > np.abs(stroke[-1, 0] - point))


def _dense(line: Line) -> FloatArray:
    """Points at most a quarter pixel apart along the line's pieces; leaps from edge to edge are no ink."""
    points = np.column_stack([line.u, line.v])
    step = np.diff(points, axis=0)
    length = np.hypot(*step.T)
    drawn = np.isfinite(length) & (np.diff(line.turn) == 0)
    count = np.where(drawn, np.ceil(4 * np.where(drawn, length, 0)).astype(int), 0)
    owner = np.repeat(np.arange(count.size), count)
    share = (np.arange(owner.size) - np.repeat(np.cumsum(count) - count, count)) / np.maximum(count[owner], 1)
    between = points[owner] + share[:, None] * step[owner]
    return np.concatenate([points[np.isfinite(points).all(1)], between])
