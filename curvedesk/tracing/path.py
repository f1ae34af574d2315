"""The cheapest way of a pen down a strip: dynamic programming over rows, with level swings, gaps and back-up scales.

In each row the pen arrives from the row above (straight or one column aside), may then run level across any distance,
paying for every column it passes, and leaves downwards. Or there is no pen: a gap, entered and left at a price. The
level runs make the path two-dimensional (published tracers that keep one x a row lose every swing); both directions
are one running minimum each (the distance transform of Felzenszwalb & Huttenlocher, 2012), so a row costs O(columns).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

GAP = -1  # in a Path; inside, -1 - k is a gap on scale k of the chain
_FROM_GAP = 2
_BLOCK_ROWS = 512
_CELLS = 30_000_000  # of back-pointers held at once (5 bytes each); longer strips are walked twice


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
    `leap` and `leap_px` for each column, with ink or without. `gap_leap`: coming back from a gap on another scale.
    """

    aside: float = 0.06
    into_gap: float = 7.0
    out_of_gap: float = 7.0
    leap: float = 2.0
    leap_px: float = 0.02
    gap_leap: float = 6.0


@dataclass(frozen=True, slots=True)
class Path:
    """Per row the position it is entered and left at, GAP where there is no pen."""

    entered: Ints
    left: Ints


class _Chain(NamedTuple):
    """Scales end to end: first position of each, and the scale of each position."""

    starts: Ints
    scale: Ints
    ramp: Floats  # position times the price of leaping one column


class _Front(NamedTuple):
    """Cheapest cost of leaving each position of the last row, and of having no pen there, by scale."""

    pen: Floats
    gap: Floats


class _Steps(NamedTuple):
    """Back-pointers of one row."""

    aside: NDArray[np.int8]
    source: Ints
    gap_from: Ints


_Row = tuple[Floats, Floats, np.float32]
_NOTHING = _Steps(np.zeros(0, np.int8), np.zeros(0, np.int32), np.zeros(0, np.int32))


