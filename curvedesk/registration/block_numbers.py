"""Numbers at the borders of a scale block, found as clumps of ink: the word finder overlooks a lone 0."""

from __future__ import annotations

import cv2
import numpy as np

from curvedesk.registration.ocr import Word, read_lines
from curvedesk.registration.page import U8

_SIGNS = "0123456789.-,"
_ZONE = 0.3  # of a track from either border
_INK = 100
_LEAST_PX, _MOST_PX = 7, 46
_MOST_BLOBS = 48
_LEAST_SURE = 0.5


def end_numbers(ink: U8, left_px: float, right_px: float) -> list[Word]:
    """Numbers near the two borders of a track on a straightened block."""
    width = right_px - left_px
    boxes = []
    for x0, x1 in ((left_px + 3, left_px + _ZONE * width), (right_px - _ZONE * width, right_px - 2)):
        a, b = int(max(0, x0)), int(min(ink.shape[1], x1))
        if b - a > 12:
            boxes += [(x + a, y, x2 + a, y2) for x, y, x2, y2 in _clumps(ink[:, a:b])]
    boxes = boxes[:_MOST_BLOBS]
    pictures = [_cut(ink, box) for box in boxes]
    readings = read_lines(pictures, letters=_SIGNS)
    return [
        Word((float(b[0]), float(b[1]), float(b[2]), float(b[3])), r.text, r.sure)
        for b, r in zip(boxes, readings, strict=True)
        if r.text and r.sure >= _LEAST_SURE
    ]


def _cut(ink: U8, box: tuple[int, int, int, int]) -> U8:
    x0, y0, x1, y1 = box
    margin = max(3, (y1 - y0) // 4)
    cut = ink[max(0, y0 - margin) : y1 + margin, max(0, x0 - margin) : x1 + margin].copy()
    lines = cv2.morphologyEx(cut, cv2.MORPH_OPEN, np.ones((1, max(20, int(0.9 * cut.shape[1]))), np.uint8))
    return np.asarray(cv2.subtract(cut, lines), np.uint8)


def _clumps(part: U8) -> list[tuple[int, int, int, int]]:
    """Boxes of clumps of letters, level and upright rules taken out."""
    ink = (part > _INK).astype(np.uint8)
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, 36), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((44, 1), np.uint8))
    letters = ink & ~(cv2.dilate(level, np.ones((3, 1), np.uint8)) | upright) & 1
    near = cv2.dilate(letters, np.ones((3, 15), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(near)
    found = []
    for k in range(1, count):
        x, y, w, h, _area = (int(v) for v in stats[k])
        inner = letters[y : y + h, x : x + w] * (labels[y : y + h, x : x + w] == k)
        rows, columns = np.flatnonzero(inner.any(axis=1)), np.flatnonzero(inner.any(axis=0))
        if not len(rows) or inner.sum() < 12:
            continue
        box = x + int(columns[0]), y + int(rows[0]), x + int(columns[-1]) + 1, y + int(rows[-1]) + 1
        if _LEAST_PX <= box[3] - box[1] <= _MOST_PX and 3 <= box[2] - box[0] <= 200:
            found.append(box)
    return found
