"""Small pictures of logs for the first page."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap

from curvedesk.store.locations import bundled_resources_dir

PICTURE = "sample-thumbnail.png"


@cache
def sample_picture(width_px: int, height_px: int, ratio: float = 1.0) -> QPixmap:
    """A cut of the sample log, filling the size."""
    image = QImage(str(bundled_resources_dir() / PICTURE))
    if image.isNull():
        return QPixmap()
    width, height = round(width_px * ratio), round(height_px * ratio)
    smooth = Qt.TransformationMode.SmoothTransformation
    scaled = image.scaled(width, height, Qt.AspectRatioMode.KeepAspectRatioByExpanding, smooth)
    left = (scaled.width() - width) // 2
    made = QPixmap.fromImage(scaled.copy(left, 0, width, height))
    made.setDevicePixelRatio(ratio)
    return made
