"""How far apart a print rules its depth lines: minor ones, medium ones, heavy ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.depth import DepthAxis
from curvedesk.domain.sheet import Track
from curvedesk.registration.page import F64, Page

_INTERVALS = {"FT": (1, 2, 5, 10, 20, 25, 50, 100, 200), "M": (0.5, 1, 2, 5, 10, 20, 25, 50, 100)}
_NAMES = ("minor", "medium", "heavy")
_CLOSEST_PX = 3.5  # of the page as it was read; lines nearer to each other run together
_REACH_PX = 3  # rows above and below a line's middle that may be its ink
_COLUMNS = 24  # of each track that are looked at: the median of all passes over pens and over lines that cross
_LEAST_LINES, _MOST_LINES = 4, 600
_BETWEEN = 60  # per cent of the places midway between two lines that have less ink than ...
_SHARE = 0.7  # ... this share of the lines
_DARKER = 1.2  # how much more ink the middle one of the lines has than that of such places
_HEAVIER, _HEAVIER_SHARE = 1.06, 0.75  # the middle heavier line than the middle other one, and how many are so


def depth_lines(page: Page, axis: DepthAxis, tracks: Sequence[Track]) -> dict[str, dict[str, float]]:
    """Of a read log, how far apart its `minor`, `medium` and `heavy` depth lines are: `every` so many units of depth,
    `px` of the scan. Kinds that the print lacks are missing; nothing of a print without depths or without lines."""
    if len(axis.ties) < 2 or not (axis.confidence or 0.0) or not tracks:
        return {}
    log = _Lines(page, axis, tracks)
    span, rate = float(np.ptp(axis.ties[:, 1])), float(np.ptp(axis.ties[:, 0]) / np.ptp(axis.ties[:, 1]))
    usable = [
        every
        for every in _INTERVALS.get(axis.unit, ())
        if every * rate * page.scale >= _CLOSEST_PX and span >= (_LEAST_LINES - 1) * every
    ]
    kinds = [every for every in usable if log.are_there(every)][:1]
    for every in usable if kinds else ():
        if len(kinds) < len(_NAMES) and every > kinds[-1] and _divides(kinds[-1], every):
            kinds += [every] if log.stands_out(every, kinds[-1]) else []
    names = _NAMES if len(kinds) != 2 else (_NAMES[0], _NAMES[2])
    return {name: {"every": every, "px": round(every * rate, 2)} for name, every in zip(names, kinds, strict=False)}


class _Lines:
    """The ink of the page along depth lines, between the first and the last tie."""

    def __init__(self, page: Page, axis: DepthAxis, tracks: Sequence[Track]) -> None:
        self._page, self._axis, self._tracks = page, axis, tracks

    def are_there(self, every: float) -> bool:
        """Whether the multiples of an interval, odd ones and even ones, have more ink than places midway between."""
        lines = self.multiples(every)
        ink, between = self.ink(lines), self.ink(lines[:-1] + every / 2)
        many = np.mean(ink > np.percentile(between, _BETWEEN)) >= _SHARE
        fewest = min(np.median(ink[::2]), np.median(ink[1::2]))
        return bool(many and fewest > _DARKER * np.median(between))

    def stands_out(self, every: float, finer: float) -> bool:
        """Whether the multiples of an interval have more ink than the other lines of a finer one."""
        lines = self.multiples(finer)
        ink, among = self.ink(lines), _divides(every, lines)
        if not among.any() or among.all():
            return False
        usual = np.median(ink[~among])
        many = np.mean(ink[among] > usual) >= _HEAVIER_SHARE
        return bool(many and np.median(ink[among]) >= _HEAVIER * usual)

    def multiples(self, every: float) -> F64:
        """Of an interval, no more than are needed, side by side in the middle of the log."""
        first, last = np.ceil(self._axis.ties[0, 1] / every - 1e-6), np.floor(self._axis.ties[-1, 1] / every + 1e-6)
        spare = max(0.0, (last - first + 1 - _MOST_LINES) // 2)
        return np.asarray(every * np.arange(first + spare, last - spare + 1))

    def ink(self, depth: F64) -> F64:
        """Rows of full ink (n,) along each line `depth` (n,), over the paper beside it."""
        level = self._axis.level_of_depth(depth)
        after = self._tracks[min(1, len(self._tracks) - 1)]
        home = (self._tracks[0].right_at(level) + after.left_at(level)) / 2
        home = home if self._axis.x_px is None else np.full_like(home, self._axis.x_px)
        share = np.linspace(0.05, 0.95, _COLUMNS)
        across = [(t.left_at(level)[:, None], t.right_at(level)[:, None]) for t in self._tracks]
        x = np.concatenate([left + share * (right - left) for left, right in across], axis=1)
        y = level[:, None] + self._axis.slope_at(level)[:, None] * (x - home[:, None])
        column = np.rint(self._page.from_scan(x)).astype(int).clip(0, self._page.width - 1)
        row = np.rint(self._page.from_scan(y)).astype(int)
        near = [
            np.median(self._page.ink[(row + k).clip(0, self._page.height - 1), column], axis=1)
            for k in range(-_REACH_PX, _REACH_PX + 1)
        ]
        return np.asarray((np.sum(near, axis=0) - len(near) * np.min(near, axis=0)) / 255.0)


def _divides(finer: float, depth: float | F64) -> NDArray[np.bool_]:
    share = np.asarray(depth) / finer
    return np.asarray(np.abs(share - np.rint(share)) < 1e-6)
