"""Which part of the scan the window shows, and how large: the arithmetic between scan pixels and screen pixels.

A scan coordinate is a pixel's centre, so pixel (0, 0) covers -0.5 to 0.5 and the scan's corner is (-0.5, -0.5).
A screen coordinate is counted from the corner of the paper's area, in the window system's own (logical) pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from curvedesk.domain.polyline import FloatArray

MIN_ZOOM, MAX_ZOOM = 1e-4, 32.0
KEPT_PX = 80.0  # so much of the paper stays in sight, however far it is pushed


@dataclass(frozen=True, slots=True)
class View:
    """`x0_px`, `y0_px`: scan coordinates at the corner of the shown area; `zoom`: screen pixels a scan pixel.

    `width`, `height`: the shown area in screen pixels.
    """

    x0_px: float = -0.5
    y0_px: float = -0.5
    zoom: float = 1.0
    width: int = 1
    height: int = 1

    def to_scan(self, x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Scan coordinates of screen coordinates."""
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        return self.x0_px + x / self.zoom, self.y0_px + y / self.zoom

    def to_screen(self, x_px: ArrayLike, y_px: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Screen coordinates of scan coordinates: the inverse of `to_scan`."""
        x_px, y_px = np.asarray(x_px, np.float64), np.asarray(y_px, np.float64)
        return (x_px - self.x0_px) * self.zoom, (y_px - self.y0_px) * self.zoom

    @property
    def rows(self) -> tuple[float, float]:
        """Scan rows at the upper and lower rim."""
        return self.y0_px, self.y0_px + self.height / self.zoom

    @property
    def columns(self) -> tuple[float, float]:
        """Scan columns at the left and right rim."""
        return self.x0_px, self.x0_px + self.width / self.zoom

    @property
    def centre(self) -> tuple[float, float]:
        """Scan coordinates in the middle."""
        return self.x0_px + 0.5 * self.width / self.zoom, self.y0_px + 0.5 * self.height / self.zoom

    def panned(self, *, right: float = 0.0, down: float = 0.0) -> View:
        """Looking further right and down by so many screen pixels."""
        return replace(self, x0_px=self.x0_px + right / self.zoom, y0_px=self.y0_px + down / self.zoom)

    def zoomed_at(self, x: float, y: float, factor: float) -> View:
        """Larger by `factor`, the scan under screen point (x, y) staying where it is."""
        zoom = min(max(self.zoom * factor, MIN_ZOOM), MAX_ZOOM)
        keep = 1.0 / self.zoom - 1.0 / zoom
        return replace(self, x0_px=self.x0_px + x * keep, y0_px=self.y0_px + y * keep, zoom=zoom)

    def centred_on(self, x_px: float | None = None, y_px: float | None = None) -> View:
        """The scan point in the middle; an axis left out stays."""
        middle_x, middle_y = self.centre
        dx = 0.0 if x_px is None else x_px - middle_x
        dy = 0.0 if y_px is None else y_px - middle_y
        return replace(self, x0_px=self.x0_px + dx, y0_px=self.y0_px + dy)

    def resized(self, width: int, height: int) -> View:
        """Another size of the area, the upper left corner staying where it is."""
        return replace(self, width=max(1, width), height=max(1, height))

    def fit_width(self, scan_width: int, *, margin: float = 0.0) -> View:
        """The scan as wide as the area, `margin` screen pixels beside it, the upper rim's row staying."""
        zoom = min(max((self.width - 2.0 * margin) / scan_width, MIN_ZOOM), MAX_ZOOM)
        return replace(self, x0_px=-0.5 - margin / zoom, zoom=zoom)

    def fit_all(self, scan_width: int, scan_height: int) -> View:
        """The whole scan in sight, in the middle."""
        zoom = min(max(min(self.width / scan_width, self.height / scan_height), MIN_ZOOM), MAX_ZOOM)
        view = replace(self, zoom=zoom)
        return view.centred_on((scan_width - 1) / 2, (scan_height - 1) / 2)

    def showing_rows(self, y0_px: float, y1_px: float) -> View:
        """These rows in the middle of the area; smaller only if they would not fit with some room around them."""
        high = max(abs(y1_px - y0_px), 1.0)
        factor = min(1.0, 0.8 * self.height / (high * self.zoom))
        x, y = self.width / 2, self.height / 2
        return self.zoomed_at(x, y, factor).centred_on(y_px=(y0_px + y1_px) / 2)

    def clamped(self, scan_width: int, scan_height: int) -> View:
        """Moved as little as needed so that the log is never lost; what is narrower than the area stays centred."""
        x0 = _kept_across(self.x0_px, self.width / self.zoom, scan_width, KEPT_PX / self.zoom)
        y0 = _kept(self.y0_px, self.height / self.zoom, scan_height, KEPT_PX / self.zoom)
        return replace(self, x0_px=x0, y0_px=y0)

    def within_rows(self, scan_height: int) -> View:
        """Moved up or down so that it shows nothing above or below the log, from its top where it is shorter."""
        last = max(-0.5, scan_height - 0.5 - self.height / self.zoom)
        return replace(self, y0_px=min(max(self.y0_px, -0.5), last))

    def snapped(self, ratio: float) -> View:
        """Moved by less than a device pixel so that the scan's corner lies on one; `ratio`: device pixels a pixel."""
        scale = self.zoom * ratio
        corner = (round((self.x0_px + 0.5) * scale), round((self.y0_px + 0.5) * scale))
        return replace(self, x0_px=corner[0] / scale - 0.5, y0_px=corner[1] / scale - 0.5)

    def origin(self, ratio: float) -> tuple[int, int]:
        """Device pixels from the scan's corner to the area's, of a snapped view."""
        scale = self.zoom * ratio
        return round((self.x0_px + 0.5) * scale), round((self.y0_px + 0.5) * scale)

    def level_for(self, levels: int, ratio: float = 1.0) -> int:
        """The coarsest pyramid level none of whose pixels is larger than a device pixel (0 when zoomed in)."""
        return level_for(self.zoom * ratio, levels)


def level_for(scale: float, levels: int) -> int:
    """The coarsest of `levels` (level k: 1 / 2**k of the pixels) that `scale` (device pixels a scan pixel) can show."""
    return min(max(math.floor(-math.log2(scale)), 0), levels - 1)


def _kept(start: float, span: float, size: int, kept: float) -> float:
    """The start of a window of `span` over pixels 0..size that keeps `kept` of them in sight."""
    kept = min(kept, span / 2, float(size))
    return min(max(start, -0.5 - span + kept), size - 0.5 - kept)


def _kept_across(start: float, span: float, size: int, kept: float) -> float:
    if span >= size:
        return (size - span) / 2 - 0.5
    room = min(kept, span / 2) / 2  # a little air beside the paper, no more
    return min(max(start, -0.5 - room), size - 0.5 - span + room)
