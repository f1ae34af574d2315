"""Depth lines of the print: rows that are ink across most of a track, where ink says nothing about a curve."""

from dataclasses import dataclass

import numpy as np

from curvedesk.domain.curve import DigitisedLog
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.sheet import Track
from curvedesk.interchange.ink import Ink, to_ink
from curvedesk.interchange.quality_band import WIDE_ROWS, Band
from curvedesk.interchange.review import Flags

PROBES = 32  # places looked at across a track
LEVEL_SHARE = 0.4
RIM = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """Where a track's borders have the depths of some samples, (n,) each, in the ink's box; rows increase."""

    left_x: FloatArray
    left_y: FloatArray
    right_x: FloatArray
    right_y: FloatArray

    @classmethod
    def of(cls, log: DigitisedLog, ink: Ink, track: Track, here: slice) -> "Borders":
        """The borders at the log's depths `here`."""
        depth = log.depth[here]
        (x0, y0), (x1, y1) = (to_ink(ink, *log.sheet.pixel_at(track, fraction, depth)) for fraction in (0.0, 1.0))
        return cls(x0, y0, x1, y1)

    def at(self, y_px: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Left column, width and tilt (rows the depth line falls from left to right) at rows of the left border."""
        left = np.interp(y_px, self.left_y, self.left_x)
        width = np.interp(y_px, self.left_y, self.right_x - self.left_x)
        return left, width, np.interp(y_px, self.left_y, self.right_y - self.left_y)


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """`flags`: which rows, counted from `first` along the left border, belong to a depth line."""

    borders: Borders
    first: int
    flags: Flags

    def on_line(self, x_px: FloatArray, y_px: FloatArray) -> Flags:
        """Whether points lie on a printed depth line, or so near that its ink could be taken for a pen's."""
        left, width, tilt = self.borders.at(y_px)
        row = y_px - tilt * (x_px - left) / np.maximum(width, 1.0)
        index = np.round(np.nan_to_num(row, nan=-1e6)).astype(np.intp) - self.first
        inside = (index >= 0) & (index < len(self.flags))
        return np.asarray(self.flags[np.where(inside, index, 0)] & inside)


def levels_of(band: Band, borders: Borders) -> Levels:
    """The depth lines of one track in a band of the paper."""
    first, last = int(np.floor(borders.left_y[0])) - 2, int(np.ceil(borders.left_y[-1])) + 3
    rows = np.arange(first, last, dtype=np.float64)
    left, width, tilt = borders.at(rows)
    share = np.linspace(RIM, 1.0 - RIM, PROBES)
    x = left[:, None] + width[:, None] * share
    y = rows[:, None] + tilt[:, None] * share
    inked = band.at(np.round(x).astype(np.intp), np.round(y).astype(np.intp)).mean(1) > LEVEL_SHARE
    return Levels(borders, first, np.convolve(inked, np.ones(2 * WIDE_ROWS + 1), "same") > 0)
