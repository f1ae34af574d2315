"""The simulated analyst says what a person would, and measures only where it said nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from curvedesk.analyst import simulate
from curvedesk.analyst_hand import Analyst
from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.sheet import dump_sheet
from curvedesk.imaging import open_scan
from curvedesk.interchange import write_las
from curvedesk.interchange.log import read_log, source_of
from curvedesk.learn.checkpoints import Model
from tests.tracing.makers import gr, ideal, make_sheet, pen_line, sp


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A log with truth: two pens over 60 ft."""
    sheet, folder = make_sheet([gr()], [sp()], feet=60), tmp_path / "logs" / "one"
    folder.mkdir(parents=True)
    lines = [pen_line(sheet, name, lambda depth: 50 + 20 * np.sin(depth / 3)) for name in ("GR", "SP")]
    cv2.imwrite(str(folder / "scan.png"), ideal(sheet, lines).gray)
    (folder / "sheet.json").write_text(json.dumps(dump_sheet(sheet)))
    with open_scan(folder / "scan.png", dpi=200) as scan:
        write_las(read_log(source_of(scan), sheet, (), "truth", lines), folder / "truth.las")
    return folder.parent


def test_it_draws_accepts_learns_and_reports_the_error_of_rows_it_never_touched(
    case: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Callable[..., object]] = []
    from curvedesk import analyst as room

    learn = room.improve
    monkeypatch.setattr(room, "improve", lambda *given, **more: heard.append(given[2]) or learn(*given, **more))
    report = simulate(case, model, analyst=Analyst(strokes=2, accepts=1, max_seconds=6), device="cpu")
    (table,) = report.tables
    assert [row[0] for row in table.rows] == ["one", "mean"]
    assert {"before, error", "strokes alone, error", "and learnt, error", "adopted"} <= set(table.columns)
    (strokes,) = heard
    assert [type(stroke).__name__ for stroke in strokes][:2] == ["CurveStroke", "CurveStroke"]


def test_a_folder_without_truth_is_refused(tmp_path: Path, model: Model) -> None:
    with pytest.raises(CurveDeskError, match="no sheets with truth"):
        simulate(tmp_path, model)