def cheapest(
    costs: Callable[[slice], Costs], rows: int, positions: int, prices: Prices, seams: Sequence[int] = ()
) -> Path:
    """The cheapest path through `rows` x `positions`; `costs` gives the costs of any band of rows.

    Over each of `seams` (first positions of next scales) the pen may leap.
    """
    chain = _chain(positions, seams, prices)
    band_rows = max(64, _CELLS // positions)
    bands = [slice(a, min(a + band_rows, rows)) for a in range(0, rows, band_rows)]
    fronts = [_Front(np.zeros(positions, np.float32), np.zeros(len(chain.starts), np.float32))]
    for band in bands[:-1]:
        front = fronts[-1]
        for row in _rows(costs, band):
            front = _normal(_advance(front, row, prices, chain)[0])
        fronts.append(front)
    entered, left = np.full(rows, GAP, np.int32), np.full(rows, GAP, np.int32)
    state: int | None = None
    for band, front in zip(reversed(bands), reversed(fronts), strict=True):
        trail, last = _walk(_rows(costs, band), front, prices, chain)
        state = _best(last) if state is None else state
        for v in range(band.stop - 1, band.start - 1, -1):
            state = _step_back(trail[v - band.start], chain, state, v, entered, left)
    return Path(entered, left)


def _chain(positions: int, seams: Sequence[int], prices: Prices) -> _Chain:
    starts = np.array([0, *seams], np.int32)
    scale = np.searchsorted(starts, np.arange(positions), "right").astype(np.int32) - 1
    return _Chain(starts, scale, np.arange(positions, dtype=np.float32) * np.float32(prices.leap_px))


def _best(front: _Front) -> int:
    pen, gap = int(np.argmin(front.pen)), int(np.argmin(front.gap))
    return pen if front.pen[pen] <= front.gap[gap] else -1 - gap


def _walk(rows: Iterator[_Row], front: _Front, prices: Prices, chain: _Chain) -> tuple[list[_Steps], _Front]:
    """Back-pointers of every row of a band entered with `front`, and the front it is left with."""
    trail = []
    for row in rows:
        after, steps = _advance(front, row, prices, chain, keep=True)
        front = _normal(after)
        trail.append(steps)
    return trail, front


def _rows(costs: Callable[[slice], Costs], band: slice) -> Iterator[_Row]:
    """Costs row by row, asked for in blocks small enough to stay cheap in memory."""
    for start in range(band.start, band.stop, _BLOCK_ROWS):
        block = costs(slice(start, min(start + _BLOCK_ROWS, band.stop)))
        yield from zip(*block, strict=True)


def _normal(front: _Front) -> _Front:
    """The same front with its minimum at zero, so that sums over a tall log keep their precision."""
    low = np.minimum(front.pen.min(), front.gap.min())
    return _Front(front.pen - low, front.gap - low)


def _advance(front: _Front, row: _Row, prices: Prices, chain: _Chain, *, keep: bool = False) -> tuple[_Front, _Steps]:
    stand, travel, gap = row
    pen, down = front.pen, front.pen.copy()
    aside = np.float32(prices.aside)
    np.minimum(down[1:], pen[:-1] + aside, out=down[1:])
    np.minimum(down[:-1], pen[1:] + aside, out=down[:-1])
    back = front.gap + np.float32(prices.out_of_gap)
    np.minimum(down, back[0] if len(back) == 1 else back[chain.scale], out=down)
    passed = np.cumsum(travel)
    before = passed - travel
    ahead, behind = down - passed, (down + before)[::-1]
    to_right, to_left = np.minimum.accumulate(ahead), np.minimum.accumulate(behind)
    rightwards, leftwards = to_right + passed, to_left[::-1] - before
    level = np.minimum(rightwards, leftwards)
    leaps = _leaps(down, level, prices, chain) if len(chain.starts) > 1 else ()
    gaps, gap_from = _gaps(front, gap, prices, chain)
    after = _Front(level + stand, gaps)
    if not keep:
        return after, _NOTHING
    index = np.arange(pen.size, dtype=np.int32)
    from_left = np.maximum.accumulate(np.where(ahead <= to_right, index, 0))
    from_right = pen.size - 1 - np.maximum.accumulate(np.where(behind <= to_left, index, 0))[::-1]
    source = np.where(rightwards <= leftwards, from_left, from_right).astype(np.int32)
    for part, leapt, origin in leaps:
        source[part][leapt] = origin
    step = np.zeros(pen.size, np.int8)
    step[1:][pen[:-1] + aside <= down[1:]] = -1
    step[:-1][pen[1:] + aside <= down[:-1]] = 1
    step[pen <= down] = 0
    step[back[chain.scale] <= down] = _FROM_GAP
    return after, _Steps(step, source, gap_from)


def _gaps(front: _Front, gap: np.float32, prices: Prices, chain: _Chain) -> tuple[Floats, Ints]:
    """Cost of having no pen in this row by scale, and the state that came from."""
    ends = (*chain.starts[1:], front.pen.size)
    best = np.array([a + int(np.argmin(front.pen[a:b])) for a, b in zip(chain.starts, ends, strict=True)], np.int32)
    other = int(np.argmin(front.gap))
    stay, leapt = front.gap, front.gap[other] + np.float32(prices.gap_leap)
    lost = front.pen[best] + np.float32(prices.into_gap)
    came = np.where(stay <= leapt, -1 - np.arange(len(best), dtype=np.int32), np.int32(-1 - other))
    calm = np.minimum(stay, leapt)
    return np.minimum(calm, lost) + gap, np.where(calm <= lost, came, best).astype(np.int32)


def _leaps(down: Floats, level: Floats, prices: Prices, chain: _Chain) -> list[tuple[slice, NDArray[np.bool_], int]]:
    """Lower `level` where a leap over a seam is cheaper; per part of the chain: where that was, and from which
    position."""
    seams = chain.starts[1:].tolist()
    found = [
        (slice(seam, stop), slice(0, seam), -chain.ramp)
        for seam, stop in zip(seams, (*seams[1:], down.size), strict=True)
    ]
    found += [
        (slice(start, seam), slice(seam, down.size), chain.ramp)
        for start, seam in zip((0, *seams[:-1]), seams, strict=True)
    ]
    leaps = []
    for to, off, slope in found:
        origin = off.start + int(np.argmin(down[off] + slope[off]))
        reach = down[origin] + slope[origin] - slope[to] + np.float32(prices.leap)
        leapt = reach < level[to]
        np.minimum(level[to], reach, out=level[to])
        leaps.append((to, leapt, origin))
    return leaps


def _step_back(steps: _Steps, chain: _Chain, state: int, v: int, entered: Ints, left: Ints) -> int:
    """Record row v, left in `state`, and say in which state the row above was left."""
    if state < 0:
        return int(steps.gap_from[-1 - state])
    source = int(steps.source[state])
    entered[v], left[v] = source, state
    aside = int(steps.aside[source])
    return -1 - int(chain.scale[source]) if aside == _FROM_GAP else source + aside
