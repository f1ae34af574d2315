"""Strokes that the paper, or another stroke, speaks against: they bind, but little is learnt from them.

The thresholds were set on strokes along hand-traced and rendered pens, up to 5 px beside them (2 % doubted at most for
want of ink), and on strokes at random places (nine in ten doubted).
"""

from collections.abc import Callable, Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates
from scipy.spatial import cKDTree

from curvedesk.domain.sheet import Sheet, Track
from curvedesk.domain.strokes import CurveStroke, NotCurveStroke, NullStroke, Stroke, rows_of
from curvedesk.learn.spoken import Points, plane_of, walked
from curvedesk.tracing.strip import Window
from curvedesk.tracing.track import Evidence

Gray = NDArray[np.uint8]
Values = NDArray[np.float64]

_LEAST = {0: 0.2, 1: 0.12}  # of the way from what chance puts under a stroke to all ink; a broken pen leaves half of it
_REACH_PX, _TURN = 4, 0.15  # how far beside a stroke its ink may run, and what a pixel sideways costs it
_BESIDE_PX = (-36, -28, -20, -12, 12, 20, 28, 36)  # where chance is measured
_SMOOTH = 7  # points: a hand shakes
_FAINTEST = 60  # gray levels between paper and ink at least
_UPRIGHT_PX, _LEAN, _BEND_PX = 20.0, 0.06, 2.5  # a stroke so tall, leaning and bending no more may lie on a ruled line,
_ON_PX, _PIECE_PX = 3000, 60  # which goes on so far above and below, in pieces so tall,
_SAME, _ON, _FAINT = 0.5, 0.8, 0.1  # nearly as dark in nearly all, and not all too faint,
_AROUND_PX = 120  # beside which columns are looked at
_SEEN = 0.6  # and of which the network takes less than this for a pen's: others cross it
_APART_PX, _SHARED_PX, _MOST = 12.0, 12.0, 0.7  # one curve is not in two places of so many rows


class Doubt(StrEnum):
    """What speaks against a stroke."""

    NO_INK = "hardly any ink below it"
    RULED = "it runs along a printed line"
    CONTRADICTED = "another stroke says otherwise"


def doubted(
    strokes: Sequence[Stroke], sheet: Sheet, gray: Gray, window: Window, seen: Callable[[Points], Values]
) -> dict[int, Doubt]:
    """Places in `strokes` of those that are doubted, and why.

    `gray` (H, W), 200 dpi, lies at `window`; `seen` gives the network's probability (n,) of any curve at image pixels
    (n, 2).
    """
    found = dict.fromkeys(_contradicted(strokes, window.scale), Doubt.CONTRADICTED)
    curves = {spec.mnemonic: (track, plane_of(spec)) for track, spec in sheet.curves()}
    for place, stroke in enumerate(strokes):
        if place in found or not isinstance(stroke, CurveStroke):
            continue
        line = _smooth(walked(window.on_image(np.asarray(stroke.points))), _SMOOTH)
        if len(line) < _SMOOTH:
            continue
        track, plane = curves[stroke.curve]
        if not shows_ink(gray, line, plane):
            found[place] = Doubt.NO_INK
        elif _is_ruled(gray, line, track, window) and float((seen(line) >= 0.5).mean()) < _SEEN:
            found[place] = Doubt.RULED
    return found


def shows_ink(gray: Gray, line: Points, plane: int) -> bool:
    """Whether an eye can see a pen of a plane (0 solid, 1 broken) along a smooth line (n, 2) of 200 dpi pixels."""
    return _support(gray, line) >= _LEAST[plane]


def mostly_doubted(strokes: Sequence[Stroke], doubts: dict[int, Doubt]) -> bool:
    """Whether half of what was drawn, or more, is doubted: then nobody can tell which half to believe."""
    drawn = [place for place, stroke in enumerate(strokes) if isinstance(stroke, CurveStroke | NotCurveStroke)]
    return bool(doubts) and 2 * len(doubts.keys() & drawn) >= len(drawn)


