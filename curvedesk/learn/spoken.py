"""What an analyst said about a log, as places on its 200 dpi image: the only pixels a fine-tuning may learn from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.sheet import CurveSpec, Sheet, Style, Track
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, NullStroke, Stroke, rows_of
from curvedesk.tracing.strip import Window

Points = NDArray[np.float64]
ROW_PX = 1.0
_NEAR_PX = 6.0  # a traced line so near to a stroke (beyond its own half width) is the stroke's, snapped to the ink
_DOUBTED = 0.1  # what a stroke weighs that is doubted
_SURE = 0.8  # confidence of a traced curve that is taken to lie where it was traced


@dataclass(frozen=True, slots=True, eq=False)
class SaidLine:
    """A pen runs here: polylines (n, 2) of x, y in image pixels; plane 0 solid, 1 dashed."""

    source: int  # the stroke's place in the list
    plane: int
    pieces: tuple[Points, ...]
    track: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class SaidNothing:
    """No curve of these planes lies here: a brushed path, or the whole track in a stretch of rows."""

    source: int
    planes: tuple[int, ...]
    points: Points  # the path, or the corners of the stretch
    width_px: float  # of the path; 0 for a stretch, which is filled
    weight: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """All of it. `lines_of_track` are the lines of every curve, spoken of or not, by track and plane."""

    lines: tuple[SaidLine, ...]
    nothing: tuple[SaidNothing, ...]
    traced: Mapping[tuple[str, int], tuple[Points, ...]]
    edges: Mapping[str, tuple[Points, Points]]  # left and right border of each track, (n, 2) image pixels
    settled: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)  # rows in which all of a track is known

    def places(self) -> tuple[Points, NDArray[np.float64]]:
        """Points (n, 2) worth looking at, about 8 px apart, and the weight of each."""
        found, weights = [np.zeros((0, 2))], [np.zeros(0)]
        for line in self.lines:
            points = np.concatenate([walked(piece)[::8] for piece in line.pieces])
            found.append(points)
            weights.append(np.full(len(points), line.weight))
        for item in self.nothing:
            points = walked(item.points)[::16] if item.width_px else _along(item.points)
            found.append(points)
            weights.append(np.full(len(points), item.weight * (1.0 if item.width_px else 0.3)))
        return np.concatenate(found), np.concatenate(weights)


def spoken_of(
    strokes: Sequence[Stroke],
    sheet: Sheet,
    traced: Sequence[TracedCurve],
    gray: NDArray[np.uint8],
    window: Window,
    *,
    doubted: Collection[int] = (),
) -> Spoken:
    """What `strokes` say, snapped to the lines `traced` with all of them bound; `gray` (H, W) lies at `window`.

    Strokes in the places `doubted` weigh little.
    """
    maker = _Maker(sheet, traced, gray, window, frozenset(doubted))
    lines: list[SaidLine] = []
    nothing: list[SaidNothing] = []
    for source, stroke in enumerate(strokes):
        if isinstance(stroke, CurveStroke):
            lines += maker.drawn(source, stroke)
        elif isinstance(stroke, AcceptStroke):
            lines += maker.accepted(source, stroke)
        elif isinstance(stroke, NotCurveStroke):
            path, width = window.on_image(np.asarray(stroke.points)), stroke.width_px * window.scale
            nothing.append(SaidNothing(source, (0, 1), path, width, maker.weight(source)))
    nothing += maker.empty(strokes)
    return Spoken(tuple(lines), tuple(nothing), maker.known, maker.edges(), maker.settled(strokes))


def plane_of(spec: CurveSpec) -> int:
    """The network's channel of a curve: 0 solid, 1 dashed or dotted."""
    return 0 if spec.style is Style.SOLID else 1


def walked(points: Points, step_px: float = 1.0) -> Points:
    """A polyline resampled every `step_px` of its length."""
    if len(points) < 2:
        return points
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.arange(0.0, length[-1] + step_px / 2, step_px)
    return np.column_stack([np.interp(at, length, points[:, k]) for k in (0, 1)])


def _along(corners: Points) -> Points:
    """Points down the middle of a stretch, 16 px apart."""
    top, bottom = corners[:, 1].min(), corners[:, 1].max()
    y = np.arange(top, bottom + 1, 16.0)
    return np.column_stack([np.full(y.size, corners[:, 0].mean()), y])


