"""How like a picture of a word is to the word as print would draw it: for letters too small or broken to be read one by
one, the whole word's shape still tells which of a few known ones it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import cv2
import numpy as np

from curvedesk.registration.page import F32, U8

_LETTER_PX, _PAD_PX = 28, 8
_BLUR_PX = 2.4
_SLACK_PX = 3  # the word may sit so far from where it is expected
_WEIGHTS = (400, 700)
_LIKELIEST = 60  # of the words, so many are compared in heavy letters too
_INK = 90
_SIZE_PX = 28  # of the letters drawn
_FREE, _PRICE, _MOST = 0.25, 0.25, 0.7  # letters may be so much broader or narrower (log); what more costs; the end


@lru_cache(maxsize=4096)
def _drawn(text: str, weight: int) -> U8 | None:
    """The word as print draws it, cut to its ink."""
    canvas = np.zeros((2 * _SIZE_PX + 8, 2 * _SIZE_PX + _SIZE_PX * len(text)), np.uint8)
    cv2.putText(canvas, text, (10, int(1.5 * _SIZE_PX)), 255, cv2.FontFace("sans"), _SIZE_PX, weight)
    return cut_to_ink(canvas)


def cut_to_ink(picture: U8) -> U8 | None:
    """The part of a gray picture (h, w) that holds its ink, None for a bare one."""
    dark = picture > _INK
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if len(rows) < 3 or len(columns) < 2:
        return None
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _blurred(picture: U8, width_px: int, pad_px: int) -> F32:
    scaled = cv2.resize(picture, (width_px, _LETTER_PX), interpolation=cv2.INTER_AREA)
    padded = cv2.copyMakeBorder(scaled, pad_px, pad_px, pad_px, pad_px, cv2.BORDER_CONSTANT, value=0)
    return np.asarray(cv2.GaussianBlur(padded.astype(np.float32), (0, 0), _BLUR_PX), np.float32)


def likenesses(picture: U8, texts: Iterable[str]) -> dict[str, float]:
    """For each text how like it the picture (h, w) of ink is, at most 1; empty for a picture without ink.

    Letters may be any size, and somewhat broader or narrower than those drawn; beyond that they are less alike.
    """
    have = cut_to_ink(picture)
    if have is None:
        return {}
    width = int(np.clip(round(have.shape[1] * _LETTER_PX / have.shape[0]), 6, 1200))
    wanted = _blurred(have, width, _PAD_PX)
    found = {text: _likeness(wanted, text, width, _WEIGHTS[:1]) for text in texts}
    for text in sorted(found, key=lambda t: -found[t])[:_LIKELIEST]:
        found[text] = max(found[text], _likeness(wanted, text, width, _WEIGHTS[1:]))
    return found


def _likeness(wanted: F32, text: str, width: int, weights: Sequence[int]) -> float:
    best = -1.0
    for weight in weights:
        drawn = _drawn(text, weight)
        if drawn is None:
            continue
        stretch = abs(np.log(drawn.shape[1] * _LETTER_PX / drawn.shape[0] / width))
        if stretch > _MOST:
            return -1.0
        map_ = cv2.matchTemplate(_blurred(drawn, width, _PAD_PX + _SLACK_PX), wanted, cv2.TM_CCOEFF_NORMED)
        best = max(best, float(map_.max()) - _PRICE * max(0.0, float(stretch) - _FREE))
    return best