def found_at(ink: Evidence, window: Window, points: Points) -> Values:
    """The network's highest probability (n,) of a curve within 3 px of points (n, 2) of an image at `window`."""
    right, down = window.x0_px - ink.window.x0_px, window.y0_px - ink.window.y0_px
    x, y = np.rint(points + np.array([right, down]) * window.scale).astype(int).T
    height, width = ink.gray.shape
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    near = np.clip(x[:, None] + np.arange(-3, 4), 0, width - 1), np.clip(y, 0, height - 1)[:, None]
    found = ink.probability[:, near[1], near[0]].max(axis=(0, 2)) / 255.0
    return np.where(inside, found, 0.0)


def _smooth(points: Points, width: int) -> Points:
    if len(points) < width:
        return points
    padded = np.pad(points, ((width // 2, width // 2), (0, 0)), mode="edge")
    kernel = np.full(width, 1 / width)
    return np.column_stack([np.convolve(padded[:, k], kernel, "valid") for k in (0, 1)])


# ---------------------------------------------------------------- ink


def _support(gray: Gray, line: Points) -> float:
    """How much more ink runs under a line (n, 2) than under lines beside it: 0 as much, 1 all that there could be."""
    low, high = np.floor(line.min(0)).astype(int), np.ceil(line.max(0)).astype(int)
    around = gray[max(0, low[1] - 100) : high[1] + 100, max(0, low[0] - 60) : high[0] + 60]
    if not around.size:
        return 0.0
    ink = _Ink(gray, around)
    chord = line[-1] - line[0]
    across = np.array([-chord[1], chord[0]]) / max(float(np.hypot(*chord)), 1e-6)
    chance = float(np.median([ink.under(line + step * across) for step in _BESIDE_PX]))
    return (ink.under(line) - chance) / max(1 - chance, 0.05)


class _Ink:
    """How dark paper is, 0 as paper, 1 as ink around here."""

    def __init__(self, gray: Gray, around: Gray) -> None:
        self.gray, self.paper = gray, float(np.median(around))
        self.ink = min(float(np.percentile(around, 2)), self.paper - _FAINTEST)

    def at(self, x: Values, y: Values) -> Values:
        """Of the same shape."""
        return self.of(map_coordinates(self.gray, [y, x], order=1, mode="constant", cval=self.paper, output=float))

    def of(self, level: NDArray[np.floating]) -> Values:
        """Of gray levels."""
        return np.asarray(np.clip((self.paper - level) / (self.paper - self.ink), 0, 1))

    def under(self, line: Points) -> float:
        """The mean along the darkest way near a line that turns little."""
        along = np.gradient(_smooth(line, 15), axis=0)
        along /= np.maximum(np.hypot(*along.T), 1e-6)[:, None]
        off = np.arange(-_REACH_PX, _REACH_PX + 1)
        here = self.at(line[:, :1] - off * along[:, 1:], line[:, 1:] + off * along[:, :1])
        return _darkest_way(here)


def _darkest_way(ink: Values) -> float:
    """Mean of the best path down (n, k), one column sideways at most from row to row; what it turns is not counted."""
    best, turned = ink[0] + 0.0, []
    for row in ink[1:]:
        ways = np.full((3, best.size), -np.inf)
        ways[1], ways[0, 1:], ways[2, :-1] = best, best[:-1] - _TURN, best[1:] - _TURN
        chosen = ways.argmax(0)
        best = ways.max(0) + row
        turned.append(chosen - 1)
    column, total = int(best.argmax()), 0.0
    for row, turn in zip(ink[:0:-1], turned[::-1], strict=True):
        total += float(row[column])
        column += int(turn[column])
    return (total + float(ink[0, column])) / len(ink)


# ---------------------------------------------------------------- ruled lines


def _is_ruled(gray: Gray, line: Points, track: Track, window: Window) -> bool:
    """Whether an upright line goes on far above and below, as dark as here."""
    x, y = line.T
    if np.ptp(y) < _UPRIGHT_PX:
        return False
    lean, foot = np.polyfit(y, x, 1)
    if abs(lean) > _LEAN or np.quantile(np.abs(x - lean * y - foot), 0.9) > _BEND_PX:
        return False
    rows = np.arange(max(0, int(y.min()) - _ON_PX), min(len(gray) - 1, int(y.max()) + _ON_PX))
    places = _column(line, rows, track, window)[:, None] + np.arange(-_AROUND_PX, _AROUND_PX + 1)
    level = gray[rows[:, None], np.clip(np.rint(places), 0, gray.shape[1] - 1).astype(np.intp)]
    ink = _Ink(gray, level[:: _PIECE_PX // 4]).of(level.astype(np.float32))
    under = _prominence(ink[(rows >= y.min()) & (rows <= y.max())])
    beyond = [
        part for side in (ink[rows < y.min()][::-1], ink[rows > y.max()])
        for part in np.split(side, np.arange(_PIECE_PX, len(side), _PIECE_PX)) if len(part) == _PIECE_PX
    ]  # fmt: skip
    like = [_prominence(part) >= _SAME * under for part in beyond]
    return under > _FAINT and len(like) > 1 and float(np.mean(like)) >= _ON


def _column(line: Points, rows: NDArray[np.integer], track: Track, window: Window) -> Values:
    """x (n,) of a line as it would go on, parallel to the borders of its track, at these rows."""
    middle = float(np.median(line[:, 1]))
    edges = [(edge[:, 1], edge[:, 0]) for edge in (window.on_image(track.left), window.on_image(track.right))]
    left, right = (float(np.interp(middle, *edge)) for edge in edges)
    across = (float(np.median(line[:, 0])) - left) / max(right - left, 1.0)
    there = [np.interp(rows, *edge) for edge in edges]
    return np.asarray(there[0] + across * (there[1] - there[0]))


def _prominence(ink: Values) -> float:
    """By how much the darkest column in the middle of (n, k) is darker than columns are."""
    dark = np.convolve(ink.mean(0), np.ones(3), "same")
    middle = len(dark) // 2
    return float(dark[middle - _REACH_PX : middle + _REACH_PX + 1].max() - np.median(dark))


# ---------------------------------------------------------------- contradictions


def _contradicted(strokes: Sequence[Stroke], scale: float) -> set[int]:
    """Places of strokes of which two cannot both be right."""
    found: set[int] = set()
    for i, one in enumerate(strokes):
        if isinstance(one, CurveStroke):
            for k, other in enumerate(strokes):
                if k != i and _cannot_both_be(one, other, scale):
                    found |= {i, k}
    return found


def _cannot_both_be(one: CurveStroke, other: Stroke, scale: float) -> bool:
    (top, bottom), (first, last) = rows_of(one), rows_of(other)
    top, bottom = max(top, first), min(bottom, last)
    shared_px = (bottom - top) * scale
    if shared_px < 0:
        return False
    mine = walked(np.asarray(one.points, float), 1 / scale)
    if isinstance(other, NotCurveStroke):
        return bool((_away(mine, other.points, scale) <= other.width_px / 2).mean() >= _MOST)
    if shared_px < _SHARED_PX or not isinstance(other, CurveStroke | NullStroke) or other.curve != one.curve:
        return False
    if isinstance(other, NullStroke):
        return True
    shared = mine[(mine[:, 1] >= top) & (mine[:, 1] <= bottom)]
    return len(shared) > 0 and bool((_away(shared, other.points, scale) * scale > _APART_PX).mean() >= _MOST)


def _away(points: Points, line: Sequence[tuple[float, float]], scale: float) -> Values:
    """Scan pixels (n,) from each point to a line."""
    return np.asarray(cKDTree(walked(np.asarray(line, float), 1 / scale)).query(points)[0])
