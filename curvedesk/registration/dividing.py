"""Where one stretch of print holds several parts, each with numbers of its own: which rows belong to which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from curvedesk.registration.chain import Chain, same_rate
from curvedesk.registration.page import F64

Rows = tuple[float, float]

_LEAST_READ, _LEAST_SURE = 3, 2.5  # whole numbers that a part of its own has
_FEW_READ = 2  # enough for a part drawn at the rate of the chain beside it
BESIDE = 0.05  # of an interval
_RULED = 0.4  # of the usual share of vertical lines: where there are fewer the print stops


def divide(share: F64, chain: Chain, others: Sequence[Chain], *, y0: int, extent: Rows) -> list[Rows | None]:
    """Rows (page) of `chain`, then of each other; None for one that is no part of its own: few numbers, or between
    the rows of another.

    `share` (h,): how many of the vertical lines have ink in rows y0 on. `extent`: the rows of print around `chain`.
    """
    parts = [chain]
    for other in others:
        if _is_plain(other, chain) and all(_apart(other, part) for part in parts):
            parts.append(other)
    parts.sort(key=lambda part: float(part.y_px[0]))
    usual = float(np.median(share[_index(chain, y0, len(share))]))
    tops = [_reach(part, -1) for part in parts]
    bottoms = [_reach(part, 1) for part in parts]
    for k in range(1, len(parts)):
        bottoms[k - 1], tops[k] = _parting(share, parts[k - 1], parts[k], y0=y0, usual=usual)
    rows = {id(p): (max(t, y0), min(b, y0 + len(share))) for p, t, b in zip(parts, tops, bottoms, strict=True)}
    at = next(k for k, part in enumerate(parts) if part is chain)
    top = extent[0] if at == 0 else max(extent[0], tops[at])
    bottom = extent[1] if at == len(parts) - 1 else min(extent[1], bottoms[at])
    return [(top, bottom), *(rows.get(id(other)) for other in others)]


def _is_plain(other: Chain, chain: Chain) -> bool:
    if same_rate(other, chain) and other.interval == chain.interval:
        return sum(other.read) >= _FEW_READ and other.sureness > 0.9 * _FEW_READ
    return sum(other.read) >= _LEAST_READ and other.sureness >= _LEAST_SURE


def _apart(one: Chain, other: Chain) -> bool:
    return bool(one.y_px[-1] < other.y_px[0] or other.y_px[-1] < one.y_px[0])


def _index(chain: Chain, y0: int, height: int) -> slice:
    first, last = (int(np.clip(y - y0, 0, height - 1)) for y in (chain.y_px[0], chain.y_px[-1]))
    return slice(first, last + 1)


def _reach(part: Chain, way: int) -> float:
    """A row one interval beyond the first (-1) or the last (1) number."""
    return float(part.y_px[0 if way < 0 else -1]) + way * part.interval * part.px_per_unit


def _parting(share: F64, upper: Chain, lower: Chain, *, y0: int, usual: float) -> Rows:
    """(last row of the upper part, first row of the lower): where the print stops and begins again. Where it does not,
    nobody can say which of the rows between belong to which: both end beside their numbers."""
    a, b = float(upper.y_px[-1]), float(lower.y_px[0])
    bare = share[max(0, int(a) - y0) : max(1, int(b) - y0)] < _RULED * usual
    edges = np.flatnonzero(np.diff(np.concatenate([[0], bare.astype(np.int8), [0]])))
    if len(edges):
        longest = int(np.argmax(edges[1::2] - edges[::2]))  # lines break off in shorter ones too
        return float(int(a) + edges[2 * longest]), float(int(a) + edges[2 * longest + 1])
    return a + BESIDE * upper.interval * upper.px_per_unit, b - BESIDE * lower.interval * lower.px_per_unit
