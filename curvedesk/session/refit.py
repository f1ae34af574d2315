"""A tie that a person fixes on a proposed sheet moves the ones that were only read: they came from one progression.

Numbers of a depth column are read together, so a fault in one is a fault in all: a lost digit, the wrong line beside
each number. Ties that a person fixed before stay; between two of them the correction is shared out evenly.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.depth import DepthAxis
from curvedesk.domain.polyline import FloatArray

_DECIMALS = 3


def read_ties(axis: DepthAxis) -> NDArray[np.bool_]:
    """(n,) which ties were read off the paper, and never fixed or confirmed by a person."""
    known = _by_depth(axis)
    entries = [known.get(_key(depth)) for depth in axis.ties[:, 1]]
    return np.array([entry is not None and not entry.get("fixed") for entry in entries], dtype=bool)


def refitted(axis: DepthAxis, number: int, *, y_px: float, depth: float) -> DepthAxis:
    """The axis with tie `number` where a person put it, and all ties that were only read moved along.

    Where that would turn their order over, that one tie alone is moved; whether the axis is sound is for the caller.
    """
    read = read_ties(axis)
    read[number] = False
    moved = axis.ties.copy()
    moved[number, :2] = y_px, depth
    held = np.flatnonzero(~read)
    for column in (0, 1):
        off = moved[held, column] - axis.ties[held, column]
        moved[read, column] += np.interp(axis.ties[read, 0], axis.ties[held, 0], off)
    if (np.diff(moved[:, :2], axis=0) <= 0).any():
        moved[read] = axis.ties[read]
    before, now = axis.ties[held, 1], moved[held, 1]
    top, bottom = (round(float(d + np.interp(d, before, now - before)), _DECIMALS) for d in (axis.top, axis.bottom))
    if not read.any() or top >= bottom:
        top, bottom = axis.top, axis.bottom
    extra = _with_evidence(axis, moved, fixed={number})
    return replace(axis, ties=moved, top=top, bottom=bottom, extra=extra)


def with_tie(axis: DepthAxis, *, y_px: float, depth: float, slope: float) -> DepthAxis:
    """The axis with one tie more, of a person; the ties that were only read are moved along."""
    order = int(np.searchsorted(axis.ties[:, 0], y_px))
    own = float(axis.depth_of_level(y_px))
    ties = np.insert(axis.ties, order, [y_px, own, slope], axis=0)
    near = replace(axis, ties=ties)
    return refitted(near, order, y_px=y_px, depth=depth)


def confirmed(axis: DepthAxis) -> DepthAxis:
    """The axis with every tie said to be right: none moves along any more."""
    numbers = set(range(len(axis.ties)))
    return replace(axis, confidence=None, extra=_with_evidence(axis, axis.ties, fixed=numbers))


def _with_evidence(axis: DepthAxis, ties: FloatArray, *, fixed: set[int]) -> Mapping[str, Any]:
    """What each tie stands on, under its new depth."""
    known = _by_depth(axis)
    if not known:
        return axis.extra
    told = []
    for number, (before, now) in enumerate(zip(axis.ties[:, 1], ties[:, 1], strict=True)):
        entry = known.get(_key(before))
        if entry is not None:
            told.append({**entry, "depth": float(now)} | ({"fixed": True} if number in fixed else {}))
    return {**axis.extra, "tie_evidence": told}


def _by_depth(axis: DepthAxis) -> dict[float, Mapping[str, Any]]:
    told = axis.extra.get("tie_evidence")
    entries = [e for e in told if isinstance(e, Mapping)] if isinstance(told, list) else []
    return {_key(e["depth"]): e for e in entries if isinstance(e.get("depth"), int | float)}


def _key(depth: float) -> float:
    return round(float(depth), _DECIMALS)
