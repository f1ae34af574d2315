"""The export: every file or none, read back, and what stood there before is kept when anything fails."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import lasio
import numpy as np
import pytest

from curvedesk.domain.errors import Cancelled, ExportError
from curvedesk.domain.sheet import load_sheet
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NullStroke, load_strokes
from curvedesk.interchange import export as export_module
from curvedesk.interchange.export import write_export
from curvedesk.interchange.labels import ANNOTATIONS
from curvedesk.interchange.plan import ExportPlan, Output, files_in
from curvedesk.interchange.planned import Material
from curvedesk.interchange.together import replacing_folder, together
from tests.interchange.sample import sample_material

STROKES = (AcceptStroke("GR", (1000.0, 1200.0)), CurveStroke("SFL", ((1000.0, 1500.0), (1010.0, 1530.0))))


@pytest.fixture
def material() -> Material:
    """The sample, with a reviewed stretch."""
    return replace(sample_material(), strokes=STROKES)


def _plan(folder: Path, *outputs: Output, bottom: float | None = 4400.0) -> ExportPlan:
    return ExportPlan(files_in(folder, "log", outputs or tuple(Output)), bottom=bottom)


def _everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_everything_that_was_asked_for_lies_there_and_says_the_same(material: Material, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    written = write_export(material, _plan(tmp_path), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(i, 7) for i in range(1, 8)]
    assert set(written.files) == set(Output)
    assert written.folder == tmp_path
    assert {p.name for p in tmp_path.iterdir()} == {
        "log.las", "log.csv", "log.png", "log.report.json", "log-labels", "log.sheet.json", "log.strokes.json",
    }  # fmt: skip
    las = lasio.read(tmp_path / "log.las")
    table = np.genfromtxt(tmp_path / "log.csv", delimiter=",", skip_header=1)
    np.testing.assert_array_equal(np.column_stack([las[name] for name in las.keys()]), table)  # noqa: SIM118
    assert load_strokes(tmp_path / "log.strokes.json") == STROKES
    assert load_sheet(tmp_path / "log.sheet.json").depth.bottom == 5000.0, "the sheet itself is not cut"
    report = json.loads((tmp_path / "log.report.json").read_text())
    assert report["quality"]["clean"] == 1.0
    assert (tmp_path / "log-labels" / ANNOTATIONS).is_file()


def test_a_second_export_replaces_the_first(material: Material, tmp_path: Path) -> None:
    write_export(material, _plan(tmp_path))
    first = _everything(tmp_path)
    write_export(material, _plan(tmp_path, bottom=4300.0))
    second = _everything(tmp_path)
    assert set(first) >= set(second)
    assert first["log.las"] != second["log.las"]
    write_export(material, _plan(tmp_path))
    assert _everything(tmp_path) == first


@pytest.mark.parametrize("step", ["_put_report", "_put_strokes", "put_labels"])
@pytest.mark.parametrize("older", [True, False])
def test_when_one_file_fails_all_stay_as_they_were(
    material: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, older: bool
) -> None:
    if older:
        write_export(material, _plan(tmp_path, bottom=4300.0))
    before = _everything(tmp_path)

    def fail(*_: object, **__: object) -> None:
        raise ExportError("the disk is full")

    if step == "put_labels":
        monkeypatch.setattr(export_module, step, fail)
    else:
        monkeypatch.setitem(export_module._PUT, Output(step.removeprefix("_put_")), fail)
    with pytest.raises(ExportError, match="the disk is full"):
        write_export(material, _plan(tmp_path))
    assert _everything(tmp_path) == before


@pytest.mark.parametrize("name", ["log.las", "log.csv", "log.report.json"])
def test_when_a_rename_fails_those_that_were_renamed_go_back(
    material: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    outputs = (Output.LAS, Output.CSV, Output.REPORT, Output.LABELS)
    write_export(material, _plan(tmp_path, Output.LAS, Output.REPORT, bottom=4300.0))
    before, honest = _everything(tmp_path), Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if Path(target).name == name and ".part" in self.name:
            raise PermissionError(13, "Permission denied", str(target))
        return honest(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(ExportError, match="may not be written"):
        write_export(material, _plan(tmp_path, *outputs))
    assert _everything(tmp_path) == before
    assert {p.name for p in tmp_path.iterdir()} == {"log.las", "log.report.json"}


def test_it_can_be_stopped_and_leaves_nothing(material: Material, tmp_path: Path) -> None:
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(Cancelled):
        write_export(material, _plan(tmp_path), cancelled=stop)
    assert list(tmp_path.iterdir()) == []


def test_what_is_forbidden_is_said_before_anything_is_written(material: Material, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="The scan is missing"):
        write_export(replace(material, scan=None), _plan(tmp_path))
    with pytest.raises(ExportError, match="the folder does not exist"):
        write_export(material, _plan(tmp_path / "nowhere", Output.LAS))
    assert list(tmp_path.iterdir()) == []


def test_a_label_folder_takes_no_other_folder_s_place(material: Material, tmp_path: Path) -> None:
    (tmp_path / "log-labels").mkdir()
    (tmp_path / "log-labels" / "thesis.txt").write_text("years of work")
    before = _everything(tmp_path)
    with pytest.raises(ExportError, match="holds other things"):
        write_export(material, _plan(tmp_path))
    assert _everything(tmp_path) == before


def test_null_and_strokes_reach_the_file(material: Material, tmp_path: Path) -> None:
    y0, y1 = (float(material.sheet.y_at(300.0, d)) for d in (4250.0, 4260.0))
    lines = tuple(
        replace(line, x_px=np.where((line.y_px > y0) & (line.y_px < y1), np.nan, line.x_px))
        if line.spec.mnemonic == "GR"
        else line
        for line in material.traced
    )
    nulled = replace(material, traced=lines, strokes=(NullStroke("GR", (y0, y1)),))
    write_export(nulled, replace(_plan(tmp_path, Output.LAS), null=-9999.0))
    text = (tmp_path / "log.las").read_text()
    assert "-9999 :" in text
    las = lasio.read(tmp_path / "log.las")
    assert np.isnan(las["GR"][(las["DEPT"] > 4251) & (las["DEPT"] < 4259)]).all()


@pytest.mark.parametrize("make", [lambda p: p.write_text("x"), lambda p: shutil.rmtree(p.parent)])
def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, make: Callable[[Path], object]) -> None:
    target = tmp_path / "deep" / "pack"
    target.parent.mkdir()
    make(target)
    with pytest.raises(ExportError) as raised, replacing_folder(target, marker="m"):
        raise AssertionError("must not be reached")
    assert "\n" not in str(raised.value)


def test_files_appear_together_across_folders(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "x").write_text("old")
    with pytest.raises(ValueError, match="mine"), together([tmp_path / "a" / "x", tmp_path / "b" / "y"]) as parts:
        parts.files[0].write_text("new")
        raise ValueError("mine")
    assert (tmp_path / "a" / "x").read_text() == "old"
    with together([tmp_path / "a" / "x", tmp_path / "b" / "y"]) as parts:
        for part in parts.files:
            part.write_text("new")
    assert {p.name for p in tmp_path.rglob("*") if p.is_file()} == {"x", "y"}
    assert (tmp_path / "a" / "x").read_text() == "new"
