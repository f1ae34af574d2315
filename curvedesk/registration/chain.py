"""What a chain of depth numbers is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from curvedesk.registration.numbers import Numeral
from curvedesk.registration.page import F64

SAME_RATE = 0.08  # rates of one print differ by less
_NEAR = 0.1  # of an interval
_FEW_MISSING = 4  # intervals over which a lost digit is believed in
_INTERVALS, _PART = 1.5, 0.05  # depths go on within so many intervals, or such a part of the gap


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Numbers that belong together. `y_px` (n,) their middles, `depth` (n,), `read` (n,) true where the whole number
    was read, false where only its tail was. `wrong`: sure readings within the span that contradict it. `doubt`: some
    say that all numbers may lack a digit in front."""

    y_px: F64
    depth: F64
    read: tuple[bool, ...]
    interval: float
    px_per_unit: float
    sureness: float
    wrong: int
    numerals: tuple[Numeral, ...]
    doubt: bool = False

    @property
    def span_px(self) -> float:
        return float(np.ptp(self.y_px))


def same_rate(one: Chain, other: Chain) -> bool:
    """Whether both are drawn at one scale."""
    return abs(one.px_per_unit / other.px_per_unit - 1) <= SAME_RATE


def goes_on(upper: Chain, lower: Chain) -> bool:
    """Whether the depths of `lower` are those at which `upper`, drawn on, would arrive."""
    gap_px = float(lower.y_px[0] - upper.y_px[-1])
    if gap_px <= 0 or lower.depth[0] <= upper.depth[-1] or not same_rate(upper, lower):
        return False
    grown = float(lower.depth[0] - upper.depth[-1])
    slack = max(_INTERVALS * max(upper.interval, lower.interval), _PART * grown)
    return abs(grown - gap_px / upper.px_per_unit) <= slack


def joined_on(chain: Chain, others: Sequence[Chain]) -> tuple[Chain, list[Chain]]:
    """(the chain with all others that it goes on in, the rest): numbers that faded for a while end no log."""
    rest = list(others)
    while True:
        chain = _lifted_onto(chain, rest)
        ways = ((o, way) for o in rest for way in _ways_on(chain, o))
        found = next(((o, way) for o, way in ways if goes_on(chain, way) or goes_on(way, chain)), None)
        if found is None:
            return chain, rest
        other, way = found
        rest = [o for o in rest if o is not other]
        upper, lower = (chain, way) if goes_on(chain, way) else (way, chain)
        chain = _end_to_end(upper, lower, interval=chain.interval)


def _lifts(chain: Chain) -> Iterator[Chain]:
    """A chain with a 1 that all its numbers may have lost in front."""
    for lead in (1000.0, 10_000.0):
        if lead > chain.depth.max():
            yield replace(chain, depth=chain.depth + lead)


def _lifted_onto(chain: Chain, others: Sequence[Chain]) -> Chain:
    """The chain with the 1 that it lost where with it, and only so, it goes on where another ends: 9900, 0, 100; the
    other may have taken its numbers for tails of its own already."""
    for other in others:
        for lifted in _lifts(chain):
            if other.interval == chain.interval and (_fits(other, lifted) or _runs_into(other, lifted)):
                return lifted
    return chain


def _runs_into(upper: Chain, lower: Chain) -> bool:
    shared = (lower.y_px >= upper.y_px[0]) & (lower.y_px <= upper.y_px[-1])
    if shared.sum() < 2 or upper.y_px[0] >= lower.y_px[0]:
        return False
    off = np.abs(np.interp(lower.y_px[shared], upper.y_px, upper.depth) - lower.depth[shared])
    return bool((off <= _NEAR * upper.interval).all())


def _fits(upper: Chain, lower: Chain) -> bool:
    """Whether a chain goes on in another at the very row, few numbers missing between."""
    grown = float(lower.depth[0] - upper.depth[-1])
    gap = float(lower.y_px[0] - upper.y_px[-1]) / upper.px_per_unit
    near = abs(grown - gap) <= 2 * _NEAR * upper.interval and grown <= _FEW_MISSING * upper.interval
    return near and goes_on(upper, lower)


def _ways_on(chain: Chain, other: Chain) -> Iterator[Chain]:
    """A chain's numbers above and below another's, as they are and with a last 0 that all of them lost."""
    tenfold = replace(other, depth=other.depth * 10, interval=other.interval * 10, px_per_unit=other.px_per_unit / 10)
    for way in (other, tenfold):
        if way.interval % chain.interval or not same_rate(way, chain):
            continue
        inside = (way.y_px >= chain.y_px[0]) & (way.y_px <= chain.y_px[-1])
        off = np.abs(way.depth - np.interp(way.y_px, chain.y_px, chain.depth))
        if (off[inside] > _NEAR * chain.interval).any():
            continue
        for part in (way.y_px < chain.y_px[0], way.y_px > chain.y_px[-1]):
            if part.sum() >= 2:
                yield _only(way, part)
                yield from (lifted for lifted in _lifts(_only(way, part)) if _fits(chain, lifted))


def _only(chain: Chain, part: NDArray[np.bool_]) -> Chain:
    kept = np.flatnonzero(part).tolist()
    return replace(
        chain,
        y_px=chain.y_px[kept],
        depth=chain.depth[kept],
        read=tuple(chain.read[k] for k in kept),
        sureness=chain.sureness * len(kept) / len(part),
        numerals=tuple(chain.numerals[k] for k in kept),
    )


def _end_to_end(upper: Chain, lower: Chain, *, interval: float) -> Chain:
    return replace(
        upper,
        interval=interval,
        y_px=np.concatenate([upper.y_px, lower.y_px]),
        depth=np.concatenate([upper.depth, lower.depth]),
        read=(*upper.read, *lower.read),
        sureness=upper.sureness + lower.sureness,
        wrong=upper.wrong + lower.wrong,
        numerals=(*upper.numerals, *lower.numerals),
        doubt=upper.doubt or lower.doubt,
    )
