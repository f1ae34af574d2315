"""The cheapest way of a pen down a strip: dynamic programming over rows, with level swings, gaps and back-up scales.

In each row the pen arrives from the row above (straight or one column aside), may then run level across any distance,
paying for every column it passes, and leaves downwards. Or there is no pen: a gap, entered and left at a price. The
level runs make the path two-dimensional (published tracers that keep one x a row lose every swing); both directions
are one running minimum each (the distance transform of Felzenszwalb & Huttenlocher, 2012), so a row costs O(columns).
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

GAP = -1  # in a Path; inside, -1 - k is a gap on scale k of the chain
_BLOCK_ROWS = 256
_ROUNDING = 1e-3  # sums over a wide chain are no more exact in float32; a pen that need not run level does not
_CELLS = 25_000_000  # of arrival costs held at once (4 bytes each); longer strips are walked twice


class Costs(NamedTuple):
    """Per row of a band: `stand` and `travel` (rows, positions) for leaving through and passing a column; `gap`
    (rows,) for having no pen."""

    stand: Floats
    travel: Floats
    gap: Floats


@dataclass(frozen=True, slots=True)
class Prices:
    """What a step aside, the begin and the end of a gap, and a change of scale cost.

    A fast pen leaves its last ink well before the border and shows again well behind it: a leap over a seam costs
    `leap` and `leap_px` for each column, with ink or without. On one scale, too, the fastest strokes leave no ink:
    `jump` and `jump_px`. `gap_leap`: coming back from a gap on another scale.
    """

    aside: float = 0.06
    into_gap: float = 8.0
    out_of_gap: float = 8.0
    leap: float = 3.0
    leap_px: float = 0.03
    jump: float = 8.0
    jump_px: float = 0.03
    gap_leap: float = 6.0


@dataclass(frozen=True, slots=True)
class Path:
    """Per row the position it is entered and left at, GAP where there is no pen."""

    entered: Ints
    left: Ints


class _Front(NamedTuple):
    """Cheapest cost of leaving each position of the last row, and of having no pen there, by scale."""

    pen: Floats
    gap: Floats


class _Row(NamedTuple):
    """Costs of one row; `passed` and `before` are what passing the columns up to and before each has cost."""

    stand: Floats
    passed: Floats
    before: Floats
    gap: np.float32


class _Trail(NamedTuple):
    """What the way back needs of one row: arrival costs before any level run, and where its gaps came from."""

    down: Floats
    passed: Floats
    before: Floats
    above: _Front
    gap_from: Ints


def cheapest(
    costs: Callable[[slice], Costs], rows: int, positions: int, prices: Prices, seams: Sequence[int] = ()
) -> Path:
    """The cheapest path through `rows` x `positions`; `costs` gives the costs of any band of rows.

    Over each of `seams` (first positions of next scales) the pen may leap.
    """
    sweep = _Sweep(costs, positions, prices, seams)
    band_rows = max(64, _CELLS // positions)
    bands = [slice(a, min(a + band_rows, rows)) for a in range(0, rows, band_rows)]
    fronts = [sweep.first_front()]
    for band in bands[:-1]:
        front = fronts[-1]
        fronts.append(deque(sweep.walk(band, front), maxlen=1)[0][0])
    path = Path(np.full(rows, GAP, np.int32), np.full(rows, GAP, np.int32))
    state: int | None = None
    for band, front in zip(reversed(bands), reversed(fronts), strict=True):
        steps = list(sweep.walk(band, front))
        state = _best(steps[-1][0]) if state is None else state
        for v in range(band.stop - 1, band.start - 1, -1):
            state = sweep.step_back(steps[v - band.start][1], state, v, path)
    return path


def _best(front: _Front) -> int:
    pen, gap = int(np.argmin(front.pen)), int(np.argmin(front.gap))
    return pen if front.pen[pen] <= front.gap[gap] else -1 - gap


class _Sweep:
    """The recursion over rows, and its way back."""

    def __init__(self, costs: Callable[[slice], Costs], positions: int, prices: Prices, seams: Sequence[int]) -> None:
        self.costs, self.prices = costs, prices
        self.positions = positions
        self.starts = [0, *seams]
        self.stops = [*seams, positions]
        self.scale = np.searchsorted(np.array(self.starts), np.arange(positions), "right") - 1
        self.ramp = np.arange(positions, dtype=np.float32) * np.float32(prices.leap_px)
        self.slope = np.arange(positions, dtype=np.float32) * np.float32(prices.jump_px)

    def first_front(self) -> _Front:
        """Before the first row: the pen may be anywhere, or nowhere."""
        return _Front(np.zeros(self.positions, np.float32), np.zeros(len(self.starts), np.float32))

    def walk(self, band: slice, front: _Front) -> Iterator[tuple[_Front, _Trail]]:
        """Row by row, the front each row is left with and its trail."""
        for start in range(band.start, band.stop, _BLOCK_ROWS):
            front = _normal(front)
            block = self.costs(slice(start, min(start + _BLOCK_ROWS, band.stop)))
            passed = np.cumsum(block.travel, axis=1, dtype=np.float32)
            for row in map(_Row, block.stand, passed, passed - block.travel, block.gap):
                front, trail = self._advance(front, row)
                yield front, trail

    def _advance(self, above: _Front, row: _Row) -> tuple[_Front, _Trail]:
        pen, down = above.pen, above.pen.copy()
        aside = pen + np.float32(self.prices.aside)
        np.minimum(down[1:], aside[:-1], out=down[1:])
        np.minimum(down[:-1], aside[1:], out=down[:-1])
        back = above.gap + np.float32(self.prices.out_of_gap)
        np.minimum(down, back[0] if len(back) == 1 else back[self.scale], out=down)
        level = down - row.passed
        np.minimum.accumulate(level, out=level)
        level += row.passed
        leftwards = (down + row.before)[::-1]
        np.minimum.accumulate(leftwards, out=leftwards)
        np.minimum(level, leftwards[::-1] - row.before, out=level)
        self._jump(down, level)
        if len(self.starts) > 1:
            for to, off, slope in self._seams():
                np.minimum(level[to], np.min(down[off] + slope[off]) + self._landing(slope[to]), out=level[to])
        gap, gap_from = self._gaps(above, row.gap)
        level += row.stand
        return _Front(level, gap), _Trail(down, row.passed, row.before, above, gap_from)

    def _jump(self, down: Floats, level: Floats) -> None:
        """Lower `level` where a jump without ink, within one scale, is cheaper."""
        price = np.float32(self.prices.jump)
        for start, stop in zip(self.starts, self.stops, strict=True):
            part = slice(start, stop)
            slope = self.slope[part]
            ahead = down[part] - slope
            np.minimum.accumulate(ahead, out=ahead)
            ahead += slope + price
            behind = (down[part] + slope)[::-1]
            np.minimum.accumulate(behind, out=behind)
            np.minimum(level[part], ahead, out=level[part])
            np.minimum(level[part], behind[::-1] - slope + price, out=level[part])

    def _landing(self, slope: Floats) -> Floats:
        return np.float32(self.prices.leap) - slope

    def _seams(self) -> Iterator[tuple[slice, slice, Floats]]:
        """Leaps: onto which scale, from where, and the slope that makes distance cost."""
        for start, stop in zip(self.starts[1:], self.stops[1:], strict=True):
            yield slice(start, stop), slice(0, start), -self.ramp
        for start, stop in zip(self.starts[:-1], self.stops[:-1], strict=True):
            yield slice(start, stop), slice(stop, self.positions), self.ramp

    def _gaps(self, above: _Front, gap: np.float32) -> tuple[Floats, Ints]:
        """Cost of having no pen in this row by scale, and the state that came from."""
        spans = zip(self.starts, self.stops, strict=True)
        best = np.array([a + int(np.argmin(above.pen[a:b])) for a, b in spans], np.int32)
        other = int(np.argmin(above.gap))
        leapt = above.gap[other] + np.float32(self.prices.gap_leap)
        lost = above.pen[best] + np.float32(self.prices.into_gap)
        came = np.where(above.gap <= leapt, -1 - np.arange(len(best), dtype=np.int32), np.int32(-1 - other))
        calm = np.minimum(above.gap, leapt)
        return np.minimum(calm, lost) + gap, np.where(calm <= lost, came, best).astype(np.int32)

    def step_back(self, trail: _Trail, state: int, v: int, path: Path) -> int:
        """Record row v, left in `state`, and say in which state the row above was left."""
        if state < 0:
            return int(trail.gap_from[-1 - state])
        source = self._source(trail, state)
        path.entered[v], path.left[v] = source, state
        low, high = max(source - 1, 0), min(source + 2, self.positions)
        near = trail.above.pen[low:high] + np.float32(self.prices.aside) * (np.arange(low, high) != source)
        scale = int(self.scale[source])
        if trail.above.gap[scale] + self.prices.out_of_gap <= near.min():
            return -1 - scale
        return low + int(np.argmin(near))

    def _source(self, trail: _Trail, state: int) -> int:
        """The position from which a row's level run, or leap, to `state` began."""
        down, passed, before = trail.down, trail.passed, trail.before
        ahead = down[: state + 1] - passed[: state + 1]
        behind = down[state:] + before[state:]
        a, b = state - int(np.argmin(ahead[::-1])), int(np.argmin(behind))  # of equals the nearest
        options = [(ahead[a] + passed[state], a), (behind[b] - before[state], state + b)]
        scale = int(self.scale[state])
        start, stop = self.starts[scale], self.stops[scale]
        jumped = down[start:stop] + np.abs(self.slope[start:stop] - self.slope[state])
        origin = int(np.argmin(jumped))
        options.append((jumped[origin] + np.float32(self.prices.jump), start + origin))
        for to, off, slope in self._seams() if len(self.starts) > 1 else ():
            if to.start <= state < to.stop:
                leap = down[off] + slope[off]
                origin = int(np.argmin(leap))
                options.append((leap[origin] - slope[state] + np.float32(self.prices.leap), off.start + origin))
        cost, origin = min(options)
        return state if down[state] <= cost + _ROUNDING else int(origin)


def _normal(front: _Front) -> _Front:
    """The same front with its minimum at zero, so that sums over a tall log keep their precision."""
    low = np.minimum(front.pen.min(), front.gap.min())
    return _Front(front.pen - low, front.gap - low)
