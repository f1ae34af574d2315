"""A track, the curves printed in it, and where across it a pixel lies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from curvedesk.domain.depth import NOTHING
from curvedesk.domain.polyline import FloatArray, frozen_array, interpolate
from curvedesk.domain.scales import ValueScale


class Style(StrEnum):
    """How a pen draws."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"


@dataclass(frozen=True, slots=True)
class CurveSpec:
    """What the print says about one curve; `depth_from` and `depth_to` bound the depths it exists at."""

    mnemonic: str
    unit: str
    scale: ValueScale
    style: Style = Style.SOLID
    digitize: bool = True
    depth_from: float | None = None
    depth_to: float | None = None
    confidence: float | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING, hash=False)

    def covers(self, depth: ArrayLike) -> NDArray[np.bool_]:
        """Which of these depths (n,) lie in the curve's range, both ends included: bool (n,)."""
        depth = np.asarray(depth, dtype=np.float64)
        low = -np.inf if self.depth_from is None else self.depth_from
        high = np.inf if self.depth_to is None else self.depth_to
        return (depth >= low) & (depth <= high)


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A vertical strip between two drawn borders; `left` (n, 2) and `right` (m, 2) are x_px, y_px, y increasing."""

    name: str
    left: FloatArray
    right: FloatArray
    curves: tuple[CurveSpec, ...] = ()
    confidence: float | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    def __post_init__(self) -> None:
        object.__setattr__(self, "left", frozen_array(self.left))
        object.__setattr__(self, "right", frozen_array(self.right))

    def left_at(self, y_px: ArrayLike) -> FloatArray:
        """x_px of the left border at these rows, end segments extended."""
        return interpolate(y_px, self.left[:, 1], self.left[:, 0])

    def right_at(self, y_px: ArrayLike) -> FloatArray:
        """x_px of the right border at these rows, end segments extended."""
        return interpolate(y_px, self.right[:, 1], self.right[:, 0])

    def fraction_at(self, x_px: ArrayLike, y_px: ArrayLike) -> FloatArray:
        """How far across the track pixels lie: 0 on the left border, 1 on the right one; broadcast."""
        left = self.left_at(y_px)
        return np.asarray((np.asarray(x_px, dtype=np.float64) - left) / (self.right_at(y_px) - left))

    def x_at(self, fraction: ArrayLike, y_px: ArrayLike) -> FloatArray:
        """Inverse of `fraction_at` along a row: x_px; broadcast."""
        left = self.left_at(y_px)
        return np.asarray(left + np.asarray(fraction, dtype=np.float64) * (self.right_at(y_px) - left))
