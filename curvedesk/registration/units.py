"""Feet or metres: said in words, or told by the printed scale, which is round in one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_FEET_PER_M = 0.3048
_SCALES = (20, 40, 48, 50, 100, 120, 200, 240, 250, 480, 500, 600, 1000, 1200, 2000, 2500)
_FEET_SCALES = frozenset((20, 40, 48, 120, 240, 480, 600, 1200))  # 60" to 1" per 100 ft
_METRE_SCALES = frozenset((20, 40, 50, 100, 200, 250, 500, 1000, 2000, 2500))
_FEET_WORDS = re.compile(r"\b(feet|foot|ft|FEET|FT)\b|\d\s*[\"”″']+\s*[=:/]*\s*100", re.IGNORECASE)
_METRE_WORDS = re.compile(r"\b(met(?:er|re)s?|DEPTH\s*\(?M\)?)\b|[(\[]\s*M\s*[)\]]", re.IGNORECASE)
_RATIO = re.compile(r"1\s*[:/]\s*(\d{2,4})\b")


@dataclass(frozen=True, slots=True)
class DepthUnit:
    """FT or M, how sure, and the scale of the print as the 200 in 1:200."""

    unit: str
    sure: float
    ratio: int


def depth_unit(*, px_per_unit: float, dpi: float, interval: float, texts: Sequence[str]) -> DepthUnit:
    """What the numbers count, from the paper's scale at `dpi`, what the numbers grow by, and the words around."""
    off = {unit: _off(px_per_unit, dpi, unit) for unit in ("FT", "M")}
    told = _told(texts)
    score = {unit: -12 * off[unit][0] for unit in off}
    score["M" if interval in {25, 10, 20, 5} and interval < 50 else "FT"] += 0.6
    score["FT"] += 0.8  # nine in ten old logs
    for unit, weight in told.items():
        score[unit] += 2.0 * weight
    for ratio in _ratios(texts):
        for unit, (_, nearest) in off.items():
            score[unit] += 1.2 if ratio == nearest else 0.0
    best = max(score, key=lambda unit: score[unit])
    gap = score[best] - min(score.values())
    return DepthUnit(best, min(0.99, 0.6 + 0.25 * gap), off[best][1])


def paper_ratios(*, px_per_unit: float, unit: str, dpi: float, track_px: float | None) -> tuple[float, ...]:
    """The print's scale by the scan's resolution and, where a track of ten divisions is known, by its 2.5 inches."""
    inches = 12.0 if unit == "FT" else 12.0 / _FEET_PER_M
    rulers = [dpi] if track_px is None else [dpi, track_px / 2.5]
    return tuple(inches * ruler / px_per_unit for ruler in rulers)


def ratio_of(px_per_unit: float, unit: str, dpi: float) -> int:
    """The round scale of a print, as the 200 in 1:200, that is nearest."""
    return _off(px_per_unit, dpi, unit)[1]


def _off(px_per_unit: float, dpi: float, unit: str) -> tuple[float, int]:
    """(how far the scale of the print is from a round one of that unit, as a part; that scale)."""
    feet = 12.0 if unit == "FT" else 12.0 / _FEET_PER_M
    ratio = feet * dpi / px_per_unit
    known = _FEET_SCALES if unit == "FT" else _METRE_SCALES
    nearest = min(known, key=lambda k: abs(ratio / k - 1))
    return min(0.1, abs(ratio / nearest - 1)), nearest


def _told(texts: Sequence[str]) -> dict[str, float]:
    feet = sum(bool(_FEET_WORDS.search(t)) for t in texts)
    metres = sum(bool(_METRE_WORDS.search(t)) for t in texts)
    total = feet + metres
    return {"FT": feet / total, "M": metres / total} if total else {}


def _ratios(texts: Sequence[str]) -> list[int]:
    return [int(m) for t in texts for m in _RATIO.findall(t) if int(m) in _SCALES]
