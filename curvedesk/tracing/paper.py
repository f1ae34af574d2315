"""What the paper itself says of level ink: bands in which strokes ran together, ruled lines on which no pen runs."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter, minimum_filter1d

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
_DARK = 110  # gray levels under which paper is black
_BAND_ROWS = 5  # rows that a band is high at least: two pens' strokes, or one pen's broad one
_BAND_COLUMNS = 12  # and columns that it is long: a steep stroke is high, but narrow
_RULED_SHARE = 0.9  # of a row's columns that are black where the row belongs to a ruled line
_FAINT = 14  # gray levels by which such a share of a row is darker than the rows around where a gray line is ruled
_AROUND_ROWS = 17
_PEN = 40  # levels by which a pen is darker than a gray line


class Paper(NamedTuple):
    """Of each pixel of a straightened track (rows, columns): whether it lies in a black band, ruled lines not counted
    in its height; whether it is a ruled line's, black or gray, with no pen's black on it or next to it."""

    bands: Mask
    bare: Mask


def paper_of(gray: Bytes) -> Paper:
    """Read a straightened track (rows, columns).

    Fast pens draw level strokes row under row; where they touch, a network that has learnt to pass over ruled lines
    sees nothing. Where a pen crosses a ruled line it often sees a stretch of the line.
    """
    dark = gray < _DARK
    ruled = np.count_nonzero(dark, axis=1) > _RULED_SHARE * gray.shape[1]
    if ruled.all():
        return Paper(np.zeros(gray.shape, bool), np.ones(gray.shape, bool))
    gray_lines = _gray_lines(gray)
    band = _level_black(dark[~ruled])
    count = np.cumsum(~ruled)  # of rows between ruled lines: the last at or above, the first below each row
    above, below = np.maximum(count - 1, 0), np.minimum(count, len(band) - 1)
    lines, clear = ruled[:, None], dark[~ruled]
    bands = np.where(lines, band[above] | band[below], band[above])
    return Paper(bands, (lines & ~(clear[above] | clear[below])) | gray_lines)


def _gray_lines(gray: Bytes) -> Mask:
    """Pixels of lines ruled in gray, darker than the rows around them, but for those with a pen on or beside them."""
    some = gray[:, ::4]
    at = int(_RULED_SHARE * some.shape[1])
    lightest = np.partition(some, at, axis=1)[:, at].astype(np.int16)
    ruled = (lightest >= _DARK) & (lightest < median_filter(lightest, _AROUND_ROWS, mode="nearest") - _FAINT)
    return np.asarray(ruled[:, None] & (minimum_filter1d(gray, 3, axis=0) >= lightest[:, None] - _PEN))


def _level_black(dark: Mask) -> Mask:
    """Black that holds an upright rod of `_BAND_ROWS` and, of such places, a level one of `_BAND_COLUMNS`."""
    return _holding(_holding(dark, _BAND_ROWS, beyond=True).T, _BAND_COLUMNS, beyond=False).T


def _holding(mask: Mask, length: int, *, beyond: bool) -> Mask:
    """What of a mask holds a rod of so many pixels along its first axis; `beyond` is what lies outside."""
    padded = np.pad(mask, ((length - 1, length - 1), (0, 0)), constant_values=beyond)
    return ~_all_of(~_all_of(padded, length), length)


def _all_of(mask: Mask, length: int) -> Mask:
    """Whether all of each `length` neighbours along the first axis are set; that many less one are fewer."""
    seen = 1
    while seen < length:
        step = min(seen, length - seen)
        mask, seen = mask[:-step] & mask[step:], seen + step
    return mask
