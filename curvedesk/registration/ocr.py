"""Letters: the recogniser and the finder of words whose weights come inside the RapidOCR package.

The networks are run through ONNX Runtime directly, so that nothing looks for a network connection, and so that what the
recogniser thinks of each letter can be weighed: a depth number is read with digits alone as its alphabet.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from curvedesk.domain.errors import CurveDeskError
from curvedesk.registration.page import F32, U8, IsCancelled, check_cancelled

LETTER_PX = 48  # what the recogniser was trained on
_WIDEST_PX, _NARROWEST_PX = 960, 64
_BATCH = 6
_BLANK = 0


class ReadingError(CurveDeskError):
    """Letters cannot be read at all: the reader is not installed whole."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a picture of one line: `text`, and how sure the reader is of its letters on average, 0 to 1."""

    text: str
    sure: float


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A line of text on a picture: its box x0, y0, x1, y1 and what it says."""

    box: tuple[float, float, float, float]
    text: str
    sure: float

    @property
    def x_px(self) -> float:
        return (self.box[0] + self.box[2]) / 2

    @property
    def y_px(self) -> float:
        return (self.box[1] + self.box[3]) / 2

    @property
    def height_px(self) -> float:
        return self.box[3] - self.box[1]


def models_folder() -> Path:
    """Where the weights lie. Raises ReadingError where they do not."""
    found = importlib.util.find_spec("rapidocr")  # found, not imported: it would bring much that is not needed
    places = list(found.submodule_search_locations or ()) if found is not None else []
    for place in places:
        folder = Path(place) / "models"
        if any(folder.glob("*_rec_*.onnx")) and any(folder.glob("*_det_*.onnx")):
            return folder
    raise ReadingError("the reader of printed letters is not installed whole; install the package rapidocr 3.10 again")


@cache
def _session(kind: str) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    path = sorted(models_folder().glob(f"*_{kind}_*.onnx"))[-1]
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@cache
def _alphabet() -> tuple[str, ...]:
    letters = _session("rec").get_modelmeta().custom_metadata_map["character"].splitlines()
    return ("", *letters, " ")


@cache
def _columns_of(letters: str) -> tuple[int, ...]:
    alphabet = _alphabet()
    return (_BLANK, *(alphabet.index(letter) for letter in letters))


@cache
def plain_letters() -> str:
    """The letters, digits and signs that logs in English print."""
    return "".join(c for c in _alphabet()[1:] if len(c) == 1 and (c.isascii() or c in "°Ωµ²³"))


_ASKED_EVERY_S = 0.05


def _run(kind: str, batch: F32, cancelled: IsCancelled | None) -> F32:
    """What a network makes of a batch; it is stopped inside, since one tile of a page takes seconds of a busy machine.

    Raises Cancelled.
    """
    from concurrent.futures import ThreadPoolExecutor, wait

    import onnxruntime

    session = _session(kind)
    feed = {session.get_inputs()[0].name: batch}
    if cancelled is None:
        return np.asarray(session.run(None, feed)[0], np.float32)
    options = onnxruntime.RunOptions()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(session.run, None, feed, options)
        while not wait([running], timeout=_ASKED_EVERY_S).done:
            try:
                check_cancelled(cancelled)
            except BaseException:
                options.terminate = True
                raise
    return np.asarray(running.result()[0], np.float32)


def read_lines(
    pictures: Sequence[U8], *, letters: str | None = None, cancelled: IsCancelled | None = None
) -> list[Reading]:
    """What each picture (h, w) of one upright line says, dark ink 255 on paper 0; `letters` is the alphabet allowed."""
    order = sorted(range(len(pictures)), key=lambda i: pictures[i].shape[1] / max(1, pictures[i].shape[0]))
    found: list[Reading] = [Reading("", 0.0)] * len(pictures)
    columns = list(_columns_of(letters if letters is not None else plain_letters()))
    names = ["", *(letters if letters is not None else plain_letters())]
    for start in range(0, len(order), _BATCH):
        check_cancelled(cancelled)
        some = order[start : start + _BATCH]
        chances = _recognised([pictures[i] for i in some], cancelled)
        for i, chance in zip(some, chances, strict=True):
            found[i] = _decoded(chance[:, columns], names)
    return found


def _recognised(pictures: list[U8], cancelled: IsCancelled | None) -> F32:
    """(n, steps, alphabet) chances."""
    scaled = [_to_letter_height(picture) for picture in pictures]
    width = max(_NARROWEST_PX, *(s.shape[1] for s in scaled))
    batch = np.ones((len(scaled), 3, LETTER_PX, width), np.float32)
    for i, picture in enumerate(scaled):
        batch[i, :, :, : picture.shape[1]] = 1.0 - picture.astype(np.float32) / 127.5
    return _run("rec", batch, cancelled)


def _to_letter_height(picture: U8) -> U8:
    height, width = picture.shape
    wide = int(np.clip(round(width * LETTER_PX / max(1, height)), 16, _WIDEST_PX))
    way = cv2.INTER_AREA if height > LETTER_PX else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (wide, LETTER_PX), interpolation=way), np.uint8)


def _decoded(chance: F32, names: list[str]) -> Reading:
    """Best letter a step, repeats and blanks dropped; chances among the letters allowed."""
    best = chance.argmax(axis=1)
    share = chance.max(axis=1) / np.maximum(chance.sum(axis=1), 1e-6)
    known = chance.sum(axis=1)  # what the reader wanted to be some letter that is not allowed counts as doubt
    keep = (best != _BLANK) & np.append(True, best[1:] != best[:-1])
    if not keep.any():
        return _likeliest(chance, names)
    return Reading("".join(names[k] for k in best[keep]), float((share * np.minimum(1, known))[keep].mean()))


def _likeliest(chance: F32, names: list[str]) -> Reading:
    """Of a picture in which no letter wins over the blank, the letter that comes nearest, as doubtful as it is."""
    step, letter = np.unravel_index(int(np.argmax(chance[:, 1:])), chance[:, 1:].shape)
    return Reading(names[int(letter) + 1], float(chance[step, int(letter) + 1]))


def find_words(
    ink: U8, *, letters: str | None = None, least: float = 0.4, cancelled: IsCancelled | None = None
) -> list[Word]:
    """Lines of text anywhere on a picture (H, W) of ink, in its own pixels, top to bottom."""
    boxes = _text_boxes(ink, cancelled)
    readings = read_lines([_cut(ink, box) for box in boxes], letters=letters, cancelled=cancelled)
    words = [Word(box, r.text.strip(), r.sure) for box, r in zip(boxes, readings, strict=True)]
    return sorted((w for w in words if w.text and w.sure >= least), key=lambda w: (w.y_px, w.x_px))


def _cut(ink: U8, box: tuple[float, float, float, float]) -> U8:
    x0, y0, x1, y1 = (round(v) for v in box)
    return ink[max(0, y0) : max(y1, y0 + 4), max(0, x0) : max(x1, x0 + 4)]


_TILE, _OVERLAP = 960, 96


def _text_boxes(ink: U8, cancelled: IsCancelled | None) -> list[tuple[float, float, float, float]]:
    """Boxes of lines of text, of overlapping tiles; a box cut by a tile's edge gives way to the whole one."""
    boxes: list[tuple[float, float, float, float]] = []
    step = _TILE - _OVERLAP
    for top in range(0, max(1, ink.shape[0] - _OVERLAP), step):
        for left in range(0, max(1, ink.shape[1] - _OVERLAP), 2 * step):
            check_cancelled(cancelled)
            tile = ink[top : top + _TILE, left : left + 2 * _TILE]
            if float(tile.mean()) > 0.2:
                found = _boxes_of_tile(tile, cancelled)
                boxes += [(x0 + left, y0 + top, x1 + left, y1 + top) for x0, y0, x1, y1 in found]
    return _without_doubles(boxes)


