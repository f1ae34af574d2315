"""From numbers to a tie table: which line each number belongs to, its exact row, and what is missing filled in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.registration.chain import Chain
from curvedesk.registration.levels import Levels
from curvedesk.registration.page import F32, F64
from curvedesk.registration.settling import settled

_FARTHEST_PX = 34.0  # between a number's middle and its line
_LEANING_PX = 15.0  # how far that usually is
_SNAP_PX = 5


@dataclass(frozen=True, slots=True, eq=False)
class Tie:
    """One row of known depth at the depth column: `y_px`, `slope`; `seen` where a line was there to snap to, `read`
    where the number was, `left_over_px` from the straight line between its neighbours."""

    y_px: float
    depth: float
    slope: float
    seen: bool
    read: bool
    left_over_px: float
    box: tuple[int, int, int, int] | None


@dataclass(frozen=True, slots=True, eq=False)
class DepthScale:
    """The ties of one pass of the log, `offset_px` from numbers down to their lines, `clear` how plainly those lines
    stand out from others near the numbers, and the chain they came from."""

    ties: tuple[Tie, ...]
    offset_px: float
    clear: float
    chain: Chain


def tie(chain: Chain, levels: Levels, column_px: F64) -> DepthScale:
    """Ties of a chain on the level lines. `column_px` (h,): the depth column's middle, in the stretch's profile."""
    rows = _thick(levels.rows)
    wanted = _every_depth(chain)
    own = _own_rows(chain, levels, column_px)
    offset, clear = _offset(rows, own, chain)
    middles = np.interp(wanted, chain.depth, own) if len(own) > 1 else own
    lines = [_snapped(rows, y + offset) for y in middles]
    at = np.array([y for y, _ in lines])
    seen = np.array([s for _, s in lines])
    at, seen = _agreed(at, seen, wanted, middles + offset)
    at = settled(levels.rows, at, seen)
    read = np.isin(np.round(wanted, 6), np.round(chain.depth[np.array(chain.read)], 6))
    boxes = {round(float(d), 6): n.box for d, n in zip(chain.depth, chain.numerals, strict=True)}
    ties = []
    for k, depth in enumerate(wanted):
        row = int(np.clip(round(float(at[k])), 0, len(levels.slope) - 1))
        slope = float(levels.slope[row])
        y = float(at[k]) + slope * (float(column_px[row]) - levels.x_px) + levels.y0
        ties.append(Tie(y, float(depth), slope, bool(seen[k]), bool(read[k]), 0.0, boxes.get(round(float(depth), 6))))
    return DepthScale(_with_left_overs(ties), offset, clear, chain)


def _thick(rows: F32) -> F64:
    """Ink of a line with its thickness, on the row of its middle."""
    return np.convolve(rows.astype(np.float64), np.ones(5), mode="same")


def _every_depth(chain: Chain) -> F64:
    count = round(float(np.ptp(chain.depth)) / chain.interval)
    return np.asarray(chain.depth[0] + chain.interval * np.arange(count + 1), np.float64)


def _own_rows(chain: Chain, levels: Levels, column_px: F64) -> F64:
    """Rows of the numbers' middles as seen at the column at which the levels were straightened."""
    rows = chain.y_px - levels.y0
    index = np.clip(np.rint(rows).astype(int), 0, len(levels.slope) - 1)
    return np.asarray(rows - levels.slope[index] * (column_px[index] - levels.x_px), np.float64)


def _offset(rows: F64, own: F64, chain: Chain) -> tuple[float, float]:
    """Pixels from a number's middle down to its line: where ink is darkest near all numbers together.

    Numbers stand on their line, or just above or below it; lines of the fine grid stand as near, but are thinner.
    """
    reach = int(min(_FARTHEST_PX, 0.3 * chain.interval * chain.px_per_unit))
    steps = np.arange(-reach, reach + 1)
    index = np.clip(np.rint(own).astype(int)[:, None] + steps[None, :], 0, len(rows) - 1)
    near = rows[index]
    whole = np.median(near, axis=0) + near.mean(axis=0)
    score = whole * np.exp(-0.5 * (steps / _LEANING_PX) ** 2)
    best = int(np.argmax(score))
    away = np.abs(steps - steps[best]) > 4
    rival = float(score[away].max()) if away.any() else 0.0
    clear = 1 - rival / float(score[best]) if score[best] > 0 else 0.0
    return float(steps[best]), clear


def _snapped(rows: F64, y: float) -> tuple[float, bool]:
    """(sub-pixel row of the line near `y`, whether there is one)."""
    k = round(y)
    low, high = max(0, k - _SNAP_PX - 3), min(len(rows), k + _SNAP_PX + 4)
    part = rows[low:high]
    if len(part) < 2 * _SNAP_PX:
        return y, False
    inner = slice(3, len(part) - 3)
    best = 3 + int(np.argmax(part[inner]))
    if part[best] <= 0.12:
        return y, False
    at = part[best - 3 : best + 4] - part[max(0, best - 6) : best + 7].min()
    weight = np.clip(at, 0, None) ** 2
    return low + best + float(weight @ np.arange(-3, len(weight) - 3)) / float(max(weight.sum(), 1e-9)), True


def _agreed(at: F64, seen: NDArray[np.bool_], depth: F64, fallback: F64) -> tuple[F64, NDArray[np.bool_]]:
    """Snaps that stand off what their neighbours make likely are not this number's line: straight between the others.

    Rows are compared with the median of the straight lines through neighbours left and right.
    """
    seen = seen.copy()
    if seen.sum() < 3:
        return np.where(seen, at, fallback), seen
    off = at - fallback
    usual = np.array([_near_median(off, seen, k) for k in range(len(at))])
    stray = seen & (np.abs(off - usual) > 4.0)
    seen &= ~stray
    good = np.flatnonzero(seen)
    if len(good) < 2:
        return fallback, seen
    filled = np.interp(depth, depth[good], at[good])
    outside = (depth < depth[good[0]]) | (depth > depth[good[-1]])
    return np.where(seen, at, np.where(outside, fallback + np.median(off[good]), filled)), seen


def _near_median(off: F64, seen: NDArray[np.bool_], k: int) -> float:
    part = slice(max(0, k - 3), k + 4)
    return float(np.median(off[part][seen[part]])) if seen[part].any() else 0.0


def _with_left_overs(ties: list[Tie]) -> tuple[Tie, ...]:
    y = np.array([t.y_px for t in ties])
    found = []
    for k, t in enumerate(ties):
        off = float(y[k] - (y[k - 1] + y[k + 1]) / 2) if 0 < k < len(ties) - 1 else 0.0
        found.append(Tie(t.y_px, t.depth, t.slope, t.seen, t.read, off, t.box))
    return tuple(found)