class _Maker:
    def __init__(
        self,
        sheet: Sheet,
        traced: Sequence[TracedCurve],
        gray: NDArray[np.uint8],
        window: Window,
        doubted: frozenset[int],
    ) -> None:
        self.sheet, self.gray, self.window, self.doubted = sheet, gray, window, doubted
        self.traced = traced
        self.known: dict[tuple[str, int], tuple[Points, ...]] = {}
        for line in traced:
            key = line.track, plane_of(line.spec)
            self.known[key] = (*self.known.get(key, ()), *self._pieces(line))

    def weight(self, source: int) -> float:
        """How much a stroke counts."""
        return _DOUBTED if source in self.doubted else 1.0

    def edges(self) -> dict[str, tuple[Points, Points]]:
        return {
            track.name: (self.window.on_image(track.left), self.window.on_image(track.right))
            for track in self.sheet.tracks
        }

    def drawn(self, source: int, stroke: CurveStroke) -> list[SaidLine]:
        """A stroke as the traced line beneath it, which is bound to it and snapped to the ink."""
        points = self.window.on_image(np.asarray(stroke.points, dtype=float))
        if len(points) == 1:
            points = np.repeat(points, 2, axis=0) + np.array([[0.0, -2.0], [0.0, 2.0]])
        reach = stroke.width_px * self.window.scale / 2 + _NEAR_PX
        tree, found = cKDTree(walked(points)), []
        for line in self._lines(stroke.curve):
            pieces = [part for piece in self._pieces(line) for part in _near(piece, tree, reach)]
            pieces = [_between_rows(part, points[:, 1].min(), points[:, 1].max()) for part in pieces]
            found += self._said(source, line, pieces)
        return found

    def accepted(self, source: int, stroke: AcceptStroke) -> list[SaidLine]:
        found = []
        for line in self._lines(stroke.curve):
            rows = self.window.to_image(np.zeros(2), np.asarray(stroke.rows, dtype=float))[1]
            found += self._said(source, line, [_between_rows(piece, *rows) for piece in self._pieces(line)])
        return found

    def empty(self, strokes: Sequence[Stroke]) -> list[SaidNothing]:
        """Stretches of rows in which every curve of a plane of a track is accepted or null: the rest of it is paper."""
        found = []
        for track in self.sheet.tracks:
            for plane in (0, 1):
                specs = [spec for spec in track.curves if plane_of(spec) == plane]
                spans = [_spans(strokes, spec.mnemonic) for spec in specs]
                for first, last in _common(spans) if spans else ():
                    found.append(SaidNothing(-1, (plane,), self._corners(track, first, last), 0.0))
        return found

    def settled(self, strokes: Sequence[Stroke]) -> dict[str, NDArray[np.bool_]]:
        """Rows of the image, by track, in which each of its curves was spoken of or is surely where it was traced."""
        rows = {track.name: np.ones(len(self.gray), bool) for track in self.sheet.tracks}
        for track, spec in self.sheet.curves():
            known = np.zeros(len(self.gray) + 1, bool)  # the last one takes what lies off the image
            for line in self._lines(spec.mnemonic):
                y = self.window.on_image(np.column_stack([line.x_px, line.y_px]))[line.confidence >= _SURE, 1]
                known[_inside(y, len(self.gray))] = True
            for stroke in strokes:
                if isinstance(stroke, CurveStroke | AcceptStroke | NullStroke) and stroke.curve == spec.mnemonic:
                    first, last = self.window.to_image(np.zeros(2), np.asarray(rows_of(stroke)))[1]
                    known[_inside(np.arange(first, last + 1), len(self.gray))] = True
            rows[track.name] &= known[:-1]
        return rows

    def _corners(self, track: Track, first: float, last: float) -> Points:
        y = np.linspace(first, last, 9)
        left, right = np.column_stack([track.left_at(y), y]), np.column_stack([track.right_at(y), y])
        return self.window.on_image(np.concatenate([left, right[::-1]]))

    def _lines(self, mnemonic: str) -> list[TracedCurve]:
        return [line for line in self.traced if line.spec.mnemonic == mnemonic]

    def _pieces(self, line: TracedCurve) -> tuple[Points, ...]:
        points = self.window.on_image(np.column_stack([line.x_px, line.y_px]))
        cut = [points[piece] for piece in line.pieces()]
        turns = [line.turn[piece] for piece in line.pieces()]
        parts = [
            p
            for piece, turn in zip(cut, turns, strict=True)
            for p in np.split(piece, np.flatnonzero(np.diff(turn)) + 1)
        ]
        return tuple(part for part in parts if len(part) >= 2)

    def _said(self, source: int, line: TracedCurve, pieces: Sequence[Points]) -> list[SaidLine]:
        kept = tuple(piece for piece in pieces if len(piece) >= 2)
        if not kept:
            return []
        return [SaidLine(source, plane_of(line.spec), kept, line.track, self.weight(source))]


def _inside(y: NDArray[np.float64], height: int) -> NDArray[np.intp]:
    """Rows of an image, `height` for those off it."""
    rows = np.rint(y[np.isfinite(y)]).astype(np.intp)
    return np.where((rows >= 0) & (rows < height), rows, height)


def _near(piece: Points, tree: cKDTree, reach: float) -> list[Points]:
    near = tree.query(piece)[0] <= reach
    return [run for run in np.split(piece, np.flatnonzero(np.diff(near)) + 1) if tree.query(run[0])[0] <= reach]


def _between_rows(piece: Points, first: float, last: float) -> Points:
    low, high = min(first, last) - ROW_PX, max(first, last) + ROW_PX
    return piece[(piece[:, 1] >= low) & (piece[:, 1] <= high)]


def _spans(strokes: Sequence[Stroke], mnemonic: str) -> list[tuple[float, float]]:
    said = [s for s in strokes if isinstance(s, AcceptStroke | NullStroke) and s.curve == mnemonic]
    return sorted((float(s.rows[0]), float(s.rows[1])) for s in said)


def _common(spans: Sequence[Sequence[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Intervals that lie in one of each list."""
    common = list(spans[0])
    for others in spans[1:]:
        common = [(max(a, c), min(b, d)) for a, b in common for c, d in others if max(a, c) < min(b, d)]
    return common
