"""The hand of a simulated analyst: where it draws, what it accepts, how it shakes and how long it takes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.sheet import CurveSpec
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, Stroke
from curvedesk.learn.spoken import walked

TALL_PX = 60.0  # rows of a stroke at 200 dpi
APART_PX = 40.0  # rows at 200 dpi beside what was touched that do not count as untouched
SHAKE_PX = 0.8  # of the hand
RIGHT_PX = 2.0  # how near the truth a stretch must be for the analyst to accept it
BRUSH_PX = 12.0  # of the tool that says "no curve"
SEARCH_S, DRAWING_PX_S, ACCEPT_S = 0.2, 250.0, 0.5  # a hand: finding a place, pixels at 200 dpi a second, two clicks
SCALE_S = 0.5  # to say which back-up scale
_STEP_PX = 20.0  # between the stretches that are looked at
_FAR_PX = 40.0  # a line farther from its ink is simply wrong
_AS_SEEN = np.iinfo(np.int32).min  # a back-up scale of which there is nothing to say
_EYE = 0.3  # how much (log) an eye errs in what is worst
_MOST, _LEAST_PX = 0.6, 24.0  # of the rows of a stretch that is accepted; of a pen's line for a stroke
_LEVEL, _STEEPEST = 0.02, 2.0  # rows that a level pixel of a pen counts as: what lies wrong for many rows shows most
_LEAP_PX = 100.0  # of a wrapping pen's line between two rows
_FALSE_PX = 4.0  # ink that the network marked so far from any curve is worth a stroke,
_LEAST_FALSE_PX = 24  # if there is so much of it in one place,
_JOINED_PX = 7  # which is what lies nearer together than this

Points = NDArray[np.float64]
Truth = dict[str, Points]  # (n, 2) x_px, y_px of what the pen drew, NaN between pieces
Turns = Mapping[str, NDArray[np.int32]]  # (n,) the back-up scale of each of these points
Retrace = Callable[[Sequence[Stroke]], Sequence[TracedCurve]]
Shows = Callable[[CurveSpec, Points], bool]  # whether ink can be seen along a line of a curve


@dataclass(frozen=True, slots=True)
class Analyst:
    """How much is said, and by which hand; `max_seconds` bound a training with its judging, None: all its steps.

    `reads_scales`: whether it follows pens over the borders and tells on which back-up scale they run.
    """

    strokes: int = 5
    accepts: int = 3
    seed: int = 1
    max_seconds: float | None = None
    reads_scales: bool = False


def said_by(
    retrace: Retrace,
    truth: Truth,
    analyst: Analyst,
    dpi: float,
    turns: Turns | None = None,
    *,
    shows: Shows = lambda _spec, _line: True,
) -> tuple[Stroke, ...]:
    """Strokes where the overlay lies worst beside the ink, each seen to before the next, then accepted stretches.

    `retrace` gives the lines under the strokes so far. Like a person the analyst sees where a pen's ink runs (`truth`,
    as places on the paper), not what value it stands for: a line on its ink that is read on a wrong scale looks right,
    unless `turns` are given: then it counts as far off, and the stroke there says on which scale the pen runs.
    Where nothing looks wrong any more it draws where the tracer is least sure, and nowhere that nothing `shows`.
    Accepted are the surest right stretches, with the line in them.
    """
    rng, scale = np.random.default_rng(analyst.seed), dpi / 200.0
    chosen: list[_Place] = []
    said: list[Stroke] = []
    traced = retrace(said)
    for _ in range(analyst.strokes):
        free = [
            p
            for p in _places(traced, truth, scale, turns)
            if p.is_worth(scale) and not p.touches(chosen, APART_PX * scale)
        ]
        place = next((p for p in _worst_first(free, rng, scale) if shows(p.spec, p.line)), None)
        if place is None:
            break
        chosen.append(place)
        said.append(place.stroke(rng, SHAKE_PX * scale))
        traced = retrace(said)
    accepted: list[Stroke] = []
    for place in sorted(_places(traced, truth, scale, turns), key=lambda place: -place.confidence):
        fits = place.reach_px <= RIGHT_PX * scale and place.is_drawn and not place.touches(chosen, APART_PX * scale)
        if len(accepted) < analyst.accepts and fits:
            chosen.append(place)
            accepted.append(AcceptStroke(place.spec.mnemonic, place.rows, place.overlay))
    return (*said, *accepted)


def hand_seconds(strokes: Sequence[Stroke], dpi: float) -> float:
    """How long a hand takes to say all that."""
    spent = 0.0
    for stroke in strokes:
        spent += SEARCH_S
        if isinstance(stroke, CurveStroke | NotCurveStroke):
            along = np.hypot(*np.diff(np.asarray(stroke.points), axis=0).T).sum()
            spent += float(along) / (DRAWING_PX_S * dpi / 200.0)
            spent += SCALE_S * (isinstance(stroke, CurveStroke) and stroke.turn is not None)
        else:
            spent += ACCEPT_S
    return spent


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A stretch of rows of one curve: `away_px` is how far its ink lies from the overlay in the mean, `reach_px` nine
    tenths of it at most."""

    spec: CurveSpec
    rows: tuple[float, float]
    line: Points  # of the truth in it, the piece that lies worst; where all are right the longest
    covered: float  # share of its rows in which that piece runs
    overlay: tuple[tuple[tuple[float, float], ...], ...]
    confidence: float
    away_px: float
    reach_px: float
    turn: int | None = None  # the back-up scale to be told, where the overlay is on another one

    @property
    def is_drawn(self) -> bool:
        """Whether the pen ran through most of it in one piece."""
        return self.covered >= _MOST

    def is_worth(self, scale: float) -> bool:
        """Whether there is enough of the pen in it for a stroke."""
        return len(self.line) > 1 and float(np.hypot(*np.diff(self.line, axis=0).T).sum()) >= _LEAST_PX * scale

    def touches(self, others: Sequence["_Place"], apart: float) -> bool:
        """Whether it shares rows of the same curve with others."""
        return any(
            o.spec.mnemonic == self.spec.mnemonic
            and o.rows[0] - apart < self.rows[1]
            and self.rows[0] < o.rows[1] + apart
            for o in others
        )

    def stroke(self, rng: np.random.Generator, shake_px: float) -> CurveStroke:
        """The pen's line drawn by hand."""
        line = walked(self.line)[::3]
        line = line + rng.normal(0, shake_px, line.shape) * np.array([1.0, 0.3])
        return CurveStroke(self.spec.mnemonic, tuple((float(x), float(y)) for x, y in line), turn=self.turn)


