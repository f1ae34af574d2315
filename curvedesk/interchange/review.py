"""Which depths of a curve a person has looked at: under a stroke, accepted, or declared without a reading."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NullStroke, Stroke

Flags = NDArray[np.bool_]
Interval = tuple[float, float]


def reviewed_at(sheet: Sheet, mnemonic: str, strokes: Sequence[Stroke], depth: FloatArray) -> Flags:
    """Which of `depth` (m,), increasing, lie under a stroke of the curve or in an interval accepted or nulled."""
    return _within(depth, reviewed_intervals(sheet, mnemonic, strokes))


def nulled_at(sheet: Sheet, mnemonic: str, strokes: Sequence[Stroke], depth: FloatArray) -> Flags:
    """Which of `depth` (m,) the analyst said have no reading."""
    nulls = [stroke for stroke in strokes if isinstance(stroke, NullStroke)]
    return _within(depth, reviewed_intervals(sheet, mnemonic, nulls))


def reviewed_intervals(sheet: Sheet, mnemonic: str, strokes: Sequence[Stroke]) -> list[Interval]:
    """Depths from-to that strokes speak of, one a stroke, unsorted; a stroke drawn level spans next to nothing."""
    found = []
    for stroke in strokes:
        if isinstance(stroke, NullStroke | AcceptStroke) and stroke.curve == mnemonic:
            found.append(rows_to_depths(sheet, mnemonic, stroke.rows))
        if isinstance(stroke, CurveStroke) and stroke.curve == mnemonic:
            points = np.asarray(stroke.points, dtype=np.float64)
            half = np.array([-0.5, 0.5])[:, None] * stroke.width_px
            depths = sheet.depth_at(points[:, 0], points[:, 1] + half)
            found.append((float(depths.min()), float(depths.max())))
    return found


def rows_to_depths(sheet: Sheet, mnemonic: str, rows: tuple[float, float]) -> Interval:
    """Depths of scan rows, read in the middle of the curve's track."""
    track = next((track for track, spec in sheet.curves() if spec.mnemonic == mnemonic), None)
    y_px = np.asarray(rows, dtype=np.float64)
    x_px = sheet.column_at(y_px) if track is None else track.x_at(0.5, y_px)
    first, last = sheet.depth_at(x_px, y_px).tolist()
    return min(first, last), max(first, last)


def _within(depth: FloatArray, intervals: Sequence[Interval]) -> Flags:
    inside = np.zeros(depth.shape, bool)
    for top, bottom in intervals:
        inside[np.searchsorted(depth, top, "left") : np.searchsorted(depth, bottom, "right")] = True
    return inside


def runs(flags: Flags) -> NDArray[np.intp]:
    """First and last index of each run of true, (n, 2)."""
    bounds = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0))
    return np.column_stack([bounds[::2], bounds[1::2] - 1])
