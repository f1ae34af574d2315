"""Packs of strokes of other logs: made of what was said on this one, and heard beside it in training."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curvedesk.interchange.stroke_packs import PackCrop
from curvedesk.learn.spoken import Points, Spoken
from curvedesk.learn.spoken_crops import Bytes, SpokenCrop, cut

SIZE = 256
_WITHIN = 0.3  # of the size: what lies so near to a crop's middle has its surroundings in it


def packed(spoken: Spoken, gray: Bytes, *, size: int = SIZE) -> tuple[PackCrop, ...]:
    """As few crops of the paper (H, W) at 200 dpi as show all that was said and its surroundings."""
    return tuple(_to_pack(cut(spoken, gray, at, size)) for at in middles(spoken.places()[0], _WITHIN * size))


def middles(places: Points, reach: float) -> list[tuple[float, float]]:
    """Points (x, y) so that each of the places (n, 2) is at most `reach` from one of them in both directions."""
    left, found = places[np.argsort(places[:, 1], kind="stable")], []
    while len(left):
        band = left[left[:, 1] <= left[0, 1] + 2 * reach]
        first = band[:, 0].min()
        inside = band[band[:, 0] <= first + 2 * reach]
        low, high = inside.min(axis=0), inside.max(axis=0)
        x, y = (low + high) / 2
        found.append((float(x), float(y)))
        left = left[(np.abs(left - (x, y)) > reach + 1e-9).any(axis=1)]
    return found


def heard(crops: Sequence[PackCrop]) -> tuple[SpokenCrop, ...]:
    """The same as training wants it; a crop in which nothing is known teaches nothing and is left out."""
    return tuple(_from_pack(crop) for crop in crops if crop.known.any())


def part_of(crop: SpokenCrop, size: int, rng: np.random.Generator) -> SpokenCrop:
    """A square of another size out of the crop, around something known; beyond its edge is paper nobody spoke of."""
    rows, columns = np.nonzero(crop.known.max(axis=0))
    pick = rng.integers(len(rows))
    jitter = rng.uniform(-0.3, 0.3, 2) * size
    top, left = (round(float(v)) for v in (rows[pick] + jitter[0] - size / 2, columns[pick] + jitter[1] - size / 2))
    centre = _moved(crop.centre[..., None], top, 0, size, np.nan)[..., 0]
    centre = np.where((centre >= left + 1) & (centre < left + size - 1), centre - left, np.nan).astype(np.float32)
    return SpokenCrop(
        _moved(crop.gray, top, left, size, 255),
        _moved(crop.target, top, left, size, 0),
        _moved(crop.known, top, left, size, 0),
        centre,
        _moved(crop.rivals, top, left, size, False),
    )


def _moved(plane: NDArray[Any], top: int, left: int, size: int, outside: float) -> NDArray[Any]:
    """Rows and columns from (top, left) on of the last two axes, filled up with `outside`."""
    height, width = plane.shape[-2:]
    made = np.full((*plane.shape[:-2], size, size), outside, plane.dtype)
    y0, y1, x0, x1 = max(0, top), min(height, top + size), max(0, left), min(width, left + size)
    if y0 < y1 and x0 < x1:
        made[..., y0 - top : y1 - top, x0 - left : x1 - left] = plane[..., y0:y1, x0:x1]
    return made


def _to_pack(crop: SpokenCrop) -> PackCrop:
    target, known = (np.rint(255 * plane).astype(np.uint8) for plane in (crop.target, crop.known))
    return PackCrop(crop.gray, target, known, np.where(crop.rivals, 255, 0).astype(np.uint8), crop.centre)


def _from_pack(crop: PackCrop) -> SpokenCrop:
    target, known = (plane.astype(np.float32) / np.float32(255) for plane in (crop.curve, crop.known))
    return SpokenCrop(crop.paper, target, known, crop.centre, crop.rivals > 127)
