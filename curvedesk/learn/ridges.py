"""Pens on real paper, roughly and without a network: dark ridges that are no long straight lines of the grid."""

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.morphology import remove_small_objects

from curvedesk.learn.erasing import skeleton

Gray = NDArray[np.uint8]
Mask = NDArray[np.bool_]

_SIGMA_PX = 1.6  # strokes of two to five pixels
_LEAST_RIDGE = 9.0  # gray levels per square pixel across the stroke
_LINE_PX = 41  # a level or upright stretch longer than this is the grid's
_GAP_PX = 7  # printed lines break; so long a gap does not end one
_AXIS_DEG = 20.0  # a ridge turned no further belongs to the line it lies on
_LEAST_PX = 8  # shorter ridges are specks


def curve_ridges(gray: Gray) -> Mask:
    """Skeleton of the strokes that bend or lean, bool (H, W); of grid lines only what a curve crosses them by.

    A guess, good enough to choose what to erase: letters are in it, and pens that run straight down are not.
    """
    strength, across_deg = _ridge(gray)
    found = strength > _LEAST_RIDGE
    upright, level = (_long_lines(found, length) for length in ((_LINE_PX, 1), (1, _LINE_PX)))
    turn = np.minimum(across_deg, 180 - across_deg)  # 0 where the stroke runs upright, 90 where level
    grid = (upright & (turn < _AXIS_DEG)) | (level & (turn > 90 - _AXIS_DEG))
    thin = skeleton(found & ~grid)
    return np.asarray(remove_small_objects(thin, max_size=_LEAST_PX - 1, connectivity=2), np.bool_)


def _ridge(gray: Gray) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How sharply darkness falls off across the stroke, and the direction across it, 0..180 degrees from level."""
    ink = cv2.GaussianBlur(255 - gray.astype(np.float32), (0, 0), _SIGMA_PX)
    xx, yy, xy = (cv2.Sobel(ink, cv2.CV_32F, dx, dy, ksize=3) for dx, dy in ((2, 0), (0, 2), (1, 1)))
    xx, yy = xx / 4, yy / 4  # Sobel smooths by 4 across a second derivative, and its mixed one counts 4 pixels
    xy = xy / 4
    spread = np.sqrt((xx - yy) ** 2 / 4 + xy**2)
    sharpest = -((xx + yy) / 2 - spread)
    across = np.degrees(0.5 * np.arctan2(-xy, (yy - xx) / 2)) % 180
    return sharpest.astype(np.float32), across.astype(np.float32)


def _long_lines(found: Mask, shape: tuple[int, int]) -> Mask:
    """Where upright (height, 1) or level (1, width) stretches of such a length run, two pixels of skew allowed."""
    height, width = shape
    closing = np.ones((min(height, _GAP_PX), min(width, _GAP_PX)), np.uint8)
    sideways = np.ones((3 if height == 1 else 1, 3 if width == 1 else 1), np.uint8)
    broad = cv2.dilate(found.astype(np.uint8), sideways)
    whole = cv2.morphologyEx(broad, cv2.MORPH_CLOSE, closing)
    long = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((height, width), np.uint8))
    return np.asarray(long > 0) & found
