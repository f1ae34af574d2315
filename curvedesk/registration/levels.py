"""Level lines of one stretch: their tilt, how dark each row of the straightened print is, and where the grid lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from curvedesk.registration.atlas import BAND_PX, BLOCK_PX
from curvedesk.registration.drift import Stretch, match_shift
from curvedesk.registration.page import F32, F64, IsCancelled, check_cancelled

_COARSE = 0.0012
_JOIN = 6
_ALIKE = 0.25
_PLAIN_GAIN = 1.3
_WINDOW_PX = 768
_STEP_PX = 384
_CALM_PX = 31  # rows: what is broader than this is no line


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Rows y0 to y0 + len(rows) of a stretch, straightened at column `x_px` (of the stretch's mean place).

    `rows` (h,): how much of the grid a level line inks. `slope` (h,): dy/dx of level lines. `grid` (blocks,): how well
    each block of columns shows those lines, -1 to 1; `centre_px` (blocks,): the blocks' middles, in `profile` pixels.
    """

    y0: int
    x_px: float
    rows: F32
    slope: F64
    grid: F64
    centre_px: F64


def read_levels(rows: F32, stretch: Stretch, *, cancelled: IsCancelled | None = None) -> Levels:
    """The level lines of a stretch, off the row atlas (H, blocks). Raises Cancelled."""
    y0, y1 = stretch.first * BAND_PX, min(stretch.last * BAND_PX, len(rows))
    level = _sharpened(_aligned(rows[y0:y1], stretch))
    centre: F64 = np.asarray((np.arange(level.shape[1]) + 0.5) * BLOCK_PX - 0.5, np.float64)
    used = np.flatnonzero(level.sum(axis=0) > 0)
    x_px = float(centre[used].mean()) if len(used) else float(centre.mean())
    slope = _slopes(level, centre - x_px, cancelled)
    check_cancelled(cancelled)
    straight = _straightened(level, centre - x_px, slope)
    grid = _agreement(straight)
    weight = np.clip(grid, 0, None) ** 2
    total = float(weight.sum()) or 1.0
    return Levels(y0, x_px, (straight @ weight.astype(np.float32)) / np.float32(total), slope, grid, centre)


def tilt_of(rows: F32, *, usual: float) -> float:
    """Tilt of the level lines in some rows of the row atlas; `usual` where there are too few to tell."""
    level = _sharpened(rows)
    dx: F64 = np.asarray((np.arange(level.shape[1]) - level.shape[1] / 2 + 0.5) * BLOCK_PX, np.float64)
    wide, at = _joined(level, dx)
    slope, gain = _coarse_slope(wide, at)
    if gain < _PLAIN_GAIN:
        return usual
    for _ in range(2):
        slope += _left_over(level, dx, slope)
    return slope


def _aligned(rows: F32, stretch: Stretch) -> F32:
    """Blocks moved back by the stretch's sideways shift, band by band."""
    blocks = np.arange(rows.shape[1])
    out = np.empty_like(rows)
    for band, shift in enumerate(stretch.shift_px):
        part = slice(band * BAND_PX, (band + 1) * BAND_PX)
        at = blocks + shift / BLOCK_PX
        low = np.clip(np.floor(at).astype(int), 0, len(blocks) - 1)
        high = np.clip(low + 1, 0, len(blocks) - 1)
        share = np.clip(at - low, 0, 1).astype(np.float32)
        out[part] = rows[part][:, low] * (1 - share) + rows[part][:, high] * share
    return out


def _sharpened(rows: F32) -> F32:
    """Without what is broader along the column than a line."""
    import cv2

    return np.asarray(np.clip(rows - 1.5 * cv2.blur(rows, (1, _CALM_PX)), 0, None), np.float32)


