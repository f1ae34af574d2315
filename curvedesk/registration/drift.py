"""Stretches of the page whose vertical lines belong together, and how far those wander to the side, band by band.

Paper creeps and waves, but all lines of a print move together: each band is matched to what the bands before it showed.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk.registration.page import F32, F64

_SMOOTH_PX = 41
_FARTHEST_PX = 8  # sideways in one band
_LEAST_MATCH = 0.42
_PATIENCE = 10  # bands without lines that a stretch survives
_LEAST_BANDS = 6
_MEMORY = 0.85
_PRESENT = 0.3  # of the darkest line: less may be a dotted line or a pen
_FEW = 0.4
_SHORT_GAP = 4


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Bands `first` to `last` (not included) of one print; `shift_px` (last - first,) of each band's lines to the right
    of their place in `profile` (W,), the mean of all bands with their shifts undone; `match` (last - first,) how like
    it each band is, -1 to 1."""

    first: int
    last: int
    shift_px: F64
    profile: F32
    match: F64


def stretches(columns: F32) -> list[Stretch]:
    """All stretches of a column atlas (bands, W), from the top down, not overlapping."""
    sharp = sharpened(columns)
    found, start = [], 0
    while start < len(sharp) - _LEAST_BANDS:
        if not _starts(sharp, start):
            start += 1
            continue
        last, shift = _follow(sharp, start)
        if last - start >= _LEAST_BANDS:
            found += _parted(sharp, _settled(sharp, start, last, shift))
        start = last if last > start else start + 1
    return found


def part_of(columns: F32, stretch: Stretch, first: int, last: int) -> Stretch:
    """Bands `first` to `last` of a stretch of a column atlas, with a profile of their own, its pixels the stretch's."""
    own = slice(first - stretch.first, last - stretch.first)
    shift = stretch.shift_px[own]
    moved = [_moved(band, -by) for band, by in zip(sharpened(columns[first:last]), shift.tolist(), strict=True)]
    return Stretch(first, last, shift, np.asarray(np.mean(moved, axis=0), np.float32), stretch.match[own])


def sharpened(columns: F32) -> F32:
    """The atlas without what is wider than a line: black margins, fills, stains."""
    broad = cv2.blur(columns, (_SMOOTH_PX, 1))
    return np.asarray(np.clip(columns - 1.5 * broad, 0, 1), np.float32)


def _starts(sharp: F32, band: int) -> bool:
    here, below = sharp[band], sharp[min(band + 2, len(sharp) - 1)]
    if (here > 0.3).sum() < 4:
        return False
    return match_shift(here, below, around=0.0, reach=2 * _FARTHEST_PX)[1] > _LEAST_MATCH + 0.1


def match_shift(profile: F32, band: F32, *, around: float, reach: int) -> tuple[float, float]:
    """(shift, likeness): how far `band` lies to the right of `profile`, searched near `around`, between pixels too."""
    centre = round(around)
    pad = reach + abs(centre) + 1
    wide = np.pad(band, pad)
    n = len(profile)
    scores = np.array([float(profile @ wide[pad + s : pad + s + n]) for s in range(centre - reach, centre + reach + 1)])
    scale = float(np.linalg.norm(profile) * np.linalg.norm(band))
    if scale <= 0:
        return around, 0.0
    best = int(np.argmax(scores))
    part = 0.0
    if 0 < best < len(scores) - 1:
        low, mid, high = scores[best - 1 : best + 2]
        bend = low - 2 * mid + high
        part = 0.5 * float(low - high) / float(bend) if bend < 0 else 0.0
    return centre - reach + best + part, float(scores[best]) / scale


