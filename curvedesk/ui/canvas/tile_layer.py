"""The paper: visible tiles, or whatever is ready of them; and what to draw next."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Protocol

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QRegion

from curvedesk.ui.canvas.frame import Frame
from curvedesk.ui.canvas.tile_cache import TileCache
from curvedesk.ui.canvas.tile_grid import Box, TileKey, box_of, tiles_in
from curvedesk.ui.canvas.tile_loader import Wanted


class TileSource(Protocol):
    """Draws one tile, in any thread."""

    def draw(self, key: TileKey) -> QImage:
        """The tile as an image of 512 x 512."""


class TileLayer:
    """Tiles of one source over a part of the scan (`extent` is x0, y0, x1, y1 in pixels' edges), in device pixels."""

    def __init__(
        self, source: TileSource, number: int, *, extent: tuple[float, float, float, float], ground: str = ""
    ) -> None:
        self.source = source
        self.number = number
        self._extent = extent
        self._ground = QColor(ground) if ground else None
        self._cache = TileCache()
        self.strip: QImage | None = None  # the whole extent, coarse, for where nothing better is there yet

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint with `painter` in device pixels of the area."""
        box = self._within(frame.box, frame.scale)
        if box is None:
            return
        origin = frame.view.origin(frame.ratio)
        painter.save()
        whole = _rect(box, origin)
        painter.setClipRect(whole)
        ready = {key: self._cache.get(key) for key in tiles_in(box, source=self.number, scale=frame.scale)}
        missing = [_rect(box_of(key, frame.scale), origin) for key, image in ready.items() if image is None]
        if missing:  # only there: a mask lets through what lies under it
            painter.setClipRegion(QRegion(whole) & reduce(QRegion.united, missing, QRegion()))
            self._paint_coarse(painter, box, origin, frame.scale)
            self._paint_stand_ins(painter, box, origin, frame.scale)
            painter.setClipRect(whole)
        for key, image in ready.items():
            if image is not None:
                painter.drawImage(key.left - origin[0], key.top - origin[1], image)
        painter.restore()

    def paint_coarse(self, painter: QPainter, frame: Frame) -> None:
        """What is known of the whole at once, for a moment; `painter` in device pixels of the area."""
        box, origin = self._within(frame.box, frame.scale), frame.view.origin(frame.ratio)
        if box is not None:
            painter.save()
            painter.setClipRect(_rect(box, origin))
            self._paint_coarse(painter, box, origin, frame.scale)
            painter.restore()

    def wanted(self, frame: Frame) -> Iterator[Wanted]:
        """Tiles in sight that are not there yet, then those the next step down or up would show."""
        box = self._within(frame.box, frame.scale)
        if box is None:
            return
        high = box.bottom - box.top
        ahead = self._within(Box(box.left, box.top - high // 2, box.right, box.bottom + high), frame.scale) or box
        for part in (box, ahead):
            for key in tiles_in(part, source=self.number, scale=frame.scale):
                if key not in self._cache:
                    yield Wanted(key, self.source.draw)

    def put(self, key: TileKey, image: QImage) -> None:
        """A tile arrived."""
        self._cache.put(key, image)

    def forget(self, rows: tuple[float, float] | None = None) -> None:
        """Tiles over these scan rows are out of date; all of them without `rows`."""
        if rows is None:
            self._cache.drop(lambda _key: True)
        else:
            top, bottom = rows
            self._cache.drop(lambda key: key.rows_px()[0] < bottom + 2 and key.rows_px()[1] > top - 2)

    @property
    def bytes(self) -> int:
        """Memory of the tiles."""
        return self._cache.bytes

    def _paint_coarse(self, painter: QPainter, box: Box, origin: tuple[int, int], scale: float) -> None:
        if self._ground is not None:
            painter.fillRect(_rect(box, origin), self._ground)
        if self.strip is not None:
            x0, y0, x1, y1 = (edge * scale for edge in self._extent)
            painter.drawImage(QRectF(x0 - origin[0], y0 - origin[1], x1 - x0, y1 - y0), self.strip)

    def _paint_stand_ins(self, painter: QPainter, box: Box, origin: tuple[int, int], scale: float) -> None:
        for key, image in self._cache.stand_ins(box, source=self.number, scale=scale):
            painter.drawImage(_rect(box_of(key, scale), origin), image)

    def _within(self, box: Box, scale: float) -> Box | None:
        """The part of a box that lies on the extent."""
        x0, y0, x1, y1 = (round(edge * scale) for edge in self._extent)
        cut = Box(max(box.left, x0), max(box.top, y0), min(box.right, x1), min(box.bottom, y1))
        return cut if cut.left < cut.right and cut.top < cut.bottom else None


def _rect(box: Box, origin: tuple[int, int]) -> QRect:
    return QRect(box.left - origin[0], box.top - origin[1], box.right - box.left, box.bottom - box.top)
