"""What the curves read at a place of the paper, fast enough to be asked at every move of the pointer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import CurveKey, Project
from curvedesk.domain.track import CurveSpec, Track
from curvedesk.session.line_index import LineIndex

NEAR_PX = 3.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A curve's value, None where it has none within `NEAR_PX` rows, and the back-up scale it is read on."""

    spec: CurveSpec
    value: float | None
    turn: int = 0


class Readings:
    """Reads curves, each made ready to be searched once for as long as it stays the same."""

    def __init__(self) -> None:
        self._lines: dict[CurveKey, LineIndex] = {}

    def of(self, project: Project, keys: Iterable[CurveKey], track: Track, y_px: float) -> list[Reading]:
        """The values in a scan row of those curves of a track that are traced and shown, in the order of `keys`."""
        found = []
        for key in keys:
            curve = project.curves.get(key)
            if curve is not None and curve.track == track.name and project.look(key).visible:
                found.append(Reading(curve.spec, *self._value(key, curve, track, y_px)))
        return found

    def _value(self, key: CurveKey, curve: TracedCurve, track: Track, y_px: float) -> tuple[float | None, int]:
        line = self._lines.get(key)
        if line is None or line.line is not curve:
            line = self._lines[key] = LineIndex.of(curve)
        at = nearest_point(line, y_px)
        if at is None:
            return None, 0
        fraction, turn = track.fraction_at(curve.x_px[at], curve.y_px[at]), int(curve.turn[at])
        return float(curve.spec.scale.value_at(fraction, turn)), turn


def nearest_point(line: LineIndex, y_px: float) -> int | None:
    """Index of the point nearest to a row, None where none lies within `NEAR_PX`."""
    seen, curve = line.between(y_px - NEAR_PX, y_px + NEAR_PX), line.line
    away = np.where(np.isfinite(curve.x_px[seen]), np.abs(curve.y_px[seen] - y_px), np.nan)
    return None if not (away <= NEAR_PX).any() else seen.start + int(np.nanargmin(away))


def scale_readings(track: Track, x_px: float, y_px: float) -> list[Reading]:
    """What the scale of each curve of a track reads at a pixel, wherever the pens ran."""
    fraction = float(track.fraction_at(x_px, y_px))
    return [Reading(spec, float(spec.scale.value_at(fraction))) for spec in track.curves]
