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


def resize_mask(mask: NDArray[np.uint8], *, width: int, height: int, scale: float) -> NDArray[np.uint8]:
    """A class mask made at `scale` of an image, brought back to the image's own size (h, w) by nearest pixel."""
    if mask.shape == (height, width):
        return mask
    rows = np.minimum(((np.arange(height) + 0.5) * scale).astype(np.intp), mask.shape[0] - 1)
    columns = np.minimum(((np.arange(width) + 0.5) * scale).astype(np.intp), mask.shape[1] - 1)
    return mask[np.ix_(rows, columns)]
