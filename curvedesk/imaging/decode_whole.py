"""PNG, JPEG and BMP pixels, decoded whole and kept as small as they are; runs in the decoder child only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk.imaging.info import Colour, HeaderError, PageInfo
from curvedesk.imaging.pixels import U8, eight_bits, oriented, over_white


class WholeDocument:
    """A one-page file that has no strips; ``rows`` cuts the decoded image."""

    def __init__(self, path: Path, info: PageInfo) -> None:
        self.info = info
        self.bilevel = info.colour is Colour.BILEVEL
        self._image = self._decoded(path)

    def close(self) -> None:
        """Forget the pixels."""
        self._image = np.empty((0, 0), np.uint8)

    def rows(self, y0: int, y1: int) -> U8:
        """Rows as packed ink bits (bilevel), gray (n, W) or RGB (n, W, 3)."""
        return self._image[y0:y1]

    def _decoded(self, path: Path) -> U8:
        flag = cv2.IMREAD_COLOR if path_is_bmp(path) else cv2.IMREAD_UNCHANGED
        image = cv2.imdecode(np.fromfile(path, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION if flag > 0 else flag)
        if image is None:
            raise HeaderError("its pixels are damaged", "copy or scan it again")
        image = oriented(on_paper(image), self.info.orientation)
        if image.shape[:2] != (self.info.height, self.info.width):
            raise HeaderError("its pixels do not have the size that its header claims", "copy or scan it again")
        if self.bilevel:
            return np.packbits(image < 128, axis=1)
        return image


def path_is_bmp(path: Path) -> bool:
    """By content; 32 bit BMP files carry a fourth byte that looks like alpha and is not."""
    with path.open("rb") as file:
        return file.read(2) == b"BM"


def on_paper(image: NDArray[Any]) -> U8:
    """What OpenCV hands out, (h, w[, 3 or 4]) gray, BGR or BGRA of 8 or 16 bit -> gray or RGB over white, 8 bit."""
    image = eight_bits(image, 16) if image.dtype == np.uint16 else image
    if image.ndim == 2:
        return image
    if image.shape[2] == 4:
        return over_white(image[:, :, 2::-1], image[:, :, 3], premultiplied=False)
    return np.ascontiguousarray(image[:, :, ::-1])
