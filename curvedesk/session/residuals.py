"""How far each tie of the depth axis lies from where its neighbours say it should: a slip of one tie shows at once."""

from __future__ import annotations

import numpy as np

from curvedesk.domain.depth import DepthAxis
from curvedesk.domain.polyline import FloatArray


def tie_residuals_px(depth: DepthAxis) -> FloatArray:
    """y_px of each tie minus that on the straight line through the two nearest others, (n,); zeros below three ties."""
    y, at = depth.ties[:, 0], depth.ties[:, 1]
    if len(y) < 3:
        return np.zeros(len(y))
    last = len(y) - 1
    return np.array([_off(y, at, i, *_neighbours(i, last)) for i in range(len(y))])


def _neighbours(i: int, last: int) -> tuple[int, int]:
    if i == 0:
        return 1, 2
    return (last - 2, last - 1) if i == last else (i - 1, i + 1)


def _off(y: FloatArray, at: FloatArray, i: int, a: int, b: int) -> float:
    return float(y[i] - y[a] - (at[i] - at[a]) * (y[b] - y[a]) / (at[b] - at[a]))
