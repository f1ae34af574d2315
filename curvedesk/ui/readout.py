"""What lies under the cursor, in the sheet's own words: depth, track, value of each curve, pixel."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from curvedesk.domain.presets import unit_shown
from curvedesk.session.reading import Reading, Readings, scale_readings

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk

MOST_VALUES = 4


def readout(desk: Desk | None, readings: Readings, x_px: float, y_px: float) -> tuple[str, str]:
    """The depth, and the rest of the line; both empty where the cursor is not over the log."""
    if desk is None or math.isnan(x_px):
        return "", ""
    sheet = desk.sheet
    pixel = f"pixel {x_px:.0f}, {y_px:.0f}" if desk.on_paper(x_px) == x_px else "beside the paper"
    if sheet is None:
        return "", pixel
    depth = f"{float(sheet.depth_at(desk.on_paper(x_px), y_px)):,.1f} {sheet.depth.unit.lower()}"
    track = sheet.track_at(x_px, y_px)
    if track is None:
        return depth, pixel
    found = readings.of(desk.document.project, desk.keys, track, y_px)
    of_scale = [] if found else scale_readings(track, x_px, y_px)
    there = ["on the scale at the pointer"] if of_scale else []  # not to be taken for a curve's reading
    return depth, " · ".join([f"Track {track.name}", *map(words, (found or of_scale)[:MOST_VALUES]), *there, pixel])


def words(reading: Reading) -> str:
    """Mnemonic, value and unit, and the back-up scale where it is not the curve's own."""
    if reading.value is None:
        return f"{reading.spec.mnemonic} no reading"
    value = f"{reading.spec.mnemonic} {number(reading.value)} {unit_shown(reading.spec.unit)}".strip()
    return f"{value} (back-up {reading.turn})" if reading.turn else value


def number(value: float) -> str:
    """Four figures, as a log is read."""
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.3g}"
