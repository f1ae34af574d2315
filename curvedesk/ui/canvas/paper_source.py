"""Draws tiles of the paper from the pyramid, or, until it is built, from the scan itself."""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from curvedesk.imaging import Scan
from curvedesk.imaging.pyramid import Pyramid
from curvedesk.imaging.pyramid_build import layout_of
from curvedesk.imaging.tile_file import TILE_PX
from curvedesk.session.view import level_for
from curvedesk.ui.canvas.resampling import U8, placed
from curvedesk.ui.canvas.tile_grid import TILE_DEVICE_PX, TileKey

Tint = NDArray[np.uint32]  # what each gray is shown as, 0xffRRGGBB (256,)
DECODED_BYTES = 48 << 20
WHITE = 255


class PaperSource:
    """One scan; its threads share it. `pyramid` may come later."""

    def __init__(self, scan: Scan, pyramid: Pyramid | None, tint: Tint) -> None:
        self._scan = scan
        self.layout = layout_of(scan)
        self._decoded: OrderedDict[tuple[int, int, int], U8] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self.pyramid = pyramid
        self.tint = tint

    def shows(self, scan: Scan, tint: Tint) -> bool:
        """Whether it draws this scan in these colours."""
        return self._scan is scan and bool((self.tint == tint).all())

    def draw(self, key: TileKey) -> QImage:
        """One tile of the screen, opaque. Raises ScanError."""
        level = level_for(key.scale, self.layout.levels)
        scale = key.scale * 2.0**level
        left, top, side = key.left / scale, key.top / scale, TILE_DEVICE_PX / scale
        x0, y0 = int(left) - 2, int(top) - 2
        region = self.region(level, x0, y0, int(left + side) + 3, int(top + side) + 3)
        tile = placed(region, scale=scale, left=left - x0, top=top - y0, size=TILE_DEVICE_PX, outside=WHITE)
        return self.image(tile)

    def image(self, tile: U8) -> QImage:
        """Gray or RGB as it is shown."""
        if tile.ndim == 2:
            pixels = self.tint[tile]
        else:
            shown = ((self.tint[:, None] >> np.array([16, 8, 0], np.uint32)) & 255).astype(np.uint32)
            red, green, blue = (shown[tile[:, :, channel], channel] for channel in range(3))
            pixels = (red << 16) | (green << 8) | blue | np.uint32(0xFF000000)
        return image_of(pixels, QImage.Format.Format_RGB32)

    def region(self, level: int, x0: int, y0: int, x1: int, y1: int) -> U8:
        """Pixels of a level, white outside."""
        channels = () if self.layout.channels == 1 else (3,)
        result = np.full((y1 - y0, x1 - x0, *channels), WHITE, np.uint8)
        columns, rows = self.layout.grid(level)
        for row in range(max(0, y0 // TILE_PX), min(rows, -(-y1 // TILE_PX))):
            for column in range(max(0, x0 // TILE_PX), min(columns, -(-x1 // TILE_PX))):
                tile = self._tile(level, row, column)
                top, left = row * TILE_PX - y0, column * TILE_PX - x0
                cut = tile[max(0, -top) : y1 - y0 - top, max(0, -left) : x1 - x0 - left]
                y, x = max(0, top), max(0, left)
                result[y : y + cut.shape[0], x : x + cut.shape[1]] = cut
        return result

    def _tile(self, level: int, row: int, column: int) -> U8:
        place = (level, row, column)
        with self._lock:
            kept = self._decoded.get(place)
            if kept is not None:
                self._decoded.move_to_end(place)
                return kept
        tile = self._decode(level, row, column)
        with self._lock:
            if place not in self._decoded:
                self._decoded[place] = tile
                self._bytes += tile.nbytes
            while self._bytes > DECODED_BYTES and len(self._decoded) > 1:
                self._bytes -= self._decoded.popitem(last=False)[1].nbytes
        return tile

    def _decode(self, level: int, row: int, column: int) -> U8:
        if self.pyramid is not None:
            return self.pyramid.tile(level, row, column)
        shape = self.layout.tile_shape(level, row, column)
        x, y = column * TILE_PX << level, row * TILE_PX << level
        read = self._scan.read_rgb if self.layout.channels == 3 else self._scan.read
        return read(x, y, x + (shape[1] << level), y + (shape[0] << level), scale=0.5**level)


def image_of(pixels: NDArray[np.uint32], form: QImage.Format) -> QImage:
    """Pixels (h, w) 0xAARRGGBB as an image of their own memory."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, form).copy()


def tint_between(ink: int, paper: int) -> Tint:
    """What each gray is shown as, from `ink` for 0 to `paper` for 255, both 0xRRGGBB."""
    share = np.arange(256)[:, None] / 255.0
    ends = [np.array([colour >> 16 & 255, colour >> 8 & 255, colour & 255], float) for colour in (ink, paper)]
    red, green, blue = np.round(ends[0] + share * (ends[1] - ends[0])).astype(np.uint32).T
    return np.asarray(red << 16 | green << 8 | blue | np.uint32(0xFF000000), np.uint32)
