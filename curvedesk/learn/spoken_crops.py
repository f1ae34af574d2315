"""Crops around what the analyst said, each with what is known in it and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk.learn.spoken import Points, Spoken

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
STROKE_PX, RING_PX = 3, 6
_SHIFT = 4  # sub-pixel bits of OpenCV's drawing
_STEEP = 3.0  # a row that the line crosses wider than this has no single place
BROAD_PX = 14  # ink so near to a line may be its own: a broad pen's
_BLANK = 0.1  # what a place of the pen weighs that shows no ink, the gap between two dashes
_DARK = 40  # gray levels below the paper that count as ink


@dataclass(frozen=True, slots=True, eq=False)
class SpokenCrop:
    """A square of paper.

    gray (S, S) uint8; target, known (2, S, S) in 0..1, solid and dashed; `centre` (2, S): where in each row the pen is,
    NaN where nobody said; `rivals` (2, S, S): pixels of that row that are said not to be it.
    """

    gray: Bytes
    target: Floats
    known: Floats
    centre: Floats
    rivals: NDArray[np.bool_]


Rows = Sequence[tuple[float, float]]


def cut(spoken: Spoken, gray: Bytes, at: tuple[float, float], size: int, closed: Rows = ()) -> SpokenCrop:
    """The crop centred at (x, y); nothing is known in the rows of `closed`, which are kept for judging."""
    x0, y0 = (round(v - size / 2) for v in at)
    paper = np.full((size, size), 255, np.uint8)
    top, left = max(0, y0), max(0, x0)
    part = gray[top : max(top, y0 + size), left : max(left, x0 + size)]
    paper[top - y0 : top - y0 + part.shape[0], left - x0 : left - x0 + part.shape[1]] = part
    made = _Drawn(spoken, np.array([x0, y0], float), paper)
    for first, last in closed:
        made.close(first - y0, last - y0)
    return SpokenCrop(paper, made.target, made.known, made.centre, made.rivals)


class _Drawn:
    def __init__(self, spoken: Spoken, origin: Points, paper: Bytes) -> None:
        self.spoken, self.origin, self.size = spoken, origin, len(paper)
        self.ink = paper < float(np.median(paper)) - _DARK
        self.inked = cv2.dilate(self.ink.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        size = self.size
        self.target = np.zeros((2, size, size), np.float32)
        self.known = np.zeros((2, size, size), np.float32)
        self.centre = np.full((2, size), np.nan, np.float32)
        self.rivals = np.zeros((2, size, size), bool)
        self._nothing()
        self._lines()

    def close(self, first: float, last: float) -> None:
        rows = slice(max(0, int(np.floor(first))), max(0, int(np.ceil(last)) + 1))
        self.known[:, rows] = 0
        self.centre[:, rows] = np.nan

    def _nothing(self) -> None:
        for item in self.spoken.nothing:
            mask = self._blank()
            points = self._fixed(item.points)
            if item.width_px:
                cv2.polylines(mask, [points], False, 255, max(1, round(item.width_px)), cv2.LINE_8, _SHIFT)
            else:
                cv2.fillPoly(mask, [points], 255, cv2.LINE_8, _SHIFT)
            for plane in item.planes:
                self.known[plane][mask > 0] = item.weight

    def _lines(self) -> None:
        for line in self.spoken.lines:
            ring, pen = self._painted(line.pieces, 2 * RING_PX + 1), self._painted(line.pieces, STROKE_PX)
            self.known[line.plane][ring & ~pen] = 0
            self.known[line.plane][pen], self.target[line.plane][pen] = line.weight, 1
            self.known[line.plane][pen & ~self.inked] = line.weight * _BLANK
            told = pen & ~self._traced(line.track, 1 - line.plane) & (self.target[1 - line.plane] == 0)
            self.known[1 - line.plane][told] = line.weight
            if line.weight == 1.0:
                self._rows(line.plane, line.track, line.pieces, ring)

    def _rows(self, plane: int, track: str, pieces: Sequence[Points], ring: NDArray[np.bool_]) -> None:
        """Rows in which the line has one place: the rest of the track's row, other pens aside, is said not to be it.

        Where the other curves of the track are known too, that rest holds none of either plane. Strokes that only
        ever said where curves are would teach that all ink is one.
        """
        near = self._painted(pieces, 2 * BROAD_PX + 1) & self.ink
        rest = self._inside(track) & ~ring & ~near & ~self._traced(track, plane)
        spoken = np.zeros(self.size, bool)
        for piece in pieces:
            local = piece - self.origin
            row = np.rint(local[:, 1]).astype(int)
            for r in np.unique(row[(row >= 0) & (row < self.size)]):
                x = local[row == r, 0]
                if np.ptp(x) <= _STEEP and 1 <= x.mean() < self.size - 1:
                    self.centre[plane, r] = x.mean()
                    self.rivals[plane, r] = rest[r]
                    spoken[r] = self._settled(track, r)
        rest &= spoken[:, None]
        self.known[plane][rest & (self.target[plane] == 0)] = 1
        other = rest & ~self._traced(track, 1 - plane) & (self.target[1 - plane] == 0)
        self.known[1 - plane][other] = 1

    def _settled(self, track: str, row: int) -> bool:
        rows, at = self.spoken.settled.get(track), row + round(float(self.origin[1]))
        return rows is not None and 0 <= at < len(rows) and bool(rows[at])

    def _traced(self, track: str, plane: int) -> NDArray[np.bool_]:
        """What lies near to a line that was traced there, and the ink of a broad one."""
        lines = self.spoken.traced.get((track, plane), ())
        return self._painted(lines, 2 * RING_PX + 1) | (self._painted(lines, 2 * BROAD_PX + 1) & self.ink)

    def _inside(self, track: str) -> NDArray[np.bool_]:
        mask = self._blank()
        left, right = self.spoken.edges[track]
        y = np.arange(-8.0, self.size + 9.0, 8.0) + self.origin[1]
        sides = [np.column_stack([np.interp(y, edge[:, 1], edge[:, 0]), y]) for edge in (left, right)]
        cv2.fillPoly(mask, [self._fixed(np.concatenate([sides[0], sides[1][::-1]]))], 255, cv2.LINE_8, _SHIFT)
        return mask > 0

    def _painted(self, pieces: Sequence[Points], width: int) -> NDArray[np.bool_]:
        mask = self._blank()
        near = [
            p
            for p in pieces
            if (p[:, 1] > self.origin[1] - 40).any() and (p[:, 1] < self.origin[1] + self.size + 40).any()
        ]
        cv2.polylines(mask, [self._fixed(piece) for piece in near], False, 255, width, cv2.LINE_8, _SHIFT)
        return mask > 0

    def _blank(self) -> Bytes:
        return np.zeros((self.size, self.size), np.uint8)

    def _fixed(self, points: Points) -> NDArray[np.int32]:
        return np.rint((points - self.origin) * (1 << _SHIFT)).astype(np.int32)[:, None]


def varied(crop: SpokenCrop, rng: np.random.Generator) -> SpokenCrop:
    """The same crop as another scan might show it: mirrored, thicker or thinner ink, other contrast, noise, 1 bit."""
    if rng.random() < 0.5:
        last = crop.gray.shape[1] - 1
        gray, rivals = np.ascontiguousarray(crop.gray[:, ::-1]), crop.rivals[..., ::-1]
        crop = SpokenCrop(gray, crop.target[..., ::-1], crop.known[..., ::-1], last - crop.centre, rivals)
    return SpokenCrop(_aged(crop.gray, rng), crop.target, crop.known, crop.centre, crop.rivals)


def _aged(gray: Bytes, rng: np.random.Generator) -> Bytes:
    kind = rng.random()
    if kind < 0.15:
        gray = np.asarray(cv2.erode(gray, np.ones((2, 2), np.uint8)), np.uint8)
    elif kind < 0.25:
        gray = np.asarray(cv2.dilate(gray, np.ones((2, 2), np.uint8)), np.uint8)
    image = 255 - (255 - gray.astype(np.float32)) * rng.uniform(0.7, 1.0)
    if rng.random() < 0.3:
        image += rng.normal(0, rng.uniform(2, 14), gray.shape)
    if rng.random() < 0.15:
        image = np.where(image < rng.uniform(90, 190), 0, 255)
    return np.asarray(np.clip(image, 0, 255), np.uint8)
