"""What a step weighs in memory, so that a history can be bounded: each array once, however many entries share it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.sheet import Sheet
from curvedesk.session.curve_edits import CurveEdit, columns_of
from curvedesk.session.steps import Step

OVERHEAD = 512  # a small value and its place in the maps
POINT = 112  # a tuple of two floats

Weight = tuple[int, int]  # identity of what is shared, bytes


class Weigh:
    """A running total in which what is shared counts once."""

    def __init__(self) -> None:
        self.total = 0
        self._holders: Counter[int] = Counter()

    def add(self, weights: Iterator[Weight], sign: int) -> None:
        """Count (+1) or no longer count (-1) what a step holds."""
        for key, size in weights:
            if sign > 0 and not self._holders[key]:
                self.total += size
            self._holders[key] += sign
            if not self._holders[key]:
                del self._holders[key]
                self.total -= size


def weights(step: Step) -> Iterator[Weight]:
    """Everything a step keeps alive."""
    yield id(step), OVERHEAD
    for value in step.whole.values():
        yield from _weights_of(value)
    for values in step.keyed.values():
        for value in values.values():
            yield from _weights_of(value)


def _weights_of(value: Any) -> Iterator[Weight]:
    match value:
        case CurveEdit():
            yield from map(_of_array, value.part)
        case TracedCurve():
            yield from map(_of_array, columns_of(value))
        case Sheet():
            yield id(value), OVERHEAD
            yield from map(_of_array, _arrays_of(value))
        case None | str() | float() | int():
            pass
        case _:
            yield id(value), OVERHEAD + POINT * len(getattr(value, "points", ()))


def _arrays_of(sheet: Sheet) -> Iterator[NDArray[np.float64]]:
    yield sheet.depth.ties
    for track in sheet.tracks:
        yield track.left
        yield track.right


def _of_array(array: NDArray[Any]) -> Weight:
    base = array
    while isinstance(base.base, np.ndarray):
        base = base.base
    return id(base), base.nbytes + OVERHEAD
