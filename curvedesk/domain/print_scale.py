"""The scale of a print as its heading would say it, 1:240, 1:500; and how close its depth lines are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from curvedesk.domain.depth import DepthAxis
from curvedesk.domain.presets import unit_shown

INCHES = {"FT": 12.0, "F": 12.0, "M": 39.3701}
USUAL = (20, 40, 48, 50, 100, 120, 200, 240, 400, 480, 500, 600, 1000, 1200, 2000, 2400, 5000)
NEAR = 0.02  # paper stretches by so much without being another scale; 480 and 500 lie twice as far apart


def print_scale(depth: DepthAxis, dpi: float) -> str:
    """Depth against length on paper between the first and the last tie, such as `1:240`.

    The usual scale nearest to it if one is near; empty where the unit is neither feet nor metres.
    """
    inches = INCHES.get(depth.unit.upper().rstrip("."))
    length = float(depth.ties[-1, 0] - depth.ties[0, 0]) / dpi
    if inches is None or length <= 0:
        return ""
    ratio = abs(float(depth.ties[-1, 1] - depth.ties[0, 1])) * inches / length
    nearest = min(USUAL, key=lambda usual: abs(usual - ratio))
    return f"1:{nearest if abs(nearest - ratio) <= NEAR * nearest else round(ratio):,}"


def lines_in_words(lines: Mapping[str, Any], unit: str) -> str:
    """`a line every 2 ft (8 px), heavier every 10 ft and heaviest every 50 ft`; "" where nothing is known.

    `lines`: by kind of line, how far apart they are: `every` so many units, `px` of the scan.
    """
    if "minor" not in lines:
        return ""
    said = f"a line every {lines['minor']['every']:g} {unit_shown(unit)} ({lines['minor']['px']:g} px)"
    more = [
        f"{word} every {lines[kind]['every']:g} {unit_shown(unit)}"
        for kind, word in (("medium", "heavier"), ("heavy", "heaviest" if "medium" in lines else "heavier"))
        if kind in lines
    ]
    return ", ".join([said, " and ".join(more)]) if more else said
