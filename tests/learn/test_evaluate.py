"""The measured tables: perfect masks score 1, bad folders are named, reports read by people and programs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from curvedesk.domain.curve import DigitisedCurve, DigitisedLog
from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.sheet import load_sheet
from curvedesk.learn import evaluate as room
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.evaluate import evaluate
from curvedesk.learn.predict import class_mask
from curvedesk.learn.report import Report, Table, means

Gray = NDArray[np.uint8]
SOLID_X, DASHED_X = 40, 90


def _row(report: Report, name: str, table: int = 0) -> dict[str, Any]:
    found = report.tables[table]
    return next(dict(zip(found.columns, row, strict=True)) for row in found.rows if row[0] == name)


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """One hand-traced crop with a solid and a dashed pen, one without curves."""
    gray = np.full((160, 128), 250, np.uint8)
    curves = []
    for style, x in (("solid", SOLID_X), ("dashed", DASHED_X)):
        gray[:, x - 1 : x + 2] = 10
        curves.append({"style": style, "name": style, "points": [[x, 0], [x, 159]]})
    _write(tmp_path / "two.json", gray, curves)
    _write(tmp_path / "none.json", np.full((64, 64), 250, np.uint8), [])
    return tmp_path


def _write(path: Path, gray: Gray, curves: list[Any]) -> None:
    height, width = gray.shape
    content = {"width": width, "height": height, "curves": curves, "ignore": [[0, 150, 128, 160]]}
    path.write_text(json.dumps(content))
    cv2.imwrite(str(path.with_suffix(".png")), gray)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of a trained network: what is dark is a pen, dashed in the right half."""

    monkeypatch.setattr(room, "predict", _read_ink)


def _read_ink(model: Model, gray: Gray, *, device: str = "cpu") -> NDArray[np.float16]:
    dark = gray < 100
    right = np.arange(gray.shape[1]) > 64
    pens = np.stack([dark & ~right, dark & right])
    return (pens if len(model.manifest.classes) == 3 else pens.any(0, keepdims=True)).astype(np.float16)


@pytest.mark.usefixtures("reader")
def test_a_perfect_mask_of_hand_traced_crops_scores_1_in_every_column(model: Model, labels: Path) -> None:
    report = evaluate("labels", model, data=labels)
    for name in ("any", "solid", "dashed"):
        row = _row(report, name)
        assert row["crops"] == 1
        assert [row["F1 @2"], row["F1 @3"]] == pytest.approx([1, 1])
        assert row["IoU 3 px"] > 0.9
    assert _row(report, "none", table=1)["F1 @2"] == 1


@pytest.mark.usefixtures("reader")
def test_swapped_styles_leave_any_curve_right_and_both_classes_wrong(model: Model, labels: Path) -> None:
    path = labels / "two.json"
    path.write_text(
        path.read_text().replace('"solid"', '"x"').replace('"dashed"', '"solid"').replace('"x"', '"dashed"')
    )
    report = evaluate("labels", model, data=labels)
    assert _row(report, "any")["F1 @2"] == pytest.approx(1)
    assert _row(report, "solid")["F1 @3"] == _row(report, "dashed")["IoU 3 px"] == 0


@pytest.mark.usefixtures("reader")
def test_scores_of_a_real_crop_are_those_of_the_shared_scorer(model: Model, shared_dir: Path, tmp_path: Path) -> None:
    source = shared_dir / "data" / "labels" / "BXG57_a.json"
    for suffix in (".json", ".png"):
        (tmp_path / source.name).with_suffix(suffix).write_bytes(source.with_suffix(suffix).read_bytes())
    gray = cv2.imread(str(source.with_suffix(".png")), cv2.IMREAD_GRAYSCALE)
    assert gray is not None
    tifffile.imwrite(tmp_path / "mask.tif", class_mask(_read_ink(model, gray.astype(np.uint8))))
    command = [sys.executable, shared_dir / "tools" / "score.py", "mask", tmp_path / "mask.tif", source]
    theirs = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    report = evaluate("labels", model, data=tmp_path)
    assert _row(report, "any")["F1 @2"] == pytest.approx(theirs["any@2"]["f1"], abs=1e-3)
    assert _row(report, "solid")["F1 @3"] == pytest.approx(theirs["solid@3"]["f1"], abs=1e-3)


@pytest.mark.usefixtures("reader")
def test_synthetic_crops_are_the_same_every_time_and_styles_are_told_apart(model: Model) -> None:
    seen: list[float] = []
    report = evaluate("synthetic", model, crops=2, progress=seen.append)
    assert report == evaluate("synthetic", model, crops=2)
    names = [row[0] for row in report.tables[0].rows]
    assert names[:3] == ["binary-2000, any", "binary-2000, background", "multiclass-15000, any"]
    assert "hard-1000, dashed" in names
    assert seen == sorted(seen)
    assert seen[-1] == 1


