"""A line in device pixels thinned to what the screen can show, and cut as its pen draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.polyline import FloatArray

Piece = tuple[FloatArray, FloatArray]
DashedPiece = tuple[FloatArray, FloatArray, NDArray[np.bool_]]
MOST_DASHES = 4000


def thinned(x: FloatArray, y: FloatArray) -> Piece:
    """A line in device pixels with more than four points a pixel row reduced to each row's ends and extremes.

    Rows are counted from the scan's corner, so the same part of a line is thinned alike wherever the window stands.
    """
    if len(y) < 8 or len(y) <= 4 * (abs(float(y[-1] - y[0])) + 1):
        return x, y
    starts = np.flatnonzero(np.diff(np.floor(y), prepend=np.nan) != 0)
    if 4 * len(starts) >= len(y):
        return x, y
    stops = np.append(starts[1:], len(y)) - 1
    low, high = np.minimum.reduceat(x, starts), np.maximum.reduceat(x, starts)
    rising = x[starts] - low <= high - x[starts]  # enter at the nearer extreme
    columns = np.stack([x[starts], np.where(rising, low, high), np.where(rising, high, low), x[stops]], axis=1)
    middle = (y[starts] + y[stops]) / 2
    rows = np.stack([y[starts], middle, middle, y[stops]], axis=1)
    return columns.ravel(), rows.ravel()


def dashed(piece: Piece, along: FloatArray, *, down: float, up: float) -> DashedPiece:
    """A line cut into strokes of `down` parted by `up`, both in the unit of `along`, the length up to each point.

    Gives x, y and whether the pen was down on the way to each point. Cuts sit at whole multiples of the period of
    `along`, so dashes stay where they are while the paper moves.
    """
    x, y = piece
    period = down + up
    first, last = int(along[0] // period), int(along[-1] // period)
    if last - first > MOST_DASHES:
        return x, y, np.arange(len(x)) > 0
    begins = np.arange(first, last + 1) * period
    cuts = np.concatenate([begins, begins + down])
    at = np.sort(np.concatenate([along, cuts[(cuts > along[0]) & (cuts < along[-1])]]))
    middle = (at[1:] + at[:-1]) / 2
    return np.interp(at, along, x), np.interp(at, along, y), np.append(False, middle % period < down)
