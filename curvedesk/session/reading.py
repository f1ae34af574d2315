"""What the curves read at a place of the paper, fast enough to be asked at every move of the pointer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.project import CurveKey, Project
from curvedesk.domain.track import CurveSpec, Track

NEAR_PX = 3.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A curve's value, None where it has none within `NEAR_PX` rows."""

    spec: CurveSpec
    value: float | None


@dataclass(frozen=True, slots=True, eq=False)
class RowOrder:
    """The points of one curve in the order of their rows: the pen may turn back, so drawing order is none."""

    curve: TracedCurve
    points: NDArray[np.intp]
    y_px: FloatArray

    def nearest(self, y_px: float) -> int | None:
        """Index of the point nearest to a row, None where none lies within `NEAR_PX`."""
        after = int(np.searchsorted(self.y_px, y_px))
        near = range(max(after - 1, 0), min(after + 1, len(self.y_px)))
        best = min(near, key=lambda place: abs(float(self.y_px[place]) - y_px), default=None)
        return None if best is None or abs(self.y_px[best] - y_px) > NEAR_PX else int(self.points[best])


class Readings:
    """Reads curves, whose points are put in order once for as long as the curve stays the same."""

    def __init__(self) -> None:
        self._orders: dict[CurveKey, RowOrder] = {}

    def of(self, project: Project, keys: Iterable[CurveKey], track: Track, y_px: float) -> list[Reading]:
        """The values in a scan row of those curves of a track that are traced and shown, in the order of `keys`."""
        found = []
        for key in keys:
            curve = project.curves.get(key)
            if curve is not None and curve.track == track.name and project.look(key).visible:
                found.append(Reading(curve.spec, self._value(key, curve, track, y_px)))
        return found

    def _value(self, key: CurveKey, curve: TracedCurve, track: Track, y_px: float) -> float | None:
        order = self._orders.get(key)
        if order is None or order.curve is not curve:
            order = self._orders[key] = row_order(curve)
        at = order.nearest(y_px)
        if at is None:
            return None
        fraction = track.fraction_at(curve.x_px[at], curve.y_px[at])
        return float(curve.spec.scale.value_at(fraction, curve.turn[at]))


def row_order(curve: TracedCurve) -> RowOrder:
    """Sort a curve's points by row; gaps are left out."""
    there = np.flatnonzero(np.isfinite(curve.x_px) & np.isfinite(curve.y_px))
    points = there[np.argsort(curve.y_px[there], kind="stable")]
    return RowOrder(curve, points, curve.y_px[points])


def scale_readings(track: Track, x_px: float, y_px: float) -> list[Reading]:
    """What the scale of each curve of a track reads at a pixel, wherever the pens ran."""
    fraction = float(track.fraction_at(x_px, y_px))
    return [Reading(spec, float(spec.scale.value_at(fraction))) for spec in track.curves]
