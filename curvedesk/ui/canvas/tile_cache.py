"""Tiles that are ready, bounded in bytes; the least recently shown go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtGui import QImage

from curvedesk.ui.canvas.tile_grid import Box, TileKey, box_of

MAX_BYTES = 96 << 20


class TileCache:
    """For the window's thread only."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._tiles: OrderedDict[TileKey, QImage] = OrderedDict()
        self.bytes = 0

    def __contains__(self, key: TileKey) -> bool:
        return key in self._tiles

    def get(self, key: TileKey) -> QImage | None:
        """The tile, now the most recently shown one."""
        image = self._tiles.get(key)
        if image is not None:
            self._tiles.move_to_end(key)
        return image

    def put(self, key: TileKey, image: QImage) -> None:
        """Keep a tile; older ones go until all fit."""
        self.drop(lambda other: other == key)
        self._tiles[key] = image
        self.bytes += image.sizeInBytes()
        while self.bytes > self._max_bytes and len(self._tiles) > 1:
            _, gone = self._tiles.popitem(last=False)
            self.bytes -= gone.sizeInBytes()

    def drop(self, unwanted: Callable[[TileKey], bool]) -> None:
        """Forget some."""
        for key in [key for key in self._tiles if unwanted(key)]:
            self.bytes -= self._tiles.pop(key).sizeInBytes()

    def stand_ins(self, box: Box, *, source: int, scale: float) -> list[tuple[TileKey, QImage]]:
        """Tiles of other scales that lie under a box of this one, the coarsest first so that finer ones cover them."""
        found = [
            (key, image)
            for key, image in self._tiles.items()
            if key.source == source and key.scale != scale and box_of(key, scale).meets(box)
        ]
        return sorted(found, key=lambda pair: pair[0].scale)
