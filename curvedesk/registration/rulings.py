"""Vertical lines of a stretch, and whether they rule a linear or a logarithmic scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from curvedesk.registration.page import F32, F64

_LEAST_STRENGTH = 0.11
_NEAR_PX = 3.0


@dataclass(frozen=True, slots=True)
class Line:
    """One vertical line: where it stands in the stretch's profile, and how much ink it has (a 2 px line has 2)."""

    x_px: float
    strength: float


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the lines inside a track say. `divisions` of a linear one (0: none seen), `decades` and first digit of a
    logarithmic one; `fit` from 0 to 1."""

    logarithmic: bool
    divisions: int
    decades: int
    first: float
    fit: float


def find_lines(profile: F32) -> list[Line]:
    """Peaks of a mean profile (W,), sub-pixel, left to right."""
    padded = np.pad(profile.astype(np.float64), 3)
    sums = padded[:-2] + padded[1:-1] + padded[2:]
    found = []
    for i in range(len(profile)):
        k = i + 3
        if padded[k] < padded[k - 1] or padded[k] <= padded[k + 1] or sums[k - 1] < _LEAST_STRENGTH:
            continue
        part = padded[k - 2 : k + 3]
        found.append(Line(i + float(part @ np.arange(-2, 3)) / float(part.sum()), float(sums[k - 1])))
    return _apart(found)


def _apart(lines: list[Line]) -> list[Line]:
    """Of lines closer than three pixels the stronger."""
    kept: list[Line] = []
    for line in lines:
        if kept and line.x_px - kept[-1].x_px < _NEAR_PX:
            if line.strength > kept[-1].strength:
                kept[-1] = line
        else:
            kept.append(line)
    return kept


def ruling_of(profile: F32, left_px: float, right_px: float) -> Ruling:
    """The scale that the lines between two borders rule best."""
    inside = profile[max(0, round(left_px) + 4) : max(0, round(right_px) - 3)].astype(np.float64)
    if len(inside) < 40 or inside.max() < 0.04:
        return Ruling(False, 0, 0, 1.0, 0.0)
    offset = max(0, round(left_px) + 4) - left_px
    width = right_px - left_px
    level = np.minimum(inside, 3 * np.percentile(inside, 97) + 1e-6)
    ways = [
        Ruling(False, n, 0, 1.0, _fit(level, offset, width * np.arange(1, n) / n)) for n in (4, 5, 8, 10, 15, 16, 20)
    ]
    for decades in (1, 2, 3, 4, 5):
        for first in (1.0, 2.0):
            at = _log_places(decades, first) * width
            ways.append(Ruling(True, 0, decades, first, _fit(level, offset, at)))
    return max(ways, key=lambda way: way.fit)


def _log_places(decades: int, first: float) -> F64:
    steps = (np.log10(np.arange(1, 10))[None, :] + np.arange(decades + 1)[:, None]).ravel()
    fraction = (steps - np.log10(first)) / decades
    return np.asarray(fraction[(fraction > 0.01) & (fraction < 0.99)])


def _fit(level: F64, offset: float, places: F64) -> float:
    """Harmonic mean of how much of the ink the places explain, and how many of them have ink."""
    at = np.rint(places - offset).astype(int)
    at = at[(at >= 1) & (at < len(level) - 1)]
    if len(at) < 3:
        return 0.0
    near = np.zeros(len(level), bool)
    for step in (-1, 0, 1):
        near[at + step] = True
    here = np.maximum(np.maximum(level[at - 1], level[at]), level[at + 1])
    base, full = float(np.median(level)), float(np.percentile(here, 75))
    if full <= base + 0.02:
        return 0.0
    present = float(np.clip((here - base) / (full - base), 0, 1).mean())
    raised = np.clip(level - base, 0, None)
    explained = float(raised[near].sum() / max(raised.sum(), 1e-9))
    chance = float(near.mean())
    explained = max(0.0, (explained - chance) / (1 - chance))
    return 2 * present * explained / max(present + explained, 1e-9)
