"""Tracks and depth columns of a stretch: where level lines cross, between which vertical lines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from curvedesk.registration.atlas import BAND_PX
from curvedesk.registration.drift import Stretch
from curvedesk.registration.levels import Levels
from curvedesk.registration.page import F32, F64
from curvedesk.registration.rulings import Line, Ruling, find_lines, ruling_of

_NARROWEST_COLUMN_PX, _WIDEST_COLUMN_PX = 56.0, 420.0
_NARROWEST_TRACK_PX = 110.0
_BARE, _PLAIN = 0.18, 0.6  # of the usual agreement: less and no grid lies there; more and one certainly does
_BESIDE_PX = 150.0
_RIM_PX = 14.0
_TRACE_PX = 4
_POINT_BANDS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A track between two lines (places in the stretch's profile), its ruling, and how sure it is, 0 to 1."""

    left_px: float
    right_px: float
    ruling: Ruling
    sure: float

    @property
    def width_px(self) -> float:
        return self.right_px - self.left_px


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Strips from left to right, the bare columns beside and between them (x0, x1), and all lines."""

    strips: tuple[Strip, ...]
    columns: tuple[tuple[float, float], ...]
    lines: tuple[Line, ...]


def lay_out(stretch: Stretch, levels: Levels, *, width_px: int) -> Layout:
    """Tracks and bare columns of a stretch; no strips where it has no grid."""
    lines = find_lines(stretch.profile)
    strong = _strong(lines)
    usual = _usual_agreement(levels)
    if len(strong) < 2 or usual < 0.25:
        return Layout((), (), tuple(lines))
    pitch = _pitch(strong)
    regions = [_without_loose_ends(a, b, strong, width_px) for a, b in _regions(strong, levels, usual)]
    regions = [_to_whole_divisions(ab, strong, pitch, levels, usual=usual, width_px=width_px) for ab in regions]
    strips = tuple(Strip(a, b, ruling_of(stretch.profile, a, b), _sureness(a, b, lines)) for a, b in regions)
    return Layout(strips, _bare(strips, width_px), tuple(lines))


def _strong(lines: list[Line]) -> list[Line]:
    """Lines that may be borders or divisions, not the shadow of a calm pen or of text."""
    if not lines:
        return []
    heavy = float(np.percentile([line.strength for line in lines], 90))
    return [line for line in lines if line.strength >= 0.09 * heavy]


def _usual_agreement(levels: Levels) -> float:
    good = levels.grid[levels.grid > 0.3]
    return float(np.median(good)) if len(good) >= 6 else 0.0


def _grid_between(levels: Levels, x0: float, x1: float) -> float:
    """Mean agreement of the blocks between two places, the blocks that straddle them left out where possible."""
    half = float(levels.centre_px[1] - levels.centre_px[0]) / 2
    inside = (levels.centre_px - half >= x0 - 1) & (levels.centre_px + half <= x1 + 1)
    if inside.any():
        return float(levels.grid[inside].mean())
    return float(np.interp((x0 + x1) / 2, levels.centre_px, levels.grid))


def _regions(lines: list[Line], levels: Levels, usual: float) -> list[tuple[float, float]]:
    """Runs of cells that level lines cross, ended by bare cells at least as wide as a depth column.

    A run begins where the grid is plain and goes on while there is some: stains and dense pens weaken it in places.
    """
    share = [_grid_between(levels, a.x_px, b.x_px) / usual for a, b in pairwise(lines)]
    wide = [b.x_px - a.x_px for a, b in pairwise(lines)]
    some = [not _is_bare(k, share, wide) for k in range(len(share))]
    runs: list[tuple[float, float]] = []
    start = 0
    while start < len(some):
        end = start
        while end < len(some) and some[end]:
            end += 1
        if end > start and max(share[start:end]) >= _PLAIN:
            runs.append((lines[start].x_px, lines[end].x_px))
        start = max(end, start + 1)
    return [(a, b) for a, b in _joined(runs) if b - a >= _NARROWEST_TRACK_PX]


def _is_bare(k: int, share: list[float], wide: list[float]) -> bool:
    """Whether level lines miss a cell: altogether, or far more than they miss what stands beside it."""
    if wide[k] <= 12:
        return False
    if share[k] < _BARE:
        return True
    return wide[k] >= _NARROWEST_COLUMN_PX and share[k] < _PLAIN * min(
        _beside(k, share, wide, -1), _beside(k, share, wide, 1)
    )


def _beside(k: int, share: list[float], wide: list[float], step: int) -> float:
    """Mean agreement over the next `_BESIDE_PX` on one side; none beyond the last line."""
    at, length, total = k + step, 0.0, 0.0
    while 0 <= at < len(share) and length < _BESIDE_PX:
        length, total = length + wide[at], total + wide[at] * share[at]
        at += step
    return total / length if length else 0.0


def _joined(runs: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Runs with less between them than a depth column needs become one."""
    whole: list[tuple[float, float]] = []
    for a, b in runs:
        if whole and a - whole[-1][1] < _NARROWEST_COLUMN_PX:
            whole[-1] = (whole[-1][0], b)
        else:
            whole.append((a, b))
    return whole


