"""The pen's hold on the ink: from where the hand went to the ridge of ink beside it."""

import numpy as np

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.track import CurveSpec, Style
from curvedesk.tracing.track import Evidence

REACH = 7.0  # screen pixels from which ink draws the pen to itself
MOST_PX = 10.0  # and never more than this, in 200 dpi pixels: from far off every ink is near
LEAST_PX = 2.0
_INK = 100  # evidence from which there is something to snap to
_FAR = 0.6  # what ink at the rim of the reach is worth less than ink under the pen
_STRAY_PX = 2.5  # a point that leaps farther than its neighbours from the hand's way stays with the hand


Known = dict[tuple[float, float, int], FloatArray]


def snapped(
    points: FloatArray, spec: CurveSpec, evidence: Evidence | None, *, reach_px: float, known: Known | None = None
) -> FloatArray:
    """The points (n, 2) of the hand moved onto the curve's ink within `reach_px` (scan pixels), where there is any.

    `known` remembers from call to call, so that a line that grows costs its new points only.
    """
    if evidence is None or not len(points):
        return points
    scale, known = evidence.window.scale, {} if known is None else known
    reach = int(np.ceil(np.clip(reach_px * scale, LEAST_PX, MOST_PX)))
    at = evidence.window.on_image(points)
    moved = np.empty_like(at)
    for i, place in enumerate(at):
        key = (round(float(place[0]), 2), round(float(place[1]), 2), reach)
        if key not in known:
            known[key] = _onto_ink(place, spec, evidence, reach) - place
        moved[i] = known[key]
    moved[_strays(moved)] = 0
    return np.asarray(points + moved / scale)


def _onto_ink(at: FloatArray, spec: CurveSpec, evidence: Evidence, reach: int) -> FloatArray:
    """The nearest ridge of the curve's class around an analysis pixel, to a fraction of it."""
    height, width = evidence.probability.shape[1:]
    column, row = (int(np.rint(v)) for v in at)
    if not (0 <= column < width and 0 <= row < height):
        return at
    x0, y0 = max(0, column - reach), max(0, row - reach)
    window = (slice(y0, row + reach + 1), slice(x0, column + reach + 1))
    own, other = (0, 1) if spec.style is Style.SOLID else (1, 0)
    near = np.maximum(evidence.probability[own][window], evidence.probability[other][window] * 0.7).astype(np.float64)
    rows, columns = np.arange(near.shape[0])[:, None], np.arange(near.shape[1])[None]
    away = np.hypot(rows + y0 - at[1], columns + x0 - at[0])
    worth = np.where(away <= reach, near * (1 - _FAR * away / reach), 0)
    best = divmod(int(np.argmax(worth)), worth.shape[1])
    if near[best] < _INK:
        return at
    weight = np.where(np.hypot(rows - best[0], columns - best[1]) <= 2.5, near, 0) ** 2
    centre = np.array([(weight * (columns + x0)).sum(), (weight * (rows + y0)).sum()]) / weight.sum()
    return _across(at, centre, near, best)


def _across(at: FloatArray, centre: FloatArray, near: FloatArray, best: tuple[int, int]) -> FloatArray:
    """Only the shift across the ink counts: along it the hand knows better."""
    gy, gx = (np.asarray(np.gradient(near, axis=axis), np.float64) for axis in (0, 1))
    rows, columns = (slice(max(0, b - 2), b + 3) for b in best)
    a, b = float((gx[rows, columns] ** 2).sum()), float((gy[rows, columns] ** 2).sum())
    c = float((gx[rows, columns] * gy[rows, columns]).sum())
    normal = np.linalg.eigh(np.array([[a, c], [c, b]]))[1][:, 1]
    return np.asarray(at + float((centre - at) @ normal) * normal)


def _strays(moved: FloatArray) -> FloatArray:
    """Points whose shift has nothing to do with that of the points beside them."""
    if len(moved) < 3:
        return np.zeros(len(moved), bool)
    padded = np.pad(moved, ((2, 2), (0, 0)), mode="edge")
    usual = np.median(np.stack([padded[k : k + len(moved)] for k in range(5)]), axis=0)
    return np.asarray(np.hypot(*(moved - usual).T) > _STRAY_PX)
