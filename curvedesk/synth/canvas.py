"""Ink at the source scan's resolution and labels at 200 dpi, drawn from coordinates in 200 dpi pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # (n, 2): x, y in 200 dpi pixels of the crop
Layer = NDArray[np.uint8]

LABEL_DPI = 200
LABEL_WIDTH_PX = 3
BROAD_RIM_PX = 3  # of a broad pen's ink beside its label, where either answer is right
_SUPER = 3  # labels are drawn this much larger, then area-averaged
_FRACTION_BITS = 4


def _square(radius_px: int) -> NDArray[np.uint8]:
    """The pixels within so many rows and columns."""
    return np.ones((2 * radius_px + 1, 2 * radius_px + 1), np.uint8)


@dataclass(frozen=True, slots=True)
class Warp:
    """Skew, waves and local stretch of the paper, applied to coordinates."""

    angle_rad: float = 0.0
    centre: tuple[float, float] = (0.0, 0.0)
    wave_px: tuple[float, float] = (0.0, 0.0)  # of x along y, of y along x
    period_px: tuple[float, float] = (900.0, 900.0)
    phase: tuple[float, float] = (0.0, 0.0)
    stretch: float = 0.0

    @classmethod
    def random(cls, rng: np.random.Generator, size: int) -> Warp:
        """Most paper lies straight; some is turned up to 2 degrees, some waves."""
        angle = rng.normal(0, 0.35) if rng.random() < 0.7 else rng.uniform(-2, 2)
        waves = rng.exponential(0.7, 2) if rng.random() < 0.5 else np.zeros(2)
        return cls(
            float(np.deg2rad(angle)),
            (size / 2, size / 2),
            (float(waves[0]), float(waves[1])),
            (rng.uniform(150, 1200), rng.uniform(300, 1200)),
            (rng.uniform(0, 6.3), rng.uniform(0, 6.3)),
            float(rng.normal(0, 0.01)),
        )

    def __call__(self, points: Points) -> Points:
        x, y = points[:, 0] - self.centre[0], points[:, 1] - self.centre[1]
        x = x + self.wave_px[0] * np.sin(y * (2 * np.pi / self.period_px[0]) + self.phase[0])
        y = y * (1 + self.stretch) + self.wave_px[1] * np.sin(x * (2 * np.pi / self.period_px[1]) + self.phase[1])
        cos, sin = np.cos(self.angle_rad), np.sin(self.angle_rad)
        return np.stack([cos * x - sin * y + self.centre[0], sin * x + cos * y + self.centre[1]], axis=1)


def fixed_point(points: Points, scale: float) -> NDArray[np.int32]:
    """Coordinates for cv2's `shift`; pixel centres stay centres at any scale."""
    moved = (points + 0.5) * scale - 0.5
    return np.round(np.clip(moved, -1e6, 1e6) * (1 << _FRACTION_BITS)).astype(np.int32)


def stroke(layer: Layer, points: Points, *, scale: float, width: int, ink: int = 255, smooth: bool = True) -> None:
    """One polyline of a whole number of layer pixels wide."""
    kind = cv2.LINE_AA if smooth else cv2.LINE_8
    cv2.polylines(layer, [fixed_point(points, scale)], False, ink, max(1, width), kind, _FRACTION_BITS)


def strokes(layer: Layer, many: Sequence[Points], *, scale: float, width: int, ink: int = 255) -> None:
    """Several polylines of one width and ink."""
    parts = [points for points in many if len(points) > 1]
    if parts:
        joined = fixed_point(np.concatenate(parts), scale)
        ends = np.cumsum([len(points) for points in parts])[:-1]
        cv2.polylines(layer, np.split(joined, ends), False, ink, max(1, width), cv2.LINE_AA, _FRACTION_BITS)


def whole_width(rng: np.random.Generator, width_px: float, scale: float) -> int:
    """A whole width in layer pixels, rounded by chance so that widths between two whole ones occur."""
    return max(1, int(width_px * scale + rng.random()))


@dataclass(slots=True)
class LabelCanvas:
    """Coverage of 3 px strokes by class, and the ink of pens (for the ignored rim of broad ones)."""

    width: int
    height: int
    solid: Layer
    dashed: Layer
    ink: Layer
    doubt: Layer

    @classmethod
    def blank(cls, width: int, height: int) -> LabelCanvas:
        big = (height * _SUPER, width * _SUPER)
        layers = (np.zeros(big, np.uint8), np.zeros(big, np.uint8), np.zeros(big, np.uint8))
        return cls(width, height, *layers, np.zeros((height, width), np.uint8))

    def add(self, points: Points, *, dashed: bool) -> None:
        """A stretch of centreline."""
        layer = self.dashed if dashed else self.solid
        stroke(layer, points, scale=_SUPER, width=LABEL_WIDTH_PX * _SUPER, smooth=False)

    def add_ink(self, parts: Sequence[Points], width_px: float) -> None:
        """The pen's own width there."""
        strokes(self.ink, parts, scale=_SUPER, width=round(width_px * _SUPER))

    def add_doubt(self, points: Points) -> None:
        """A stretch where even the eye cannot tell pen from print."""
        stroke(self.doubt, points, scale=1, width=LABEL_WIDTH_PX + 2, smooth=False)

    def finish(self) -> tuple[Layer, Layer, NDArray[np.bool_]]:
        """(solid, dashed, ignore) at 200 dpi; ignore is a ring of 1 px, of 3 px in a broad pen's ink, and the doubtful.

        The rest of a broad pen is no line: a mask as broad as the ink would have spurs for a centreline.
        """
        solid, dashed, ink = (self._reduce(layer) for layer in (self.solid, self.dashed, self.ink))
        core = (np.maximum(solid, dashed) >= 128).astype(np.uint8)
        ring, rim = (cv2.dilate(core, _square(px)).astype(bool) for px in (1, BROAD_RIM_PX))
        return solid, dashed, ((ring | (rim & (ink >= 64))) & (core == 0)) | (self.doubt > 0)

    def _reduce(self, layer: Layer) -> Layer:
        return np.asarray(cv2.resize(layer, (self.width, self.height), interpolation=cv2.INTER_AREA), np.uint8)
