"""The part of a traced line that is in sight, thinned to what the screen can show, cut as its pen draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.polyline import FloatArray

Piece = tuple[FloatArray, FloatArray]
DashedPiece = tuple[FloatArray, FloatArray, NDArray[np.bool_]]
MOST_DASHES = 4000


@dataclass(frozen=True, slots=True, eq=False)
class LineIndex:
    """Finds a line's points between two rows by binary search, though the line may turn back a little in y.

    `deepest` (n,): the lowest row reached so far; `highest` (n,): the topmost row still to come; `along_px` (n,):
    length of the line up to each point in scan pixels (gaps count nothing); `starts`: where pieces begin.
    """

    line: TracedCurve
    deepest: FloatArray
    highest: FloatArray
    along_px: FloatArray
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, line: TracedCurve) -> LineIndex:
        """Prepare a line once; it is frozen, so this stays true."""
        y = line.y_px
        there = np.isfinite(y) & np.isfinite(line.x_px)
        deepest = np.maximum.accumulate(np.where(there, y, -np.inf))
        highest = np.minimum.accumulate(np.where(there, y, np.inf)[::-1])[::-1]
        steps = np.hypot(np.diff(line.x_px, prepend=np.nan), np.diff(y, prepend=np.nan))
        breaks = ~np.isfinite(steps)
        breaks[1:] |= np.diff(line.turn) != 0
        along = np.cumsum(np.where(breaks, 0.0, steps))
        return cls(line, deepest, highest, along, np.flatnonzero(breaks))

    def between(self, y0_px: float, y1_px: float) -> slice:
        """Points in these rows, with one neighbour on each side so that the line runs on out of sight."""
        first = int(np.searchsorted(self.deepest, y0_px, "left")) - 1
        last = int(np.searchsorted(self.highest, y1_px, "right")) + 1
        return slice(max(first, 0), max(min(last, len(self.deepest)), 0))

    def runs(self, y0_px: float, y1_px: float) -> Iterator[slice]:
        """Unbroken runs of two points or more, or a single one, in these rows: no gap, no change of scale within."""
        seen = self.between(y0_px, y1_px)
        inner = self.starts[np.searchsorted(self.starts, seen.start, "right") :]
        bounds = [seen.start, *inner[: np.searchsorted(inner, seen.stop, "left")].tolist(), seen.stop]
        for start, stop in pairwise(bounds):
            first = start + int(not np.isfinite(self.line.y_px[start])) if start < stop else start
            if first < stop:
                yield slice(first, stop)


def thinned(x: FloatArray, y: FloatArray) -> Piece:
    """A line in device pixels with more than four points a pixel row reduced to each row's ends and extremes.

    Rows are counted from the scan's corner, so the same part of a line is thinned alike wherever the window stands.
    """
    if len(y) < 8 or len(y) <= 4 * (abs(float(y[-1] - y[0])) + 1):
        return x, y
    starts = np.flatnonzero(np.diff(np.floor(y), prepend=np.nan) != 0)
    if 4 * len(starts) >= len(y):
        return x, y
    stops = np.append(starts[1:], len(y)) - 1
    low, high = np.minimum.reduceat(x, starts), np.maximum.reduceat(x, starts)
    rising = x[starts] - low <= high - x[starts]  # enter at the nearer extreme
    columns = np.stack([x[starts], np.where(rising, low, high), np.where(rising, high, low), x[stops]], axis=1)
    middle = (y[starts] + y[stops]) / 2
    rows = np.stack([y[starts], middle, middle, y[stops]], axis=1)
    return columns.ravel(), rows.ravel()


def dashed(piece: Piece, along: FloatArray, *, down: float, up: float) -> DashedPiece:
    """A line cut into strokes of `down` parted by `up`, both in the unit of `along`, the length up to each point.

    Gives x, y and whether the pen was down on the way to each point. Cuts sit at whole multiples of the period of
    `along`, so dashes stay where they are while the paper moves.
    """
    x, y = piece
    period = down + up
    first, last = int(along[0] // period), int(along[-1] // period)
    if last - first > MOST_DASHES:
        return x, y, np.arange(len(x)) > 0
    begins = np.arange(first, last + 1) * period
    cuts = np.concatenate([begins, begins + down])
    at = np.sort(np.concatenate([along, cuts[(cuts > along[0]) & (cuts < along[-1])]]))
    middle = (at[1:] + at[:-1]) / 2
    return np.interp(at, along, x), np.interp(at, along, y), np.append(False, middle % period < down)
