"""Putting a newly traced stretch into a line: cut where the old and the new agree, all else untouched to the bit."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.polyline import FloatArray
from curvedesk.tracing.binding import joined
from curvedesk.tracing.refine import Line
from curvedesk.tracing.strip import Strip

Mask = NDArray[np.bool_]
EDGE_ROWS = 8  # near the window's ends centroids and smoothed confidence miss what lies beyond
_SAME_PX = 0.05
_BEYOND_PX = 8  # points as far outside are placed too: a level stroke's points lie a few rows off their row
_CLEAR_ROWS = 2  # between a cut and the first difference


class Placed(NamedTuple):
    """A line of the scan seen from a window of the strip: u, v of its points there; v is -inf above it, inf below."""

    line: Line
    u: FloatArray
    v: FloatArray


class Cuts(NamedTuple):
    """Rows of the window after which the new stretch begins and ends; None at an end of the strip itself."""

    first: float | None
    last: float | None


NOWHERE = Cuts(np.inf, np.inf)  # nothing differs


def placed(strip: Strip, line: Line) -> Placed:
    """Where the points of `line` (scan pixels) lie in the window `strip`."""
    ends = np.array([0.0, strip.columns - 1]), np.array([[0.0], [strip.rows - 1.0]])
    _, y = strip.to_scan(*ends)
    v = np.where(line.v < (y.min() + y.max()) / 2, -np.inf, np.where(np.isnan(line.v), np.nan, np.inf))
    u = np.full(v.shape, np.nan)
    with np.errstate(invalid="ignore"):
        near = np.flatnonzero((line.v >= y.min() - _BEYOND_PX) & (line.v <= y.max() + _BEYOND_PX))
    if near.size:
        u[near], v[near] = strip.from_scan(line.u[near], line.v[near])
    return Placed(line, u, v)


def cuts_between(old: Placed, new: Placed, rows: int, *, whole: tuple[bool, bool]) -> Cuts | None:
    """Where to cut; NOWHERE if nothing differs. None: the two do not agree near an end of the window.

    `whole`: whether the window's top, its bottom is an end of the strip, beyond which there is nothing to agree with.
    """
    one, other = _rows(old, rows), _rows(new, rows)
    same = (one[0] == other[0]) & (np.abs(one[1] - other[1]) <= _SAME_PX * np.maximum(one[0], 1)) & (one[2] == other[2])
    first, last = (0 if whole[0] else EDGE_ROWS), rows - (0 if whole[1] else EDGE_ROWS)
    differs = first + np.flatnonzero(~same[first:last])
    if not differs.size:
        return NOWHERE
    firm = np.flatnonzero(same & _divides(old, one[0]) & _divides(new, other[0]))
    firm = firm[(firm >= first) & (firm < last)]
    above, below = firm[firm < differs[0] - _CLEAR_ROWS], firm[firm > differs[-1] + _CLEAR_ROWS]
    if not (above.size or whole[0]) or not (below.size or whole[1]):
        return None
    return Cuts(above[-1] + 0.5 if above.size else None, below[0] - 0.5 if below.size else None)


def _rows(seen: Placed, rows: int) -> FloatArray:
    """Per row: how many points, the sum of their columns, of their turns; (3, rows)."""
    inside = np.flatnonzero((seen.v > -0.5) & (seen.v < rows - 0.5) & np.isfinite(seen.u))
    row = np.rint(seen.v[inside]).astype(np.intp)
    weights = (None, seen.u[inside], seen.line.turn[inside].astype(np.float64))
    return np.stack([np.bincount(row, weights=w, minlength=rows).astype(np.float64) for w in weights])


def _divides(seen: Placed, count: FloatArray) -> Mask:
    """Rows with one point, or amid a gap, that part the line: what is drawn before lies above, what after, below."""
    points = np.flatnonzero(np.isfinite(seen.u))
    v = seen.v[points]
    highest, lowest = np.maximum.accumulate(v), np.minimum.accumulate(v[::-1])[::-1]
    middle = np.arange(count.size)
    before = np.searchsorted(highest, middle + 0.5)  # points before the first that lies below the row
    ordered = np.append(lowest, np.inf)[before] >= middle + 0.5
    before_row = np.searchsorted(highest, middle - 0.5)
    ordered &= np.append(lowest, np.inf)[before_row] >= middle - 0.5
    empty = np.convolve(count, np.ones(3), "same") == 0
    return np.asarray(ordered & ((count == 1) | empty))


def spliced(old: Placed, new: Placed, cuts: Cuts) -> Line:
    """The old line with the new one's stretch between the cuts; its other points are the very same numbers."""
    top = 0 if cuts.first is None else first_below(old, cuts.first)
    bottom = old.v.size if cuts.last is None else max(top, first_below(old, cuts.last))
    start = 0 if cuts.first is None else first_below(new, cuts.first)
    stop = new.v.size if cuts.last is None else max(start, first_below(new, cuts.last))
    parts = [
        part_of_line(old.line, slice(0, top)),
        part_of_line(new.line, slice(start, stop)),
        part_of_line(old.line, slice(bottom, None)),
    ]
    if cuts.first is not None and in_gap(old, cuts.first):
        parts.insert(1, gap())
    if cuts.last is not None and in_gap(old, cuts.last):
        parts.insert(-1, gap())
    return joined(parts)


def first_below(seen: Placed, row: float) -> int:
    """Index of the first point, in drawing order, below a row."""
    with np.errstate(invalid="ignore"):
        below = np.flatnonzero(seen.v > row)
    return int(below[0]) if below.size else seen.v.size


def in_gap(seen: Placed, row: float) -> bool:
    """Whether the line has nothing near a row."""
    with np.errstate(invalid="ignore"):
        return not bool((np.abs(seen.v - row) < 1.5).any())


def part_of_line(line: Line, points: slice) -> Line:
    """Some of a line's points."""
    return Line(line.u[points], line.v[points], line.turn[points], line.confidence[points])


def none() -> Line:
    """A line without points."""
    return Line(np.zeros(0), np.zeros(0), np.zeros(0, np.int32), np.zeros(0, np.float32))


def gap() -> Line:
    """What parts two pieces."""
    nothing = np.array([np.nan])
    return Line(nothing, nothing, np.zeros(1, np.int32), np.zeros(1, np.float32))
