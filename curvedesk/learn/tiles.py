"""Which pieces an image is predicted in, and how much each counts where they overlap. Plain arithmetic."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from curvedesk.learn.net import STRIDE

FLAT_LEVELS = 24  # a piece whose gray levels span less holds no pen stroke: blank paper, or film without an image


class GrayRows(Protocol):
    """An image that need not be in memory: an array, a memory map, a scan read strip by strip."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""

    def __getitem__(self, rows: slice, /) -> NDArray[np.uint8]:
        """Rows start to stop, all columns."""


def is_blank(gray: NDArray[np.uint8]) -> bool:
    """Whether there is nothing to find in gray (h, w)."""
    return int(gray.max()) - int(gray.min()) < FLAT_LEVELS


def padded(gray: NDArray[np.uint8], *, height: int, width: int) -> NDArray[np.uint8]:
    """Last row and column repeated up to a size: pens that leave the image are not cut to look like ends."""
    h, w = gray.shape
    return np.pad(gray, ((0, height - h), (0, width - w)), mode="edge")


@dataclass(frozen=True, slots=True)
class Span:
    """Pixels start to stop (exclusive) of one axis, and their share of the result; shares of a pixel add up to 1."""

    start: int
    stop: int
    share: NDArray[np.float32]  # (stop - start,)


def round_up(length: int) -> int:
    """The next multiple of the network's stride."""
    return -(-length // STRIDE) * STRIDE


def starts(length: int, *, tile: int, overlap: int) -> tuple[NDArray[np.int64], int]:
    """Where equal pieces of at most ``tile`` start, overlapping by ``overlap`` at least, and how long they are.

    Pieces are evened out rather than cut short at the end, because a network that normalises over what it sees does
    best on pieces alike. One piece where ``length`` fits into a tile.
    """
    if not 0 <= overlap <= tile // 2 or tile % STRIDE or length < 1 or tile < STRIDE:
        raise ValueError(f"no tiles of {tile} px with {overlap} px overlap over {length} px (multiples of {STRIDE})")
    if length <= tile:
        return np.zeros(1, np.int64), length
    count = -(-(length - overlap) // (tile - overlap))
    size = round_up(-(-(length + (count - 1) * overlap) // count))
    return np.round(np.linspace(0, length - size, count)).astype(np.int64), size


def spans(length: int, *, tile: int, overlap: int) -> tuple[Span, ...]:
    """Pieces that cover ``length`` px in order, each fading out towards its neighbours by a raised cosine."""
    at, size = starts(length, tile=tile, overlap=overlap)
    shared = [size - int(b - a) for a, b in pairwise(at)]
    weights = [_fade(size, before, after) for before, after in zip([0, *shared], [*shared, 0], strict=True)]
    total = np.zeros(length, np.float64)
    for start, weight in zip(at, weights, strict=True):
        total[start : start + size] += weight
    return tuple(
        Span(int(start), int(start) + size, (weight / total[start : start + size]).astype(np.float32))
        for start, weight in zip(at, weights, strict=True)
    )


def _fade(size: int, before: int, after: int) -> NDArray[np.float64]:
    """Weight of a piece: 1 inside, rising over what it shares with the pieces before and after it."""
    weight = np.ones(size)
    weight[:before] *= _rise(before)
    weight[size - after :] *= _rise(after)[::-1]
    return weight


def _rise(length: int) -> NDArray[np.float64]:
    result: NDArray[np.float64] = 0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)
    return result
