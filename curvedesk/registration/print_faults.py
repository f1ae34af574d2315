"""What befell a print and its scan on the way, as the ties tell it: lean, stretch, and rows too many or too few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.presets import unit_shown
from curvedesk.domain.sheet import DepthAxis, Track
from curvedesk.registration.page import ANALYSIS_DPI, F64

_LEAST_PX, _LEAST_SHARE = 20.0, 0.08  # at 200 dpi, and of the rows an interval has: less is how unevenly film ran
_NEAR = 3  # intervals on either side that say how long one should be
_FEWEST = 4  # ties


def print_faults(axis: DepthAxis, tracks: Sequence[Track], *, dpi: float) -> dict[str, Any]:
    """`lean_px`: how far level lines fall from the first border to the last, where they do most, down to the right
    being positive; `stretch_pct`: how much more paper the longest interval takes than the shortest, places with rows
    too many or too few left out; `jumps`: those, with their depths and `rows_more` (fewer where negative). Scan pixels.
    Empty where too few depths were read.
    """
    if len(axis.ties) < _FEWEST or not tracks or not axis.confidence:
        return {}
    rows, depths, slope = axis.ties.T
    rate = np.diff(rows) / np.diff(depths)
    more = (rate - _usual(rate)) * np.diff(depths)
    least = np.maximum(_LEAST_PX * dpi / ANALYSIS_DPI, _LEAST_SHARE * np.diff(rows))
    jumps = np.flatnonzero(np.abs(more) > least)
    middle = float(np.median(rows))
    width = float(tracks[-1].right_at(middle)) - float(tracks[0].left_at(middle))
    steepest = float(slope[np.argmax(np.abs(slope))])
    return {
        "lean_px": round(steepest * width, 1) + 0.0,
        "stretch_pct": round(100 * _stretch(np.delete(rate, jumps), _on_lines(axis, jumps)), 2),
        "jumps": [
            {"depths": [float(depths[k]), float(depths[k + 1])], "rows_more": round(float(more[k]))}
            for k in jumps.tolist()
        ],
    }


def _stretch(rate: F64, whole: NDArray[np.bool_]) -> float:
    """The longest interval's part over the shortest one's, of those between two ties on lines where there are some."""
    found = rate[whole] if whole.sum() > 1 else rate
    return float(found.max() / found.min() - 1) if len(found) else 0.0


def _on_lines(axis: DepthAxis, jumps: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Of each interval but the `jumps`, whether both its ties lie on a printed line: a number alone is less exact."""
    evidence = axis.extra.get("tie_evidence", ())
    known = len(evidence) == len(axis.ties)
    line = np.array([bool(tie["line"]) for tie in evidence]) if known else np.ones(len(axis.ties), np.bool_)
    return np.delete(line[:-1] & line[1:], jumps)


def _usual(rate: F64) -> F64:
    """Of each interval the median of those around it."""
    found = [np.median(np.delete(rate[max(0, k - _NEAR) : k + _NEAR + 1], min(k, _NEAR))) for k in range(len(rate))]
    return np.array(found)


def jump_warnings(faults: Mapping[str, Any], unit: str) -> list[str]:
    """A sentence for each place where the scan has rows too many or too few."""
    told = []
    for jump in faults.get("jumps", ()):
        top, bottom = jump["depths"]
        rows = int(jump["rows_more"])
        many = "many" if rows > 0 else "few"
        told.append(
            f"Between {top:g} and {bottom:g} {unit_shown(unit)} the scan has {abs(rows)} rows too {many}, as at a "
            "fold, a splice or a stalled scanner; tie depths there."
        )
    return told


def faults_in_words(faults: Mapping[str, Any]) -> str:
    """One line for all; "" where nothing is known."""
    if not faults:
        return ""
    jumps = len(faults["jumps"])
    said = f"leans {faults['lean_px']:g} px across the tracks, stretches by {faults['stretch_pct']:g} %"
    return f"{said}, {jumps} place{'s' * (jumps != 1)} with rows too many or too few" if jumps else said
