"""A track straightened: one row a depth level, one column a fraction across, both exact in scan pixels."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.sheet import Sheet, Track
from curvedesk.imaging.geometry import resample

ANALYSIS_DPI = 200.0
MARGIN_PX = 6  # columns kept beyond each border, for pens that run along it
BAND_ROWS = 2048
_KNOTS = 9  # fractions at which a row is placed exactly; between them it is straight to a hundredth of a pixel


@dataclass(frozen=True, slots=True)
class Strip:
    """How strip pixels (u across, v down, at 200 dpi) lie on the scan.

    Column `MARGIN_PX + fraction * width` is a fraction across the track; row v is the depth line of level
    `top_level_px + v / scale` (scan pixels at the ties' column), tilt and waves included.
    """

    sheet: Sheet
    track: Track
    width: int
    rows: int
    top_level_px: float
    scale: float

    @property
    def columns(self) -> int:
        """Columns of the strip, margins included."""
        return self.width + 1 + 2 * MARGIN_PX

    def fraction_at(self, u: FloatArray) -> FloatArray:
        """Fraction across the track of the strip's columns `u`, of the same shape."""
        return (u - MARGIN_PX) / self.width

    def depth_at(self, v: FloatArray) -> FloatArray:
        """Depth of rows."""
        return self.sheet.depth.depth_of_level(self.top_level_px + v / self.scale)

    def to_scan(self, u: FloatArray, v: FloatArray) -> tuple[FloatArray, FloatArray]:
        """x_px, y_px on the scan of strip points."""
        return self.sheet.pixel_at(self.track, self.fraction_at(u), self.depth_at(v))

    def from_scan(self, x_px: FloatArray, y_px: FloatArray) -> tuple[FloatArray, FloatArray]:
        """u, v of scan points; the inverse of `to_scan`."""
        level = self.sheet.depth.level_of_depth(self.sheet.depth_at(x_px, y_px))
        u = self.track.fraction_at(x_px, y_px) * self.width + MARGIN_PX
        return u, (level - self.top_level_px) * self.scale


def strip_of(sheet: Sheet, track: Track, *, dpi: float, margin_rows: int = 8) -> Strip:
    """The strip of `track` from the sheet's top to its bottom depth, and a few rows on."""
    scale = ANALYSIS_DPI / dpi
    top, bottom = (float(sheet.depth.level_of_depth(d)) for d in (sheet.depth.top, sheet.depth.bottom))
    middle = np.linspace(top, bottom, 33)
    width = float(np.median(track.right_at(middle) - track.left_at(middle))) * scale
    rows = int(np.ceil((bottom - top) * scale)) + 1 + 2 * margin_rows
    return Strip(sheet, track, max(16, round(width)), rows, top - margin_rows / scale, scale)


@dataclass(frozen=True, slots=True)
class Window:
    """Where an analysis image lies on the scan: its pixel (X, Y) is scan pixel (X + 0.5) / scale - 0.5 + (x0, y0)."""

    x0_px: float
    y0_px: float
    scale: float

    def to_image(self, x_px: FloatArray, y_px: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Analysis pixels of scan pixels; two of the shape of `x_px`."""
        s = self.scale
        return (x_px - self.x0_px + 0.5) * s - 0.5, (y_px - self.y0_px + 0.5) * s - 0.5

    def on_image(self, points: NDArray[np.floating]) -> FloatArray:
        """Analysis pixels (n, 2) of scan pixels (n, 2)."""
        return np.column_stack(self.to_image(points[:, 0].astype(float), points[:, 1].astype(float)))


def straighten(strip: Strip, image: NDArray[np.uint8], window: Window, *, outside: int = 0) -> NDArray[np.uint8]:
    """`image` (H, W), an analysis image lying at `window`, resampled to the strip (rows, columns)."""
    out = np.full((strip.rows, strip.columns), outside, np.uint8)
    for band, x, y in _places(strip):
        image_x, image_y = window.to_image(x, y)
        low = max(0, int(np.floor(image_y.min())) - 4)
        high = min(len(image), int(np.ceil(image_y.max())) + 5)
        if high - low < 2:
            continue
        knots, every = np.arange(_KNOTS) * (strip.columns - 1) / (_KNOTS - 1), np.arange(strip.columns)
        maps = [_spread(m, knots, every) for m in (image_x, image_y - low)]
        out[band] = resample(image[low:high], maps[0], maps[1], outside=outside)
    return out


def _places(strip: Strip) -> Iterator[tuple[slice, FloatArray, FloatArray]]:
    """Per band of rows: scan pixels of a few knots across each row."""
    u = np.arange(_KNOTS) * (strip.columns - 1) / (_KNOTS - 1)
    for start in range(0, strip.rows, BAND_ROWS):
        band = slice(start, min(start + BAND_ROWS, strip.rows))
        v = np.arange(band.start, band.stop, dtype=np.float64)
        yield band, *strip.to_scan(u[None, :], v[:, None])


def _spread(at_knots: FloatArray, knots: FloatArray, every: NDArray[np.int_]) -> NDArray[np.float32]:
    """Linear between knots along each row: (rows, knots) to (rows, columns)."""
    index = np.clip(np.searchsorted(knots, every, "right") - 1, 0, len(knots) - 2)
    weight = (every - knots[index]) / (knots[index + 1] - knots[index])
    return (at_knots[:, index] * (1 - weight) + at_knots[:, index + 1] * weight).astype(np.float32)
