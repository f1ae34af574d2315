"""What the lanes beside the picture of the whole log say, row by row of that picture; plain arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import CurveKey

DOUBTFUL, BAD = 0.6, 0.25  # confidence below which a stretch is amber, and red
NOTHING, GOOD, UNSURE, WORST = 0, 1, 2, 3  # grades of a row
Grades = NDArray[np.uint8]


def confidence_lane(curves: Iterable[TracedCurve], *, scan_height: int, rows: int) -> Grades:
    """Grade of each of `rows` rows of the strip: that of the curve that is least sure there on the mean."""
    least = np.full(rows, np.inf)
    for curve in curves:
        there = np.isfinite(curve.x_px) & np.isfinite(curve.y_px)
        at = np.clip((curve.y_px[there] + 0.5) * rows / scan_height, 0, rows - 1).astype(np.intp)
        count = np.bincount(at, minlength=rows)
        total = np.bincount(at, curve.confidence[there], minlength=rows)
        seen = count > 0
        least[seen] = np.minimum(least[seen], total[seen] / count[seen])
    grades = np.where(least < BAD, WORST, np.where(least < DOUBTFUL, UNSURE, GOOD))
    return np.where(np.isfinite(least), grades, NOTHING).astype(np.uint8)


def changed_lane(
    now: Mapping[CurveKey, TracedCurve],
    before: Mapping[CurveKey, TracedCurve],
    *,
    scan_height: int,
    rows: int,
    apart_px: float,
) -> Grades:
    """1 for rows of the strip in which a curve runs more than `apart_px` beside where it ran, or one of both is gone.

    Curves that were not there at all are no change, but new.
    """
    moved = np.zeros(rows, np.bool_)
    for key in now.keys() & before.keys():
        new, old = (_mean_x(curve, scan_height, rows) for curve in (now[key], before[key]))
        there, was = np.isfinite(new), np.isfinite(old)
        apart = np.where(there & was, np.abs(np.nan_to_num(new) - np.nan_to_num(old)), 0.0)
        moved |= (apart > apart_px) | (there != was)
    return moved.astype(np.uint8)


def _mean_x(curve: TracedCurve, scan_height: int, rows: int) -> NDArray[np.float64]:
    """x_px in the middle of what the curve does in each row of the strip; NaN where it does not run."""
    there = np.isfinite(curve.x_px) & np.isfinite(curve.y_px)
    at = np.clip((curve.y_px[there] + 0.5) * rows / scan_height, 0, rows - 1).astype(np.intp)
    count = np.bincount(at, minlength=rows)
    total = np.bincount(at, curve.x_px[there], minlength=rows)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan), np.float64)


def runs_of(grades: Grades) -> list[tuple[int, int, int]]:
    """Runs of equal grades: first row, row after the last, grade; rows of nothing are left out."""
    starts = np.flatnonzero(np.diff(grades.astype(np.int16), prepend=-1))
    stops = np.append(starts[1:], len(grades))
    runs = zip(starts.tolist(), stops.tolist(), grades[starts].tolist(), strict=True)
    return [(start, stop, grade) for start, stop, grade in runs if grade != NOTHING]
