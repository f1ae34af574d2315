"""The scale of a print as its heading would say it: 1:240, 1:500."""

from __future__ import annotations

from curvedesk.domain.sheet import Sheet

INCHES = {"FT": 12.0, "F": 12.0, "M": 39.3701}
USUAL = (20, 40, 48, 50, 100, 120, 200, 240, 400, 480, 500, 600, 1000, 1200, 2000, 2400, 5000)
NEAR = 0.06  # paper stretches, and copies are not exact


def print_scale(sheet: Sheet, dpi: float) -> str:
    """Depth against length on paper between the first and the last tie; empty where the unit is none of the usual."""
    inches = INCHES.get(sheet.depth.unit.upper().rstrip("."))
    ties = sheet.depth.ties
    length = float(ties[-1, 0] - ties[0, 0]) / dpi
    if inches is None or length <= 0:
        return ""
    ratio = abs(float(ties[-1, 1] - ties[0, 1])) * inches / length
    nearest = min(USUAL, key=lambda usual: abs(usual - ratio))
    return f"1:{nearest if abs(nearest - ratio) <= NEAR * ratio else round(ratio)}"
