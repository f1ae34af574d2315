"""What is taken from a piece of paper before a network has to give it back. Plain arithmetic on gray images.

Each corruption says which pixels it touched: the loss looks there harder. Gray is uint8, 0 ink, 255 paper.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.errors import ModelError
from curvedesk.learn.erasing import erased

Gray = NDArray[np.uint8]
Mask = NDArray[np.bool_]

PATCH_PX = 32
PATCH_SHARE = (0.25, 0.40)  # of the area
ALTERED_LEVELS = 48  # a pixel of noise counts as touched when it moved so far
DEFAULT_MIX = "erase+denoise=0.7,mask=0.15,swap=0.15"


class Corruption(StrEnum):
    """Ways to spoil paper; all but `plain` hold something to restore."""

    PLAIN = "plain"  # nothing at all: what a naive autoencoder does
    DENOISE = "denoise"  # grain and specks
    MASK = "mask"  # patches go blank
    SWAP = "swap"  # patches change places
    ERASE = "erase"  # runs along curves vanish as if never drawn


@dataclass(frozen=True, slots=True, eq=False)
class Corrupted:
    """Spoiled paper, uint8 (H, W), and the pixels that were touched, bool (H, W)."""

    gray: Gray
    touched: Mask


@dataclass(frozen=True, slots=True)
class Mix:
    """Recipes with their shares of all pieces; a recipe is one corruption or several, done in order."""

    recipes: tuple[tuple[Corruption, ...], ...]
    shares: tuple[float, ...]  # adding up to 1

    @classmethod
    def parse(cls, text: str) -> "Mix":
        """From words like `erase+denoise=0.7,mask=0.3`; a share left out counts 1, shares are brought to a sum of 1.

        Raises ModelError where a name is unknown or a share is no positive number.
        """
        recipes, shares = [], []
        for part in text.split(","):
            names, _, share = part.partition("=")
            recipes.append(tuple(_corruption(name) for name in names.split("+")))
            shares.append(_share(share, part))
        total = sum(shares)
        return cls(tuple(recipes), tuple(share / total for share in shares))

    def draw(self, rng: np.random.Generator) -> tuple[Corruption, ...]:
        """One recipe by its share."""
        return self.recipes[int(rng.choice(len(self.recipes), p=self.shares))]


def _corruption(name: str) -> Corruption:
    try:
        return Corruption(name.strip())
    except ValueError as error:
        raise ModelError(f"No way to spoil paper is called {name.strip()!r}: take {', '.join(Corruption)}.") from error


def _share(text: str, part: str) -> float:
    try:
        share = float(text) if text.strip() else 1.0
    except ValueError:
        share = 0.0
    if not 0 < share < float("inf"):
        raise ModelError(f"The share in {part.strip()!r} is no positive number: write for example erase=0.7,mask=0.3.")
    return share


def corrupt(
    rng: np.random.Generator, gray: Gray, recipe: tuple[Corruption, ...], lines: Callable[[], Mask]
) -> Corrupted:
    """`gray` spoiled by every corruption of the recipe in turn; the same generator state gives the same bytes.

    `lines` is asked only when curves are to be erased: bool (H, W), where they run.
    """
    result, touched = gray, np.zeros(gray.shape, bool)
    for kind in recipe:
        done = erased(rng, result, lines()) if kind is Corruption.ERASE else _WAYS[kind](rng, result)
        result, touched = done[0], touched | done[1]
    return Corrupted(result, touched)


def _plain(_rng: np.random.Generator, gray: Gray) -> tuple[Gray, Mask]:
    return gray, np.zeros(gray.shape, bool)


def _denoised(rng: np.random.Generator, gray: Gray) -> tuple[Gray, Mask]:
    """Grain of a random strength, and specks of ink and of paper."""
    grain = rng.standard_normal(gray.shape, np.float32) * np.float32(rng.uniform(4, 40))
    noisy = np.clip(gray + grain, 0, 255).astype(np.uint8)
    specks = rng.random(gray.shape, np.float32)
    amount = rng.uniform(0, 0.03)
    noisy[specks < amount] = 0
    noisy[specks > 1 - amount] = 255
    return noisy, np.abs(noisy.astype(np.int16) - gray) > ALTERED_LEVELS


def patches(rng: np.random.Generator, shape: tuple[int, ...]) -> list[tuple[slice, slice]]:
    """Whole square patches of 32 px (half the image where it is smaller than two) that cover 25 to 40 % of the area."""
    side = PATCH_PX if min(shape) >= 2 * PATCH_PX else min(shape) // 2
    rows, columns = (_grid(rng, length, side) for length in shape)
    places = [(slice(y, y + side), slice(x, x + side)) for y in rows for x in columns]
    share, target = side * side / (shape[0] * shape[1]), rng.uniform(*PATCH_SHARE)
    count = max(1, min(int(target / share), int(PATCH_SHARE[1] / share)))
    count += count * share < PATCH_SHARE[0] and (count + 1) * share <= PATCH_SHARE[1]
    return [places[i] for i in rng.permutation(len(places))[:count]]


def _grid(rng: np.random.Generator, length: int, side: int) -> list[int]:
    """Starts of patches side by side; where there is room, at a random offset."""
    count = length // side
    spare = length - count * side
    if spare == 0 and count > 4 and rng.random() < 0.5:
        count, spare = count - 1, side
    first = int(rng.integers(0, spare + 1))
    return [first + i * side for i in range(count)]


def _masked(rng: np.random.Generator, gray: Gray) -> tuple[Gray, Mask]:
    """Patches of one gray that is neither paper nor ink, so that the network knows what it has to invent."""
    result, touched = gray.copy(), np.zeros(gray.shape, bool)
    level = int(rng.integers(96, 161))
    for place in patches(rng, gray.shape):
        result[place] = level
        touched[place] = True
    return result, touched


def _swapped(rng: np.random.Generator, gray: Gray) -> tuple[Gray, Mask]:
    """Patches handed round in a ring: none stays where it was."""
    result, touched = gray.copy(), np.zeros(gray.shape, bool)
    places = patches(rng, gray.shape)
    for place, origin in zip(places, places[1:] + places[:1], strict=True):
        result[place] = gray[origin]
        touched[place] = True
    return result, touched if len(places) > 1 else np.zeros_like(touched)


_WAYS: dict[Corruption, Callable[[np.random.Generator, Gray], tuple[Gray, Mask]]] = {
    Corruption.PLAIN: _plain,
    Corruption.DENOISE: _denoised,
    Corruption.MASK: _masked,
    Corruption.SWAP: _swapped,
}
