"""Area averaging in exact blocks: q source pixels become p result pixels, so bands join without a seam or a drift."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from curvedesk.imaging.pixels import U8

LARGEST_BLOCK_PX = 2000
BAND_PIXELS = 8_000_000
CONTEXT_PX = 4  # cubic enlargement looks two pixels around

ReadPixels = Callable[[int, int, int, int], U8]


@dataclass(frozen=True, slots=True)
class Grid:
    """Result pixel i of an axis covers source pixels [start + i q / p, start + (i + 1) q / p)."""

    p: int
    q: int

    @classmethod
    def of(cls, scale: float) -> Grid:
        """The nearest ratio with small terms; 200/300, 1/2 and their like are exact."""
        if not 1e-4 <= scale <= 64:
            raise ValueError(f"scale {scale} is not between 0.0001 and 64")
        ratio = Fraction(scale).limit_denominator(LARGEST_BLOCK_PX) or Fraction(1, LARGEST_BLOCK_PX)
        return cls(ratio.numerator, ratio.denominator)

    def source_px(self, result_px: int) -> int:
        """Source pixels that hold ``result_px`` results, in whole blocks."""
        return -(-result_px // self.p) * self.q


def resampled(read: ReadPixels, box: tuple[int, int, int, int], *, scale: float, channels: int) -> U8:
    """The box (x0, y0, x1, y1) of ``read`` at ``scale``: (round(h scale), round(w scale)[, 3]) uint8.

    ``read(x0, y0, x1, y1)`` must pad outside the scan by itself. Smaller: area average. Larger: cubic.
    """
    if scale == 1.0:
        return read(*box)
    height, width = resampled_shape(box, scale)
    result = np.empty((height, width, 3) if channels == 3 else (height, width), np.uint8)
    for top, band in resampled_bands(read, box, scale=scale):
        result[top : top + len(band)] = band
    return result


def resampled_shape(box: tuple[int, int, int, int], scale: float) -> tuple[int, int]:
    """Rows and columns of a box at a scale. Raises ValueError for a scale that makes no sense."""
    Grid.of(scale)
    x0, y0, x1, y1 = box
    return round((y1 - y0) * scale), round((x1 - x0) * scale)


def resampled_bands(read: ReadPixels, box: tuple[int, int, int, int], *, scale: float) -> Iterator[tuple[int, U8]]:
    """The same piece by piece from top to bottom, as pairs of first row and rows, so that no scan is too tall."""
    x0, y0, _x1, _y1 = box
    grid = Grid.of(scale)
    height, width = resampled_shape(box, scale)
    if width == 0:
        return
    source_width = grid.source_px(width)
    for top, count in _bands(grid, height, source_width):
        source_y = y0 + top // grid.p * grid.q
        if scale == 1.0:
            yield top, read(x0, source_y, x0 + width, source_y + count)
            continue
        band = _block(read, grid, (x0, source_y, x0 + source_width, source_y + grid.source_px(count)))
        yield top, band[:count, :width]


def _bands(grid: Grid, height: int, source_width: int) -> Iterator[tuple[int, int]]:
    blocks = max(1, BAND_PIXELS // max(1, source_width) // grid.q)
    step = blocks * grid.p
    for top in range(0, height, step):
        yield top, min(step, height - top)


def _block(read: ReadPixels, grid: Grid, box: tuple[int, int, int, int]) -> U8:
    """Whole blocks resampled; enlarging reads some context around, in whole blocks, and cuts it off again."""
    import cv2  # here, because headers and the decoder child do without it

    x0, y0, x1, y1 = box
    if grid.p < grid.q:
        source = read(x0, y0, x1, y1)
        size = ((x1 - x0) // grid.q * grid.p, (y1 - y0) // grid.q * grid.p)
        return np.asarray(cv2.resize(source, size, interpolation=cv2.INTER_AREA), np.uint8)
    blocks = -(-CONTEXT_PX // grid.q)
    around, cut = blocks * grid.q, blocks * grid.p
    source = read(x0 - around, y0 - around, x1 + around, y1 + around)
    size = (source.shape[1] // grid.q * grid.p, source.shape[0] // grid.q * grid.p)
    return np.asarray(cv2.resize(source, size, interpolation=cv2.INTER_CUBIC)[cut:-cut, cut:-cut], np.uint8)
