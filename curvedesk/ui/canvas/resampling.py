"""Parts of an image at any scale and place, exact to a fraction of a pixel, so that neighbouring tiles join."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
CRISP = 4.0  # from this enlargement on the pixels are shown as they are


def placed(image: U8, *, scale: float, left: float, top: float, size: int, outside: int) -> U8:
    """(size, size[, channels]) of `image` enlarged by `scale`; result (0, 0) lies at (left, top) of the image's edges.

    Shrinking (scale 0.4 to 1) averages four places a pixel, so that thin lines keep their weight.
    """
    if scale >= 1.0:
        flags = cv2.INTER_NEAREST if scale >= CRISP else cv2.INTER_LINEAR
        return _warped(image, scale=scale, left=left, top=top, size=size, outside=outside, flags=flags)
    linear = cv2.INTER_LINEAR
    twice = _warped(image, scale=2.0 * scale, left=left, top=top, size=2 * size, outside=outside, flags=linear)
    return np.asarray(cv2.resize(twice, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def _warped(image: U8, *, scale: float, left: float, top: float, size: int, outside: int, flags: int) -> U8:
    # Result pixel i covers edges i..i+1, that is source edges left + i / scale; centres are half a pixel inside.
    step = 1.0 / scale
    matrix = np.array([[step, 0.0, left + 0.5 * step - 0.5], [0.0, step, top + 0.5 * step - 0.5]])
    border = (outside,) * (1 if image.ndim == 2 else image.shape[2])
    return np.asarray(
        cv2.warpAffine(
            image, matrix, (size, size), flags=flags | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_CONSTANT,
            borderValue=border,
        ),
        np.uint8,
    )  # fmt: skip
