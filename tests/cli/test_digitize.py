"""curvedesk digitize: what a geologist gets, and what each mistake is answered with."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import lasio
import numpy as np
import pytest

from tests.cli.conftest import PaperLog
from tests.conftest import RunCli


def test_a_drawn_log_comes_out_as_las_csv_overlay_and_report(
    run_cli: RunCli, paper_log: PaperLog, tmp_path: Path
) -> None:
    out = [tmp_path / name for name in ("out.las", "out.csv", "out.png", "out.json")]
    result = run_cli(
        "digitize", paper_log.scan, "--sheet", paper_log.sheet, "-o", out[0],
        "--csv", out[1], "--overlay", out[2], "--report", out[3],
    )  # fmt: skip
    assert (result.status, result.stderr) == (0, "")
    assert all(str(path) in result.stdout for path in out)

    las = lasio.read(out[0])
    assert las.keys() == ["DEPT", "GR", "RES"]
    assert (las.well.STRT.value, las.well.STOP.value, las.well.STEP.value) == (1005, 1095, 0.5)
    off = np.abs(las["GR"] - paper_log.gr(las["DEPT"]))
    assert np.nanmedian(off) < 1.5
    assert np.isfinite(off).mean() > 0.9

    with out[1].open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["DEPT[FT]", "GR[GAPI]", "RES[OHMM]"]
    assert len(rows) == 1 + len(las["DEPT"])
    assert out[2].read_bytes().startswith(b"\x89PNG")
    assert "GR" in json.dumps(json.loads(out[3].read_text(encoding="utf-8")))


def test_strokes_bind_the_result(run_cli: RunCli, paper_log: PaperLog, tmp_path: Path) -> None:
    strokes = tmp_path / "s.strokes.json"
    null = {"kind": "null", "curve": "GR", "rows": [300, 500]}
    strokes.write_text(json.dumps({"format": "curvedesk-strokes", "version": 1, "strokes": [null]}), encoding="utf-8")
    result = run_cli(
        "digitize", paper_log.scan, "--sheet", paper_log.sheet, "--strokes", strokes, "-o", tmp_path / "o.las"
    )
    assert result.status == 0, result.stderr
    las = lasio.read(tmp_path / "o.las")
    inside = (las["DEPT"] > 1030.5) & (las["DEPT"] < 1049.5)
    assert np.isnan(las["GR"][inside]).all()
    assert np.isfinite(las["GR"][~inside]).mean() > 0.8


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--sheet", "absent.json", "-o", "o.las"], "absent.json"),
        (["--sheet", "log.png", "-o", "o.las"], "log.png"),
        (["--sheet", "log.sheet.json", "--strokes", "absent.json", "-o", "o.las"], "absent.json"),
        (["--sheet", "log.sheet.json", "-o", "nowhere/o.las"], "nowhere"),
        (["--sheet", "log.sheet.json", "-o", "log.png"], "log.png is an input"),
        (["--sheet", "log.sheet.json", "-o", "log.sheet.json"], "log.sheet.json is an input"),
        (["--sheet", "log.sheet.json", "-o", "x", "--csv", "x"], "x is named for two outputs"),
        (["--sheet", "log.sheet.json", "-o", "."], "is a folder"),
        (["--sheet", "log.sheet.json", "-o", "o.las", "--model", "unheard-of"], "unheard-of"),
        (["--sheet", "log.sheet.json", "-o", "o.las", "--curves", "GR,XX"], "has no curve XX"),
        (["--sheet", "log.sheet.json", "-o", "o.las", "--top", "1200"], "below the top of 1,200"),
        (["--sheet", "log.sheet.json", "-o", "o.las", "--labels", "pack"], "no strokes or accepted stretches"),
        (["--sheet", "log.sheet.json", "-o", "o.las", "--labels", "log.png", "--all-labels"], "a file of this name"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_nothing_behind(
    run_cli: RunCli, paper_log: PaperLog, tmp_path: Path, arguments: list[str], named: str
) -> None:
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    result = run_cli("digitize", "log.png", *arguments)
    assert result.status == 1
    assert result.stderr.startswith("curvedesk: error: ")
    assert result.stderr.count("\n") == 1
    assert named in result.stderr
    assert "has a fault" not in result.stderr
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_wrong_key_of_the_sheet_is_named(run_cli: RunCli, paper_log: PaperLog) -> None:
    sheet = paper_log.sheet_with(depth={"unit": "FT", "ties": [[0, 1000]], "top": 1000, "bottom": 1100, "step": 0.5})
    result = run_cli("digitize", paper_log.scan, "--sheet", sheet, "-o", "o.las")
    assert result.status == 1
    assert "depth.ties" in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_old_result_is_replaced(run_cli: RunCli, paper_log: PaperLog, tmp_path: Path) -> None:
    (tmp_path / "o.las").write_text("an older file", encoding="utf-8")
    assert run_cli("digitize", "log.png", "--sheet", "log.sheet.json", "-o", "o.las").status == 0
    assert (tmp_path / "o.las").read_text(encoding="utf-8").startswith("~")


def test_partial_leaves_doubtful_readings_empty_and_says_how_many(run_cli: RunCli, paper_log: PaperLog) -> None:
    all_of_it = _digitised(run_cli, paper_log)
    sure = _digitised(run_cli, paper_log, "--partial")
    for name in ("GR", "RES"):
        both = np.isfinite(sure[name])
        assert np.array_equal(sure[name][both], all_of_it[name][both])
        assert np.isfinite(all_of_it[name]).sum() >= both.sum() > 0


def _digitised(run_cli: RunCli, log: PaperLog, *options: str) -> lasio.LASFile:
    result = run_cli("digitize", log.scan, "--sheet", log.sheet, "-o", "partial.las", *options)
    assert result.status == 0, result.stderr
    return lasio.read(log.scan.with_name("partial.las"))


def test_what_is_not_sure_is_taken_out_of_the_log_and_counted() -> None:
    from curvedesk.domain.curve import DigitisedCurve, DigitisedLog
    from curvedesk.domain.sheet import parse_sheet
    from curvedesk.interchange.planned import sure_only
    from tests.cli.conftest import sheet_content

    values = np.array([1.0, 2.0, np.nan, 4.0])
    curve = DigitisedCurve("GR", "GAPI", values, np.array([0.9, 0.4, 0.0, 0.5], np.float32), "drawn")
    log = DigitisedLog(parse_sheet(sheet_content()), np.arange(4.0), (curve,), (), "m", "log.png", "0" * 64)
    sure = sure_only(log)
    np.testing.assert_array_equal(sure.curves[0].values, [1.0, np.nan, np.nan, 4.0])
    assert sure.warnings == ("GR: 1 doubtful readings were left out, as asked.",)
