"""An open document is exported and judged by the command line's own code, byte for byte."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from curvedesk.domain.errors import ExportError
from curvedesk.domain.project import Prediction, Project, ScanRef, curve_keys
from curvedesk.domain.strokes import AcceptStroke, NullStroke
from curvedesk.imaging import Scan, open_scan
from curvedesk.interchange.log import read_log
from curvedesk.interchange.plan import CurveChoice, ExportPlan, Output, files_in
from curvedesk.session.commands import SetExport
from curvedesk.session.document import Document
from curvedesk.session.export import (
    export_project,
    material_of_project,
    needs_settling,
    preview_of,
    remembered_plan,
    settings_to_remember,
)  # fmt: skip
from curvedesk.store.locations import bundled_resources_dir
from tests.interchange.sample import sample_material

STROKES = {"s1": AcceptStroke("GR", (1000.0, 1200.0)), "s2": NullStroke("SFL", (2000.0, 2040.0))}
SAMPLE = bundled_resources_dir() / "sample"


def _project() -> Project:
    """The sample as it is after a prediction without a fault, and two strokes."""
    material = sample_material()
    sheet, scan = material.sheet, _scan()
    ref = ScanRef(str(scan.info.path), scan.sha256, 0, scan.width, scan.height, scan.dpi)
    curves = dict(zip(curve_keys(sheet), material.traced, strict=True))
    found = Prediction("", "model-7", "print")
    return Project(ref, sheet, STROKES, curves, model_id="model-9", prediction=found)


def _scan() -> Scan:
    return open_scan(SAMPLE / "scan.tif")


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_window_writes_the_very_bytes_of_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from curvedesk import pipeline
    from curvedesk.cli.digitize import Job, run_job
    from curvedesk.domain.strokes import dump_strokes
    from curvedesk.learn import checkpoints

    def digitize(scan: Scan, sheet: Any, strokes: Any, *_: Any, **__: Any) -> Any:
        return read_log(scan, sheet, strokes, "model-7", sample_material().traced)

    monkeypatch.setattr(pipeline, "digitize", digitize)
    monkeypatch.setattr(checkpoints, "load_model", lambda _name: None)
    (tmp_path / "s.json").write_text(json.dumps(dump_strokes(tuple(STROKES.values()))))
    cli, window = tmp_path / "cli", tmp_path / "window"
    cli.mkdir()
    window.mkdir()
    kinds = (Output.LAS, Output.CSV, Output.OVERLAY, Output.REPORT, Output.LABELS)
    names = {output.value: path for output, path in files_in(cli, "log", kinds).items()}
    run_job(
        Job(SAMPLE / "scan.tif", SAMPLE / "scan.sheet.json", strokes=tmp_path / "s.json", top=4250.0, bottom=4500.0,
            curves=("ILD", "GR", "SFL"), **names)
    )  # fmt: skip
    plan = ExportPlan(
        files_in(window, "log", kinds),
        top=4250.0,
        bottom=4500.0,
        curves=tuple(map(CurveChoice.of, ("ILD", "GR", "SFL"))),
    )
    export_project(_project(), _scan(), plan)
    written = _bytes(window)
    assert {"log.las", "log.csv", "log.png", "log.report.json", "log-labels/annotations.json"} <= set(written)
    assert written == _bytes(cli)
    assert b"model-7" in written["log.las"], "the model that read the ink, not the one chosen since"


def test_curves_of_a_whole_trace_go_before_the_document_s_own(tmp_path: Path) -> None:
    project = _project()
    key = next(iter(project.curves))
    shifted = replace(project.curves[key], x_px=project.curves[key].x_px + 30.0)
    plan = ExportPlan(files_in(tmp_path, "log", [Output.CSV]), bottom=4300.0)
    own = export_project(project, None, plan).log
    settled = export_project(project, None, plan, curves={**project.curves, key: shifted}).log
    assert np.nanmedian(settled.curves[0].values - own.curves[0].values) == pytest.approx(5.0, abs=0.2)
    np.testing.assert_array_equal(settled.curves[1].values, own.curves[1].values)


def test_a_project_remembers_how_it_was_exported(tmp_path: Path) -> None:
    document = Document(_project())
    plain = remembered_plan(document.project, beside=Path("/logs/harlan.curvedesk"))
    assert plain.files == {Output.LAS: Path("/logs/harlan.las")}
    plan = replace(plain, null=-9999.0, step=1.0, curves=(CurveChoice("GR", "SGR"),))
    document.execute(SetExport(settings_to_remember(plan)))
    assert remembered_plan(document.project) == plan
    document.undo()
    assert remembered_plan(document.project, beside=Path("/logs/harlan.curvedesk")) == plain


def test_without_the_scan_the_table_can_still_be_written(tmp_path: Path) -> None:
    plan = ExportPlan(files_in(tmp_path, "log", [Output.LAS]))
    assert export_project(_project(), None, plan).files == {Output.LAS: (tmp_path / "log.las",)}
    with_picture = ExportPlan(files_in(tmp_path, "log", [Output.LAS, Output.OVERLAY]))
    assert [fault.field for fault in preview_of(_project(), None, with_picture).faults] == ["files"]


def test_there_is_nothing_to_export_before_sheet_and_curves() -> None:
    project = _project()
    with pytest.raises(ExportError, match="read the sheet first"):
        material_of_project(replace(project, sheet=None), None)
    with pytest.raises(ExportError, match="predict first"):
        material_of_project(replace(project, curves={}), None)


def test_a_trace_is_settled_only_where_strokes_were_drawn() -> None:
    project = _project()
    assert needs_settling(project)
    assert not needs_settling(replace(project, strokes={}))
    assert not needs_settling(replace(project, prediction=None))
