"""What a pen's path pays for standing on and passing over each pixel, from the network's probabilities."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.sheet import Style

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """How evidence becomes cost; tuned on synthetic sheets."""

    other_class: float = 0.4  # what ink of the other class counts: just enough not to be a gap
    along_other: float = 0.7  # and for passing level: a broken pen's fast strokes run on under a solid one
    under_broken: float = 0.2  # and what broken ink counts for a solid pen, which hides under no dashes
    doubt: float = 0.3  # how much ink loses that the network gives to both classes
    shared: float = 0.8  # what ink counts that another curve already explains
    foreign: float = 0.3  # and what, on top, where that is a calm pen, which no other curve runs along
    floor: float = 0.04  # probability of paper; -log of it is what a row without ink costs
    gap: float = 0.95  # a row in a gap
    over_ink: float = 0.03  # passing a column level, on ink
    over_paper: float = 0.45  # and on paper
    over_band: float = 0.06  # in a black band that strokes have run together to, where the network sees none
    along_ridge: float = 0.16  # reward for passing along a level stroke, so that spikes are followed to their tips
    along_shared: float = 0.12  # and along one that another curve explains: two pens that swing together stay together


class Ink(NamedTuple):
    """Evidence for one curve (rows, columns): ink of its own class, what ink of the other class counts, and what that
    counts for passing it level.

    The latter two are never taken by another curve: a dashed pen that follows a solid one is hidden under it.
    """

    own: Bytes
    under: Bytes
    along: Bytes


def ink_of(solid: Bytes, dashed: Bytes, style: Style, weights: Weights) -> Ink:
    """Evidence for a curve of one style."""
    own, other = (solid, dashed) if style is Style.SOLID else (dashed, solid)
    sure = own * (1 - np.float32(weights.doubt / 255) * other)
    share = weights.under_broken if style is Style.SOLID else weights.other_class
    hidden = np.minimum(other * np.float32(1.5), 255) * np.float32(share)
    under = hidden.astype(np.uint8)
    along = (
        under if style is Style.SOLID else np.maximum(under, (other * np.float32(weights.along_other)).astype(np.uint8))
    )
    return Ink(sure.astype(np.uint8), under, along)


def level_ridges(evidence: Bytes) -> NDArray[np.bool_]:
    """Centre rows of strokes that run across: brighter than the rows four above and below, brightest of the near."""
    padded = np.pad(evidence.astype(np.int16), ((4, 4), (0, 0)), mode="edge")
    above4, above2, above, middle, below, below2, below4 = (
        padded[4 + k : 4 + k + len(evidence)] for k in (-4, -2, -1, 0, 1, 2, 4)
    )
    best = (middle >= above) & (middle > below) & (middle >= above2) & (middle > below2)
    return np.asarray(best & (middle > 100) & (2 * middle - above4 - below4 > 130))


def tables(weights: Weights) -> tuple[Floats, Floats]:
    """Costs by probability 0..255: of leaving a row through a pixel, and of passing it level."""
    p = np.linspace(0, 1, 256)
    stand = -np.log(np.maximum(p, weights.floor))
    travel = weights.over_ink + (weights.over_paper - weights.over_ink) * (1 - p) ** 2
    return stand.astype(np.float32), travel.astype(np.float32)
