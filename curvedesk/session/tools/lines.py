"""Arithmetic of drawn polylines: fewer points, the nearest point, what lies under a brush."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.strokes import Points


def as_points(array: FloatArray) -> Points:
    """(n, 2) as a stroke has it, to a hundredth of a pixel."""
    return tuple((float(x), float(y)) for x, y in np.round(array, 2))


def simplified(points: FloatArray, *, tolerance_px: float) -> FloatArray:
    """Fewer of the points (n, 2), none of the others farther than `tolerance_px` from the line through them.

    Douglas and Peucker (1973), without recursion; first and last point stay.
    """
    if len(points) < 3:
        return points
    keep = np.zeros(len(points), bool)
    keep[[0, -1]] = True
    open_parts = [(0, len(points) - 1)]
    while open_parts:
        start, stop = open_parts.pop()
        if stop - start < 2:
            continue
        away = to_segment(points[start + 1 : stop], points[start], points[stop])
        far = int(np.argmax(away))
        if away[far] > tolerance_px:
            middle = start + 1 + far
            keep[middle] = True
            open_parts += [(start, middle), (middle, stop)]
    return points[keep]


def to_segment(points: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """Distance of each point (n, 2) to the segment."""
    run = end - start
    length = float(run @ run)
    share = np.clip((points - start) @ run / length, 0, 1) if length > 0 else np.zeros(len(points))
    return np.asarray(np.hypot(*(points - start - share[:, None] * run).T))


def to_line(points: FloatArray, line: FloatArray) -> FloatArray:
    """Distance of each point (n, 2) to a polyline (m, 2)."""
    if len(line) == 1:
        return np.asarray(np.hypot(*(points - line[0]).T))
    return np.asarray(np.min([to_segment(points, a, b) for a, b in pairwise(line)], axis=0))


def nearest_vertex(points: Sequence[tuple[float, float]] | FloatArray, x_px: float, y_px: float) -> tuple[int, float]:
    """Which point is nearest, and how far."""
    away = np.hypot(*(np.asarray(points, np.float64) - (x_px, y_px)).T)
    nearest = int(np.argmin(away))
    return nearest, float(away[nearest])


def resampled(points: FloatArray, *, step_px: float) -> FloatArray:
    """The polyline with a point at least every `step_px`, its own points included."""
    if len(points) < 2:
        return points
    length = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(length)])
    more = [np.linspace(a, b, int(np.ceil((b - a) / step_px)) + 1) for a, b in pairwise(along) if b > a]
    at = np.unique(np.concatenate(more)) if more else along[:1]
    return np.column_stack([np.interp(at, along, points[:, i]) for i in (0, 1)])


def runs_of(there: NDArray[np.bool_]) -> list[slice]:
    """Stretches of consecutive True."""
    bounds = np.flatnonzero(np.diff(there.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    return [slice(a, b) for a, b in bounds.tolist()]
