"""The whole scan as one small picture, for the strip of the log and for where no tile is there yet."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtGui import QImage

from curvedesk.imaging import Scan
from curvedesk.imaging.pyramid import Pyramid
from curvedesk.ui.canvas.paper_source import PaperSource, Tint
from curvedesk.ui.canvas.resampling import U8

SMALL_PX = 60_000_000  # a scan of fewer pixels is read at once; a larger one waits for its pyramid


def can_be_drawn(scan: Scan, pyramid: Pyramid | None) -> bool:
    """Whether the picture costs little now."""
    return pyramid is not None or scan.width * scan.height <= SMALL_PX


def coarse_picture(scan: Scan, pyramid: Pyramid | None, tint: Tint, *, width: int, height: int) -> QImage:
    """The whole scan in width x height pixels (each axis by its own scale). Not for the window's thread.

    Raises ScanError.
    """
    source = PaperSource(scan, pyramid, tint)
    level = source.layout.levels - 1
    while level > 0 and not _fine_enough(source, level, width, height):
        level -= 1
    pixels = np.concatenate([_band(source, level, top, height=height) for top in range(0, height, 512)])
    return source.image(np.asarray(cv2.resize(pixels, (width, len(pixels)), interpolation=cv2.INTER_AREA), np.uint8))


def _fine_enough(source: PaperSource, level: int, width: int, height: int) -> bool:
    columns, rows = source.layout.size(level)
    return columns >= width and rows >= height


def _band(source: PaperSource, level: int, top: int, *, height: int) -> U8:
    """512 rows of the picture, as wide as the level."""
    columns, rows = source.layout.size(level)
    bottom = min(top + 512, height)
    first, last = top * rows // height, max(bottom * rows // height, top * rows // height + 1)
    band = source.region(level, 0, first, columns, last)
    return np.asarray(cv2.resize(band, (columns, bottom - top), interpolation=cv2.INTER_AREA), np.uint8)
