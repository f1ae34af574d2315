"""Depth numbers grow evenly down the paper: the chain of readings that do, and which readings it proves wrong.

Copies stretch by some per cent along a log, so no single straight line holds: from each number to the next of a chain
the rate must stay near the commonest one, and that is all. A chain is found by dynamic programming, as the path of the
greatest summed sureness; a reading off it is a misread, unless it is the tail of the number that should stand there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from curvedesk.registration.chain import Chain
from curvedesk.registration.lost_digits import with_lost_digits
from curvedesk.registration.numbers import Numeral
from curvedesk.registration.page import F64

DEEPEST = 40_000.0  # no well is deeper, in feet
INTERVALS = frozenset((1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0, 200.0, 250.0, 500.0, 1000.0))
RATE_TOLERANCE = 0.06
_BIN = 0.02
_NEIGHBOURS = 7
_WIDEST_GAP = 14  # numbers that may be missing between two of a chain
_NEAR = 0.04  # of the interval
_LEAST_SURE = 0.25
_SURE, _SURE_ASIDE = 0.9, 0.8  # of a number that contradicts; one of tens is weighed less than one of fifties
_LONGEST_SHORT = 6  # intervals: a longer one would show more numbers
_ALIKE = ("80", "60", "90", "30", "38", "83", "56", "65", "17", "71", "86", "68")  # read, printed


def find_chains(numerals: Sequence[Numeral], *, most: int = 4) -> list[Chain]:
    """Chains of three numbers or more, the one over most paper first; none where numbers grow at no common rate."""
    weighed = [replace(n, sure=n.sure * likely(n.value)) for n in numerals]
    left = sorted((n for n in weighed if n.sure >= _LEAST_SURE), key=lambda n: n.y_px)
    found: list[Chain] = []
    while len(found) < most:
        best = max((_best_path(left, rate) for rate in _rates(left)), key=_weight, default=[])
        if len(best) < 3:
            break
        others = [n for n in weighed if n not in best]
        chain = with_lost_digits(_chain(best, others), others, deepest=DEEPEST)
        if chain.interval in INTERVALS:
            found.append(chain)
        used = {id(n) for n in chain.numerals}
        left = [n for n in left if id(n) not in used and n not in best]
    return sorted(found, key=lambda c: -c.sureness * c.span_px)


def short_chains(numerals: Sequence[Numeral], like: Chain) -> list[Chain]:
    """Two plain numbers or more above or below a chain that grow at its rate: a repeat is often that short."""
    plain = [n for n in numerals if n.sure > _SURE and n.value > 0 and n.value % like.interval == 0]
    left = [n for n in plain if not like.y_px[0] <= n.y_px <= like.y_px[-1]]
    left.sort(key=lambda n: n.y_px)
    found: list[Chain] = []
    while True:
        path = _best_path(left, 1 / like.px_per_unit)
        if len(path) < 2 or path[-1].y_px - path[0].y_px > _LONGEST_SHORT * like.interval * like.px_per_unit:
            return found
        found.append(replace(_chain(path, []), interval=like.interval))
        left = [n for n in left if not path[0].y_px <= n.y_px <= path[-1].y_px]


def likely(value: float) -> float:
    """How likely a number of this roundness is printed in a depth column, 0 to 1."""
    if value > DEEPEST:
        return 0.0
    if value % 50 == 0:
        return 1.0
    return 0.85 if value % 5 == 0 else 0.25


def _weight(path: Sequence[Numeral]) -> float:
    return sum(n.sure for n in path)


def _rates(numerals: Sequence[Numeral]) -> list[float]:
    """The commonest depth growths per pixel among neighbours, at most five."""
    logs, weights = [], []
    for i, one in enumerate(numerals):
        for other in numerals[i + 1 : i + 1 + _NEIGHBOURS]:
            dy, dv = other.y_px - one.y_px, other.value - one.value
            if dy > 10 and dv > 0:
                logs.append(np.log(dv / dy))
                weights.append(one.sure * other.sure)
    if not logs:
        return []
    at, weight = np.array(logs), np.array(weights)
    found = []
    for _ in range(5):
        if weight.sum() <= 0.3:
            break
        support = [(weight[np.abs(at - v) < _BIN]).sum() for v in at]
        middle = at[int(np.argmax(support))]
        near = np.abs(at - middle) < _BIN
        found.append(float(np.exp(np.average(at[near], weights=weight[near] + 1e-9))))
        weight = np.where(np.abs(at - middle) < 2 * _BIN, 0.0, weight)
    return found


def _best_path(numerals: Sequence[Numeral], rate: float) -> list[Numeral]:
    """The path down the page of greatest sureness in which depth grows at `rate`, within the tolerance."""
    if not numerals:
        return []
    y = np.array([n.y_px for n in numerals])
    value = np.array([n.value for n in numerals])
    sure = np.array([n.sure for n in numerals])
    total, before = sure.copy(), np.full(len(y), -1)
    usual = _usual_gap(y, value, rate)
    for j in range(1, len(y)):
        dy, dv = y[j] - y[:j], value[j] - value[:j]
        off = np.abs(dv / np.maximum(dy * rate, 1e-9) - 1)
        slack = RATE_TOLERANCE + 6.0 / np.maximum(dy, 1)
        allowed = (dy > 8) & (dv > 0) & (off < slack) & (dy < _WIDEST_GAP * usual)
        score = np.where(allowed, total[:j] - 0.5 * off, -np.inf)
        if len(score) and score.max() > 0:
            before[j] = int(np.argmax(score))
            total[j] = sure[j] + score.max()
    path, k = [], int(np.argmax(total))
    while k >= 0:
        path.append(numerals[k])
        k = int(before[k])
    return path[::-1]


def _usual_gap(y: F64, value: F64, rate: float) -> float:
    """Pixels between neighbours that grow at the rate: the numbers' own spacing."""
    gaps = []
    for i in range(len(y) - 1):
        dy, dv = y[i + 1 : i + 4] - y[i], value[i + 1 : i + 4] - value[i]
        good = (dv > 0) & (np.abs(dv / np.maximum(dy * rate, 1e-9) - 1) < 0.1)
        if good.any():
            gaps.append(float(dy[good].min()))
    return float(np.median(gaps)) if gaps else 1e9