@pytest.mark.usefixtures("reader")
def test_a_binary_network_is_measured_on_any_curve_only(binary_model: Model) -> None:
    names = [row[0] for row in evaluate("synthetic", binary_model, crops=1).tables[0].rows]
    assert {name.split(", ")[1] for name in names} == {"any", "background"}


@pytest.mark.parametrize(("suite", "words"), [("speed", "choose one of"), ("labels", "--data"), ("sheets", "--data")])
def test_a_suite_that_cannot_be_measured_says_what_it_needs(model: Model, suite: str, words: str) -> None:
    with pytest.raises(CurveDeskError, match=words):
        evaluate(suite, model)


@pytest.mark.parametrize("suite", ["labels", "sheets"])
def test_a_folder_without_the_suites_data_is_named(model: Model, tmp_path: Path, suite: str) -> None:
    with pytest.raises(CurveDeskError, match="give another --data"):
        evaluate(suite, model, data=tmp_path, digitize=lambda scan, sheet: pytest.fail("nothing to digitise"))


@pytest.mark.parametrize("text", ["{", "[]", '{"curves": [{"style": "solid"}]}'])
def test_a_broken_label_is_named(model: Model, labels: Path, text: str) -> None:
    (labels / "two.json").write_text(text)
    with pytest.raises(CurveDeskError, match=r"two\.json is not a hand-traced crop"):
        evaluate("labels", model, data=labels)


def test_a_crop_of_another_size_than_its_label_is_named(model: Model, labels: Path) -> None:
    cv2.imwrite(str(labels / "two.png"), np.zeros((10, 10), np.uint8))
    with pytest.raises(CurveDeskError, match=r"two\.png has not the size"):
        evaluate("labels", model, data=labels)


SHEET = {
    "format": "curvedesk-sheet",
    "version": 1,
    "scan": "scan.tif",
    "dpi": 200,
    "depth": {"unit": "FT", "ties": [[0, 1000], [1000, 1100]], "top": 1000, "bottom": 1100, "step": 0.5},
    "tracks": [
        {
            "name": "1",
            "edges": {"left": [[10, 0], [10, 1000]], "right": [[300, 0], [300, 1000]]},
            "curves": [
                {"mnemonic": "GR", "unit": "GAPI", "left": 0, "right": 150, "style": "solid"},
                {"mnemonic": "CALI", "unit": "IN", "left": 6, "right": 16, "style": "dashed"},
            ],
        }
    ],
}


@pytest.fixture
def sheets(tmp_path: Path) -> Path:
    """One sheet with truth: GR and CALI drawn from 1000 to 1100 ft."""
    case = tmp_path / "case"
    case.mkdir()
    (case / "sheet.json").write_text(json.dumps(SHEET))
    (case / "scan.tif").write_bytes(b"")
    rows = [f"{d:.1f} {75 + 50 * np.sin(d / 7):.4f} {9 + np.cos(d / 9):.4f}" for d in np.arange(1000, 1100.1, 0.5)]
    head = (
        "~V\nVERS. 2.0 :\nWRAP. NO :\n~W\nSTRT.FT 1000.0 :\nSTOP.FT 1100.0 :\nSTEP.FT 0.5 :\nNULL. -999.25 :\n"
        "~C\nDEPT.FT :\nGR.GAPI :\nCALI.IN :\n~A\n"
    )
    (case / "truth.las").write_text(head + "\n".join(rows) + "\n")
    return tmp_path


def test_whole_sheets_are_scored_by_value_and_a_missing_curve_counts_as_nothing(model: Model, sheets: Path) -> None:
    depth = np.arange(1000, 1100.1, 0.5)

    def digitize(scan: Path, sheet: Path) -> DigitisedLog:
        values = 75 + 50 * np.sin(depth / 7)
        gr = DigitisedCurve("GR", "GAPI", values, np.ones(len(depth), np.float32), "traced")
        return DigitisedLog(load_sheet(sheet), depth, (gr,), (), model.id, scan.name, "")

    report = evaluate("sheets", model, data=sheets, digitize=digitize)
    assert _row(report, "case GR", table=1)["score"] == pytest.approx(1)
    assert _row(report, "case CALI", table=1)["score"] == 0
    assert _row(report, "case CALI", table=1)["mae_pct"] == 100
    assert _row(report, "mean")["score"] == pytest.approx(0.5)


def test_a_report_reads_as_markdown_and_as_json() -> None:
    report = Report("labels", "first", "Note.", (Table("Scores", ("class", "IoU"), (("any", 0.51234), ("x", None))),))
    assert "## Scores\n\n| class | IoU |\n| --- | --- |\n| any | 0.512 |\n| x | – |" in report.markdown()
    content = json.loads(report.json())
    assert content["tables"]["Scores"] == [{"class": "any", "IoU": 0.51234}, {"class": "x", "IoU": None}]
    assert content["model"] == "first"


def test_means_leave_out_what_is_missing() -> None:
    assert means([{"a": 1.0, "b": None}, {"a": 3.0, "b": 5.0}, {"a": None}]) == {"a": 2, "b": 5}
