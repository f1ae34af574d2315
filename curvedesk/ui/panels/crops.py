"""The piece of paper a value was read from, shown beside it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap, QTransform
from PySide6.QtWidgets import QLabel

from curvedesk.imaging import Scan
from curvedesk.session.sheet_parts import Crop
from curvedesk.ui.desk import Desk

MARGIN = 0.15  # of paper around what was read
MOST_PX = 4_000_000


class CropView(QLabel):
    """Read in a thread and scaled to fit; empty where there is no scan."""

    def __init__(self, desk: Desk, *, size: QSize) -> None:
        super().__init__()
        self._desk = desk
        self._crop: Crop | None = None
        self._most = size
        self.setFixedHeight(size.height())
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setVisible(False)

    def show_crop(self, crop: Crop | None) -> None:
        """This place of the paper."""
        if crop == self._crop:
            return
        self._crop = crop
        self.setVisible(False)
        self.setToolTip(f"Read here: “{crop.text}”" if crop and crop.text else "Read here")
        scan = self._desk.scan
        if crop is not None and scan is not None:
            room, ratio = self._most, self.devicePixelRatioF()

            def read() -> QImage | None:
                return image_of(scan, crop, room=room * ratio)

            self._desk.background.run(read, self._show)

    def _show(self, image: QImage | None) -> None:
        if image is None or self._crop is None:
            self.setVisible(False)
            return
        ratio = self.devicePixelRatioF()
        self.setVisible(True)
        picture = QPixmap.fromImage(image)
        picture.setDevicePixelRatio(ratio)
        self.setPixmap(picture)


def image_of(scan: Scan, crop: Crop, *, room: QSize) -> QImage | None:
    """The paper at a crop with a little around it, upright, at most as large as ``room``."""
    dx, dy = MARGIN * (crop.x1_px - crop.x0_px), MARGIN * (crop.y1_px - crop.y0_px)
    x0, y0 = max(0, int(crop.x0_px - dx)), max(0, int(crop.y0_px - dy))
    x1, y1 = min(scan.width, int(crop.x1_px + dx) + 1), min(scan.height, int(crop.y1_px + dy) + 1)
    if x1 <= x0 or y1 <= y0 or (x1 - x0) * (y1 - y0) > MOST_PX:
        return None
    gray = scan.read(x0, y0, x1, y1)
    height, width = gray.shape
    image = QImage(gray.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).copy()
    if crop.turn:
        image = image.transformed(QTransform().rotate(crop.turn))
    return image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
