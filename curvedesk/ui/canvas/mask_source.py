"""Draws tiles of the mask: what the network takes for a solid and for a dashed pen, each in its colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from curvedesk.ui.canvas.inks import DASHED_MASK, SOLID_MASK
from curvedesk.ui.canvas.paper_source import image_of
from curvedesk.ui.canvas.resampling import U8, placed
from curvedesk.ui.canvas.tile_grid import TILE_DEVICE_PX, TileKey

FAINTEST = 40  # of 255: less is the network's noise, not ink


class MaskSource:
    """`probability` (2, H, W) bytes, solid and dashed, may grow while it is shown; its pixel (X, Y) covers scan pixels
    from `left_px` + X / `scale` and `top_px` + Y / `scale` (edges) on."""

    def __init__(self, probability: U8, *, left_px: int, top_px: int, scale: float) -> None:
        self._probability = probability
        self._left, self._top, self._scale = left_px, top_px, scale

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """x0, y0, x1, y1 of what it covers, in edges of scan pixels."""
        _, height, width = self._probability.shape
        right, bottom = self._left + width / self._scale, self._top + height / self._scale
        return float(self._left), float(self._top), right, bottom

    def draw(self, key: TileKey) -> QImage:
        """One tile of the screen, premultiplied."""
        scale = key.scale / self._scale
        every = max(1, int(0.5 / scale))  # far out, a sample of rows and columns tells enough
        scale *= every
        left = (key.left / key.scale - self._left) * self._scale / every
        top = (key.top / key.scale - self._top) * self._scale / every
        x0, y0, reach = max(0, int(left) - 2), max(0, int(top) - 2), int(TILE_DEVICE_PX / scale) + 5
        region = self._probability[:, y0 * every : (y0 + reach) * every : every]
        region = region[:, :, x0 * every : (x0 + reach) * every : every]
        if 0 in region.shape:
            return image_of(np.zeros((TILE_DEVICE_PX,) * 2, np.uint32), QImage.Format.Format_ARGB32_Premultiplied)
        shape = {"scale": scale, "left": left - x0, "top": top - y0}
        solid, dashed = (placed(np.array(part), size=TILE_DEVICE_PX, outside=0, **shape) for part in region)
        return image_of(_mixed(solid, dashed), QImage.Format.Format_ARGB32_Premultiplied)


def _table(colour: int) -> NDArray[np.uint32]:
    """Premultiplied pixels by probability."""
    alpha = np.arange(256, dtype=np.float64)
    alpha[:FAINTEST] = 0
    red, green, blue = (np.round((colour >> shift & 255) * alpha / 255).astype(np.uint32) for shift in (16, 8, 0))
    return (alpha.astype(np.uint32) << 24 | red << 16 | green << 8 | blue).astype(np.uint32)


_SOLID, _DASHED = _table(SOLID_MASK), _table(DASHED_MASK)


def _mixed(solid: U8, dashed: U8) -> NDArray[np.uint32]:
    """The likelier class of each pixel; a crossing is both, and shown as the dashed pen, which is the rarer."""
    return np.where(dashed >= solid, _DASHED[dashed], _SOLID[solid])
