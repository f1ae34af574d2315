"""Traced lines made ready for drawing, once for each: found by rows, thinner copies for far views, doubtful runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import CurveKey
from curvedesk.session.lanes import BAD, DOUBTFUL
from curvedesk.session.line_index import LineIndex
from curvedesk.ui.canvas.thinning import Piece, thinned

_NEAR_PTS = 6  # surer stretches shorter than this do not interrupt a doubtful one
_COARSE = (16, 128)  # scan rows that thinner copies draw as one


@dataclass(frozen=True, slots=True, eq=False)
class ReadyLine:
    """`coarse`: the line with so many scan rows drawn as one, with its extremes, those that were asked for.

    `doubts` (n, 3): start, stop, grade (1 doubtful, 2 bad) of runs of points.
    """

    index: LineIndex
    coarse: dict[int, LineIndex]
    doubts: NDArray[np.intp]

    def for_scale(self, scale: float) -> LineIndex:
        """The copy that is fine enough for `scale` device pixels a scan pixel."""
        fitting = [rows for rows in _COARSE if rows * scale <= 0.5 and len(self.index.line.y_px) > 40 * rows]
        if not fitting:
            return self.index
        if fitting[-1] not in self.coarse:  # not before somebody looks from so far: it would hold up new curves
            self.coarse[fitting[-1]] = LineIndex.of(_thin_copy(self.index, fitting[-1]))
        return self.coarse[fitting[-1]]

    def doubtful_runs(self, y0_px: float, y1_px: float) -> list[tuple[slice, int]]:
        """Runs of doubtful points in these rows with their grade."""
        seen = self.index.between(y0_px, y1_px)
        inside = (self.doubts[:, 1] > seen.start) & (self.doubts[:, 0] < seen.stop)
        return [(slice(int(a), int(b)), int(grade)) for a, b, grade in self.doubts[inside]]


class LineCache:
    """One entry a curve, made anew when the curve is another value."""

    def __init__(self) -> None:
        self._ready: dict[CurveKey, ReadyLine] = {}

    def line(self, key: CurveKey, curve: TracedCurve) -> ReadyLine:
        """The curve made ready."""
        kept = self._ready.get(key)
        if kept is None or kept.index.line is not curve:
            kept = self._ready[key] = _made(curve)
        return kept


def _made(curve: TracedCurve) -> ReadyLine:
    index = LineIndex.of(curve)
    return ReadyLine(index, {}, _doubts(curve))


def _thin_copy(index: LineIndex, rows: int) -> TracedCurve:
    """The line with `rows` scan rows drawn as one; pieces stay apart."""
    line = index.line
    parts: list[Piece] = []
    for run in index.runs(-np.inf, np.inf):
        x, y = thinned(line.x_px[run], line.y_px[run] / rows)
        parts += [(x, y * rows), (np.array([np.nan]), np.array([np.nan]))]
    x, y = (np.concatenate([part[axis] for part in parts] or [np.empty(0)]) for axis in (0, 1))
    return TracedCurve(line.spec, line.track, x, y, np.zeros(len(x), np.int32), np.ones(len(x), np.float32))


def _doubts(curve: TracedCurve) -> NDArray[np.intp]:
    there = np.isfinite(curve.x_px)
    grade = np.where(there, (curve.confidence < DOUBTFUL).astype(np.int8) + (curve.confidence < BAD), 0)
    starts = np.flatnonzero(np.diff(grade, prepend=-1))
    stops = np.append(starts[1:], len(grade))
    grades = grade[starts]
    short = (grades == 0) & (stops - starts < _NEAR_PTS) & there[starts]
    runs = np.column_stack([starts, stops, np.where(short, 1, grades)])
    return runs[runs[:, 2] > 0].astype(np.intp)
