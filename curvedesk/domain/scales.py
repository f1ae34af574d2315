"""Value scales: where across a track a value is drawn, and back, with wraps (back-up scales)."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from curvedesk.domain.polyline import FloatArray, interpolate, invert

IntArray = NDArray[np.int32]
_MAX_TURN = 1_000_000  # a value so far off that its turn means nothing (and would overflow) counts as unreadable


class ScaleKind(StrEnum):
    """How values are spread across a track."""

    LINEAR = "linear"
    LOG = "log"
    TABLE = "table"


class WrapKind(StrEnum):
    """What a pen does that leaves its track."""

    NONE = "none"
    ADD = "add"
    MULTIPLY = "multiply"


@dataclass(frozen=True, slots=True)
class Wrap:
    """A back-up scale; `factor` is how many times wider each multiplying scale is than the one before."""

    kind: WrapKind = WrapKind.NONE
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class ValueScale:
    """Value at fraction 0 (`left`) and 1 (`right`) of a track, and the way between.

    `table` holds (fraction, value) rows, fractions increasing and values strictly monotone; it rules over
    `left` and `right` where `kind` is TABLE.
    """

    left: float
    right: float
    kind: ScaleKind = ScaleKind.LINEAR
    table: tuple[tuple[float, float], ...] = ()
    wrap: Wrap = field(default_factory=Wrap)

    def value_at(self, fraction: ArrayLike, turn: ArrayLike = 0) -> FloatArray:
        """Values drawn at `fraction` across the track on back-up scale `turn` (FORMATS' n); shapes broadcast."""
        fraction = np.asarray(fraction, dtype=np.float64)
        n = np.asarray(turn, dtype=np.float64)
        if self.kind is ScaleKind.TABLE:
            return self._table_value_at(fraction, n)
        if self.wrap.kind is WrapKind.ADD:
            fraction = fraction + n
        elif self.wrap.kind is WrapKind.MULTIPLY:
            fraction = fraction * self.wrap.factor**n
        return self.from_axis(self._axis_left + fraction * self._axis_span)

    def place_of(self, value: ArrayLike) -> tuple[FloatArray, IntArray]:
        """Fraction across the track and turn of each value: the inverse of `value_at`.

        ADD: fraction in [0, 1). MULTIPLY: the smallest turn >= 0 with fraction <= 1. Without a wrap the
        fraction lies outside 0..1 where the value does. NaN (and what a log scale cannot hold) gives NaN, turn 0.
        """
        value = np.asarray(value, dtype=np.float64)
        if self.kind is ScaleKind.TABLE:
            return self._table_place_of(value)
        with np.errstate(invalid="ignore", divide="ignore"):
            whole = (self.to_axis(value) - self._axis_left) / self._axis_span
        return self._wrapped(whole)

    def to_axis(self, value: ArrayLike) -> FloatArray:
        """Values, of any shape, in the coordinate that a straight pen stroke is linear in (log10 on a log scale)."""
        value = np.asarray(value, dtype=np.float64)
        if self.kind is not ScaleKind.LOG:
            return value
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.log10(value), dtype=np.float64)

    def from_axis(self, axis: ArrayLike) -> FloatArray:
        """Inverse of `to_axis`, of the same shape."""
        axis = np.asarray(axis, dtype=np.float64)
        return np.asarray(10.0**axis) if self.kind is ScaleKind.LOG else axis

    @property
    def _axis_left(self) -> float:
        return float(self.to_axis(self.left))

    @property
    def _axis_span(self) -> float:
        return float(self.to_axis(self.right)) - self._axis_left

    def _wrapped(self, whole: FloatArray) -> tuple[FloatArray, IntArray]:
        whole = np.where(np.abs(whole) < _MAX_TURN, whole, np.nan) if self.wrap.kind is WrapKind.ADD else whole
        if self.wrap.kind is WrapKind.ADD:
            return _split_added(whole)
        if self.wrap.kind is WrapKind.MULTIPLY:
            return _split_multiplied(whole, self.wrap.factor)
        return np.where(np.isfinite(whole), whole, np.nan), np.zeros(whole.shape, np.int32)

    def _table_columns(self) -> tuple[FloatArray, FloatArray]:
        rows = np.asarray(self.table, dtype=np.float64)
        return rows[:, 0], rows[:, 1]

    def _table_ends(self) -> tuple[float, float]:
        start, end = interpolate([0.0, 1.0], *self._table_columns())
        return float(start), float(end)

    def _table_value_at(self, fraction: FloatArray, n: FloatArray) -> FloatArray:
        base = interpolate(fraction, *self._table_columns())
        start, end = self._table_ends()
        if self.wrap.kind is WrapKind.ADD:
            return base + n * (end - start)
        if self.wrap.kind is WrapKind.MULTIPLY:
            return start + self.wrap.factor**n * (base - start)
        return base + 0 * n

    def _table_place_of(self, value: FloatArray) -> tuple[FloatArray, IntArray]:
        start, end = self._table_ends()
        whole = (value - start) / (end - start)  # turns count in whole spans of value, whatever the table does inside
        if self.wrap.kind is WrapKind.NONE:
            return invert(value, *self._table_columns()), np.zeros(value.shape, np.int32)
        share, turn = self._wrapped(whole)
        return invert(start + share * (end - start), *self._table_columns()), turn


def _split_added(whole: FloatArray) -> tuple[FloatArray, IntArray]:
    turn = np.floor(whole)
    fraction = whole - turn
    over = fraction >= 1.0  # a tiny negative number rounds up to a whole span
    turn = np.where(over, turn + 1, turn)
    return np.where(over, 0.0, fraction), np.nan_to_num(turn).astype(np.int32)


def _split_multiplied(whole: FloatArray, factor: float) -> tuple[FloatArray, IntArray]:
    with np.errstate(invalid="ignore", divide="ignore"):
        turn = np.ceil(np.log(np.maximum(whole, 1.0)) / np.log(factor))
        turn = np.where(np.isfinite(turn), turn, 0)
        turn = np.where((turn > 0) & (whole <= factor ** (turn - 1)), turn - 1, turn)  # the logarithm's rounding
        turn = np.where(whole > factor**turn, turn + 1, turn)
        fraction = whole / factor**turn
    readable = np.isfinite(fraction)
    return np.where(readable, fraction, np.nan), np.where(readable, turn, 0).astype(np.int32)
