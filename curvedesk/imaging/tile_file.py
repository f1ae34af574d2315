"""One built pyramid on disk: ``tiles.bin`` with the compressed tiles one after the other, ``index.bin`` to find them.

``index.bin`` is one line of JSON (the layout), then for each tile, levels and rows in order, its offset, length and
CRC-32 as little-endian unsigned 64, 32 and 32 bits, then the CRC-32 of all that. Tiles are cut at the edges of their
level; gray and RGB tiles are bytes, tiles of a black and white level are packed bits (1 = ink); all are deflated.
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from curvedesk.imaging.pixels import U8, unpacked

FORMAT = "curvedesk-tiles-1"
TILE_PX = 512
ENTRY = np.dtype([("offset", "<u8"), ("length", "<u4"), ("crc", "<u4")])
LARGEST_TILE_BYTES = TILE_PX * TILE_PX * 3


class DamagedTilesError(Exception):
    """The files of a pyramid are not what was written; it must be built again."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Shape of a pyramid; level k has 1 / 2**k of the scan's pixels a side, rounded up, until one tile holds it."""

    width: int
    height: int
    channels: int
    bilevel: bool
    format: str = FORMAT

    @property
    def levels(self) -> int:
        """Number of levels, at least 1."""
        return max(1, (max(self.width, self.height) - 1).bit_length() - TILE_PX.bit_length() + 2)

    def size(self, level: int) -> tuple[int, int]:
        """Width and height of a level in its own pixels."""
        return -(-self.width >> level), -(-self.height >> level)

    def grid(self, level: int) -> tuple[int, int]:
        """Columns and rows of tiles of a level."""
        width, height = self.size(level)
        return -(-width // TILE_PX), -(-height // TILE_PX)

    def number(self, level: int, row: int, column: int) -> int:
        """Position of a tile in the index.

        Raises:
            IndexError: there is no such tile.
        """
        columns, rows = self.grid(level) if 0 <= level < self.levels else (0, 0)
        if not (0 <= row < rows and 0 <= column < columns):
            raise IndexError(f"no tile {row}, {column} at level {level}")
        return self._tiles_above(level) + row * columns + column

    @property
    def tiles(self) -> int:
        """Number of tiles of all levels."""
        return self._tiles_above(self.levels)

    def _tiles_above(self, level: int) -> int:
        return sum(columns * rows for columns, rows in map(self.grid, range(level)))

    def tile_shape(self, level: int, row: int, column: int) -> tuple[int, ...]:
        """(rows, columns[, 3]) of a tile."""
        width, height = self.size(level)
        shape = (min(TILE_PX, height - row * TILE_PX), min(TILE_PX, width - column * TILE_PX))
        return shape if self.channels == 1 else (*shape, self.channels)


class TileWriter:
    """Writes a pyramid into a folder that nobody reads yet."""

    def __init__(self, folder: Path, layout: Layout) -> None:
        self._folder = folder
        self._layout = layout
        self._index = np.zeros(layout.tiles, ENTRY)
        self._file = (folder / "tiles.bin").open("wb")
        self._offset = 0

    def put(self, level: int, row: int, column: int, pixels: U8) -> None:
        """Append one tile (h, w) gray or (h, w, 3) RGB, uint8."""
        packed = self._layout.bilevel and level == 0
        data = zlib.compress((np.packbits(pixels < 128, axis=1) if packed else pixels).tobytes(), 1)
        self._file.write(data)
        entry = (self._offset, len(data), zlib.crc32(data))
        self._index[self._layout.number(level, row, column)] = entry
        self._offset += len(data)

    def finish(self) -> None:
        """Write the index last."""
        self._file.close()
        body = json.dumps(asdict(self._layout)).encode() + b"\n" + self._index.tobytes()
        (self._folder / "index.bin").write_bytes(body + struct.pack("<I", zlib.crc32(body)))

    def abandon(self) -> None:
        """Let go of the file, finished or not."""
        self._file.close()


class TileFile:
    """Reads a pyramid; threads may share it. No file stays open, so that another process may remove the pyramid.

    Raises:
        DamagedTilesError: from the constructor and from ``tile``: missing, cut or changed files.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "tiles.bin"
        try:
            self.layout, self._index = _read_index(folder / "index.bin")
            size = self._path.stat().st_size
        except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
            raise DamagedTilesError from error
        if size != int(self._index["length"].sum(dtype=np.uint64)):
            raise DamagedTilesError

    def tile(self, level: int, row: int, column: int) -> U8:
        """Pixels of one tile, (rows, columns) gray or (rows, columns, 3)."""
        entry = self._index[self.layout.number(level, row, column)]
        shape = self.layout.tile_shape(level, row, column)
        try:
            with self._path.open("rb") as file:
                file.seek(int(entry["offset"]))
                data = file.read(int(entry["length"]))
        except OSError as error:
            raise DamagedTilesError from error
        if zlib.crc32(data) != int(entry["crc"]):
            raise DamagedTilesError
        raw = np.frombuffer(zlib.decompressobj().decompress(data, LARGEST_TILE_BYTES), np.uint8)
        if self.layout.bilevel and level == 0:
            return unpacked(raw.reshape(shape[0], -1), shape[1])
        return raw.reshape(shape)


def _read_index(path: Path) -> tuple[Layout, np.ndarray[tuple[int], np.dtype[np.void]]]:
    body = path.read_bytes()
    (crc,) = struct.unpack("<I", body[-4:])
    if zlib.crc32(body[:-4]) != crc:
        raise ValueError("index changed")
    head, _, entries = body[:-4].partition(b"\n")
    layout = Layout(**json.loads(head))
    if layout.format != FORMAT:
        raise ValueError("other format")
    return layout, np.frombuffer(entries, ENTRY, layout.tiles)
