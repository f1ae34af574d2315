"""Pens that stand still: upright ink of which the network found one end is a single stroke, and all of it the pen's.

A pen at rest leaves a line as straight as a ruled one, and the network, which has learnt to pass over those, loses it
after an inch. A ruled line itself is told by its column, which holds upright ink above and below as well.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk.tracing.strip import Strip, Window, straighten

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
_DARK = 110  # gray levels under which paper is black
_ROD_ROWS = 24  # rows of black, one above the other, that only upright strokes hold
_LEAST_ROWS = 40
_LEAN, _WIDTH_PX = 0.03, 8  # how far an upright stroke may lean, a row, and how wide it may be
_FOUND = 160  # of 255: how sure the network is of what it found
_FOUND_ROWS, _FOUND_SHARE = 24, 0.15  # rows it must have found, and the share of the stroke's
_AT_ONE_END = 0.8  # the share of these that lie together at an end
_MISSED_ROWS = 20  # fewer that it missed are left to the tracing
_SURE = 230
_AROUND_ROWS = 700  # above and below, where a ruled line would go on
_RULED_SHARE = 0.25
_BAND_ROWS = 8192


def straight_solid(strip: Strip, solid: Bytes, gray: Bytes, window: Window) -> Bytes:
    """The solid pens' evidence in a strip (rows, columns): of the analysis image `solid` (H, W), 0..255, lying at
    `window`, with what `standing_pens` adds from the paper `gray` (H, W)."""
    x, y = strip.to_scan(np.array([0.0, strip.columns - 1.0]), np.linspace(0, strip.rows - 1.0, 33)[:, None])
    image_x, image_y = window.to_image(x, y)
    height, width = solid.shape
    top, bottom = _within(image_y.min() - _AROUND_ROWS, image_y.max() + _AROUND_ROWS, height)
    left, right = _within(image_x.min() - 8, image_x.max() + 8, width)
    part = np.asarray(solid[top:bottom, left:right])
    part = standing_pens(part, np.asarray(gray[top:bottom, left:right])) if part.size else part
    there = Window(window.x0_px + left / window.scale, window.y0_px + top / window.scale, window.scale)
    return straighten(strip, part, there)


def _within(low: float, high: float, size: int) -> tuple[int, int]:
    return int(np.clip(np.floor(low), 0, size)), int(np.clip(np.ceil(high) + 1, 0, size))


def standing_pens(solid: Bytes, gray: Bytes) -> Bytes:
    """`solid` (H, W) probabilities 0..255, with all of each upright stroke of the paper `gray` (H, W) of which they
    hold one end."""
    out = solid
    for start in range(0, len(gray), _BAND_ROWS):
        rows = slice(max(0, start - _AROUND_ROWS), start + _BAND_ROWS + _AROUND_ROWS)
        added = _added(solid[rows], gray[rows])
        if added.any():
            out = solid.copy() if out is solid else out
            out[rows][added] = np.maximum(out[rows][added], _SURE)
    return out


def _added(solid: Bytes, gray: Bytes) -> Mask:
    """Pixels of standing pens."""
    dark = (gray < _DARK).view(np.uint8)
    rod = np.ones((_ROD_ROWS, 1), np.uint8)
    upright = np.asarray(cv2.morphologyEx(dark, cv2.MORPH_OPEN, rod, borderValue=0), np.uint8)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(upright, connectivity=8)
    height = boxes[:, cv2.CC_STAT_HEIGHT]
    fit = (height >= _LEAST_ROWS) & (boxes[:, cv2.CC_STAT_WIDTH] <= _WIDTH_PX + _LEAN * height)
    fit[0] = False
    added = np.zeros(gray.shape, bool)
    for label in np.flatnonzero(fit).tolist():
        x, y, w, h, _ = boxes[label].tolist()
        part = slice(y, y + h), slice(x, x + w)
        stroke = labels[part] == label
        found = np.logical_or.reduce((solid[part] >= _FOUND) & stroke, axis=1)
        if _is_found_at_one_end(found) and not _is_ruled(upright, x, y, w, h):
            added[part] |= stroke
    return added


def _is_found_at_one_end(found: Mask) -> bool:
    """Whether the network found one end of a stroke, by its rows, and missed the rest."""
    rows = int(np.count_nonzero(found))
    if rows < max(_FOUND_ROWS, _FOUND_SHARE * found.size) or rows >= found.size - _MISSED_ROWS:
        return False
    reach = int(rows / _AT_ONE_END)
    return bool(max(np.count_nonzero(found[:reach]), np.count_nonzero(found[-reach:])) >= _AT_ONE_END * rows)


def _is_ruled(upright: Bytes, x: int, y: int, w: int, h: int) -> bool:
    """Whether a stroke's columns hold upright ink above and below it too."""
    top = max(0, y - _AROUND_ROWS)
    held = np.logical_or.reduce(upright[top : y + h + _AROUND_ROWS, max(0, x - 2) : x + w + 2] > 0, axis=1)
    beyond = np.concatenate([held[: y - top], held[y - top + h :]])
    return bool(beyond.size and beyond.mean() > _RULED_SHARE)
