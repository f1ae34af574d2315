"""A small digitised log with everything an export has to keep."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from curvedesk.domain.curve import DigitisedCurve, DigitisedLog, TracedCurve, sample
from curvedesk.domain.sheet import Sheet, parse_sheet

GR = {"mnemonic": "GR", "unit": "GAPI", "left": 0, "right": 150, "wrap": True}
ILD = {"mnemonic": "ILD", "unit": "OHMM", "left": 0.2, "right": 2000, "scale": "log", "style": "dashed"}
TENSION = {"mnemonic": "LTEN", "unit": "LB", "left": 15000, "right": 0, "digitize": False}


def _track(name: str, x: int, *curves: dict[str, Any]) -> dict[str, Any]:
    edges = {"left": [[x, 0], [x, 1000]], "right": [[x + 200, 0], [x + 200, 1000]]}
    return {"name": name, "edges": edges, "curves": list(curves)}


@pytest.fixture
def sheet() -> Sheet:
    """Two tracks of 200 px, half a foot every five rows."""
    depth = {"unit": "FT", "x_px": 240, "ties": [[0, 1000], [1000, 1100]], "top": 1010, "bottom": 1090, "step": 0.5}
    return parse_sheet({
        "format": "curvedesk-sheet", "version": 1, "scan": "log 1.tif", "dpi": 200, "depth": depth,
        "well": {"WELL": "STATE 12-3", "COMP": "Öl & Söhne", "UWI": "00-02-05-076-26W4-0", "KB": "1200.5", "STRT": "9"},
        "tracks": [_track("1", 20, GR, TENSION), _track("2", 260, ILD)],
    })  # fmt: skip


def trace(sheet: Sheet, index: int, *, gap: tuple[int, int] = (0, 0)) -> TracedCurve:
    """A swinging line down the whole sheet, wrapping once where the scale allows it."""
    track, spec = sheet.curves()[index]
    y = np.arange(0.0, 1000.0)
    place = 0.5 + 0.45 * np.sin(y / 40) + (y > 600) * (index == 0)
    turn = np.floor(place).astype(np.int32)
    x = track.x_at(place - turn, y)
    x[gap[0] : gap[1]] = np.nan
    return TracedCurve(spec, track.name, x, y, turn, np.full(len(y), 0.9, np.float32))


@pytest.fixture
def log(sheet: Sheet) -> DigitisedLog:
    """GR with a gap from 1030 to 1040 FT, ILD whole."""
    depth = sheet.depth.sample_depths()
    curves = []
    for index, gap in ((0, (301, 400)), (2, (0, 0))):
        line = trace(sheet, index, gap=gap)
        values, confidence = sample([line], sheet, depth)
        source = f"traced in track {line.track}: {line.spec.style} pen"
        curves.append(DigitisedCurve(line.spec.mnemonic, line.spec.unit, values, confidence, source, (line,)))
    warnings = ("dpi guessed: 200", "~the GR is 3 µm off", "# two\nlines")
    return DigitisedLog(sheet, depth, tuple(curves), warnings, "base-1", "log 1.tif", "0a" * 32)


def with_values(log: DigitisedLog, values: Any) -> DigitisedLog:
    """The log with other values in its first curve."""
    first, *rest = log.curves
    return replace(log, curves=(replace(first, values=np.asarray(values, dtype=np.float64)), *rest))
