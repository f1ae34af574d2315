"""The printed line nearest to a click, to a fraction of a pixel: depth lines of the grid, borders of tracks."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

Gray = NDArray[np.uint8]
Floats = NDArray[np.float64]
_PARTS = 12  # stretches along the line that vote for themselves: a curve or a letter crosses few of them
_LEAST_SHARE = 0.3  # of the stretches must agree that a line runs here
_CONTRAST = 12.0  # grey levels darker than the paper beside it, on the average of a stretch
_WIDEST_PX = 4.0
_AGREE_PX = 2.0
_DEAREST = 0.5  # a line at the rim of the reach must be so much clearer than one under the pointer


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line in pixels of the patch it was looked for in: its `at_px` in the patch's middle (of the row or column it
    runs along), `slope` (shift per pixel along), `strength` (mean darkness, 0..255), `share` of it that is there."""

    at_px: float
    slope: float
    strength: float
    share: float


def nearest_horizontal(patch: Gray, *, y_px: float, reach_px: float) -> PrintedLine | None:
    """The line across `patch` (h, w) gray nearest to row `y_px`, within `reach_px`; None where there is none."""
    return _nearest(255.0 - patch.astype(np.float64), y_px, reach_px)


def nearest_vertical(patch: Gray, *, x_px: float, reach_px: float) -> PrintedLine | None:
    """The line down `patch` (h, w) gray nearest to column `x_px`, within `reach_px`; None where there is none."""
    return _nearest(255.0 - patch.T.astype(np.float64), x_px, reach_px)


def _nearest(ink: Floats, at_px: float, reach_px: float) -> PrintedLine | None:
    """The line along the second axis of `ink`, nearest to `at_px` on the first."""
    if ink.shape[0] < 5 or ink.shape[1] < _PARTS:
        return None
    edges = np.linspace(0, ink.shape[1], _PARTS + 1).astype(int)
    profiles = np.stack([ink[:, a:b].mean(axis=1) for a, b in pairwise(edges)])
    middles = (edges[:-1] + edges[1:] - 1) / 2 - (ink.shape[1] - 1) / 2
    raised = gaussian_filter1d(profiles, 0.8, axis=1) - gaussian_filter1d(profiles, 2 * _WIDEST_PX, axis=1)
    slope = _lean(raised, middles)
    score = np.median(_shifted(raised, slope * middles), axis=0)
    peaks = np.flatnonzero((score[1:-1] >= score[:-2]) & (score[1:-1] > score[2:]) & (score[1:-1] > _CONTRAST / 2)) + 1
    peaks = peaks[np.abs(peaks - at_px) <= reach_px]
    if not peaks.size:
        return None
    worth = score[peaks] * (1 - _DEAREST * np.abs(peaks - at_px) / max(reach_px, 1.0))
    return _line(raised, middles, int(peaks[np.argmax(worth)]), slope)


def _lean(raised: Floats, middles: Floats) -> float:
    """The slope at which the stretches' profiles add up best, of slopes up to 2 in 100."""
    slopes = np.linspace(-0.02, 0.02, 41)
    together = _shifted(raised, slopes[:, None] * middles).mean(axis=1)
    clear = (np.maximum(together, 0) ** 2).sum(axis=1) * (1 - np.abs(slopes))
    return float(slopes[int(np.argmax(clear))])


def _shifted(profiles: Floats, by: Floats) -> Floats:
    """Profiles (n, k) read `by` (..., n) further on, linearly between pixels: (..., n, k)."""
    count, last = profiles.shape[0], profiles.shape[1] - 1
    at = np.clip(np.arange(last + 1) + by[..., None], 0, last)
    below = np.minimum(at.astype(np.intp), last - 1)
    rows = np.arange(count)[:, None]
    return np.asarray(profiles[rows, below] * (below + 1 - at) + profiles[rows, below + 1] * (at - below))


def _line(raised: Floats, middles: Floats, peak: int, slope: float) -> PrintedLine | None:
    """The line through what each stretch has near the peak: a straight fit that ignores stretches without it."""
    found, dark = [], []
    for profile, middle in zip(raised, middles, strict=True):
        place = _centre(profile, peak + slope * middle)
        if place is not None:
            found.append((middle, place[0]))
            dark.append(place[1])
    if len(found) < _LEAST_SHARE * len(raised):
        return None
    along, at = np.array(found).T
    good = np.ones(along.size, bool)
    for _ in range(3):
        lean, level = np.polyfit(along[good], at[good], 1) if good.sum() > 2 else (slope, float(np.median(at)))
        good = np.abs(at - level - lean * along) <= max(0.5, 2 * float(np.std((at - level - lean * along)[good])))
    return PrintedLine(float(level), float(lean), float(np.mean(dark)), float(good.sum() / len(raised)))


def _centre(profile: Floats, near: float) -> tuple[float, float] | None:
    """Centroid of the dark rise nearest to a place, and its height; None where there is none."""
    low, high = int(max(0, np.floor(near - _AGREE_PX))), int(min(profile.size, np.ceil(near + _AGREE_PX) + 1))
    if high - low < 2:
        return None
    top = low + int(np.argmax(profile[low:high]))
    if profile[top] < _CONTRAST:
        return None
    reach = int(_WIDEST_PX)
    rows = np.arange(max(0, top - reach), min(profile.size, top + reach + 1))
    weight = np.maximum(profile[rows] - 0.3 * profile[top], 0)
    return float((weight * rows).sum() / weight.sum()), float(profile[top])
