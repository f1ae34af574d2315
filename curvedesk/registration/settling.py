"""Rows of ties settled on all lines of the grid around them, not on their own line alone.

From one tie to the next the ruling is always the same: heavy, medium and fine lines, whatever their number. The print
around all ties together shows it plainly; each tie is then moved to where its own surroundings fit that best. So a line
that a blot or a number hides, or the noise of a single one, moves its tie by a fraction of what it would alone.

This holds for an even print. Copies that stretch here and shrink there have no common ruling to that precision: there
the tie's own line is the better witness.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from curvedesk.registration.page import F32, F64

_FEWEST = 4  # ties: fewer show no common ruling
_REACH_PX, _STEP_PX = 6.0, 0.25
_EVEN_PX = 0.6  # of an even print a tie stands so far off the straight line between its neighbours
_OWN_PX = 1.5  # so far a tie may move off a line of its own
_STRAY_PX = 0.75
_USUAL_PX, _PRICE = 4.0, 0.1  # a tie is seldom off by more than this; what that costs of its likeness
_ALIKE = 0.35  # surroundings less like the common ruling than this move nothing
_ROUNDS = 3
_HALF = 0.55  # of the interval on either side is looked at
_LEAST_SHARE = 0.45  # of that must be on the paper


def settled(rows: F32, at: F64, seen: NDArray[np.bool_]) -> F64:
    """Rows of ties (n,) put where the grid around them says, in the rows of `rows` (h,), the darkness of level lines.

    `seen`: those that lie on a line of their own; where these lie as a whole does not change. Ties whose surroundings
    do not show the ruling that the others share stay where they are, and all do on paper that stretches unevenly.
    """
    if len(at) < _FEWEST or _unevenness_px(at, seen) > _EVEN_PX:
        return at
    ink = np.convolve(rows.astype(np.float64), (0.25, 0.5, 0.25), mode="same")
    moved = at.copy()
    most = np.where(seen, _OWN_PX, _REACH_PX)
    for _ in range(_ROUNDS):
        shift, fits = _shifts(ink, moved, seen)
        moved = np.where(fits, moved + shift - _common(shift[fits & seen]), moved)
        moved = np.clip(moved, at - most, at + most)
    falling = bool((np.diff(moved) > 0).all())
    return moved if falling else at


def _common(shift: F64) -> float:
    """What all moved by, those few left out that were off by themselves."""
    if not len(shift):
        return 0.0
    usual = float(np.median(shift))
    return float(shift[np.abs(shift - usual) < _STRAY_PX].mean())


def _unevenness_px(at: F64, seen: NDArray[np.bool_]) -> float:
    """How far a tie on a line of its own usually stands off the straight line between its neighbours."""
    k = np.flatnonzero(seen)
    if len(k) < _FEWEST - 1:
        return np.inf
    straight = at[k[:-2]] + (at[k[2:]] - at[k[:-2]]) * (k[1:-1] - k[:-2]) / (k[2:] - k[:-2])
    return float(np.median(np.abs(at[k[1:-1]] - straight)))


def _shifts(ink: F64, at: F64, seen: NDArray[np.bool_]) -> tuple[F64, NDArray[np.bool_]]:
    """(pixels by which each tie must move, whether it can be told)."""
    spacing = np.gradient(at)
    part = np.linspace(-_HALF, _HALF, max(16, round(float(np.median(spacing)))))
    moves = np.arange(-_REACH_PX, _REACH_PX + _STEP_PX / 2, _STEP_PX)
    around = at[:, None] + spacing[:, None] * part[None, :]
    common = _unit(_strip(ink, around[seen])).sum(axis=0)
    price = _PRICE * (moves / _USUAL_PX) ** 2
    shift, fits = np.zeros(len(at)), np.zeros(len(at), np.bool_)
    for k in range(len(at)):
        there = (around[k] >= 0) & (around[k] <= len(ink) - 1)
        if there.mean() < _LEAST_SHARE:
            continue
        own = _unit(_strip(ink, around[k][None, :]))[0]
        others = _unit((common - own if seen[k] else common)[None, there])[0]
        like = _unit(_strip(ink, around[k][None, there] + moves[:, None])) @ others
        best = int(np.argmax(like - price))
        if 0 < best < len(moves) - 1 and like[best] >= _ALIKE:
            shift[k], fits[k] = float(moves[best]) + _STEP_PX * _peak(like[best - 1 : best + 2]), True
    return shift, fits


def _strip(ink: F64, at: F64) -> F64:
    """Ink at fractional rows; none beyond the paper."""
    return np.asarray(np.interp(at, np.arange(len(ink)), ink, left=0.0, right=0.0), np.float64)


def _unit(strips: F64) -> F64:
    """Rows with mean 0 and length 1; a row of no contrast stays 0."""
    centred = strips - strips.mean(axis=-1, keepdims=True)
    return np.asarray(centred / np.maximum(np.linalg.norm(centred, axis=-1, keepdims=True), 1e-9), np.float64)


def _peak(three: F64) -> float:
    """Where between -1 and 1 the parabola through three values has its top."""
    a, b, c = three.tolist()
    bend = a - 2 * b + c
    return float(np.clip(0.5 * (a - c) / bend, -1, 1)) if bend < 0 else 0.0
