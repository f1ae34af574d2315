"""Spikes whose two strokes run as one throughout: a level branch that leads nowhere is part of the pen it leaves."""

import numpy as np
from scipy.spatial import cKDTree

from curvedesk.domain.polyline import FloatArray
from curvedesk.tracing.free_gaps import Piece

_TOUCH_PX = 5.0
_TIP_PX = 400
_OTHER_STYLE = 0.8
_BORDER_PX = 4


def insert_tips(pieces: list[Piece], *, height: int, width: int) -> list[Piece]:
    """Pieces with every level branch walked there and back where it leaves its pen."""
    level = [k for k, piece in enumerate(pieces) if _is_level_branch(piece)]
    if not level or len(pieces) == len(level):
        return pieces
    rest = sorted(set(range(len(pieces))) - set(level))
    owner = np.repeat(rest, [len(pieces[k].points) for k in rest])
    number = np.concatenate([np.arange(len(pieces[k].points)) for k in rest])
    tree = cKDTree(np.concatenate([pieces[k].points for k in rest]))
    inserts: dict[int, list[tuple[int, FloatArray]]] = {}
    gone: set[int] = set()
    for k in level:
        points = pieces[k].points
        distance, at = tree.query(points[[0, -1]], distance_upper_bound=_TOUCH_PX)
        touching = np.isfinite(distance)
        if touching.sum() != 1 or _at_border(points[-1 if touching[0] else 0], height, width):
            continue
        place = at[touching][0]
        if abs(pieces[owner[place]].style - pieces[k].style) < _OTHER_STYLE:
            out = points if touching[0] else points[::-1]
            inserts.setdefault(int(owner[place]), []).append((int(number[place]), np.concatenate([out, out[::-1]])))
            gone.add(k)
    return [_with(piece, inserts.get(k, [])) for k, piece in enumerate(pieces) if k not in gone]


def _is_level_branch(piece: Piece) -> bool:
    across, down = np.abs(piece.points[-1] - piece.points[0])
    return bool(len(piece.points) < _TIP_PX and across > 2 * down)


def _at_border(point: FloatArray, height: int, width: int) -> bool:
    x, y = point
    return not (_BORDER_PX < x < width - 1 - _BORDER_PX and _BORDER_PX < y < height - 1 - _BORDER_PX)


def _with(piece: Piece, inserts: list[tuple[int, FloatArray]]) -> Piece:
    points = piece.points
    for at, tip in sorted(inserts, key=lambda item: -item[0]):
        points = np.concatenate([points[: at + 1], tip, points[at:]])
    return Piece(points, piece.style)
