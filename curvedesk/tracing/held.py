"""Rows that the analyst accepted: there a pen keeps to its present line while its neighbours are traced anew."""

from collections.abc import Iterable

import numpy as np

from curvedesk.domain.strokes import AcceptStroke, Stroke
from curvedesk.tracing.constraints import Mask
from curvedesk.tracing.path import GAP
from curvedesk.tracing.pens import Pen
from curvedesk.tracing.strip import Strip

_BESIDE_PX = 1


def hold_accepted(strip: Strip, pen: Pen, mnemonic: str, strokes: Iterable[Stroke], rows: slice) -> None:
    """Bind the pen, called `mnemonic` in `rows` of the window, to its present path where that was accepted.

    What is said of the same rows in so many words (the curve runs here, no reading, no curve) comes first.
    """
    held = np.zeros(strip.rows, bool)
    for stroke in strokes:
        if isinstance(stroke, AcceptStroke) and stroke.curve == mnemonic:
            ends = np.asarray(stroke.rows)
            v = strip.from_scan(strip.track.x_at(0.5, ends), ends)[1]
            held[max(0, int(np.ceil(v.min()))) : max(0, int(np.floor(v.max())) + 1)] = True
    held[: rows.start] = held[rows.stop :] = False
    if held.any():
        _hold(pen, np.flatnonzero(held & ~_spoken_for(pen)))


def _spoken_for(pen: Pen) -> Mask:
    """Rows of which a stroke already says where the pen is, or is not."""
    spoken = np.zeros(len(pen.own), bool)
    for mask in (pen.bounds.allowed, pen.bounds.erased):
        spoken |= False if mask is None else mask.any(axis=1)
    return spoken if pen.bounds.absent is None else spoken | pen.bounds.absent


def _hold(pen: Pen, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> None:
    assert pen.path is not None and pen.axis is not None
    allowed = np.zeros(pen.own.shape, bool) if pen.bounds.allowed is None else pen.bounds.allowed
    absent = np.zeros(len(pen.own), bool) if pen.bounds.absent is None else pen.bounds.absent
    for row in rows.tolist():
        ends = pen.path.entered[row], pen.path.left[row]
        if GAP in ends:
            absent[row] = True
            continue
        columns = pen.axis.column[min(ends) : max(ends) + 1]
        for beside in range(-_BESIDE_PX, _BESIDE_PX + 1):
            allowed[row, np.clip(columns + beside, 0, allowed.shape[1] - 1)] = True
    pen.bounds.allowed, pen.bounds.absent = allowed, absent
