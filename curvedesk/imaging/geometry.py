"""Resampling an image along curved rows and columns."""

import cv2
import numpy as np
from numpy.typing import NDArray


def resample(
    image: NDArray[np.uint8], x_px: NDArray[np.float32], y_px: NDArray[np.float32], *, outside: int = 0
) -> NDArray[np.uint8]:
    """`image` (H, W) read at (x_px, y_px) (h, w) by cubic interpolation; `outside` where that is off the image.

    OpenCV addresses at most 32,767 rows or columns: pass a band of a taller image.
    """
    return np.asarray(
        cv2.remap(image, x_px, y_px, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(outside,)), np.uint8
    )
