"""Digits that every number of a chain lost alike, put back where whole readings say so.

A chain of numbers that all lost their first digit, or their last zero, grows as evenly as the true one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from curvedesk.registration.chain import Chain
from curvedesk.registration.numbers import Numeral
from curvedesk.registration.page import F64

_LEAST_SURE = 0.25
_PLAIN = 0.8
_NEAR = 0.1  # of the interval
_ENOUGH = 0.25  # of the chain's numbers: so many with another digit in front, and the others lost it


def with_lost_digits(chain: Chain, others: Sequence[Numeral], *, deepest: float) -> Chain:
    """The chain as deep as whole readings along it say. `others`: what was read beside it."""
    found = _with_lost_lead(_with_lost_zero(chain, others), others, deepest)
    return replace(found, doubt=found.doubt or _misread_alike(found, others))


def _misread_alike(chain: Chain, others: Sequence[Numeral]) -> bool:
    """Whether the first digit of all numbers may be misread: 8300, 8400 and 9000 among 6500, 6600, 6800 and 6900."""
    unread = [n for n, read in zip(chain.numerals, chain.read, strict=True) if not read]
    votes: dict[float, int] = {}
    for n, place in _along(chain, [*others, *unread]):
        digits = len(f"{n.value:.0f}")
        step = 10.0 ** (digits - 1)
        off = round((n.value - place) / step) * step
        near = round(place / chain.interval) * chain.interval
        if (
            off
            and n.sure > _PLAIN
            and digits == len(f"{near:.0f}")
            and abs(n.value - place - off) < _NEAR * chain.interval
        ):
            votes[off] = votes.get(off, 0) + 1
    most = max(votes.values(), default=0)
    return most >= 2 and most >= _ENOUGH * sum(chain.read)


def _with_lost_zero(chain: Chain, others: Sequence[Numeral]) -> Chain:
    """Ten times as deep where whole numbers between say so: of turned numbers a last 0 is often cut off."""
    tens = [n for n, place in _along(chain, others) if abs(n.value / 10 - place) < _NEAR * chain.interval]
    if len(tens) < 2:
        return chain
    return replace(
        chain,
        depth=chain.depth * 10,
        interval=chain.interval * 10,
        px_per_unit=chain.px_per_unit / 10,
        wrong=max(0, chain.wrong - len(tens)),
    )


def _with_lost_lead(chain: Chain, others: Sequence[Numeral], deepest: float) -> Chain:
    """Deeper by what a digit in front means where enough numbers have one; `doubt` where only some do: a mark before a
    number reads as a 1 too, and a 1 that touches a border is taken for the border."""
    plain = [(n, place) for n, place in _along(chain, others) if n.sure > _PLAIN]
    whole = np.array([n.value - place for n, place in plain])
    tens = 10.0 ** len(f"{chain.depth.max():.0f}")
    steps = np.round(whole / tens) * tens
    leads = steps[(steps > 0) & (np.abs(whole - steps) < _NEAR * chain.interval)]
    if len(leads) < 2:
        return chain
    values, counts = np.unique(leads, return_counts=True)
    lead, count = float(values[np.argmax(counts)]), int(counts.max())
    agreed = count >= 3 and count >= _ENOUGH * len(chain.y_px) and chain.depth.max() + lead <= deepest
    if not agreed:
        return replace(chain, doubt=True)
    return replace(chain, depth=chain.depth + lead, wrong=max(0, chain.wrong - count))


def _along(chain: Chain, others: Sequence[Numeral]) -> list[tuple[Numeral, float]]:
    """Readings between a chain's ends, each with the depth the chain gives its row."""
    low, high = chain.y_px[0] - 1, chain.y_px[-1] + 1
    rows = [n for n in others if low < n.y_px < high and n.sure > _LEAST_SURE]
    places: F64 = np.interp([n.y_px for n in rows], chain.y_px, chain.depth)
    return list(zip(rows, places.tolist(), strict=True))
