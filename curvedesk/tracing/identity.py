"""Which of two like pens is which: where they met, their ink on either side says whether they crossed or touched.

A path follows the straightest ink, and two pens of one class may trade places wherever they meet. Each stretch in
which they run apart is described by the ink itself (weight of the line, share of it that is drawn, dashes a row); one
pair of describing habits is assumed to hold down the log, and stretches that contradict it are exchanged.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.sheet import Style
from curvedesk.tracing.path import GAP, Path

Bytes = NDArray[np.uint8]
_APART_PX = 9  # nearer than this, the ink of one is in the window of the other
_LEVEL_PX = 3
_SHORTEST_ROWS = 12
_REACH_PX = 4
_UNITS = np.array([1.0, 0.2, 0.1])  # what counts as a difference: pixels of ink, share drawn, dash ends a row
_EXCHANGE_COST = 6.0
_BUSY = {Style.SOLID: 0, Style.DASHED: 1, Style.DOTTED: 2}  # by ends of dashes along a line


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Rows in which two pens run apart, and how their inks differ there, in units."""

    start: int
    stop: int
    difference: FloatArray


def untangle(
    one: Path, other: Path, gray: Bytes, styles: tuple[Style, Style], *, bound: NDArray[np.bool_] | None = None
) -> tuple[Path, Path]:
    """The two paths, their rows exchanged where the ink says so; `gray` (rows, columns) is the straightened scan.

    Both paths run over the strip's own columns (no back-up scales). Equal inks leave the paths as they are.
    A stretch that touches a `bound` row (rows,) stays what it is.
    """
    stretches = _stretches(one, other, gray)
    if not stretches:
        return one, other
    exchanged = _assign(stretches, styles)
    swap = np.zeros(len(one.left), bool)
    edges = [0, *((a.stop + b.start) // 2 for a, b in pairwise(stretches)), len(swap)]
    for (start, stop), flag in zip(pairwise(edges), exchanged, strict=True):
        swap[start:stop] = flag and not (bound is not None and bound[start:stop].any())
    return _merged(one, other, swap), _merged(other, one, swap)


def _merged(one: Path, other: Path, swap: NDArray[np.bool_]) -> Path:
    return Path(np.where(swap, other.entered, one.entered), np.where(swap, other.left, one.left))


def _stretches(one: Path, other: Path, gray: Bytes) -> list[_Stretch]:
    steep = [(p.left != GAP) & (np.abs(p.left - p.entered) <= _LEVEL_PX) for p in (one, other)]
    apart = steep[0] & steep[1] & (np.abs(one.left - other.left) >= _APART_PX)
    bounds = np.flatnonzero(np.diff(apart.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    found = []
    for start, stop in bounds.tolist():
        if stop - start >= _SHORTEST_ROWS:
            habits = [_habit(gray[start:stop], p.left[start:stop]) for p in (one, other)]
            found.append(_Stretch(start, stop, (habits[0] - habits[1]) / _UNITS))
    return found


def _habit(gray: Bytes, column: NDArray[np.int32]) -> FloatArray:
    """Pixels of ink a row, share of rows with ink, ends of dashes a row, along one line."""
    offsets = np.arange(-_REACH_PX, _REACH_PX + 1)
    at = np.clip(column[:, None] + offsets, 0, gray.shape[1] - 1)
    ink = 1 - gray[np.arange(len(gray))[:, None], at] / 255
    drawn = ink[:, _REACH_PX - 1 : _REACH_PX + 2].max(1) > 0.5
    return np.array([ink.sum(1).mean(), drawn.mean(), np.abs(np.diff(drawn.astype(np.int8))).mean()])


def _assign(stretches: list[_Stretch], styles: tuple[Style, Style]) -> list[bool]:
    """Whether each stretch is to be exchanged: the assignment that makes the two habits differ most."""
    difference = np.array([s.difference for s in stretches])
    weight = np.sqrt([s.stop - s.start for s in stretches])
    flags = np.zeros(len(stretches), bool)
    for _ in range(5):
        habit = ((1 - 2 * flags)[:, None] * difference * weight[:, None]).sum(0) / weight.sum()
        new = _smooth(weight * (difference @ habit))
        if (new == flags).all():
            break
        flags = new
    busier = _BUSY[styles[0]] - _BUSY[styles[1]]
    wrong_way = busier * habit[2] < 0 if busier else flags.mean() > 0.5
    return [bool(flag) for flag in (~flags if wrong_way else flags)]


def _smooth(agreement: FloatArray) -> NDArray[np.bool_]:
    """Two-state Viterbi: a stretch is exchanged where it disagrees enough to pay for the two exchanges around it."""
    cost = np.zeros(2)
    came = []
    for value in agreement:
        other = cost[::-1] + _EXCHANGE_COST
        came.append(other < cost)
        cost = np.minimum(cost, other) + np.array([max(-value, 0.0), max(value, 0.0)])
    state = int(np.argmin(cost))
    flags = np.zeros(len(agreement), bool)
    for i in range(len(agreement) - 1, -1, -1):
        flags[i] = bool(state)
        state = 1 - state if came[i][state] else state
    return flags
