"""From a path on the pixel grid to the pen's line: sub-pixel by the centroid of the evidence around the path.

Never the brightest pixel: of a perfect soft mask, decoding by argmax loses 29 dB against the centroid.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from curvedesk.domain.polyline import FloatArray
from curvedesk.tracing.axis import Axis
from curvedesk.tracing.path import GAP, Ints, Path

Bytes = NDArray[np.uint8]
_REACH = 3  # pixels around the path that belong to its stroke
_LEVEL_PX = 3  # longer runs within one row are level strokes, followed column by column
_STRIDE = 4
_SMOOTH_ROWS = 9
_LEAN_ROWS = 2
_ROUNDS = 2  # the path may run along the stroke's flank, from where half of it is out of reach


class Line(NamedTuple):
    """Vertices in drawing order: strip coordinates (n,), turn, confidence 0..1; NaN in u and v parts pieces."""

    u: FloatArray
    v: FloatArray
    turn: Ints
    confidence: NDArray[np.float32]


def refine(path: Path, axis: Axis, evidence: Bytes) -> Line:
    """The pen's line along `path` over `evidence` (rows, columns)."""
    rows, positions = _vertices(path)
    lost = positions == GAP
    column = axis.column[np.maximum(positions, 0)].astype(np.intp)
    turn = np.where(lost, 0, axis.turn[np.maximum(positions, 0)]).astype(np.int32)
    level = (_is_level(path) | _leans(path))[rows]
    u, v = column.astype(np.float64), rows.astype(np.float64)
    last_row, last_column = (side - 1 for side in evidence.shape)
    for _ in range(_ROUNDS):
        near_row = np.rint(v.clip(0, last_row)).astype(np.intp)
        near_column = np.rint(u.clip(0, last_column)).astype(np.intp)
        across, down = (_centre(evidence, near_row, near_column, across=side) for side in (True, False))
        u = np.where(level, u, near_column + across)
        v = np.where(level, near_row + down, v)
    sure = evidence[rows, column].astype(np.float32) / 255
    sure[lost] = 0
    u[lost], v[lost] = np.nan, np.nan
    confidence = np.where(lost, 0, uniform_filter1d(sure, _SMOOTH_ROWS, mode="nearest"))
    return Line(u, v, turn, confidence.astype(np.float32))


def _vertices(path: Path) -> tuple[NDArray[np.intp], Ints]:
    """Row and position of every vertex: one a row on steep strokes, one each few columns on level ones."""
    span, level = path.left - path.entered, _is_level(path)
    count = np.where(level, np.abs(span) // _STRIDE + 2, 1)
    rows = np.repeat(np.arange(span.size), count)
    number = np.arange(rows.size) - np.repeat(np.cumsum(count) - count, count)
    share = number / np.maximum(count[rows] - 1, 1)
    middle = (path.entered + path.left) // 2
    along = np.rint(path.entered[rows] + share * span[rows]).astype(np.int32)
    return rows, np.where(level[rows], along, middle[rows]).astype(np.int32)


def _is_level(path: Path) -> NDArray[np.bool_]:
    return np.asarray(np.abs(path.left - path.entered) > _LEVEL_PX)


def _leans(path: Path) -> NDArray[np.bool_]:
    """Rows at which the pen goes aside faster than down, above and below alike.

    There a row cuts the stroke so long that its centroid is out of reach; that of a column is not.
    """
    middle = np.where(path.left == GAP, np.nan, (path.entered + path.left) / 2)
    run = (middle[_LEAN_ROWS:] - middle[:-_LEAN_ROWS]) / _LEAN_ROWS
    none = np.zeros(min(_LEAN_ROWS, middle.size))
    above, below = np.concatenate([none, run]), np.concatenate([run, none])
    return np.asarray((np.minimum(np.abs(above), np.abs(below)) > 1) & (above * below > 0))


def _centre(evidence: Bytes, rows: NDArray[np.intp], column: NDArray[np.intp], *, across: bool) -> FloatArray:
    """Offset of the evidence's centroid from each vertex, within the stroke's reach, along a row or a column."""
    onto = _onto_ink(evidence, rows, column, across=across)
    offsets = onto[:, None] + np.arange(-_REACH, _REACH + 1)
    near = _around(evidence, rows, column, offsets, across=across)
    weight = _own_stroke(near.astype(np.float64))
    total = weight.sum(1)
    return np.asarray(np.where(total > 30, (weight * offsets).sum(1) / np.maximum(total, 1), 0.0))


def _onto_ink(evidence: Bytes, rows: NDArray[np.intp], column: NDArray[np.intp], *, across: bool) -> NDArray[np.intp]:
    """Offset to the nearest ink where a vertex stands on paper just beside its stroke, else 0."""
    order = np.array([0, -1, 1, -2, 2])
    inked = _around(evidence, rows, column, np.broadcast_to(order, (rows.size, order.size)), across=across) >= 128
    return np.asarray(np.where(inked.any(1), order[np.argmax(inked, axis=1)], 0), np.intp)


def _around(
    evidence: Bytes, rows: NDArray[np.intp], column: NDArray[np.intp], offsets: NDArray[np.intp], *, across: bool
) -> Bytes:
    """Evidence at `offsets` (vertices, k) from each vertex along its row or its column."""
    height, width = evidence.shape
    if across:
        near = evidence[rows[:, None], np.clip(column[:, None] + offsets, 0, width - 1)]
    else:
        near = evidence[np.clip(rows[:, None] + offsets, 0, height - 1), column[:, None]]
    return np.asarray(near, np.uint8)


def _own_stroke(near: FloatArray) -> FloatArray:
    """Evidence joined to the middle without a valley: what lies behind one belongs to a neighbour."""
    middle = near.shape[1] // 2
    for side in (range(middle + 1, near.shape[1]), range(middle - 1, -1, -1)):
        before = middle
        valley = np.zeros(len(near), bool)
        for k in side:
            valley |= (near[:, k] > near[:, before] + 40) & (near[:, before] < 128)
            near[valley, k] = 0
            before = k
    return near
