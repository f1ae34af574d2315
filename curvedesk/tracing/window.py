"""The pens of one track in a few rows: some walked anew, held to their present lines where the rows end."""

from collections import Counter, deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.scales import WrapKind
from curvedesk.domain.sheet import CurveSpec
from curvedesk.tracing.axis import Axis, unroll
from curvedesk.tracing.constraints import Bounds
from curvedesk.tracing.evidence import Weights
from curvedesk.tracing.paper import paper_of
from curvedesk.tracing.path import GAP, Costs, Path, Prices, cheapest
from curvedesk.tracing.pens import Pen, costs_of, explained, is_calm, pen_of, said_turns
from curvedesk.tracing.splice import Placed
from curvedesk.tracing.strip import Strip

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
GoOn = Callable[[], bool]
SOFT = np.float32(4.0)  # less than a jump: a pen that would rather go on elsewhere says so at the end of the window
HARD = np.float32(1000.0)
_PIN_PX = 2  # places as near as this to the present line are the same place
_NEIGHBOUR_PX = 12  # pens that come so near to a change may want the ink that it gave or took
_MOST_WALKS = 2  # of one pen, as when a whole track is traced


class AbandonedError(Exception):
    """Tracing was given up, because nobody waits for it any more."""


def always() -> bool:
    """Somebody waits."""
    return True


@dataclass(slots=True)
class Rows:
    """A window of the strip: its evidence and the pens of the track, each on the path of its present line.

    `free`: whether the window's top, its bottom is an end of the strip, where nothing is to be met. `go_on` is asked
    again and again; where it says no, AbandonedError is raised.
    """

    strip: Strip
    pens: list[Pen]
    free: tuple[bool, bool]
    go_on: GoOn = always

    def walk(
        self, first: Collection[int], locked: Collection[int], *, hard: bool, spreads: bool = True
    ) -> tuple[set[int], bool]:
        """Trace the pens `first` and, if it `spreads`, whoever is touched by what they do; who was traced, and whether
        all meet their present lines at the window's ends."""
        present = [_path(pen) for pen in self.pens]
        queue = deque(sorted(set(first) - set(locked), key=lambda i: not is_calm(self.pens[i].spec)))
        walks: Counter[int] = Counter()
        met = True
        while queue:
            i = queue.popleft()
            walks[i] += 1
            was = _path(self.pens[i])
            self._walk_one(i, present[i], hard=hard)
            met = met and self._meets(i, present[i])
            for other in self._touched(i, was) if spreads else ():
                if walks[other] < _MOST_WALKS and other not in queue and other not in locked:
                    queue.append(other)
        return set(walks), met

    def runs_over_erased(self, number: int) -> bool:
        """Whether a pen's present path passes over what is said to be no curve."""
        pen, path = self.pens[number], _path(self.pens[number])
        there = np.flatnonzero(path.left != GAP)
        if pen.bounds.erased is None or pen.axis is None:
            return False
        over = explained([pen], pen.own.shape)
        return over is not None and bool((over & pen.bounds.erased)[there].any())

    def _walk_one(self, number: int, present: Path, *, hard: bool) -> None:
        pen = self.pens[number]
        assert pen.axis is not None
        others = [p for p in self.pens if p is not pen]
        pen.shared = explained(others, pen.own.shape)
        pen.foreign = explained([p for p in others if is_calm(p.spec)], pen.own.shape)
        plain, rows, price = costs_of(pen, pen.axis), len(pen.own), HARD if hard else SOFT
        ends = [row for row, free in zip((0, rows - 1), self.free, strict=True) if not free]

        def costs(band: slice) -> Costs:
            if not self.go_on():
                raise AbandonedError
            found = plain(band)
            for row in ends:
                if band.start <= row < band.stop:
                    _pin(found, row - band.start, int(present.left[row]), price)
            return found

        pen.path = cheapest(costs, rows, pen.axis.column.size, Prices(), pen.axis.seams)

    def _meets(self, number: int, present: Path) -> bool:
        path = _path(self.pens[number])
        ends = (int(path.left[row]) for row in (0, -1))
        pins = (int(present.left[row]) for row in (0, -1))
        return all(free or _same(e, p) for e, p, free in zip(ends, pins, self.free, strict=True))

    def _touched(self, number: int, was: Path) -> list[int]:
        """Pens near the rows and columns that the pen left or newly took."""
        now, axis = _path(self.pens[number]), self.pens[number].axis
        moved = np.flatnonzero((np.abs(now.left - was.left) > _PIN_PX) | (np.abs(now.entered - was.entered) > _PIN_PX))
        if not moved.size or axis is None:
            return []
        return [i for i, pen in enumerate(self.pens) if i != number and _is_near(pen, axis, (now, was), moved)]


def _path(pen: Pen) -> Path:
    assert pen.path is not None
    return pen.path


def _same(one: int, other: int) -> bool:
    return one == other if GAP in {one, other} else abs(one - other) <= _PIN_PX


def _pin(costs: Costs, row: int, at: int, price: np.float32) -> None:
    """Make every way of leaving `row` but the present one dearer."""
    here = slice(max(0, at - 1), at + 2)
    held = costs.stand[row, here].copy()
    costs.stand[row] += price
    if at == GAP:
        costs.gap[row] = 0
    else:
        costs.stand[row, here] = held
        costs.gap[row] += price