def _in_step(path: Sequence[Numeral]) -> list[Numeral]:
    """Those of a path that are whole intervals apart from most of it: a misread can lie near the line by chance."""
    depth = np.array([n.value for n in path])
    interval = _interval(depth)
    phases, counts = np.unique(np.round(depth % interval, 3), return_counts=True)
    usual = phases[int(np.argmax(counts))]
    kept = [n for n in path if abs(round(n.value % interval, 3) - usual) < 1e-6]
    return kept if len(kept) >= 3 else list(path)


def _chain(path: Sequence[Numeral], others: Sequence[Numeral]) -> Chain:
    others = [*others, *(n for n in path if n not in _in_step(path))]
    path = _in_step(path)
    y, depth = np.array([n.y_px for n in path]), np.array([n.value for n in path])
    rate = float(np.median(np.diff(depth) / np.diff(y)))
    interval = _interval(depth)
    members = [(n, n.value, True) for n in path]
    members = _with_tails(members, rate, interval, others)
    between = _free(_tails(y, depth, rate, interval / 2, others), members, interval / 2)
    if len(between) >= max(2, 0.4 * len(path)):  # every second number was misread
        members, interval = members + between, interval / 2
    wrong = sum(_contradicts(n, y, depth, rate, interval) for n in others if all(n is not m[0] for m in members))
    members.sort(key=lambda m: m[0].y_px)
    return Chain(
        y_px=np.array([n.y_px for n, _, _ in members]),
        depth=np.array([d for _, d, _ in members]),
        read=tuple(read for _, _, read in members),
        interval=interval,
        px_per_unit=1 / rate,
        sureness=float(sum(n.sure for n in path)),
        wrong=wrong,
        numerals=tuple(n for n, _, _ in members),
    )


