"""The report: what was read, how surely, and whether strokes were obeyed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from curvedesk.domain.curve import DigitisedLog
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, NullStroke, Stroke, SwapStroke
from curvedesk.interchange import write_report
from tests.interchange.conftest import with_values


def _report(log: DigitisedLog, tmp_path: Path) -> dict[str, Any]:
    write_report(log, tmp_path / "report.json")
    report: dict[str, Any] = json.loads((tmp_path / "report.json").read_text())
    return report


def test_it_says_how_much_of_each_curve_was_read(log: DigitisedLog, tmp_path: Path) -> None:
    gr, ild = _report(log, tmp_path)["curves"]
    assert gr["coverage"] == pytest.approx(1 - 20 / 161, abs=0.01)
    assert gr["null_intervals"] == [[1030.5, 1039.5]]
    assert (ild["coverage"], ild["null_intervals"]) == (1.0, [])


def test_it_says_how_sure_each_interval_is(log: DigitisedLog, tmp_path: Path) -> None:
    intervals = _report(log, tmp_path)["curves"][0]["intervals"]
    assert [(part["from"], part["to"]) for part in intervals] == [(1010.0, 1059.5), (1060.0, 1090.0)]
    assert intervals[1]["confidence"]["mean"] == pytest.approx(0.9)
    assert intervals[1]["coverage"] == 1.0


def test_a_curve_nowhere_found_has_no_confidence(log: DigitisedLog, tmp_path: Path) -> None:
    gr = _report(with_values(log, np.full(len(log.depth), np.nan)), tmp_path)["curves"][0]
    assert (gr["coverage"], gr["confidence"], gr["minimum"]) == (0.0, None, None)
    assert gr["null_intervals"] == [[1010.0, 1090.0]]


def test_it_carries_the_warnings_and_where_all_came_from(log: DigitisedLog, tmp_path: Path) -> None:
    report = _report(log, tmp_path)
    assert report["warnings"] == list(log.warnings)
    assert (report["scan"], report["sha256"], report["model"]) == ("log 1.tif", "0a" * 32, "base-1")


@pytest.mark.parametrize(
    ("stroke", "obeyed"),
    [
        (CurveStroke("GR", ((120.0, 0.0), (120.0 + 90 * np.sin(0.25), 10.0))), True),
        (CurveStroke("GR", ((120.0, 0.0), (40.0, 10.0))), False),
        (CurveStroke("GR", ((120.0, 350.0),)), False),
        (NotCurveStroke(((60.0, 0.0), (60.0, 5.0)), 9.0), True),
        (NotCurveStroke(((100.0, 5.0), (170.0, 5.0)), 9.0), False),
        (NullStroke("GR", (310.0, 390.0)), True),
        (NullStroke("GR", (310.0, 420.0)), False),
        (AcceptStroke("GR", (0.0, 100.0)), None),
        (SwapStroke(("GR", "ILD"), 100.0), None),
    ],
)
def test_it_says_which_strokes_were_obeyed(
    log: DigitisedLog, tmp_path: Path, stroke: Stroke, obeyed: bool | None
) -> None:
    (said,) = _report(replace(log, strokes=(stroke,)), tmp_path)["strokes"]
    assert said["obeyed"] is obeyed