def _follow(sharp: F32, start: int) -> tuple[int, F64]:
    """(band after the last, shifts) of the stretch that begins at `start`."""
    memory, shift, speed = sharp[start].copy(), 0.0, 0.0
    shifts, last, silent = [0.0], start + 1, 0
    for band in range(start + 1, len(sharp)):
        reach = _FARTHEST_PX + 2 * min(silent, 4)
        found, likeness = match_shift(memory, sharp[band], around=shift + speed, reach=reach)
        if likeness < _LEAST_MATCH:
            silent += 1
            shifts.append(shift)
            if silent > _PATIENCE:
                break
            continue
        speed = 0.7 * speed + 0.3 * float(np.clip(found - shift, -2, 2)) if silent == 0 else 0.0
        shift, silent, last = found, 0, band + 1
        memory = _MEMORY * memory + (1 - _MEMORY) * _moved(sharp[band], -shift)
        shifts.append(shift)
    return last, np.array(shifts[: last - start])


def _parted(sharp: F32, whole: Stretch) -> list[Stretch]:
    """The stretch cut where few of its lines are there for more than an inch: above the log, between two passes."""
    places = np.flatnonzero(
        (whole.profile[1:-1] >= whole.profile[:-2])
        & (whole.profile[1:-1] > whole.profile[2:])
        & (whole.profile[1:-1] > _PRESENT * whole.profile.max())
    )
    if len(places) < 4:
        return [whole]
    usual = whole.profile[places + 1]
    share = np.array(
        [_share_present(sharp[whole.first + i], places + 1 + s, usual) for i, s in enumerate(whole.shift_px)]
    )
    present = np.array([np.median(share[max(0, i - 2) : i + 3]) for i in range(len(share))]) >= _FEW
    parts = [run for run in _runs(present) if run[1] - run[0] >= _LEAST_BANDS]
    if not parts or (len(parts) == 1 and parts[0][1] - parts[0][0] > 0.97 * len(share)):
        return [whole]
    return [_settled(sharp, whole.first + a, whole.first + b, whole.shift_px[a:b]) for a, b in parts]


def _share_present(band: F32, at_px: F64, usual: F32) -> float:
    at = np.clip(np.rint(at_px).astype(int), 2, len(band) - 3)
    near = np.max([band[at + step] for step in (-2, -1, 0, 1, 2)], axis=0)
    return float((near > 0.3 * usual).mean())


def _runs(present: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """(first, after last) of runs of true, gaps of up to `_SHORT_GAP` bands bridged."""
    runs: list[list[int]] = []
    for band in np.flatnonzero(present):
        if runs and band - runs[-1][1] < _SHORT_GAP:
            runs[-1][1] = int(band) + 1
        else:
            runs.append([int(band), int(band) + 1])
    return [(a, b) for a, b in runs]


def _moved(row: F32, by_px: float) -> F32:
    at = np.arange(len(row)) - by_px
    return np.asarray(np.interp(at, np.arange(len(row)), row), np.float32)


def _settled(sharp: F32, first: int, last: int, shift: F64) -> Stretch:
    """Shifts measured again, against the mean of all bands; the mean is taken at the middle band's place."""
    match = np.ones(last - first)
    for _ in range(2):
        shift = shift - np.median(shift)
        profile = np.mean([_moved(sharp[first + i], -s) for i, s in enumerate(shift)], axis=0).astype(np.float32)
        pairs = [match_shift(profile, sharp[first + i], around=s, reach=4) for i, s in enumerate(shift)]
        match = np.array([m for _, m in pairs])
        shift = _filled(np.array([s for s, _ in pairs]), match)
    return Stretch(first, last, shift, profile, match)


def _filled(shift: F64, match: F64) -> F64:
    """Shifts where bands matched, straight between them elsewhere; single bands that disagree are put right."""
    good = match > _LEAST_MATCH
    if good.sum() < 2:
        return shift
    index = np.arange(len(shift))
    whole = np.interp(index, index[good], shift[good])
    middle = np.array([np.median(whole[max(0, i - 2) : i + 3]) for i in range(len(whole))])
    return np.asarray(np.where(np.abs(whole - middle) > 1.5, middle, whole))
