"""Finds the part of a traced line that lies in given rows without looking at the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.polyline import FloatArray


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
