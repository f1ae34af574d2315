"""What lies under the cursor, in the sheet's own words: depth, track, value of each curve, pixel."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.track import Track

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk

NEAR_PX = 3.0
MOST_VALUES = 4


def readout(desk: Desk | None, x_px: float, y_px: float) -> tuple[str, str]:
    """The depth, and the rest of the line; both empty where the cursor is not on the paper."""
    if desk is None or math.isnan(x_px):
        return "", ""
    sheet = desk.sheet
    pixel = f"pixel {x_px:.0f}, {y_px:.0f}"
    if sheet is None:
        return "", pixel
    depth = float(sheet.depth_at(x_px, y_px))
    track = track_at(sheet, x_px, y_px)
    words = f"{depth:,.1f} {sheet.depth.unit.lower()}"
    if track is None:
        return words, pixel
    return words, " · ".join([f"Track {track.name}", *values_in(desk, track, x_px, y_px), pixel])


def track_at(sheet: Sheet, x_px: float, y_px: float) -> Track | None:
    """The track a pixel lies in."""
    return next((t for t in sheet.tracks if 0.0 <= float(t.fraction_at(x_px, y_px)) <= 1.0), None)


def values_in(desk: Desk, track: Track, x_px: float, y_px: float) -> list[str]:
    """The curves' values in this row; where nothing is traced, what the scale of each would read here."""
    project = desk.document.project
    found = []
    for key in desk.keys:
        curve = project.curves.get(key)
        if curve is not None and curve.track == track.name and project.look(key).visible:
            value = value_at(curve, track, y_px)
            shown = "no reading" if value is None else number(value)
            found.append(f"{curve.spec.mnemonic} {shown} {curve.spec.unit if value is not None else ''}".strip())
    if found:
        return found[:MOST_VALUES]
    fraction = float(track.fraction_at(x_px, y_px))
    return [f"{spec.mnemonic} {number(float(spec.scale.value_at(fraction)))} {spec.unit}" for spec in track.curves][
        :MOST_VALUES
    ]


def value_at(curve: TracedCurve, track: Track, y_px: float) -> float | None:
    """The curve's value in a row, None where it has none within some pixels."""
    # Points run down the paper but for short turns back, so the nearest of a neighbourhood is the nearest of all.
    there = np.flatnonzero(np.abs(curve.y_px - y_px) <= NEAR_PX)
    if not there.size:
        return None
    at = there[np.argmin(np.abs(curve.y_px[there] - y_px))]
    fraction = track.fraction_at(curve.x_px[at], curve.y_px[at])
    return float(curve.spec.scale.value_at(fraction, curve.turn[at]))


def number(value: float) -> str:
    """Four figures, as a log is read."""
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.3g}"
