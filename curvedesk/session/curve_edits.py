"""The stretch in which two versions of one traced curve differ, found and spliced bit by bit (gaps are NaN)."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.track import CurveSpec

COLUMNS = ("x_px", "y_px", "turn", "confidence")
DTYPES = {"x_px": np.float64, "y_px": np.float64, "turn": np.int32, "confidence": np.float32}
_BITS = {8: np.uint64, 4: np.uint32}

Part = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]  # the four columns of a stretch


@dataclass(frozen=True, slots=True, eq=False)
class CurveEdit:
    """Points `start` to `stop` (excluded) of the curve there give way to `part`; spec and track are the new ones."""

    spec: CurveSpec
    track: str
    start: int
    stop: int
    part: Part

    def apply(self, curve: Any) -> tuple[TracedCurve, "CurveEdit"]:
        """The curve after the edit, and the edit that leads back. Raises ValueError where it fits no such curve."""
        if not isinstance(curve, TracedCurve) or not 0 <= self.start <= self.stop <= len(curve.x_px):
            raise ValueError("an edit of a curve that is not the one it was made for")
        old = columns_of(curve)
        back = CurveEdit(
            curve.spec, curve.track, self.start, self.start + len(self.part[0]), _cut(old, self.start, self.stop)
        )
        if self.start == self.stop and not len(self.part[0]):
            return replace(curve, spec=self.spec, track=self.track), back
        new = [np.concatenate([a[: self.start], b, a[self.stop :]]) for a, b in zip(old, self.part, strict=True)]
        return TracedCurve(self.spec, self.track, *new), back


def columns_of(curve: TracedCurve) -> Part:
    """The four columns of a curve."""
    return curve.x_px, curve.y_px, curve.turn, curve.confidence


def edit_between(old: TracedCurve, new: TracedCurve) -> CurveEdit | None:
    """The edit that leads from `old` to `new`, None where they are the same to the last bit."""
    before, after = columns_of(old), columns_of(new)
    pairs = list(zip(before, after, strict=True))
    least = min(len(old.x_px), len(new.x_px))
    start = min(_alike(a[:least], b[:least]) for a, b in pairs)
    rest = least - start
    end = min(_alike(_tail(a, rest), _tail(b, rest)) for a, b in pairs)
    stop_old, stop_new = len(old.x_px) - end, len(new.x_px) - end
    if (start, start) == (stop_old, stop_new) and (old.spec, old.track) == (new.spec, new.track):
        return None
    return CurveEdit(new.spec, new.track, start, stop_old, _cut(after, start, stop_new))


def _cut(columns: Part, start: int, stop: int) -> Part:
    """A stretch; a copy, so that a small one does not keep a whole old curve in memory."""
    whole = start == 0 and stop == len(columns[0])
    x, y, turn, sure = (column if whole else column[start:stop].copy() for column in columns)
    return x, y, turn, sure


def _tail(column: NDArray[Any], count: int) -> NDArray[Any]:
    """The last `count` values, last first."""
    return column[len(column) - count :][::-1]


def _alike(one: NDArray[Any], other: NDArray[Any]) -> int:
    """How many values from the start on are the same bits."""
    if one is other:
        return len(one)
    bits = _BITS[one.dtype.itemsize]
    differs = one.view(bits) != other.view(bits)
    first = int(differs.argmax()) if len(differs) else 0
    return first if len(differs) and differs[first] else len(differs)
