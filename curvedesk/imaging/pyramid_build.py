"""From a scan to its pyramid in one pass from top to bottom; each level keeps less than a row of tiles in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from curvedesk.domain.errors import Cancelled
from curvedesk.imaging.info import Colour
from curvedesk.imaging.pixels import U8
from curvedesk.imaging.scan import Scan
from curvedesk.imaging.tile_file import TILE_PX, Layout, TileWriter

BAND_ROWS = 4 * TILE_PX
Progress = Callable[[float], None]
IsCancelled = Callable[[], bool]


def layout_of(scan: Scan) -> Layout:
    """The pyramid a scan gets: in colour where it has any."""
    bilevel = scan.info.colour is Colour.BILEVEL and scan.info.samples == 1
    return Layout(scan.width, scan.height, 3 if scan.info.colour.has_hue else 1, bilevel)


def build_into(folder: Path, scan: Scan, *, progress: Progress | None, cancelled: IsCancelled | None) -> None:
    """Write the scan's pyramid into an empty folder; ``progress`` gets 0 to 1.

    Raises:
        Cancelled: ``cancelled()`` said so.
        ScanError: the scan cannot be decoded.
        OSError: the folder cannot be written.
    """
    layout = layout_of(scan)
    writer = TileWriter(folder, layout)
    try:
        level = _Level(writer, layout, 0)
        read = scan.read_rgb if layout.channels == 3 else scan.read
        for y in range(0, scan.height, BAND_ROWS):
            if cancelled is not None and cancelled():
                raise Cancelled(f"{scan.info.path.name}: preparing the view was cancelled")
            bottom = min(y + BAND_ROWS, scan.height)
            level.push(read(0, y, scan.width, bottom))
            if progress is not None:
                progress(bottom / scan.height)
        level.end()
        writer.finish()
    finally:
        writer.abandon()


class _Level:
    """Takes rows from above, writes full rows of tiles, hands half the size to the next level."""

    def __init__(self, writer: TileWriter, layout: Layout, number: int) -> None:
        self._writer = writer
        self._number = number
        self._row = 0
        self._waiting: list[U8] = []
        self._next = _Level(writer, layout, number + 1) if number + 1 < layout.levels else None

    def push(self, rows: U8) -> None:
        self._waiting.append(rows)
        if sum(map(len, self._waiting)) < TILE_PX:
            return
        joined = np.concatenate(self._waiting)
        whole = len(joined) // TILE_PX * TILE_PX
        for top in range(0, whole, TILE_PX):
            self._write(joined[top : top + TILE_PX])
        self._waiting = [joined[whole:].copy()]

    def end(self) -> None:
        """Write what is left; an odd last row or column is doubled, so that halving keeps its gray."""
        left = np.concatenate(self._waiting) if self._waiting else None
        if left is not None and len(left):
            self._write(left)
        if self._next is not None:
            self._next.end()

    def _write(self, rows: U8) -> None:
        for column, x in enumerate(range(0, rows.shape[1], TILE_PX)):
            self._writer.put(self._number, self._row, column, rows[:, x : x + TILE_PX])
        self._row += 1
        if self._next is not None:
            self._next.push(halved(rows))


def halved(rows: U8) -> U8:
    """Half the size by the mean of 2 x 2 pixels: (h, w[, 3]) -> (h / 2, w / 2[, 3]), rounded up."""
    height, width = rows.shape[:2]
    padding = [(0, height % 2), (0, width % 2), (0, 0)][: rows.ndim]
    even = np.pad(rows, padding, mode="edge") if height % 2 or width % 2 else rows
    size = (even.shape[1] // 2, even.shape[0] // 2)
    return np.asarray(cv2.resize(even, size, interpolation=cv2.INTER_AREA), np.uint8).reshape(
        size[::-1] + rows.shape[2:]
    )
