"""The depth axis: ties of rows to depths, and the samples a log is exported at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from curvedesk.domain.polyline import FloatArray, frozen_array, interpolate

DEPTH_DECIMALS = 9  # nobody measures finer; keeps the arithmetic within 64 bits

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class DepthAxis:
    """Depths of rows.

    `ties` (n, 3): y_px, depth, slope (dy/dx of the depth line there), increasing in y and depth, n >= 2.
    `x_px`: the column the ties were read at, None for the middle of the gap between the first two tracks.
    """

    unit: str
    ties: FloatArray
    x_px: float | None
    top: float
    bottom: float
    step: float
    confidence: float | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    def __post_init__(self) -> None:
        ties = np.asarray(self.ties, dtype=np.float64)
        if ties.shape[1] == 2:
            ties = np.column_stack([ties, np.zeros(len(ties))])
        object.__setattr__(self, "ties", frozen_array(ties))

    def depth_of_level(self, level_px: ArrayLike) -> FloatArray:
        """Depth of rows read at the ties' own column: piecewise linear, end segments extended."""
        return interpolate(level_px, self.ties[:, 0], self.ties[:, 1])

    def level_of_depth(self, depth: ArrayLike) -> FloatArray:
        """Inverse of `depth_of_level`: rows in pixels, of the shape of `depth`."""
        return interpolate(depth, self.ties[:, 1], self.ties[:, 0])

    def slope_at(self, y_px: ArrayLike) -> FloatArray:
        """dy/dx of the depth lines at these rows; beyond the ties it stays what it was."""
        return np.interp(np.asarray(y_px, dtype=np.float64), self.ties[:, 0], self.ties[:, 2])

    def sample_depths(self) -> FloatArray:
        """Depths to export, (m,): `top`, then whole steps up to `bottom`, each the float nearest its decimal."""
        top, bottom, step = (Decimal(repr(round(float(v), DEPTH_DECIMALS))) for v in (self.top, self.bottom, self.step))
        places = max(0, *(-int(v.normalize().as_tuple().exponent) for v in (top, bottom, step)))
        first, last, stride = (int(v.scaleb(places)) for v in (top, bottom, step))
        whole = np.arange(first, last + 1, stride, dtype=np.int64)
        return np.asarray(whole / 10.0**places, dtype=np.float64)
