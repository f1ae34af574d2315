"""What stands above a log, as a small picture: the same form prints the same words in the same places.

Nearly all logs share one division into tracks; their scale blocks tell them apart, and need not be read for that.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

import cv2
import numpy as np

from curvedesk.domain.track import Track
from curvedesk.imaging import Scan
from curvedesk.registration.page import F64, U8, ink_of
from curvedesk.registration.strokes import straightened

WIDTH_PX = 512  # of a picture, from the first track's left border to the last one's right
_TALL = 0.3  # of the print's width: a scale block
_SLIP = 0.06  # of the print's width by which the log may begin elsewhere
_ASIDE_PX = 6
_LEAST_INK = 2.0
_SOFT_PX = 1.2


def picture_above(scan: Scan, tracks: Sequence[Track], *, slope: float = 0.0, slip: bool = False) -> U8 | None:
    """Ink (h, WIDTH_PX) of what stands above the first rows of `tracks`; None where nothing does. Raises ScanError.

    `slope`: dy/dx of level lines there. `slip`: with a margin all round, to look for a form's picture in.
    """
    row = float(np.median([edge[0, 1] for t in tracks for edge in (t.left, t.right)]))
    left, right = float(tracks[0].left_at(row)), float(tracks[-1].right_at(row))
    width = right - left
    more = _SLIP * width if slip else 0.0
    aside = _ASIDE_PX * width / WIDTH_PX if slip else 0.0
    y0, y1 = round(row - _TALL * width - more), round(row + more)
    if width < 64 or y1 <= 0:
        return None
    box = (round(left - aside), y0, round(right + aside), y1)
    ink = ink_of(scan.read(*box, scale=min(1.0, WIDTH_PX / width)))
    level = straightened(ink, x_px=ink.shape[1] / 2, slope=slope)
    size = (WIDTH_PX + 2 * _ASIDE_PX * slip, round((y1 - y0) * WIDTH_PX / width))
    return np.asarray(cv2.resize(level, size, interpolation=cv2.INTER_AREA), np.uint8)


def likeness(form: U8, seen: U8) -> float:
    """How like a form's picture the best fitting part of a larger one is, 0 to 1."""
    if form.mean() < _LEAST_INK or seen.shape[0] < form.shape[0] or seen.shape[1] < form.shape[1]:
        return 0.0
    one, other = (_soft(picture) for picture in (form, seen))
    return float(np.clip(cv2.matchTemplate(other, one, cv2.TM_CCOEFF_NORMED).max(), 0.0, 1.0))


def _soft(picture: U8) -> F64:
    """Blurred by the width of a stroke, without what is long and level or upright: rulings are on every form."""
    long = np.maximum(
        cv2.morphologyEx(picture, cv2.MORPH_OPEN, np.ones((1, 41), np.uint8)),
        cv2.morphologyEx(picture, cv2.MORPH_OPEN, np.ones((25, 1), np.uint8)),
    )
    return np.asarray(cv2.GaussianBlur(cv2.subtract(picture, long), (0, 0), _SOFT_PX), np.float32)


def to_text(picture: U8) -> str:
    """A gray picture (h, w) as it stands in a template's file."""
    return base64.b64encode(cv2.imencode(".png", picture)[1].tobytes()).decode("ascii")


def from_text(text: str) -> U8:
    """The inverse of `to_text`: gray (h, w). Raises ValueError."""
    picture = cv2.imdecode(np.frombuffer(base64.b64decode(text, validate=True), np.uint8), cv2.IMREAD_GRAYSCALE)
    if picture is None or picture.shape[1] != WIDTH_PX:
        raise ValueError("its picture is damaged")
    return np.asarray(picture, np.uint8)
