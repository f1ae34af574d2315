"""Numbers at the borders of a scale block, found as clumps of ink: the word finder overlooks a lone 0."""

from __future__ import annotations

import cv2
import numpy as np

from curvedesk.registration.ocr import Word, read_lines
from curvedesk.registration.page import U8, IsCancelled

_SIGNS = "0123456789.-,"
_ZONE = 0.3  # of a track from either border
_INK = 110
_SPECK_PX = 4
_LEAST_PX, _MOST_PX = 7, 46
_MOST_BLOBS = 48
_LEAST_SURE = 0.35


def end_numbers(ink: U8, left_px: float, right_px: float, cancelled: IsCancelled | None = None) -> list[Word]:
    """Numbers near the two borders of a track on a straightened block. Raises Cancelled."""
    width = right_px - left_px
    boxes = []
    for x0, x1 in ((left_px + 3, left_px + _ZONE * width), (right_px - _ZONE * width, right_px - 2)):
        a, b = int(max(0, x0)), int(min(ink.shape[1], x1))
        if b - a > 12:
            boxes += [(x + a, y, x2 + a, y2) for x, y, x2, y2 in clumps(ink[:, a:b])]
    boxes = boxes[:_MOST_BLOBS]
    pictures = [_cut(ink, box) for box in boxes]
    readings = read_lines(pictures, letters=_SIGNS, cancelled=cancelled)
    words = [_word(box, reading.text, reading.sure) for box, reading in zip(boxes, readings, strict=True)]
    return [w for w in words if w.text and w.sure >= _LEAST_SURE]


def _word(box: tuple[int, int, int, int], text: str, sure: float) -> Word:
    """With a lone slashed 0, which is hard to tell from an 8, and a lone 1 believed more than the reader does."""
    x0, y0, x1, y1 = (float(v) for v in box)
    if len(text) == 1 and x1 - x0 <= 1.1 * (y1 - y0) and sure < 0.6:
        text = "0" if text in "0869" else text
        sure = max(sure, _LEAST_SURE) if text in "01" else sure
    return Word((x0, y0, x1, y1), text, sure)


def _cut(ink: U8, box: tuple[int, int, int, int]) -> U8:
    x0, y0, x1, y1 = box
    margin = max(3, (y1 - y0) // 4)
    cut = ink[max(0, y0 - margin) : y1 + margin, max(0, x0 - margin) : x1 + margin].copy()
    lines = cv2.morphologyEx(cut, cv2.MORPH_OPEN, np.ones((1, max(20, int(0.9 * cut.shape[1]))), np.uint8))
    bare = cv2.subtract(cut, lines)
    side = max(0, (2 * bare.shape[0] - bare.shape[1]) // 2)  # the reader wants lines longer than they are high
    return np.asarray(cv2.copyMakeBorder(bare, 0, 0, side, side, cv2.BORDER_CONSTANT, value=0), np.uint8)


def _without_specks(ink: U8) -> U8:
    """Without dots smaller than a point: noise of the scan that would join letters."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    large = stats[:, cv2.CC_STAT_AREA] >= _SPECK_PX
    large[0] = False
    return np.asarray(large[labels], np.uint8)


def clumps(part: U8) -> list[tuple[int, int, int, int]]:
    """Boxes of clumps of letters, level and upright rules taken out."""
    ink = _without_specks((part > _INK).astype(np.uint8))
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, 36), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((44, 1), np.uint8))
    rules = np.asarray(cv2.bitwise_or(cv2.dilate(level, np.ones((3, 1), np.uint8)), upright), np.uint8)
    letters = np.asarray(cv2.bitwise_and(ink, 1 - rules), np.uint8)
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