def _with_tails(
    members: list[tuple[Numeral, float, bool]], rate: float, interval: float, others: Sequence[Numeral]
) -> list[tuple[Numeral, float, bool]]:
    """Members with the tails between and beyond them, as far as those go on: from 10,000 on all may lack the 1."""
    while True:
        members = sorted(members, key=lambda m: m[0].y_px)
        y, depth = np.array([n.y_px for n, _, _ in members]), np.array([d for _, d, _ in members])
        more = _free(_tails(y, depth, rate, interval, others), members, interval)
        if not more:
            return members
        members = [*members, *more]


def _free(
    found: list[tuple[Numeral, float, bool]], members: list[tuple[Numeral, float, bool]], interval: float
) -> list[tuple[Numeral, float, bool]]:
    """Those whose place in the chain nobody has yet."""
    return [m for m in found if all(abs(m[1] - taken) > 0.4 * interval for _, taken, _ in members)]


def _tails(
    y: F64, depth: F64, rate: float, interval: float, others: Sequence[Numeral]
) -> list[tuple[Numeral, float, bool]]:
    """Readings that are what is left of the number that should stand where they are."""
    found: dict[float, tuple[Numeral, float, bool]] = {}
    for n in others:
        inside = y[0] < n.y_px < y[-1]
        if not inside and not (y[0] - 2.2 * interval / rate < n.y_px < y[-1] + 2.2 * interval / rate):
            continue
        place = _place(n.y_px, y, depth, rate)
        near = depth[0] + round((place - depth[0]) / interval) * interval
        if near < 0 or abs(place - near) > (_NEAR if inside else 2 * _NEAR) * interval:
            continue
        if _is_part(n.value, near, free=inside) and (near not in found or n.sure > found[near][0].sure):
            found[near] = (n, near, False)
    return list(found.values())


def _contradicts(n: Numeral, y: F64, depth: F64, rate: float, interval: float) -> bool:
    """A sure reading of a whole number of that size at a place where another should stand, or of as many digits where
    none should: numbers of one column are all of one progression."""
    if not y[0] < n.y_px < y[-1] or n.sure <= _SURE_ASIDE or n.value < 0.5 * depth[0] or n.value < 10:
        return False
    digits = {len(f"{d:.0f}") for d in (depth[0], depth[-1])}
    place = _place(n.y_px, y, depth, rate)
    near = depth[0] + round((place - depth[0]) / interval) * interval
    if abs(place - near) >= _NEAR * interval:
        return len(f"{n.value:.0f}") in digits and abs(place - n.value) > _NEAR * interval
    return n.sure > _SURE and not _is_part(n.value, near, free=True)


def _place(at_px: float, y: F64, depth: F64, rate: float) -> float:
    """Depth of a row by the chain; beyond its ends at its own rate."""
    if at_px < y[0]:
        return float(depth[0] - (y[0] - at_px) * rate)
    if at_px > y[-1]:
        return float(depth[-1] + (at_px - y[-1]) * rate)
    return float(np.interp(at_px, y, depth))


def _interval(depth: F64) -> float:
    """What the numbers grow by: the commonest step, or what divides the steps where some are missing."""
    steps = np.diff(depth)
    values, counts = np.unique(np.round(steps, 6), return_counts=True)
    common = float(values[np.argmax(counts)])
    for part in (1, 2, 3, 4, 5):
        if np.isclose(steps / (common / part), np.round(steps / (common / part)), atol=1e-6).mean() > 0.9:
            return common / part
    return common


def _is_part(read: float, wanted: float, *, free: bool) -> bool:
    """Whether a reading is what is left of a number of which the reader lost digits or took one for its like.

    `free`: between numbers of the chain one digit may be any other, since its place already proves the number.
    """
    have, full = f"{read:.0f}", f"{wanted:.0f}"
    if len(have) < len(full):
        return len(have) >= 2 and (full.endswith(have) or full.startswith(have))
    if len(have) > len(full) or have == full:
        return have == full
    pairs = [a + b for a, b in zip(have, full, strict=True) if a != b]
    return len(pairs) == 1 and (free or pairs[0] in _ALIKE)