def _without_loose_ends(x0: float, x1: float, lines: list[Line], width_px: int) -> tuple[float, float]:
    """An evenly ruled region without an end cell that is far wider than the others: that ends at the paper's edge."""
    inside = [line.x_px for line in lines if x0 - 1 <= line.x_px <= x1 + 1]
    gaps = np.diff(inside)
    if len(gaps) < 6:
        return x0, x1
    usual = float(np.median(gaps))
    if (np.abs(gaps - usual) < 0.08 * usual).mean() < 0.7:
        return x0, x1
    left = inside[1] if gaps[0] > 1.5 * usual and x0 < _RIM_PX else x0
    return left, inside[-2] if gaps[-1] > 1.5 * usual and x1 > width_px - _RIM_PX else x1


def _pitch(lines: list[Line]) -> float:
    """The commonest distance between neighbouring lines; 0 where none is common."""
    gaps = np.diff([line.x_px for line in lines])
    gaps = gaps[gaps > 12]
    if len(gaps) < 5:
        return 0.0
    near = [(np.abs(gaps - g) < 0.06 * g).sum() for g in gaps]
    best = gaps[int(np.argmax(near))]
    return float(np.median(gaps[np.abs(gaps - best) < 0.06 * best])) if max(near) >= 5 else 0.0


def _to_whole_divisions(
    region: tuple[float, float], lines: list[Line], pitch: float, levels: Levels, *, usual: float, width_px: int
) -> tuple[float, float]:
    """A region one division short of ten or twenty whose border is trimmed or undrawn, made whole on its outer side."""
    x0, x1 = region
    inside = [line.x_px for line in lines if x0 - 1 <= line.x_px <= x1 + 1]
    if pitch <= 0 or len(inside) < 5:
        return x0, x1
    own = float(np.median(np.diff(inside)))
    count = (x1 - x0) / own
    if abs(own - pitch) > 0.12 * pitch or abs(count - round(count)) > 0.15 or round(count) % 10 != 9:
        return x0, x1
    own = (x1 - x0) / round(count)
    sides = {
        (x0 - own, x1): _grid_between(levels, x0 - own, x0) + (0.3 if x0 < own * 1.2 else 0),
        (x0, x1 + own): _grid_between(levels, x1, x1 + own) + (0.3 if x1 + own * 1.2 > width_px else 0),
    }
    best = max(sides, key=lambda side: sides[side])
    return best if sides[best] > 0.12 * usual else (x0, x1)


def _sureness(x0: float, x1: float, lines: list[Line]) -> float:
    """Borders drawn at both ends, as dark as the lines of the print."""
    usual = float(np.median([line.strength for line in lines])) or 1.0
    ends = [max((line.strength for line in lines if abs(line.x_px - x) < 2), default=0.0) for x in (x0, x1)]
    return float(np.clip(min(ends) / usual, 0.0, 1.0))


def _bare(strips: tuple[Strip, ...], width_px: int) -> tuple[tuple[float, float], ...]:
    """Columns without a grid between strips, then those outside them."""
    between = [(a.right_px, b.left_px) for a, b in pairwise(strips)]
    outside = [(0.0, strips[0].left_px), (strips[-1].right_px, float(width_px - 1))] if strips else []
    found = [(a, b) for a, b in between if _NARROWEST_COLUMN_PX <= b - a <= _WIDEST_COLUMN_PX]
    found += [(max(a, b - 400), b) if a == 0 else (a, min(b, a + 400)) for a, b in outside if b - a > 50]
    return tuple(found)


def border_of(columns: F32, stretch: Stretch, x_px: float) -> F64:
    """(n, 2) polyline x_px, y_px of the line at `x_px` of the profile: the stretch's shift, corrected where the line
    itself is seen to stand off it."""
    bands = np.arange(stretch.last - stretch.first)
    expected = x_px + stretch.shift_px
    off = np.array([_stands_off(columns[stretch.first + b], expected[b]) for b in bands])
    seen = np.isfinite(off)
    if seen.sum() >= max(3, 0.08 * len(bands)):
        filled = np.interp(bands, bands[seen], off[seen])
        calm = np.array([np.median(filled[max(0, b - 4) : b + 5]) for b in bands])
        expected = expected + calm
    y = (stretch.first + bands + 0.5) * BAND_PX - 0.5
    return _thinned(np.stack([expected, y], axis=1))


def _stands_off(band: F32, at_px: float) -> float:
    """Distance of a line from where it is expected, NaN where none is near."""
    k = round(at_px)
    if k < _TRACE_PX or k >= len(band) - _TRACE_PX:
        return np.nan
    part = band[k - _TRACE_PX : k + _TRACE_PX + 1].astype(np.float64)
    part = np.clip(part - np.median(band[max(0, k - 20) : k + 21]), 0, None)
    if part.max() < 0.15:
        return np.nan
    return float(part @ np.arange(-_TRACE_PX, _TRACE_PX + 1)) / float(part.sum()) + k - at_px


def _thinned(points: F64) -> F64:
    """Every fourth point and both ends: a wave of paper is far longer."""
    keep = np.unique(np.append(np.arange(0, len(points), _POINT_BANDS), len(points) - 1))
    return np.asarray(points[keep], np.float64)
