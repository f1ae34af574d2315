"""Numbers in a depth column: blobs of ink between bare rows, read upright and turned either way."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk.registration.clumps import Box, inside, joined
from curvedesk.registration.ocr import Reading, read_lines
from curvedesk.registration.page import F64, U8, IsCancelled, Page, check_cancelled

_CHUNK = 4096
_INK = 100
_LETTER_LEAST_PX, _LETTER_MOST_PX = 8, 44
_PLAIN = 0.8  # so surely read, a number joined of clumps stands for them
_LONGEST_PX = 190
_TRIAL = 14
_AT_ONCE = 24
TURNS = (0, 1, 3)  # quarter turns against the clock that make the number upright


@dataclass(frozen=True, slots=True)
class Blob:
    """A clump of ink in a column of the page, x0, y0, x1, y1 in page pixels."""

    box: tuple[int, int, int, int]

    @property
    def y_px(self) -> float:
        return (self.box[1] + self.box[3] - 1) / 2


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number that may be a depth: where it stands, what was read and how sure that is, 0 to 1."""

    y_px: float
    value: float
    sure: float
    box: tuple[int, int, int, int]
    turn: int


def find_blobs(page: Page, left: F64, right: F64, y0: int, cancelled: IsCancelled | None = None) -> list[Blob]:
    """Clumps of the size of a number between two borders (h,), rows y0 to y0 + h."""
    found: list[Blob] = []
    for top in range(0, len(left), _CHUNK):
        check_cancelled(cancelled)
        rows = slice(top, min(top + _CHUNK + _LONGEST_PX, len(left)))
        x0, x1 = int(max(0, left[rows].min())), int(min(page.width, right[rows].max() + 1))
        if x1 - x0 < 20:
            continue
        picture = page.ink[y0 + rows.start : y0 + rows.stop, x0:x1]
        clean = _without_lines(picture, left[rows] - x0, right[rows] - x0)
        found += [b for b in _clumps(clean, x0, y0 + top) if b.box[1] < y0 + top + _CHUNK or rows.stop == len(left)]
    return _no_twins(found)


def _without_lines(picture: U8, left: F64, right: F64) -> NDArray[np.uint8]:
    """Binary ink between the borders, level and upright lines taken out."""
    ink = (picture > _INK).astype(np.uint8)
    at = np.arange(picture.shape[1])[None, :]
    ink[(at < left[:, None] + 4) | (at > right[:, None] - 4)] = 0
    wide = max(40, int(0.55 * picture.shape[1]))
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, wide), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((60, 1), np.uint8))
    rules = np.asarray(cv2.bitwise_or(level, upright), np.uint8)
    return np.asarray(cv2.bitwise_and(ink, 1 - rules), np.uint8)


def _clumps(ink: NDArray[np.uint8], x0: int, y0: int) -> list[Blob]:
    """Clumps of neighbouring letters whose box could hold an upright or a turned number, and such joined of several."""
    near = cv2.dilate(ink, np.ones((9, 9), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(near)
    whole, all_ = [], []
    for k in range(1, count):
        x, y, w, h, _area = (int(v) for v in stats[k])
        inner = ink[y : y + h, x : x + w] * (labels[y : y + h, x : x + w] == k)
        box = _tight(inner, x, y)
        if box is None or max(box[2] - box[0], box[3] - box[1]) > _LONGEST_PX or int(inner.sum()) <= 40:
            continue
        all_.append(box)
        if _may_hold_number(box):
            whole.append(box)
    boxes = [*whole, *(box for box in joined(all_, longest_px=_LONGEST_PX) if _may_hold_number(box))]
    return [Blob((box[0] + x0, box[1] + y0, box[2] + x0, box[3] + y0)) for box in boxes]


def _may_hold_number(box: Box) -> bool:
    short, long = sorted((box[2] - box[0], box[3] - box[1]))
    return _LETTER_LEAST_PX <= short <= _LETTER_MOST_PX + 6 and long >= 12


def _tight(ink: NDArray[np.uint8], x: int, y: int) -> tuple[int, int, int, int] | None:
    rows, columns = np.flatnonzero(ink.sum(axis=1) >= 2), np.flatnonzero(ink.sum(axis=0) >= 2)
    if not len(rows) or not len(columns):
        return None
    return x + int(columns[0]), y + int(rows[0]), x + int(columns[-1]) + 1, y + int(rows[-1]) + 1


def _no_twins(blobs: list[Blob]) -> list[Blob]:
    """Blobs in order of their rows; one seen in two chunks is kept once."""
    kept: dict[tuple[int, int, int], Blob] = {}
    for blob in blobs:
        kept.setdefault((blob.box[0] // 3, blob.box[2] // 3, blob.box[3] // 3), blob)
    return sorted(kept.values(), key=lambda b: b.y_px)


def read_numbers(page: Page, blobs: list[Blob], cancelled: IsCancelled | None = None) -> list[Numeral]:
    """Every blob that reads as a whole number, all turned the way in which most of a sample read best."""
    if not blobs:
        return []
    upright = [b for b in blobs if b.box[2] - b.box[0] >= b.box[3] - b.box[1]]
    turned = [b for b in blobs if b.box[2] - b.box[0] < 1.3 * (b.box[3] - b.box[1])]
    found: list[list[Numeral]] = []
    for turn in TURNS:
        fitting = upright if turn == 0 else turned
        sample = fitting[:: max(1, len(fitting) // _TRIAL)][: _TRIAL + 2]
        trial = _read(page, sample, turn, cancelled)
        found.append(trial)
    score = [sum(n.sure**2 for n in trial if n.value >= 50) for trial in found]
    best = int(np.argmax(score))
    return _without_parts(_read(page, upright if TURNS[best] == 0 else turned, TURNS[best], cancelled))


def _without_parts(numerals: list[Numeral]) -> list[Numeral]:
    """Of a number that was read whole and in parts the whole; where the whole was not read plainly, or does not hold
    what its parts say, the parts."""
    tall = sorted(numerals, key=lambda n: n.y_px)
    gone: set[int] = set()
    for whole in tall:
        parts = [n for n in tall if abs(n.y_px - whole.y_px) < _LONGEST_PX and inside(n.box, whole.box)]
        if not parts:
            continue
        holds = all(f"{n.value:.0f}" in f"{whole.value:.0f}" for n in parts if n.sure > _PLAIN)
        gone |= {id(n) for n in parts} if whole.sure >= _PLAIN and holds else {id(whole)}
    return [n for n in numerals if id(n) not in gone]


def _read(page: Page, blobs: list[Blob], turn: int, cancelled: IsCancelled | None) -> list[Numeral]:
    found = []
    for start in range(0, len(blobs), _AT_ONCE):
        check_cancelled(cancelled)
        some = blobs[start : start + _AT_ONCE]
        readings = read_lines([_picture(page, blob, turn) for blob in some], letters="0123456789", cancelled=cancelled)
        found += [_numeral(blob, reading, turn) for blob, reading in zip(some, readings, strict=True) if reading.text]
    return found


def _picture(page: Page, blob: Blob, turn: int) -> U8:
    x0, y0, x1, y1 = blob.box
    margin = max(3, min(x1 - x0, y1 - y0) // 5)
    cut = page.ink[max(0, y0 - margin) : y1 + margin, max(0, x0 - margin) : x1 + margin]
    return np.ascontiguousarray(np.rot90(cut, turn))


def _numeral(blob: Blob, reading: Reading, turn: int) -> Numeral:
    return Numeral(blob.y_px, float(reading.text[:6]), reading.sure, blob.box, turn)
