"""Where the traced curves run near the pointer."""

import numpy as np

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.project import CurveKey
from curvedesk.domain.track import Track
from curvedesk.session.tools.base import Situation


def track_at(now: Situation, x_px: float, y_px: float) -> Track | None:
    """The track that a pixel lies in, its borders and a little beside them included."""
    sheet = now.project.sheet
    return sheet.track_at(x_px, y_px, beside=0.02) if sheet is not None else None


def near_rows(curve: TracedCurve, first_px: float, last_px: float) -> FloatArray:
    """The curve's points (n, 2) between two rows, in drawing order, NaN rows between pieces left out."""
    with np.errstate(invalid="ignore"):
        here = np.flatnonzero((curve.y_px >= first_px) & (curve.y_px <= last_px) & np.isfinite(curve.x_px))
    return np.column_stack([curve.x_px[here], curve.y_px[here]])


def curves_by_distance(now: Situation, track: Track, x_px: float, y_px: float) -> list[tuple[float, CurveKey]]:
    """The curves of a track that run within a few rows of a pixel, nearest first, with their distance in pixels."""
    found = []
    for key, (home, _) in now.keys.items():
        curve = now.project.curves.get(key)
        if home.name == track.name and curve is not None:
            points = near_rows(curve, y_px - 12, y_px + 12)
            if len(points):
                found.append((float(np.hypot(points[:, 0] - x_px, 3 * (points[:, 1] - y_px)).min()), key))
    return sorted(found)