def _worst_first(places: Sequence[_Place], rng: np.random.Generator, scale: float) -> Iterator[_Place]:
    """As an eye judges that, those that look right after all others, the least sure first."""
    eye = np.exp(rng.normal(0, _EYE, len(places)))
    wrong = [place.away_px * eye[i] if place.reach_px > RIGHT_PX * scale else 0.0 for i, place in enumerate(places)]
    unsure = [(1 - place.confidence) * eye[i] for i, place in enumerate(places)]
    return (places[i] for i in np.lexsort((unsure, wrong))[::-1])


def _places(traced: Sequence[TracedCurve], truth: Truth, scale: float, turns: Turns | None = None) -> list[_Place]:
    found: list[_Place] = []
    for line in traced:
        drawn = truth.get(line.spec.mnemonic)
        if drawn is None or not line.spec.digitize or not np.isfinite(drawn).any():
            continue
        overlay = list(overlay_of(line))
        ink = np.isfinite(drawn).all(axis=1)
        away, wrong = np.full(len(drawn), np.nan), np.zeros(len(drawn), bool)
        away[ink], seen = _nearest(line, drawn[ink])
        if turns is not None:
            wrong[ink] = seen != turns[line.spec.mnemonic][ink]
            away[wrong] = np.maximum(away[wrong], _FAR_PX)
        y = drawn[ink, 1]
        tops = np.arange(y.min(), y.max() - TALL_PX * scale, _STEP_PX * scale).tolist()
        right = np.where(wrong, turns[line.spec.mnemonic], _AS_SEEN) if turns is not None else None
        found += [_place(line, overlay, drawn, away, (top, top + TALL_PX * scale), right=right) for top in tops]
    return found


def _nearest(line: TracedCurve, points: Points) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """How far the overlay is from each of `points`, and on which back-up scale it runs there."""
    parts = [(walked(part), turn) for part, turn in _parts(line)]
    if not parts:
        return np.full(len(points), np.inf), np.full(len(points), _AS_SEEN, np.int32)
    away, at = cKDTree(np.concatenate([part for part, _ in parts])).query(points)
    return away, np.concatenate([np.full(len(part), turn, np.int32) for part, turn in parts])[at]


def overlay_of(line: TracedCurve) -> Iterator[Points]:
    """What the window draws of it: pieces without the leaps of a wrapping pen."""
    return (part for part, _ in _parts(line))


