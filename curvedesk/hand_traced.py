"""A hand-traced crop of real paper as a log of its own: scan, sheet and truth for the simulated analyst."""

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from curvedesk.analyst_hand import Points, Truth
from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.sheet import Sheet, parse_sheet

DPI = 200.0
_ROWS_PER_FOOT = 10


@dataclass(frozen=True, slots=True)
class HandTraced:
    """One crop. `sheet` knows its curves by the names they were traced under, each in the track its name begins with;
    the tracks share the paper from edge to edge, parted in the middle between their curves."""

    picture: Path
    sheet: Sheet
    truth: Truth


def read_hand_traced(path: Path) -> HandTraced:
    """NAME.json beside NAME.png. Raises CurveDeskError."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        width, height = int(content["width"]), int(content["height"])
        truth, styles = _curves(content["curves"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CurveDeskError(f"{path} is not a hand-traced crop: {' '.join(str(error).split())}; mend it.") from error
    return HandTraced(path.with_suffix(".png"), _sheet(truth, styles, width, height), truth)


def _curves(curves: list[dict[str, Any]]) -> tuple[Truth, dict[str, str]]:
    """The pieces of each name as one line with NaN between them, and its style."""
    pieces: dict[str, list[Points]] = {}
    styles: dict[str, str] = {}
    for curve in curves:
        line = np.asarray(curve.get("path") or curve["points"], float).reshape(-1, 2)
        pieces.setdefault(curve["name"], []).extend((line, np.full((1, 2), np.nan)))
        styles.setdefault(curve["name"], curve["style"])
    return {name: np.concatenate(lines) for name, lines in pieces.items()}, styles


def _sheet(truth: Truth, styles: dict[str, str], width: int, height: int) -> Sheet:
    tracks: dict[str, list[str]] = {}
    for name in truth:
        tracks.setdefault(name.split()[0], []).append(name)
    x = {t: np.concatenate([truth[name][:, 0] for name in names]) for t, names in tracks.items()}
    order = sorted(tracks, key=lambda track: float(np.nanmin(x[track])))
    parts = [float((np.nanmax(x[a]) + np.nanmin(x[b])) / 2) for a, b in pairwise(order)]
    edges = zip([0.0, *parts], [*parts, width - 1.0], strict=True) if order else ()
    made = [
        {
            "name": track,
            "edges": {"left": [[left + 1, 0], [left + 1, height]], "right": [[right, 0], [right, height]]},
            "curves": [
                {"mnemonic": name, "unit": "", "left": 0, "right": 100, "scale": "linear", "style": styles[name]}
                for name in tracks[track]
            ],
        }
        for track, (left, right) in zip(order, edges, strict=True)
    ]
    feet = (height - 1) // _ROWS_PER_FOOT
    depth = {"unit": "FT", "x_px": 0, "ties": [[0, 0], [feet * _ROWS_PER_FOOT, feet]]}
    depth |= {"top": 0, "bottom": feet, "step": 0.5}
    return parse_sheet(
        {"format": "curvedesk-sheet", "version": 1, "scan": "", "dpi": DPI, "depth": depth, "tracks": made}
    )
