"""Every curve of a region, without a sheet: lines of ink followed in two dimensions and put together into pens."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.track import Style
from curvedesk.tracing.free_gaps import Piece, bridge
from curvedesk.tracing.free_junctions import join_through
from curvedesk.tracing.free_skeleton import Bytes, Skeleton, skeleton_of
from curvedesk.tracing.free_tips import insert_tips

_SHORTEST_PX = 20  # less is a speck, a letter's stroke, a dash on its own
_SURE = 0.45  # mean probability below which a line is none
_TANGENT_PX = 4
_REACH = np.arange(-2.5, 2.6, 0.5)  # pixels to both sides that belong to a stroke


@dataclass(frozen=True, slots=True)
class FreeCurve:
    """One pen's line: points (n, 2), x and y in pixels of the region, in drawing order; confidence 0 to 1."""

    style: Style
    points: FloatArray
    confidence: float


def trace_free(solid: Bytes, dashed: Bytes) -> list[FreeCurve]:
    """The curves of a region from the network's probabilities * 255, each (H, W) at 200 dpi; longest first.

    Dotted pens count as dashed, which is how the network knows them.
    """
    if solid.size == 0:
        return []
    ink = np.maximum(solid, dashed)
    skeleton = skeleton_of(ink)
    if not len(skeleton.node):
        return []
    style = _style(skeleton, solid, dashed)
    walks = join_through(skeleton, style, height=ink.shape[0], width=ink.shape[1])
    fine = _centred(skeleton, ink)
    pieces = bridge([_piece(walk, skeleton, fine, style) for walk in walks])
    pieces = insert_tips(pieces, height=ink.shape[0], width=ink.shape[1])
    curves = [_curve(piece, ink) for piece in pieces]
    kept = [c for c in curves if _run(c.points) >= _SHORTEST_PX and c.confidence >= _SURE]
    return sorted(kept, key=lambda c: -len(c.points))


def _style(skeleton: Skeleton, solid: Bytes, dashed: Bytes) -> FloatArray:
    """Of each chain, from -1 all dashed to 1 all solid."""
    x, y = skeleton.points.astype(np.intp).T
    a, b = (np.add.reduceat(p[y, x].astype(np.float64), skeleton.start[:-1]) for p in (solid, dashed))
    return np.asarray((a - b) / np.maximum(np.maximum(a, b), 1))


def _centred(skeleton: Skeleton, ink: Bytes) -> FloatArray:
    """The chains' points moved to the centroid of the ink across them: sub-pixel, and no staircase."""
    along = _tangents(skeleton)
    normal = np.stack([-along[:, 1], along[:, 0]], 1)
    at = skeleton.points[:, None] + normal[:, None] * _REACH[None, :, None]
    near = map_coordinates(ink, (at[..., 1], at[..., 0]), output=np.float32, order=1, mode="nearest")
    weight = _own_stroke(near)
    shift = (weight * _REACH).sum(1) / np.maximum(weight.sum(1), 1)
    return np.asarray(np.clip(skeleton.points + normal * shift[:, None], 0, (ink.shape[1] - 1, ink.shape[0] - 1)))


def _tangents(skeleton: Skeleton) -> FloatArray:
    """Unit directions (n, 2) along the chains."""
    number = np.arange(len(skeleton.points))
    chain = np.repeat(np.arange(len(skeleton.node)), skeleton.length)
    before = np.maximum(number - _TANGENT_PX, skeleton.start[chain])
    after = np.minimum(number + _TANGENT_PX, skeleton.start[chain + 1] - 1)
    way = skeleton.points[after] - skeleton.points[before]
    size = np.hypot(*way.T)
    way[size == 0] = (0, 1)
    return np.asarray(way / np.maximum(size, 1)[:, None])


def _own_stroke(near: NDArray[np.float32]) -> NDArray[np.float32]:
    """Ink across a line, (n, k), without what rises again beyond a valley: that is a neighbour's."""
    middle = near.shape[1] // 2
    for side in (near[:, middle:], near[:, middle::-1]):
        side[:] = _falling(side)
    return near


def _falling(side: NDArray[np.float32]) -> NDArray[np.float32]:
    lowest = np.minimum.accumulate(side, axis=1)
    risen = np.logical_or.accumulate(side > lowest + 40, axis=1)
    return np.where(risen, 0, side)


def _piece(walk: list[int], skeleton: Skeleton, fine: FloatArray, style: FloatArray) -> Piece:
    parts = []
    for arm in walk:
        part = fine[skeleton.start[arm // 2] : skeleton.start[arm // 2 + 1]]
        parts.append(part if arm % 2 == 0 else part[::-1])
    weight = [len(part) for part in parts]
    return Piece(np.concatenate(parts), float(np.average([style[arm // 2] for arm in walk], weights=weight)))


def _curve(piece: Piece, ink: Bytes) -> FreeCurve:
    points = piece.points if piece.points[0, 1] <= piece.points[-1, 1] else piece.points[::-1]
    x, y = np.rint(points).astype(np.intp).T
    style = Style.SOLID if piece.style >= 0 else Style.DASHED
    return FreeCurve(style, np.ascontiguousarray(points), float(ink[y, x].mean() / 255))


def _run(points: FloatArray) -> float:
    """Length of a line in pixels."""
    return float(np.hypot(*np.diff(points, axis=0).T).sum())