def _parts(line: TracedCurve) -> Iterator[tuple[Points, int]]:
    points = np.column_stack([line.x_px, line.y_px])
    for piece in line.pieces():
        leaps = np.flatnonzero(np.diff(line.turn[piece])) + 1
        scales = np.split(line.turn[piece], leaps)
        yield from (
            (part, int(turn[0]))
            for part, turn in zip(np.split(points[piece], leaps), scales, strict=True)
            if len(part) > 1
        )


def rows_covered(line: Points) -> NDArray[np.float64]:
    """What each point of a dense line (n, 2) weighs: what lies wrong for many rows shows most."""
    return np.minimum(np.abs(np.gradient(np.nan_to_num(line[:, 1]))), _STEEPEST) + _LEVEL


def _place(
    line: TracedCurve,
    overlay: Sequence[Points],
    drawn: Points,
    away: NDArray[np.float64],
    rows: tuple[float, float],
    *,
    right: NDArray[np.int32] | None,
) -> _Place:
    here = (line.y_px >= rows[0]) & (line.y_px <= rows[1])
    covered = np.unique(np.rint(line.y_px[here])).size / (rows[1] - rows[0])
    confidence = float(line.confidence[here].mean()) * min(1.0, covered) if here.any() else 0.0
    inside = np.isfinite(away) | np.isposinf(away)
    inside &= (drawn[:, 1] >= rows[0]) & (drawn[:, 1] <= rows[1])
    leaps = (np.diff(inside) != 0) | (np.abs(np.diff(drawn[:, 0])) > _LEAP_PX)
    runs = [run for run in np.split(np.arange(len(drawn)), np.flatnonzero(leaps) + 1) if inside[run[0]]]
    deeply = rows_covered(drawn)
    worst = max(
        runs,
        key=lambda run: (float((np.minimum(away[run], _FAR_PX) * deeply[run]).sum()), len(run)),
        default=np.arange(0),
    )
    piece = drawn[worst]
    deep = float(np.ptp(piece[:, 1])) / (rows[1] - rows[0]) if len(piece) else 0.0
    far = np.minimum(away[inside], _FAR_PX) if inside.any() else np.array([_FAR_PX])
    mean = float(np.average(far, weights=deeply[inside])) if inside.any() else _FAR_PX
    within = [part[(part[:, 1] >= rows[0]) & (part[:, 1] <= rows[1])] for part in overlay]
    seen = tuple(tuple((float(x), float(y)) for x, y in part) for part in within if len(part) > 1)
    told = _AS_SEEN if right is None or not len(worst) else int(np.median(right[worst]))
    turn = None if told == _AS_SEEN else told
    return _Place(line.spec, rows, piece, deep, seen, confidence, mean, float(np.quantile(far, 0.9)), turn)


def rubbed_out(marked: Points, truth: Truth, analyst: Analyst, *, at_most: int) -> tuple[NotCurveStroke, ...]:
    """Strokes along the longest false marks: `marked` (n, 2) are centrelines the network found, at 200 dpi."""
    lines = [line[np.isfinite(line).all(axis=1)] for line in truth.values()]
    away = cKDTree(np.concatenate(lines)).query(marked)[0] if lines and len(marked) else np.zeros(len(marked))
    far = marked[away > _FALSE_PX]
    rng = np.random.default_rng((analyst.seed, 7))
    return tuple(_brushed(group, rng) for group in _groups(far)[:at_most])


def _groups(points: Points) -> list[Points]:
    """Points that lie together, most of them first; few are not worth a stroke."""
    if not len(points):
        return []
    x, y = np.rint(points).astype(int).T
    image = np.zeros((y.max() + _JOINED_PX, x.max() + _JOINED_PX), np.uint8)
    image[y, x] = 1
    _count, labels = cv2.connectedComponents(cv2.dilate(image, np.ones((_JOINED_PX, _JOINED_PX), np.uint8)))
    number = labels[y, x]
    groups = [points[number == k] for k in np.unique(number)]
    return sorted((g for g in groups if len(g) >= _LEAST_FALSE_PX), key=len, reverse=True)


def _brushed(points: Points, rng: np.random.Generator) -> NotCurveStroke:
    along = int(np.ptp(points[:, 1]) > np.ptp(points[:, 0]))
    path = points[np.argsort(points[:, along], kind="stable")][::5]
    path = path + rng.normal(0, SHAKE_PX, path.shape)
    return NotCurveStroke(tuple((float(x), float(y)) for x, y in path), BRUSH_PX)
