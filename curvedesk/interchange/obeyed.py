"""Did the exported curves obey a stroke? Measured on the traced lines, not taken on trust."""

from collections.abc import Sequence

import numpy as np

from curvedesk.domain.curve import DigitisedLog, TracedCurve
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.strokes import CurveStroke, NotCurveStroke, NullStroke, Points, Stroke

SLACK_PX = 1.5  # a pen drawn by hand, rows read at pixel centres


def obeyed(stroke: Stroke, log: DigitisedLog) -> bool | None:
    """Whether the log obeys `stroke`; None where the export cannot tell: accept, swap, pens not exported."""
    match stroke:
        case CurveStroke() if stroke.curve not in {curve.mnemonic for curve in log.curves}:
            return None
        case CurveStroke():
            return _runs_along(stroke, _lines(log, stroke.curve))
        case NotCurveStroke():
            gap = distances(_filled(stroke.points), _lines(log, None))
            return bool((gap >= stroke.width_px / 2 - SLACK_PX).all())
        case NullStroke():
            return not any(_speaks_within(line, *stroke.rows) for line in _lines(log, stroke.curve))
        case _:
            return None


def _lines(log: DigitisedLog, mnemonic: str | None) -> list[TracedCurve]:
    return [line for curve in log.curves if mnemonic in {None, curve.mnemonic} for line in curve.traced]


def _runs_along(stroke: CurveStroke, lines: Sequence[TracedCurve]) -> bool:
    away = distances(np.asarray(stroke.points, dtype=np.float64), lines)
    return bool((away <= stroke.width_px / 2 + SLACK_PX).all())


def _speaks_within(line: TracedCurve, first: float, last: float) -> bool:
    return bool(((line.y_px > first + 1) & (line.y_px < last - 1) & np.isfinite(line.x_px)).any())


def _filled(points: Points) -> FloatArray:
    """The stroke's polyline with a point at least every pixel, (n, 2)."""
    corners = np.asarray(points, dtype=np.float64)
    if len(corners) == 1:
        return corners
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    steps = np.linspace(0.0, along[-1], int(along[-1]) + 2)
    return np.column_stack([np.interp(steps, along, corners[:, 0]), np.interp(steps, along, corners[:, 1])])


def distances(points: FloatArray, lines: Sequence[TracedCurve]) -> FloatArray:
    """Distance in pixels of each point (n, 2) to the nearest of the lines; infinite where there is none."""
    nearest = np.full(len(points), np.inf)
    for line in lines:
        for piece in line.pieces():
            corners = np.column_stack([line.x_px[piece], line.y_px[piece]])
            unbroken = np.diff(line.turn[piece]) == 0  # from one scale to the next the pen crosses no paper
            starts, ends = (corners[:-1][unbroken], corners[1:][unbroken]) if unbroken.any() else (corners, corners)
            for i, point in enumerate(points):
                nearest[i] = min(nearest[i], _to_segments(point, starts, ends))
    return nearest


def _to_segments(point: FloatArray, starts: FloatArray, ends: FloatArray) -> float:
    run, offset = ends - starts, point - starts
    length = (run**2).sum(1)
    share = np.clip((offset * run).sum(1) / np.where(length > 0, length, 1.0), 0.0, 1.0)
    return float(np.sqrt(((offset - share[:, None] * run) ** 2).sum(1).min()))