def _slopes(level: F32, dx: F64, cancelled: IsCancelled | None) -> F64:
    """(h,) tilt of the level lines: in each window the tilt whose projection is sharpest; smoothed."""
    wide, at = _joined(level, dx)
    middles, found, weight = [], [], []
    for top in range(0, max(1, len(level) - _WINDOW_PX // 2), _STEP_PX):
        check_cancelled(cancelled)
        part = slice(top, top + _WINDOW_PX)
        slope, gain = _coarse_slope(wide[part], at)
        for _ in range(2 if gain > 0 else 0):
            slope += _left_over(level[part], dx, slope)
        middles.append(top + len(wide[part]) / 2)
        found.append(slope)
        weight.append(gain)
    return _smooth(np.array(middles), np.array(found), np.array(weight), len(level))


def _joined(level: F32, dx: F64) -> tuple[F32, F64]:
    """Blocks joined by `_JOIN`, which is enough to find a tilt roughly, and quick."""
    count = level.shape[1] // _JOIN
    wide = level[:, : count * _JOIN].reshape(len(level), count, _JOIN).mean(axis=2)
    return np.asarray(wide, np.float32), dx[: count * _JOIN].reshape(count, _JOIN).mean(axis=1)


def _coarse_slope(window: F32, dx: F64) -> tuple[float, float]:
    """(tilt, how much sharper than at other tilts); (0, 0) where there is no line."""
    columns = np.flatnonzero(window.sum(axis=0) > 0)
    if len(columns) < 3:
        return 0.0, 0.0
    part, at = window[:, columns], dx[columns]
    tilts = np.arange(-20, 21) * _COARSE
    scores = np.array([_sharpness(part, at, s) for s in tilts])
    return float(tilts[np.argmax(scores)]), float(scores.max() / max(np.median(scores), 1e-12))


def _sharpness(part: F32, dx: F64, slope: float) -> float:
    total = np.zeros(len(part), np.float32)
    for column, shift in enumerate(np.rint(slope * dx).astype(int).tolist()):
        if shift >= 0:
            total[: len(part) - shift] += part[shift:, column]
        else:
            total[-shift:] += part[:shift, column]
    return float(total @ total)


def _left_over(window: F32, dx: F64, slope: float) -> float:
    """What is missing from `slope`: the rows by which the right third still lies below the left one, by distance."""
    straight = _straightened(window, dx, np.full(len(window), slope))
    used = np.flatnonzero(straight.sum(axis=0) > 0.01 * straight.sum() / max(1, straight.shape[1]))
    third = len(used) // 3
    if third < 2:
        return 0.0
    left, right = used[:third], used[-third:]
    shift, likeness = match_shift(straight[:, left].sum(axis=1), straight[:, right].sum(axis=1), around=0.0, reach=5)
    return shift / float(dx[right].mean() - dx[left].mean()) if likeness > _ALIKE else 0.0


def _smooth(at: F64, slope: F64, weight: F64, n: int) -> F64:
    """Median of five windows, then straight between them; windows without lines say nothing."""
    good = weight > 0
    if not good.any():
        return np.zeros(n)
    at, slope = at[good], slope[good]
    calm = np.array([np.median(slope[max(0, i - 2) : i + 3]) for i in range(len(slope))])
    return np.asarray(np.interp(np.arange(n), at, calm), np.float64)


def _straightened(level: F32, dx: F64, slope: F64) -> F32:
    """Each block read along the tilted lines, so that a level line is one row."""
    rows = np.arange(len(level))
    out = np.empty_like(level)
    for k in range(level.shape[1]):
        out[:, k] = np.interp(rows + slope * dx[k], rows, level[:, k])
    return out


def _agreement(straight: F32) -> F64:
    """(blocks,) correlation of each block's rows with those of the blocks that agree best."""
    centred = straight - straight.mean(axis=0)
    norm = np.linalg.norm(centred, axis=0)
    grid = np.ones(straight.shape[1])
    for _ in range(3):
        common = centred @ (np.clip(grid, 0, None) ** 2).astype(np.float32)
        scale = norm * np.linalg.norm(common)
        grid = np.where(scale > 0, (common @ centred) / np.maximum(scale, 1e-9), 0.0)
    return np.asarray(grid, np.float64)
