"""Ink or no ink: a band of the paper's rows, and what it says about one curve."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.polyline import FloatArray
from curvedesk.interchange.review import Flags

REACH_PX, REACH_ROWS = 3, 1  # how far from its redrawn place a pen's ink may lie


@dataclass(frozen=True, slots=True, eq=False)
class InkFound:
    """Per sample of one curve, (m,): `near` ink lies under it, `away_px` the distance to ink beside it (infinite where
    none is in reach), `drawn` the share of ink on the way to the next sample, `loose` a pen's ink in the track that no
    exported curve explains."""

    near: Flags
    away_px: FloatArray
    drawn: FloatArray
    loose: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Rows of the paper as ink or not, from row `top` of the ink's box."""

    ink: Flags
    top: int

    def at(self, x: NDArray[np.intp], y: NDArray[np.intp]) -> Flags:
        """Whether there is ink at columns and rows of the box; none outside it."""
        height, width = self.ink.shape
        y = y - self.top
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        flat = np.where(inside, y * width + x, 0)
        return np.asarray(self.ink.ravel()[flat] & inside)

    def near(self, x_px: FloatArray, y_px: FloatArray, *, reach: int = REACH_PX, rows: int = REACH_ROWS) -> Flags:
        """Whether ink lies within `reach` columns and `rows` rows of points (n,); not where they are NaN."""
        known = np.isfinite(x_px) & np.isfinite(y_px)
        x, y = (np.round(np.where(known, v, -99.0)).astype(np.intp) for v in (x_px, y_px))
        found = np.zeros(x.shape, bool)
        for dy in range(-rows, rows + 1):
            for dx in range(-reach, reach + 1):
                found |= self.at(x + dx, y + dy)
        return found & known
