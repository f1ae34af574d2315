"""Centre lines of a probability image as chains of pixels between junctions, for tracing without a sheet."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, depth_first_order
from skimage.morphology import skeletonize

from curvedesk.domain.polyline import FloatArray

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]
LOW = 90  # weaker than this (of 255) is paper
HIGH = 140  # a line must be this strong somewhere, or it is noise
_VALLEY = 0.6  # of the strongest pixel near; weaker ones lie between two pens, not on one
_BAND_ROWS, _AROUND = 4096, 48  # a stroke thicker than twice _AROUND may break where bands meet
_SPUR_PX = 6
OPEN = -1  # a chain's end that meets no other


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Chains laid end to end: chain c is `points[start[c]:start[c + 1]]`, (x, y) pixels.

    `node` (c, 2): the junction at its first and its last pixel, or OPEN.
    """

    points: FloatArray
    start: Indices
    node: Indices

    @property
    def length(self) -> Indices:
        """Pixels of each chain."""
        return np.diff(self.start)


def skeleton_of(ink: Bytes) -> Skeleton:
    """The centre lines of all strokes of `ink` (H, W), 0..255; short spurs cut off."""
    pixels = np.concatenate([*_bands(ink), np.zeros(0, np.int64)])
    for _ in range(2):
        skeleton, owner = _chains(pixels, ink.shape[1])
        pixels = pixels[~_spurs(skeleton)[owner]]
    skeleton, owner = _chains(pixels, ink.shape[1])
    return _strong(skeleton, ink)


def _bands(ink: Bytes) -> list[NDArray[np.int64]]:
    """Flat indices of the skeleton's pixels, band by band, so that a tall scan needs little memory."""
    found = []
    for top in range(0, len(ink), _BAND_ROWS):
        first = max(0, top - _AROUND)
        near = ink[first : top + _BAND_ROWS + _AROUND]
        if near.size == 0 or near.max() < HIGH:
            continue
        peak = maximum_filter(near, 7)
        clear = (near >= LOW) & (near >= (peak * np.float32(_VALLEY)).astype(np.uint8))
        lines = skeletonize(clear)  # type: ignore[no-untyped-call]
        y, x = np.nonzero(lines[top - first : top - first + _BAND_ROWS])
        found.append((y + top).astype(np.int64) * ink.shape[1] + x)
    return found


def _links(pixels: NDArray[np.int64], width: int) -> NDArray[np.intp]:
    """Pairs (m, 2) of neighbours; a diagonal only where no pixel beside it links the two."""

    def at(dx: int, dy: int) -> tuple[Mask, Indices]:
        wanted = pixels + dy * width + dx
        inside = (column + dx >= 0) & (column + dx < width)
        place = np.minimum(np.searchsorted(pixels, wanted), max(pixels.size - 1, 0))
        return inside & (pixels[place] == wanted), place

    column = pixels % width
    here = np.arange(pixels.size)
    (right, to_right), (left, _), (down, to_down) = at(1, 0), at(-1, 0), at(0, 1)
    (falling, to_falling), (rising, to_rising) = at(1, 1), at(-1, 1)
    pairs = [(right, to_right), (down, to_down)]
    pairs += [(falling & ~right & ~down, to_falling), (rising & ~left & ~down, to_rising)]
    return np.concatenate([np.stack([here[found], to[found]], 1) for found, to in pairs])


def _graph(links: Indices, size: int) -> coo_array:
    return coo_array((np.ones(len(links), np.int8), (links[:, 0], links[:, 1])), shape=(size, size)).tocsr()


def _chains(pixels: NDArray[np.int64], width: int) -> tuple[Skeleton, Indices]:
    """Split the skeleton at its junctions; also the chain of every pixel (-1 for those of junctions)."""
    links = _links(pixels, width)
    degree = np.bincount(links.ravel(), minlength=pixels.size)
    joint = degree > 2
    ends_joint = joint[links]
    count, label = connected_components(_graph(links[ends_joint.all(1)], pixels.size), directed=False)
    del count
    _, node_of = np.unique(label[joint], return_inverse=True)
    junction = np.full(pixels.size, OPEN)
    junction[joint] = node_of
    inner = links[~ends_joint.any(1)]
    order, chain = _in_order(inner, pixels.size, joint)
    start = np.searchsorted(chain, np.arange((chain[-1] + 1 if chain.size else 0) + 1))
    owner = np.full(pixels.size, -1)
    owner[order] = chain
    outer = links[ends_joint.sum(1) == 1]
    swap = joint[outer[:, 0]]
    outer[swap] = outer[swap][:, ::-1]
    node = _ends(outer, order, start, owner, junction)
    y, x = np.divmod(pixels[order], width)
    return Skeleton(np.stack([x, y], 1).astype(np.float64), start, node), owner


def _in_order(links: Indices, size: int, joint: Mask) -> tuple[Indices, Indices]:
    """All pixels outside junctions, chain after chain, each from end to end; and the chain each belongs to.

    One depth-first walk does it: a root joined to one end of each chain runs every chain through before the next.
    """
    degree = np.bincount(links.ravel(), minlength=size)
    _, label = connected_components(_graph(links, size), directed=False)
    free = np.flatnonzero(~joint)
    # An end of the chain where it has one; a ring starts anywhere.
    ranked = free[np.lexsort((degree[free], label[free]))]
    _, first = np.unique(label[ranked], return_index=True)
    heads = ranked[first]
    rooted = np.concatenate([links, np.stack([np.full(heads.size, size), heads], 1)])
    walk = depth_first_order(_graph(rooted, size + 1), size, directed=False, return_predecessors=False)[1:]
    starts = np.zeros(walk.size, np.intp)
    is_head = np.zeros(size + 1, bool)
    is_head[heads] = True
    starts[is_head[walk]] = 1
    return walk.astype(np.intp), np.cumsum(starts) - 1


def _ends(outer: Indices, order: Indices, start: Indices, owner: Indices, junction: Indices) -> Indices:
    """The junctions at both ends of each chain, from `outer` links (pixel, junction pixel)."""
    node = np.full((start.size - 1, 2), OPEN)
    first = np.full(owner.size, -1)
    first[order[start[:-1]]] = np.arange(start.size - 1)
    for pixel, other in outer:
        chain = owner[pixel]
        at_first = first[pixel] == chain and node[chain, 0] == OPEN
        node[chain, 0 if at_first else 1] = junction[other]
    return node


def _spurs(skeleton: Skeleton) -> Mask:
    """Chains that leave a junction and end soon; one more entry, False, for pixels of junctions (owner -1)."""
    one_open = (skeleton.node == OPEN).sum(1) == 1
    return np.append((skeleton.length < _SPUR_PX) & one_open, False)


def _strong(skeleton: Skeleton, ink: Bytes) -> Skeleton:
    """Without the connected pieces that are weak throughout (the hysteresis of two thresholds)."""
    count = len(skeleton.node)
    nodes = int(skeleton.node.max(initial=-1)) + 1
    chain, side = np.nonzero(skeleton.node != OPEN)
    links = np.stack([chain, count + skeleton.node[chain, side]], 1)
    _, piece = connected_components(_graph(links, count + nodes), directed=False)
    x, y = skeleton.points.astype(np.intp).T
    best = np.zeros(count + nodes, np.uint8)
    np.maximum.at(best, piece[np.repeat(np.arange(count), skeleton.length)], ink[y, x])
    keep = best[piece[:count]] >= HIGH
    points = skeleton.points[np.repeat(keep, skeleton.length)]
    return Skeleton(points, np.concatenate([[0], np.cumsum(skeleton.length[keep])]), skeleton.node[keep])
