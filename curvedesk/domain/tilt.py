"""Rows of tilted depth lines: the exact inverse of level = y - slope(y) * offset(y), piecewise quadratic in y."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.polyline import FloatArray


@dataclass(frozen=True, slots=True)
class TiltedRows:
    """level(y; q) = y - slope(y) * (origin(y) + q * width(y)), each factor piecewise linear between `y_px`.

    `y_px` (n,) increasing knots padded by one row at each end, so that the first and last segment carry the
    extension beyond them; the other arrays hold the factors at the knots. The level must grow with y, as it
    does on any print whose depth lines do not cross inside the tracks.
    """

    y_px: FloatArray
    slope: FloatArray
    origin: FloatArray
    width: FloatArray

    def row_at(self, level_px: FloatArray, q: FloatArray) -> FloatArray:
        """Rows y with level(y; q) = level_px; the two broadcast."""
        level_px, q = np.broadcast_arrays(level_px, q)
        return self._solve(self._segment_of(level_px, q), level_px, q)

    def _segment_of(self, level_px: FloatArray, q: FloatArray) -> NDArray[np.intp]:
        low = np.zeros(level_px.shape, np.intp)  # binary search for the last inner knot at or above the level
        high = np.full(level_px.shape, len(self.y_px) - 1, np.intp)
        for _ in range(len(self.y_px).bit_length()):
            middle = (low + high) // 2
            offset = self.origin[middle] + q * self.width[middle]
            below = (self.y_px[middle] - self.slope[middle] * offset <= level_px) & (middle > low)
            low, high = np.where(below, middle, low), np.where(below, high, np.maximum(middle, low + 1))
        return low

    def _solve(self, segment: NDArray[np.intp], level_px: FloatArray, q: FloatArray) -> FloatArray:
        rise = np.diff(self.y_px)
        bend = (np.diff(self.slope) / rise)[segment]
        drift = (np.diff(self.origin) / rise)[segment] + q * (np.diff(self.width) / rise)[segment]
        y0, slope = self.y_px[segment], self.slope[segment]
        offset = self.origin[segment] + q * self.width[segment]
        a, b, c = -bend * drift, 1.0 - bend * offset - slope * drift, y0 - slope * offset - level_px
        root = np.sqrt(np.maximum(b * b - 4.0 * a * c, 0.0))
        return np.asarray(y0 - 2.0 * c / (b + root))  # the form that does not cancel when a is tiny or zero
