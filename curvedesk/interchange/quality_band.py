"""Ink or no ink: a band of the paper's rows, and what it says about one curve."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.polyline import FloatArray
from curvedesk.interchange.review import Flags

IndexArray = NDArray[np.intp]
REACH_PX, REACH_ROWS, WIDE_ROWS = 3, 1, 2  # how far from its redrawn place a pen's ink may lie


@dataclass(frozen=True, slots=True, eq=False)
class InkFound:
    """What the paper says of each sample of one curve, (m,).

    `near`: ink lies under it; `blind`: a printed depth line hides whether. `away_px`: columns to the ink beside it,
    infinite where none is in reach. `drawn`: share of ink on the way to the next sample, depth lines not counted; 1
    where the curve goes on as before. `loose`: a pen's ink lies in the track that no exported curve explains.
    """

    near: Flags
    blind: Flags
    away_px: FloatArray
    drawn: FloatArray
    loose: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Rows of the paper from row `top` of the ink's box on: `ink` (h, w), with a blank rim of one pixel."""

    ink: Flags
    top: int

    @classmethod
    def of(cls, ink: Flags, top: int) -> "Band":
        """A band of ink or not."""
        return cls(np.pad(ink, 1), top)

    def at(self, x: IndexArray, y: IndexArray) -> Flags:
        """Whether there is ink at columns and rows of the box; none outside it."""
        height, width = self.ink.shape
        flat = np.clip(y - self.top + 1, 0, height - 1) * width + np.clip(x + 1, 0, width - 1)
        return np.asarray(self.ink.ravel().take(flat))

    def near(self, x_px: FloatArray, y_px: FloatArray, *, rows: int = REACH_ROWS) -> Flags:
        """Whether ink lies within 3 columns and so many rows of points; not where they are NaN."""
        known = np.isfinite(x_px) & np.isfinite(y_px)
        x, y = (np.round(np.where(known, v, -99.0)).astype(np.intp) for v in (x_px, y_px))
        found = np.zeros(x.shape, bool)
        for dy in range(-rows, rows + 1):
            for dx in range(-REACH_PX, REACH_PX + 1):
                found |= self.at(x + dx, y + dy)
        return np.asarray(found & known)
