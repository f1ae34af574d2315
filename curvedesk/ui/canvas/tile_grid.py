"""Screen tiles: squares of the scan drawn at exactly the size they are shown, so that painting only copies them.

The grid is fixed to the scan's corner and counted in device pixels at one scale (device pixels a scan pixel). Tile
(column, row) covers device pixels [512 column, 512 (column + 1)) across and likewise down.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

TILE_DEVICE_PX = 512


@dataclass(frozen=True, slots=True)
class TileKey:
    """One tile: `source` tells scans, evidence and their states apart, `scale` is device pixels a scan pixel."""

    source: int
    scale: float
    column: int
    row: int

    @property
    def left(self) -> int:
        """Device pixels from the scan's corner."""
        return self.column * TILE_DEVICE_PX

    @property
    def top(self) -> int:
        """Device pixels from the scan's corner."""
        return self.row * TILE_DEVICE_PX

    def rows_px(self) -> tuple[float, float]:
        """Scan rows it covers, counted from the scan's corner."""
        return self.top / self.scale, (self.top + TILE_DEVICE_PX) / self.scale


@dataclass(frozen=True, slots=True)
class Box:
    """Device pixels [left, right) x [top, bottom), counted from the scan's corner."""

    left: int
    top: int
    right: int
    bottom: int

    def meets(self, other: Box) -> bool:
        """Whether they share a pixel."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def box_of(key: TileKey, scale: float) -> Box:
    """Where a tile lies in the grid of another scale."""
    share = scale / key.scale
    left, top = math.floor(key.left * share), math.floor(key.top * share)
    side = TILE_DEVICE_PX
    return Box(left, top, math.ceil((key.left + side) * share), math.ceil((key.top + side) * share))


def tiles_in(box: Box, *, source: int, scale: float) -> Iterator[TileKey]:
    """The tiles that meet a box, from its middle outwards: what the eye is on comes first."""
    if box.right <= box.left or box.bottom <= box.top:
        return
    columns = range(box.left // TILE_DEVICE_PX, (box.right - 1) // TILE_DEVICE_PX + 1)
    rows = range(box.top // TILE_DEVICE_PX, (box.bottom - 1) // TILE_DEVICE_PX + 1)
    middle = (rows[0] + rows[-1]) / 2
    for row in sorted(rows, key=lambda r: abs(r - middle)):
        for column in columns:
            yield TileKey(source, scale, column, row)
