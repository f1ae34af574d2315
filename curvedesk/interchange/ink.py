"""The scan's ink at 200 dpi, a band of rows at a time, for checks of what is exported against the paper."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.polyline import FloatArray
from curvedesk.interchange.overlay import DPI, Raster

Bytes = NDArray[np.uint8]


class Ink(Protocol):
    """Gray at 200 dpi of the box of a scan that begins at (`x0_px`, `y0_px`); `scale` is 200 / the scan's dpi."""

    @property
    def x0_px(self) -> float: ...
    @property
    def y0_px(self) -> float: ...
    @property
    def scale(self) -> float: ...
    @property
    def shape(self) -> tuple[int, int]: ...
    def rows(self, first: int, last: int) -> Bytes:
        """Rows [first, last) of the box, within its shape."""


@dataclass(frozen=True, slots=True, eq=False)
class GrayInk:
    """Ink that is in memory, or a memory-mapped file: `gray` (H, W)."""

    gray: Bytes
    x0_px: float
    y0_px: float
    scale: float

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        height, width = self.gray.shape
        return height, width

    def rows(self, first: int, last: int) -> Bytes:
        """Rows [first, last)."""
        return np.asarray(self.gray[first:last])


@dataclass(frozen=True, slots=True, eq=False)
class ScanInk:
    """Ink that is read from the scan as it is asked for; `dpi` is the scan's, `box` x0, y0, x1, y1 in its pixels."""

    scan: Raster
    dpi: float
    box: tuple[int, int, int, int]

    @classmethod
    def of(cls, scan: Raster, dpi: float | None = None) -> "ScanInk":
        """The whole scan."""
        return cls(scan, dpi or scan.dpi, (0, 0, scan.width, scan.height))

    @property
    def x0_px(self) -> float:
        """Left column of the box."""
        return float(self.box[0])

    @property
    def y0_px(self) -> float:
        """Top row of the box."""
        return float(self.box[1])

    @property
    def scale(self) -> float:
        """200 dpi pixels a scan pixel."""
        return DPI / self.dpi

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns at 200 dpi."""
        x0, y0, x1, y1 = self.box
        return round((y1 - y0) * self.scale), round((x1 - x0) * self.scale)

    def rows(self, first: int, last: int) -> Bytes:
        """Rows [first, last), read with the scan's own pixels around them."""
        x0, y0, x1, y1 = self.box
        top, bottom = int(np.floor(first / self.scale)), min(int(np.ceil(last / self.scale)), y1 - y0)
        gray = self.scan.read(x0, y0 + top, x1, y0 + bottom, scale=self.scale)
        skip = min(round(first - top * self.scale), max(0, len(gray) - 1))
        return gray[skip : skip + last - first]


def to_ink(ink: Ink, x_px: FloatArray, y_px: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Columns and rows of the ink's box of scan pixels."""
    s = ink.scale
    return (x_px - ink.x0_px + 0.5) * s - 0.5, (y_px - ink.y0_px + 0.5) * s - 0.5
