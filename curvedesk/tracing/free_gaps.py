"""Pens put together over gaps: ends that point at each other, alike in style, nearest and straightest first."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from curvedesk.domain.polyline import FloatArray

_LONELY_PX = 40.0
_LONG_PIECE = 60  # points
_BACK_PX = 16.0  # an end's direction is taken over so much of the pen


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a pen: points (n, 2), and how much it is solid (1) or dashed (-1)."""

    points: FloatArray
    style: float

    def reversed(self) -> "Piece":
        """The same line, drawn the other way."""
        return Piece(self.points[::-1], self.style)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far and how crooked a gap may be."""

    gap_px: float
    turn: float  # radians off the direction of each end, besides two pixels to the side
    style: float  # difference allowed, 0 to 2
    longest: float = np.inf  # gap as a multiple of the shorter piece
    tips: bool = False  # also the lost tips of spikes


SHORT = Reach(8, 0.9, 2.0)
DASH = Reach(26, 0.6, 1.2, longest=4, tips=True)
LONG = Reach(60, 0.3, 0.6, longest=1)


def bridge(pieces: list[Piece]) -> list[Piece]:
    """Pieces joined end to end where one plainly goes on in another; short gaps first, for they tell the direction."""
    for reach in (SHORT, DASH, DASH, LONG):
        pieces = _bridge(pieces, reach)
    return _bridge_lonely(pieces)


def _bridge(pieces: list[Piece], reach: Reach) -> list[Piece]:
    if len(pieces) < 2:
        return pieces
    place, out = (np.concatenate(parts) for parts in zip(*map(_ends, pieces), strict=True))
    pairs = cKDTree(place).query_pairs(reach.gap_px, output_type="ndarray")
    pairs = pairs[pairs[:, 0] // 2 != pairs[:, 1] // 2]
    cost = _cost(pairs, place, out, pieces, reach)
    likely = np.argsort(cost, kind="stable")[: np.isfinite(cost).sum()]
    return _joined(pieces, _partners(pairs[likely].tolist(), len(pieces)))


def _bridge_lonely(pieces: list[Piece]) -> list[Piece]:
    """Where one long piece ends and another begins a little lower, and nothing else is near, it is the same pen."""
    ends = [(k, side) for k, p in enumerate(pieces) if len(p.points) >= _LONG_PIECE for side in (0, 1)]
    if len(ends) < 4:
        return pieces
    place = np.array([pieces[k].points[-side] for k, side in ends])
    distance, near = cKDTree(place).query(place, k=3)
    pairs = []
    for i, (k, side) in enumerate(ends):
        j = int(near[i, 1])
        other, other_side = ends[j]
        lonely = near[j, 1] == i and distance[i, 1] <= _LONELY_PX < 2 * min(distance[i, 2], distance[j, 2])
        alike = abs(pieces[k].style - pieces[other].style) < 0.6
        if i < j and k != other and lonely and alike and _flows(pieces[k], side, pieces[other], other_side):
            pairs.append((2 * k + side, 2 * other + other_side))
    return _joined(pieces, _partners(pairs, len(pieces)))


def _flows(a: Piece, side: int, b: Piece, other_side: int) -> bool:
    """Whether one comes from above and the other leads on downwards."""
    here, there = a.points[-side, 1], b.points[-other_side, 1]
    up, down = here - a.points[-1 + side, 1], b.points[-1 + other_side, 1] - there
    return bool(up * down > 0 and (there - here) * np.sign(up) > -8)


def _ends(piece: Piece) -> tuple[FloatArray, FloatArray]:
    """Place and outward direction of both ends (2, 2)."""
    places, outs = [], []
    for points in (piece.points, piece.points[::-1]):
        near = points[: 4 * int(_BACK_PX)]
        run = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(near, axis=0).T))])
        back = near[min(int(np.searchsorted(run, _BACK_PX)), len(near) - 1)]
        away = points[0] - back
        places.append(points[0])
        outs.append(away / max(float(np.hypot(*away)), 1e-9))
    return np.array(places), np.array(outs)


def _cost(pairs: NDArray[np.intp], place: FloatArray, out: FloatArray, pieces: list[Piece], reach: Reach) -> FloatArray:
    """Price of each pair of ends (m,), infinite where they do not go together."""
    i, j = pairs.T
    way = place[j] - place[i]
    gap = np.hypot(*way.T)
    way = way / np.maximum(gap, 1e-9)[:, None]
    style, length = np.array([p.style for p in pieces]), np.array([len(p.points) for p in pieces])
    apart = np.abs(style[i // 2] - style[j // 2])
    shorter = np.minimum(length[i // 2], length[j // 2])
    turn = np.maximum(_angle(out[i], way), _angle(-out[j], way))
    turn = np.where(gap < 3, np.minimum(turn, _angle(out[i], -out[j])), turn)
    off = np.maximum(0, turn - np.arctan2(2, np.maximum(gap, 1)))
    cost = gap / 25 + off + _angle(out[i], -out[j]) / 2 + apart / 2
    fits = (off < reach.turn) & (apart <= reach.style) & (gap <= reach.longest * shorter)
    cost = np.where(fits, cost, np.inf)
    return np.minimum(cost, _tip_cost(out[i], out[j], way * gap[:, None], apart)) if reach.tips else cost


def _tip_cost(a: FloatArray, b: FloatArray, way: FloatArray, apart: FloatArray) -> FloatArray:
    """Two level strokes that end side by side, pointing the same way: a spike whose tip the network lost."""
    level = (np.abs(a[:, 0]) > 0.85) & (np.abs(b[:, 0]) > 0.85) & (a[:, 0] * b[:, 0] > 0)
    near = (np.abs(way[:, 1]) < 12) & (np.abs(way[:, 0]) < 16)
    return np.where(level & near & (apart < 0.6), 1.2 + np.hypot(*way.T) / 25 + apart, np.inf)


def _angle(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.asarray(np.arccos(np.clip((a * b).sum(1), -1, 1)))


def _partners(pairs: Iterable[tuple[int, int]], pieces: int) -> dict[int, int]:
    """Each end with its one partner, best pairs first; none that would close a ring."""
    partner: dict[int, int] = {}
    root = list(range(pieces))
    for i, j in pairs:
        if i not in partner and j not in partner and _top(root, i // 2) != _top(root, j // 2):
            partner[i], partner[j] = j, i
            root[_top(root, i // 2)] = _top(root, j // 2)
    return partner


def _top(root: list[int], k: int) -> int:
    while root[k] != k:
        root[k] = root[root[k]]
        k = root[k]
    return k


def _joined(pieces: list[Piece], partner: dict[int, int]) -> list[Piece]:
    """Each run of partners as one piece."""
    done: set[int] = set()
    joined = []
    for end in range(2 * len(pieces)):
        if end in partner or end // 2 in done:
            continue
        run, at = [], end
        while True:
            done.add(at // 2)
            run.append(pieces[at // 2] if at % 2 == 0 else pieces[at // 2].reversed())
            if at ^ 1 not in partner:
                break
            at = partner[at ^ 1]
        joined.append(run[0] if len(run) == 1 else _one(run))
    return joined


def _one(run: list[Piece]) -> Piece:
    length = [len(p.points) for p in run]
    return Piece(np.concatenate([p.points for p in run]), float(np.average([p.style for p in run], weights=length)))
