"""How good a mask is: overlap by class, and agreement of centrelines within a tolerance.

IoU of a thin mask mostly measures label width (a perfect mask shifted by 1 px scores 0.65 with 3 px labels), so it is
never quoted without the width and never without the tolerance F1 beside it.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree
from skimage.morphology import skeletonize
from torch import Tensor

EMPTY_PIXELS = 50  # at most so many found pixels still count as "found nothing"

Box = tuple[float, float, float, float]  # x0, y0, x1, y1


class Overlap(NamedTuple):
    """Pixels in both and in either of two masks; overlaps add up over crops before the ratio is taken."""

    both: int
    either: int

    @property
    def iou(self) -> float:
        """Intersection over union; 1 where both are empty."""
        return self.both / self.either if self.either else 1.0


def overlap(found: NDArray[np.bool_], wanted: NDArray[np.bool_], known: NDArray[np.bool_]) -> Overlap:
    """Overlap of two boolean masks where `known`, all of one shape."""
    both, either = (found & wanted & known).sum(), ((found | wanted) & known).sum()
    return Overlap(int(both), int(either))


def total(overlaps: Iterable[Overlap]) -> Overlap:
    """Pixels of all of them together."""
    pairs = list(overlaps)
    return Overlap(sum(o.both for o in pairs), sum(o.either for o in pairs))


def ious(logits: Tensor, target: Tensor, known: Tensor) -> dict[str, float]:
    """IoU by class of raw network output at threshold 0.5, over all crops together.

    (N, C, H, W) logits and targets in 0..1, (N, 1, H, W) known. C = 1 gives `any`; C = 3 gives `solid`, `dashed`, `any`
    and `background`, which is where no curve channel is on.
    """
    curves = slice(1, None) if logits.shape[1] > 1 else slice(None)
    found, wanted = _boolean(logits[:, curves] > 0), _boolean(target[:, curves] > 0.5)
    where = _boolean(known[:, 0] > 0.5)
    any_found, any_wanted = _boolean(found.any(1)), _boolean(wanted.any(1))
    result = {"any": overlap(any_found, any_wanted, where).iou}
    if logits.shape[1] > 1:
        for i, name in enumerate(("solid", "dashed")):
            result[name] = overlap(found[:, i], wanted[:, i], where).iou
        result["background"] = overlap(~any_found, ~any_wanted, where).iou
    return result


def _boolean(array: ArrayLike) -> NDArray[np.bool_]:
    return np.asarray(array, bool)


class Agreement(NamedTuple):
    """Points of a found and a wanted line within a tolerance of each other."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)


def walk(points: ArrayLike, step_px: float = 1.0) -> NDArray[np.float64]:
    """A polyline (n, 2) resampled every `step_px` of its length; rows that are not finite are left out."""
    line: NDArray[np.float64] = np.asarray(points, float).reshape(-1, 2)
    line = line[np.isfinite(line).all(1)]
    if len(line) < 2:
        return line
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.arange(0, length[-1] + step_px / 2, step_px)
    return np.stack([np.interp(at, length, line[:, k]) for k in (0, 1)], 1)


def outside(points: NDArray[np.float64], boxes: Sequence[Box]) -> NDArray[np.float64]:
    """Points (n, 2) in none of the boxes, borders included."""
    keep = np.ones(len(points), bool)
    for x0, y0, x1, y1 in boxes:
        keep &= ~((points[:, 0] >= x0) & (points[:, 0] <= x1) & (points[:, 1] >= y0) & (points[:, 1] <= y1))
    return points[keep]


def skeleton(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Points (n, 2), x and y, of the mask's one pixel wide skeleton."""
    y, x = np.nonzero(skeletonize(mask))  # type: ignore[no-untyped-call]
    return np.stack([x, y], 1).astype(float)


def agreement(found: NDArray[np.float64], wanted: NDArray[np.float64], *, tolerance_px: float) -> Agreement:
    """Share of each side's points within the tolerance of the other side.

    Nothing wanted scores 1 where (nearly) nothing was found, else 0.
    """
    if len(wanted) == 0 or len(found) == 0:
        same = float(len(wanted) == 0 and len(found) <= EMPTY_PIXELS)
        return Agreement(same, same)
    precision = float((cKDTree(wanted).query(found)[0] <= tolerance_px).mean())
    return Agreement(precision, float((cKDTree(found).query(wanted)[0] <= tolerance_px).mean()))
