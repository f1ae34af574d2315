"""No line runs over what the analyst called no curve, not even on its way from ink to ink."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from curvedesk.domain.polyline import FloatArray
from curvedesk.tracing.refine import Line

_STEP_PX = 0.5
_RIM_PX = 0.25


def clear_of(line: Line, stroke: FloatArray, *, reach_px: float) -> Line:
    """The line without what lies within `reach_px` of `stroke` (n, 2), a dense polyline; scan pixels.

    A level stroke or a leap that crosses it is parted there; the reader of values loses no row by it.
    """
    low, high = stroke[:, 1].min() - reach_px, stroke[:, 1].max() + reach_px
    with np.errstate(invalid="ignore"):
        start, stop = np.minimum(line.v[:-1], line.v[1:]), np.maximum(line.v[:-1], line.v[1:])
        segments = np.flatnonzero((start <= high) & (stop >= low) & (line.turn[:-1] == line.turn[1:]))
        points = np.flatnonzero((line.v >= low) & (line.v <= high))
    if not points.size and not segments.size:
        return line
    near = cKDTree(stroke)
    inside = points[_within(near, _at(line, points), reach_px - _RIM_PX)]
    crossed = _crossed(line, segments, near, reach_px - _RIM_PX)
    if not inside.size and not crossed.size:
        return line
    u, v = line.u.copy(), line.v.copy()
    u[inside], v[inside] = np.nan, np.nan
    crossed = crossed[np.isfinite(v[crossed]) & np.isfinite(v[crossed + 1])] + 1
    return Line(
        np.insert(u, crossed, np.nan),
        np.insert(v, crossed, np.nan),
        np.insert(line.turn, crossed, line.turn[crossed]),
        np.insert(line.confidence, crossed, np.float32(0)),
    )


def _at(line: Line, points: NDArray[np.intp]) -> FloatArray:
    return np.column_stack([line.u[points], line.v[points]])


def _within(near: cKDTree, points: FloatArray, reach_px: float) -> NDArray[np.bool_]:
    """Which points are nearer than `reach_px`; told to stop there, the search is quick."""
    return np.asarray(near.query(points, distance_upper_bound=max(reach_px, 0.0))[0] < reach_px)


def _crossed(line: Line, segments: NDArray[np.intp], near: cKDTree, reach_px: float) -> NDArray[np.intp]:
    """Which of the segments (by their first point) come nearer than `reach_px` anywhere between their ends."""
    if not segments.size:
        return segments
    start, end = _at(line, segments), _at(line, segments + 1)
    count = np.ceil(np.hypot(*(end - start).T) / _STEP_PX).astype(np.intp).clip(1)
    owner = np.repeat(np.arange(count.size), count)
    share = (np.arange(owner.size) - np.repeat(np.cumsum(count) - count, count)) / count[owner]
    between = start[owner] + share[:, None] * (end - start)[owner]
    return np.asarray(segments[np.unique(owner[_within(near, between, reach_px)])])
