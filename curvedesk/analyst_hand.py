"""The hand of a simulated analyst: where it draws, what it accepts, and how it shakes."""

from collections.abc import Sequence
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
_FALSE_PX = 4.0  # ink that the network marked so far from any curve is worth a stroke,
_LEAST_FALSE_PX = 24  # if there is so much of it in one place,
_JOINED_PX = 7  # which is what lies nearer together than this

Points = NDArray[np.float64]
Truth = dict[str, Points]  # (n, 2) x_px, y_px of what the pen drew, NaN between pieces


@dataclass(frozen=True, slots=True)
class Analyst:
    """How much is said, and by which hand."""

    strokes: int = 5
    accepts: int = 3
    seed: int = 1
    max_seconds: float = 90.0


def said_by(traced: Sequence[TracedCurve], truth: Truth, analyst: Analyst, dpi: float) -> tuple[Stroke, ...]:
    """Strokes where the tracer is least sure, and accepted stretches where it is surest and right."""
    rng, scale = np.random.default_rng(analyst.seed), dpi / 200.0
    places = sorted(_places(traced, truth, TALL_PX * scale), key=lambda place: place.confidence)
    chosen: list[_Place] = []
    drawn: list[Stroke] = []
    for place in places:
        if len(drawn) < analyst.strokes and place.is_drawn and not place.touches(chosen, APART_PX * scale):
            chosen.append(place)
            drawn.append(place.stroke(rng, SHAKE_PX * scale))
    accepted: list[Stroke] = []
    for place in reversed(places):
        fits = place.away_px <= RIGHT_PX * scale and place.is_drawn and not place.touches(chosen, APART_PX * scale)
        if len(accepted) < analyst.accepts and fits:
            chosen.append(place)
            accepted.append(AcceptStroke(place.spec.mnemonic, place.rows))
    return (*drawn, *accepted)


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A stretch of rows of one curve."""

    spec: CurveSpec
    rows: tuple[float, float]
    line: Points  # of the truth in it, longest piece
    confidence: float
    away_px: float

    @property
    def is_drawn(self) -> bool:
        """Whether the pen ran through most of it."""
        return len(self.line) > 1 and float(np.ptp(self.line[:, 1])) >= 0.6 * (self.rows[1] - self.rows[0])

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
        return CurveStroke(self.spec.mnemonic, tuple((float(x), float(y)) for x, y in line))


def _places(traced: Sequence[TracedCurve], truth: Truth, tall: float) -> list[_Place]:
    found: list[_Place] = []
    for line in traced:
        drawn = truth.get(line.spec.mnemonic)
        if drawn is None or not line.spec.digitize:
            continue
        y = drawn[np.isfinite(drawn[:, 1]), 1]
        tops = np.arange(y.min(), y.max() - tall, tall).tolist()
        found += [_place(line, drawn, (top, top + tall)) for top in tops]
    return found


def _place(line: TracedCurve, drawn: Points, rows: tuple[float, float]) -> _Place:
    here = (line.y_px >= rows[0]) & (line.y_px <= rows[1])
    covered = np.unique(np.rint(line.y_px[here])).size / (rows[1] - rows[0])
    confidence = float(line.confidence[here].mean()) * min(1.0, covered) if here.any() else 0.0
    inside = np.isfinite(drawn).all(axis=1) & (drawn[:, 1] >= rows[0]) & (drawn[:, 1] <= rows[1])
    jumps = (np.diff(inside) != 0) | (np.abs(np.diff(drawn[:, 0])) > 100)
    runs = [run for run in np.split(np.arange(len(drawn)), np.flatnonzero(jumps) + 1) if inside[run[0]]]
    longest = drawn[max(runs, key=len)] if runs else np.zeros((0, 2))
    away = np.inf
    if here.any() and len(longest) > 1:
        wanted = walked(longest)
        mine = np.column_stack([line.x_px[here], line.y_px[here]])
        distance = np.hypot(*(wanted[:, None] - mine[None]).transpose(2, 0, 1)).min(axis=1)
        away = float(np.quantile(distance, 0.9))
    return _Place(line.spec, rows, longest, confidence, away)


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
