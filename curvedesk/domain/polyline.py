"""Piecewise linear maps with extended ends: the arithmetic under edges, ties and tables."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def frozen_array(values: ArrayLike) -> FloatArray:
    """A read-only float64 copy of the same shape, safe to share between frozen values."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


def interpolate(at: ArrayLike, knots: FloatArray, values: FloatArray) -> FloatArray:
    """Piecewise linear through (knots, values), the end segments extended.

    `knots` (n,) strictly increasing, n >= 2; `at` any shape. `numpy.interp` holds the end values instead.
    """
    at = np.asarray(at, dtype=np.float64)
    inside = np.interp(at, knots, values)
    before = values[0] + (at - knots[0]) * ((values[1] - values[0]) / (knots[1] - knots[0]))
    after = values[-1] + (at - knots[-1]) * ((values[-1] - values[-2]) / (knots[-1] - knots[-2]))
    return np.asarray(np.where(at < knots[0], before, np.where(at > knots[-1], after, inside)))


def invert(values_at: ArrayLike, knots: FloatArray, values: FloatArray) -> FloatArray:
    """The inverse of `interpolate` for `knots` (n,) and strictly monotone `values` (n,)."""
    if values[-1] < values[0]:
        return interpolate(values_at, values[::-1], knots[::-1])
    return interpolate(values_at, values, knots)