def _is_near(pen: Pen, axis: Axis, paths: Sequence[Path], rows: NDArray[np.intp]) -> bool:
    """Whether the pen passes near one of `paths` in `rows`, or has lost its ink there."""
    assert pen.path is not None and pen.axis is not None
    at = pen.path.left[rows]
    if (at == GAP).any():
        return True
    mine = pen.axis.column[at]
    for path in paths:
        there = path.left[rows] != GAP
        for side in (path.left, path.entered):
            if (np.abs(axis.column[side[rows][there]] - mine[there]) <= _NEIGHBOUR_PX).any():
                return True
    return False


def rows_of(
    strip: Strip,
    solid: Bytes,
    dashed: Bytes,
    bounds: Sequence[Bounds],
    present: Sequence[Sequence[tuple[slice, Placed]]],
    *,
    gray: Bytes,
    free: tuple[bool, bool],
    narrow: bool = False,
) -> Rows:
    """The window `strip` with its pens on the paths of their present lines.

    `gray`: the paper itself. `present[i]`: the lines that pen i has, each in its stretch of rows of the window.
    `narrow`: pens stay on the back-up scales that they are on, which is quickly traced.
    """
    weights, paper = Weights(), paper_of(gray)
    pens = []
    for spec, bound, lines in zip(strip.track.curves, bounds, present, strict=True):
        pen = pen_of(spec, solid, dashed, bound, weights, paper=paper)
        pen.axis = _axis(spec, strip, lines, said_turns(bound), narrow=narrow)
        pen.path = Path(*(np.full(strip.rows, GAP, np.int32) for _ in range(2)))
        for rows, line in lines:
            path = path_of(line, pen.axis, strip.rows)
            pen.path.entered[rows], pen.path.left[rows] = path.entered[rows], path.left[rows]
        pens.append(pen)
    return Rows(strip, pens, free)


def _axis(
    spec: CurveSpec, strip: Strip, lines: Sequence[tuple[slice, Placed]], said: Sequence[int], *, narrow: bool
) -> Axis:
    """The scales that the pen uses near the window, and one more on either side where it wraps unless `narrow`."""
    if spec.scale.wrap.kind is WrapKind.NONE:
        return unroll(spec.scale, strip.width, turns=range(1))
    used = [0, *said, *(int(t) for _, seen in lines for t in np.unique(seen.line.turn[np.isfinite(seen.u)]))]
    if narrow:
        return unroll(spec.scale, strip.width, turns=range(min(used), max(used) + 1))
    low = 0 if spec.scale.wrap.kind is WrapKind.MULTIPLY else max(min(used) - 1, -2)
    return unroll(spec.scale, strip.width, turns=range(min(low, *used), max(used) + 2))


def path_of(seen: Placed, axis: Axis, rows: int) -> Path:
    """The path along `axis` of a line seen from a window of so many rows."""
    i = np.flatnonzero(np.isfinite(seen.u))
    path = Path(np.full(rows, GAP, np.int32), np.full(rows, GAP, np.int32))
    if not i.size:
        return path
    u, v, turn = _sampled(seen, i)
    row = np.rint(v).astype(np.intp)
    inside = (row >= 0) & (row < rows)
    row, at = row[inside], _positions(axis, u[inside], turn[inside])
    path.left[row] = at
    path.entered[row[::-1]] = at[::-1]
    return path


def _sampled(seen: Placed, i: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32]]:
    """The points `i` with others between where the line goes down more than half a row at once."""
    u, v, turn = seen.u[i], seen.v[i], seen.line.turn[i]
    drawn = (np.diff(i) == 1) & (np.diff(turn) == 0)
    count = np.where(drawn, np.ceil(2 * np.abs(np.diff(v))), 1).astype(np.intp).clip(1)
    owner = np.repeat(np.arange(count.size), count)
    share = (np.arange(owner.size) - np.repeat(np.cumsum(count) - count, count)) / np.maximum(count[owner], 1)
    after = np.minimum(owner + 1, u.size - 1)
    along = [np.append(a[owner] + share * (a[after] - a[owner]), a[-1]) for a in (u, v)]
    return along[0], along[1], np.append(turn[owner], turn[-1])


def _positions(axis: Axis, u: NDArray[np.float64], turn: NDArray[np.int32]) -> NDArray[np.int32]:
    """Positions along the axis of columns on given turns; a turn that the axis lacks counts as the nearest."""
    turns = np.unique(axis.turn)
    starts = np.searchsorted(axis.turn, turns)
    stops = np.append(starts[1:], axis.turn.size)
    k = np.clip(np.searchsorted(turns, turn), 0, turns.size - 1)
    at = starts[k] + np.rint(u).astype(np.intp) - axis.column[starts[k]]
    return np.asarray(np.clip(at, starts[k], stops[k] - 1), np.int32)


def part_of(strip: Strip, first: int, stop: int) -> Strip:
    """The rows first..stop of a strip, as a strip of their own on the same pixels."""
    return replace(strip, rows=stop - first, top_level_px=strip.top_level_px + first / strip.scale)