def _boxes_of_tile(tile: U8, cancelled: IsCancelled | None) -> list[tuple[float, float, float, float]]:
    height, width = (-(-n // 32) * 32 for n in tile.shape)
    padded = np.zeros((height, width), np.uint8)
    padded[: tile.shape[0], : tile.shape[1]] = tile
    gray = (255.0 - padded.astype(np.float32)) / 255.0
    mean, spread = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    batch = np.stack([(gray - m) / s for m, s in zip(mean, spread, strict=True)])[None].astype(np.float32)
    return _grown(_run("det", batch, cancelled)[0, 0])


def _grown(chance: F32) -> list[tuple[float, float, float, float]]:
    """Boxes of the shrunken text kernels, grown back by the rule the network was trained with."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((chance > 0.3).astype(np.uint8))
    found = []
    for k in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[k])
        if min(w, h) < 4 or area < 20:
            continue
        inside = labels[y : y + h, x : x + w] == k
        if float(chance[y : y + h, x : x + w][inside].mean()) < 0.5:
            continue
        by = 1.6 * w * h / (2 * (w + h))
        found.append((max(0.0, x - by), max(0.0, y - by), x + w + by, y + h + by))
    return found


def _without_doubles(boxes: list[tuple[float, float, float, float]]) -> list[tuple[float, float, float, float]]:
    kept: list[tuple[float, float, float, float]] = []
    for box in sorted(boxes, key=lambda b: -(b[2] - b[0]) * (b[3] - b[1])):
        if all(_shared(box, other) < 0.5 for other in kept):
            kept.append(box)
    return kept


def _shared(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> float:
    """Share of the smaller box that lies in the other."""
    w = min(one[2], other[2]) - max(one[0], other[0])
    h = min(one[3], other[3]) - max(one[1], other[1])
    area = min((b[2] - b[0]) * (b[3] - b[1]) for b in (one, other))
    return max(0.0, w) * max(0.0, h) / max(area, 1e-9)
