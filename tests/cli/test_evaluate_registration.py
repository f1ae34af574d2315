"""``curvedesk evaluate --suite registration``: tables of how well the paper is read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from curvedesk.domain.sheet import load_sheet
from curvedesk.registration.score_truth import known_logs
from curvedesk.store.locations import bundled_resources_dir
from tests.conftest import RunCli

SAMPLE = bundled_resources_dir() / "sample"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The bundled sample with its sheet, and the same scan as a person would have measured it, two feet off."""
    log = tmp_path / "known" / "county"
    log.mkdir(parents=True)
    shutil.copy(SAMPLE / "scan.tif", log / "scan.tif")
    shutil.copy(SAMPLE / "scan.sheet.json", log / "sheet.json")
    shutil.copy(SAMPLE / "scan.tif", log.parent / "paper.tif")
    sheet = load_sheet(SAMPLE / "scan.sheet.json")
    tracks = [{"name": t.name, "left": t.left.tolist(), "right": t.right.tolist()} for t in sheet.tracks]
    column = float(sheet.column_at(sheet.depth.ties[:1, 0])[0])
    measured = {
        "file": "paper.tif",
        "depth": {"unit": sheet.depth.unit, "x_px": column, "ties": [[y, d + 2.0] for y, d, _ in sheet.depth.ties]},
        "tracks": [*tracks, {"name": "cut off", "left": [[1.0, 2.0]], "right": []}],
        "scales": [{"track": "1", "left": 0, "right": 150}, {"track": "1", "left": None, "right": 3}],
    }
    (log.parent / "measured.json").write_text(json.dumps(measured))
    (log.parent / "notes.json").write_text('["no log"]')
    return log.parent


def test_that_known_logs_are_found_with_their_scans_and_other_files_are_passed_over(folder: Path) -> None:
    sheet, measured = sorted(known_logs(folder), key=lambda log: log.name)
    assert (sheet.name, sheet.drawn, sheet.scan.parent.name) == ("county", True, "county")
    assert (measured.name, measured.drawn, measured.scan.name) == ("measured", False, "paper.tif")
    assert measured.printed == ((0.0, 150.0),)
    assert len(measured.sheet.tracks) == len(sheet.sheet.tracks)


def test_that_a_right_log_is_called_right_and_depths_two_feet_off_wrong(
    folder: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    done = run_cli("evaluate", "--suite", "registration", "--data", folder, "-o", "report.json")
    assert done.status == 0, done.stderr
    assert "What sureness is worth" in done.stdout
    tables = json.loads((tmp_path / "report.json").read_text())["tables"]
    rows = {row["log"]: row for row in tables["Log by log"]}
    assert rows["county"]["depth right"] == 1
    assert rows["county"]["worst border px"] <= 3.0
    assert rows["measured"]["depth right"] == 0
    assert rows["measured"]["depth px"] > 3.0
    kinds = {row["kind"]: row for row in tables["All together"]}
    assert kinds["rendered"]["depths right"] == 1.0
    assert kinds["real paper"]["depths wrong but sure"] == 1


def test_that_a_folder_without_known_logs_is_refused_in_one_sentence(run_cli: RunCli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for more in ((), ("--data", "empty")):
        done = run_cli("evaluate", "--suite", "registration", *more)
        assert done.status == 1
        assert done.stderr.count("\n") == 1
        assert "--data" in done.stderr
