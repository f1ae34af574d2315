"""The plan: remembered as it was, forgiving of what is odd, and what it makes of a log."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from curvedesk.domain.curve import DigitisedLog, TracedCurve
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.strokes import CurveStroke
from curvedesk.interchange.header_checks import check_header
from curvedesk.interchange.header_fields import doubt_of
from curvedesk.interchange.log import LogSource, curve_warnings, read_log
from curvedesk.interchange.plan import CurveChoice, ExportPlan, Output, files_in, plan_of, settings_of
from curvedesk.interchange.planned import Material, material_of, planned_log
from curvedesk.interchange.preview import preview
from curvedesk.interchange.report import report_of
from curvedesk.interchange.table import columns_of
from tests.interchange.conftest import trace

SOURCE = LogSource("log 1.tif", "0a" * 32)
LAS = {Output.LAS: Path("out.las")}


@pytest.fixture
def material(sheet: Sheet) -> Material:
    """GR with a gap, a tension pen, ILD whole; one stroke on GR."""
    lines = (trace(sheet, 0, gap=(301, 400)), trace(sheet, 1), trace(sheet, 2))
    return Material(SOURCE, sheet, (CurveStroke("GR", ((120.0, 0.0),)),), lines, "base-1")


def _doubtful(line: TracedCurve, first: int, last: int) -> TracedCurve:
    sure = line.confidence.copy()
    sure[first:last] = 0.2
    return TracedCurve(line.spec, line.track, line.x_px, line.y_px, line.turn, sure)


def test_a_plan_is_remembered_as_it_was(sheet: Sheet) -> None:
    plan = ExportPlan(
        files_in(Path("/logs"), "state 12-3", [Output.LAS, Output.LABELS]), top=1020, bottom=1080.5, step=0.25,
        null=-9999, curves=(CurveChoice("ILD", "RT"), CurveChoice.of("GR")), well={"FLD": "Cotton Draw"}, partial=True,
        all_labels=True,
    )  # fmt: skip
    assert plan_of(settings_of(plan), sheet) == plan
    assert plan.files[Output.LABELS] == Path("/logs/state 12-3-labels")


@pytest.mark.parametrize(
    "odd",
    [{}, {"curves": "GR"}, {"curves": [["XX", "YY"]]}, {"null": "none", "top": True, "step": float("nan")},
     {"files": ["las"], "well": 3, "partial": 1}],
)  # fmt: skip
def test_odd_settings_fall_back_to_the_sheet_s(sheet: Sheet, odd: dict[str, Any]) -> None:
    assert plan_of(odd, sheet) == ExportPlan()


def test_the_plain_plan_is_the_log_itself(material: Material) -> None:
    straight = read_log(SOURCE, material.sheet, material.strokes, material.model_id, material.traced)
    planned = planned_log(material, ExportPlan(LAS))
    assert [c.mnemonic for c in planned.curves] == ["GR", "ILD"]
    for one, other in zip(straight.curves, planned.curves, strict=True):
        np.testing.assert_array_equal(one.values, other.values)
    assert report_of(straight) == report_of(planned)
    assert [line.spec.mnemonic for line in planned.others] == ["LTEN"]
    again = material_of(planned, None, source=SOURCE)
    assert report_of(planned_log(again, ExportPlan(LAS))) == report_of(planned)


def test_curves_are_chosen_ordered_and_renamed_in_every_part(material: Material) -> None:
    log = planned_log(material, ExportPlan(LAS, curves=(CurveChoice("ILD", "RT"), CurveChoice("GR", "SGR"))))
    assert [column.mnemonic for column in columns_of(log)] == ["DEPT", "RT", "SGR"]
    report = report_of(log)
    assert [curve["scales"] for curve in report["curves"]] == [["0.2 to 2000 OHMM, log"], [
        "0 to 150 GAPI, linear, back-up scales add"]]  # fmt: skip
    assert report["strokes"][0]["curve"] == "SGR"
    assert report["strokes"][0]["obeyed"] is True
    only = planned_log(material, ExportPlan(LAS, curves=(CurveChoice.of("ILD"),)))
    assert [c.mnemonic for c in only.curves] == ["ILD"]
    assert {line.spec.mnemonic for line in only.others} == {"GR", "LTEN"}


def test_depths_and_header_are_those_of_the_plan(material: Material) -> None:
    plan = ExportPlan(LAS, top=1020, bottom=1021, step=0.25, well={"FLD": "Cotton Draw", "WELL": "X 1"})
    log = planned_log(material, plan)
    np.testing.assert_array_equal(log.depth, [1020, 1020.25, 1020.5, 1020.75, 1021])
    assert (log.sheet.well["FLD"], log.sheet.well["WELL"], log.sheet.well["KB"]) == ("Cotton Draw", "X 1", "1200.5")


def test_a_value_that_equals_the_null_is_not_lost(material: Material, log: DigitisedLog) -> None:
    columns = columns_of(planned_log(material, ExportPlan(LAS)), null=75.0)
    assert not (columns[1].values == 75.0).any()
    assert (columns_of(log)[2].values == columns[2].values).all()


def test_the_preview_is_the_table(material: Material) -> None:
    seen = preview(material, ExportPlan(LAS, null=-9999))
    assert seen.header == ("DEPT [FT]", "GR [GAPI]", "ILD [OHMM]")
    assert (seen.rows, len(seen.first), len(seen.last)) == (161, 6, 6)
    assert (seen.first[0][0], seen.last[-1][0]) == ("1010.0000", "1090.0000")
    gap = preview(material, ExportPlan(LAS, top=1035, bottom=1036, null=-9999))
    assert gap.first[0][1] == "-9999"
    assert (gap.rows, gap.last) == (3, ())


def test_the_preview_says_what_to_look_at(material: Material) -> None:
    doubtful = _doubtful(material.traced[2], 500, 600)
    seen = preview(
        Material(SOURCE, material.sheet, material.strokes, (*material.traced[:2], doubtful), "m"),
        ExportPlan(LAS, bottom=1090.3),
    )
    said = {notice.kind: notice for notice in seen.notices}
    assert said["gap"].curve == "GR"
    assert said["gap"].place == (1030.5, 1039.5)
    assert "1,030.5 to 1,039.5 ft" in said["gap"].sentence
    assert said["unreviewed"].curve == "ILD"
    assert said["unreviewed"].share == pytest.approx(20 / 161, abs=0.01)
    assert said["step"].sentence.endswith("the last depth is 1,090.")
    assert said["header"].sentence == "The header has no FLD and DATE."
    assert 0.05 < seen.unreviewed < 0.08


def test_what_a_person_looked_at_is_not_called_unreviewed(material: Material) -> None:
    from curvedesk.domain.strokes import AcceptStroke, NullStroke

    strokes = (AcceptStroke("ILD", (480.0, 620.0)), NullStroke("GR", (295.0, 405.0)))
    lines = (*material.traced[:2], _doubtful(material.traced[2], 500, 600))
    seen = preview(Material(SOURCE, material.sheet, strokes, lines, "m"), ExportPlan(LAS))
    assert {notice.kind for notice in seen.notices} == {"header"}
    assert seen.unreviewed == 0.0


def test_a_curve_without_a_trace_is_named(material: Material) -> None:
    seen = preview(Material(SOURCE, material.sheet, (), material.traced[:2], "m"), ExportPlan(LAS))
    assert "ILD has not been traced yet and is left out." in [notice.sentence for notice in seen.notices]


@pytest.mark.parametrize(
    ("plan", "field", "words"),
    [
        (ExportPlan(LAS, step=0.0), "step", "greater than 0"),
        (ExportPlan(LAS, step=float("nan")), "step", "greater than 0"),
        (ExportPlan(LAS, step=1e-7), "step", "rows"),
        (ExportPlan(LAS, top=1100.0), "bottom", "below the top of 1,100"),
        (ExportPlan(LAS, null=float("nan")), "null", "-999.25"),
        (ExportPlan(LAS, curves=()), "curves", "tick"),
        (ExportPlan(LAS, curves=(CurveChoice("GR", "A"), CurveChoice("ILD", "a"))), "curves", "Two curves"),
        (ExportPlan(LAS, curves=(CurveChoice("GR", " "),)), "curves", "needs a name"),
        (ExportPlan(LAS, curves=(CurveChoice("GR", "dept"),)), "curves", "depth column"),
        (ExportPlan(LAS, curves=(CurveChoice.of("XX"),)), "curves", "has no curve XX"),
        (ExportPlan(), "files", "Nothing is chosen"),
        (ExportPlan({Output.OVERLAY: Path("o.png")}), "files", "The scan is missing"),
        (ExportPlan({Output.LABELS: Path("l")}, all_labels=True), "files", "The scan is missing"),
    ],
)
def test_what_forbids_an_export_is_said_beside_its_field(
    material: Material, plan: ExportPlan, field: str, words: str
) -> None:
    faults = preview(material, plan).faults
    assert faults[0].field == field
    assert words in faults[0].sentence


def test_labels_need_something_reviewed(sheet: Sheet) -> None:
    from curvedesk.interchange.faults import faults_of

    plan = ExportPlan({Output.LABELS: Path("l")})
    assert [fault.field for fault in faults_of(sheet, plan)] == ["labels"]
    assert faults_of(sheet, plan, strokes=[CurveStroke("GR", ((1.0, 2.0),))]) == ()


@pytest.mark.parametrize(
    ("key", "value", "odd"),
    [
        ("DATE", "14-10-1954", False), ("DATE", "Oct 14, 1954", False), ("DATE", "autumn", True),
        ("API", "42-103-30012-00", False), ("API", "42-1", True), ("UWI", "100/06-02-072-20W4/00", False),
        ("UWI", "7", True), ("WELL", "Øl 12-3", False), ("WELL", "井 1", True), ("WELL", "what?", False),
    ],
)  # fmt: skip
def test_header_fields_are_read_as_a_records_clerk_would(key: str, value: str, odd: bool) -> None:
    assert bool(doubt_of(key, value)) is odd


def test_a_full_header_has_no_findings() -> None:
    full = {"well": "A 1", "COMP": "B", "FLD": "C", "DATE": "1954-10-14", "API": "4210330012"}
    assert check_header(full) == ()
    assert {finding.key for finding in check_header({}) if finding.missing} == {"WELL", "COMP", "FLD", "DATE", "UWI"}


def test_readings_that_no_rock_gives_are_said_to_be_perhaps_another_pen_s(log: DigitisedLog) -> None:
    odd = replace(log.curves[0], mnemonic="RHOB", unit="G/C3", values=np.full_like(log.depth, 0.2))
    assert any("not between 1 and 3.3" in text and "another curve's" in text for text in curve_warnings(odd))
    assert not any("another curve's" in text for text in curve_warnings(replace(odd, values=odd.values + 2.2)))
