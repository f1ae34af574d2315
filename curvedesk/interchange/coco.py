"""COCO's way to write a mask: run lengths down the columns, zeros first."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def encode(mask: Mask) -> dict[str, Any]:
    """Uncompressed run-length encoding of a mask (h, w), JSON-ready."""
    flat = mask.ravel(order="F")
    bounds = np.flatnonzero(np.diff(flat.astype(np.int8), prepend=0)) if flat.size else np.empty(0, np.intp)
    counts = np.diff(np.concatenate([[0], bounds, [flat.size]]))
    return {"size": list(mask.shape), "counts": counts.tolist()}


def decode(encoded: dict[str, Any]) -> Mask:
    """The mask (h, w) of a run-length encoding. Raises ValueError where its runs do not fill it."""
    height, width = encoded["size"]
    counts = np.asarray(encoded["counts"], dtype=np.int64)
    if counts.sum() != height * width:
        raise ValueError(f"the runs cover {counts.sum()} pixels of {height * width}")
    flat = np.repeat(np.arange(len(counts)) % 2 == 1, counts)
    return np.asarray(flat.reshape((height, width), order="F"))


def box_of(mask: Mask) -> list[int]:
    """x, y, width, height of what is set; zeros where nothing is."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not rows.size:
        return [0, 0, 0, 0]
    x, y = int(columns[0]), int(rows[0])
    return [x, y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1]
