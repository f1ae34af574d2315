"""One document: what a command does, what it tells, and what one Ctrl-Z takes back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.errors import ProjectError, SheetError, StrokesError
from curvedesk.domain.project import OKABE_ITO, Look, Project, curve_keys, sheet_print
from curvedesk.domain.sheet import Sheet, parse_sheet
from curvedesk.domain.strokes import CurveStroke, NullStroke, SwapStroke
from curvedesk.session import document as document_module
from curvedesk.session.changes import Change, ChangeKind
from curvedesk.session.commands import (
    ActivateModel,
    AddStroke,
    ImportStrokes,
    OpenScan,
    RemoveStrokes,
    ReplaceCurves,
    ReplaceStroke,
    SetExport,
    SetLook,
    SetSheet,
    SetWell,
)
from curvedesk.session.document import Document
from tests.session.project_makers import EVERY_KIND, SCAN, curve_of, filled, same, sheet_of

STROKE = CurveStroke("GR", ((10.0, 500.0), (12.0, 510.0)))


@pytest.fixture
def document() -> Document:
    return Document(filled())


def _moved(curve: TracedCurve, start: int, stop: int) -> TracedCurve:
    """The same pen, a stretch of it elsewhere."""
    x = curve.x_px.copy()
    x[start:stop] += 1.0
    return replace(curve, x_px=x)


def test_a_trace_joins_its_stroke_so_that_one_undo_takes_back_both(document: Document) -> None:
    before = document.project
    change = document.execute(AddStroke(STROKE))
    document.execute(ReplaceCurves({"1/GR": _moved(before.curves["1/GR"], 40, 50)}), joins=change.entry)
    assert document.history.undo_label == "GR runs here"
    after = document.project
    document.undo()
    assert same(document.project, before)
    document.redo()
    assert same(document.project, after)


def test_a_trace_that_comes_after_the_next_stroke_goes_with_its_own(document: Document) -> None:
    before = document.project
    first = document.execute(AddStroke(STROKE))
    document.execute(AddStroke(NullStroke("ILD", (1.0, 2.0))))
    document.execute(ReplaceCurves({"1/GR": _moved(before.curves["1/GR"], 40, 50)}), joins=first.entry)
    document.undo()
    assert list(document.project.strokes)[-1] == "s7"
    assert document.project.curves["1/GR"].x_px[45] == before.curves["1/GR"].x_px[45] + 1.0
    document.undo()
    assert same(document.project, before)


def test_a_trace_of_a_stroke_that_was_taken_back_is_dropped(document: Document) -> None:
    change = document.execute(AddStroke(STROKE))
    document.undo()
    before = document.project
    late = document.execute(ReplaceCurves({"1/GR": _moved(before.curves["1/GR"], 0, 9)}), joins=change.entry)
    assert not late.kinds
    assert document.project is before


def test_what_was_taken_back_can_be_redone_after_a_late_trace(document: Document) -> None:
    first = document.execute(AddStroke(STROKE))
    document.execute(SetLook("1/GR", Look("#000000")))
    document.undo()
    document.execute(ReplaceCurves({"1/GR": _moved(document.project.curves["1/GR"], 40, 50)}), joins=first.entry)
    document.redo()
    assert document.project.looks["1/GR"].colour == "#000000"


def test_a_stroke_says_its_id_and_its_rows(document: Document) -> None:
    heard: list[Change] = []
    document.subscribe(heard.append)
    change = document.execute(AddStroke(STROKE))
    assert heard == [change]
    assert change.kinds == {ChangeKind.STROKES}
    assert change.ids == {"s7"}
    assert change.rows == (497.0, 513.0)


def test_a_spliced_curve_says_the_rows_up_to_the_points_beside(document: Document) -> None:
    curve = document.project.curves["1/GR"]
    change = document.execute(ReplaceCurves({"1/GR": _moved(curve, 40, 42)}))
    assert change.rows == (curve.y_px[39], curve.y_px[42])
    assert change.ids == {"1/GR"}


def test_a_change_of_sheet_touches_all_rows(document: Document) -> None:
    assert document.execute(SetSheet(sheet_of("GR", "ILD", top=2000.0))).rows is None


def test_who_no_longer_listens_hears_nothing(document: Document) -> None:
    heard: list[Change] = []
    stop = document.subscribe(heard.append)
    stop()
    stop()
    document.execute(AddStroke(STROKE))
    assert not heard


def test_a_command_that_changes_nothing_leaves_no_entry(document: Document) -> None:
    generation = document.generation
    change = document.execute(SetSheet(parse_sheet_again(document.project.sheet)))
    assert not change.kinds
    assert (document.generation, document.history.entries, document.is_dirty) == (generation, (), False)


def parse_sheet_again(sheet: Sheet | None) -> Sheet:
    from curvedesk.domain.sheet import dump_sheet

    assert sheet is not None
    return parse_sheet(dump_sheet(sheet))


def test_typing_a_scale_is_one_entry(document: Document) -> None:
    for right in (1.0, 15.0, 150.0):
        document.execute(SetSheet(sheet_of("GR", "ILD", right=right), "Scale of GR", merge_key="GR.right"))
    assert len(document.history.entries) == 1
    document.undo()
    assert same(document.project, filled())


def test_typing_after_a_pause_is_an_entry_of_its_own(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "MERGE_WITHIN_S", -1.0)
    for name in ("A", "AB"):
        document.execute(SetWell({"WELL": name}, merge_key="WELL"))
    assert len(document.history.entries) == 2


def test_a_new_scale_goes_with_the_curve_and_keeps_its_line(document: Document) -> None:
    before = document.project.curves["1/GR"]
    document.execute(SetSheet(sheet_of("GR", "ILD", right=200)))
    after = document.project.curves["1/GR"]
    assert after.spec.scale.right == 200
    assert after.x_px is before.x_px
    document.undo()
    assert document.project.curves["1/GR"].spec.scale.right == 100


def test_a_curve_that_leaves_the_sheet_goes_and_its_strokes_stay(document: Document) -> None:
    document.execute(SetSheet(sheet_of("ILD")))
    assert set(document.project.curves) == {"1/ILD"}
    assert tuple(document.project.strokes.values()) == EVERY_KIND
    document.undo()
    assert same(document.project, filled())


def test_a_renamed_curve_keeps_its_line_its_look_and_its_strokes(document: Document) -> None:
    document.execute(SetSheet(sheet_of("GRC", "ILD"), renames={"1/GR": "1/GRC"}))
    project = document.project
    assert project.curves["1/GRC"].x_px is filled_x(project)
    assert project.looks["1/GRC"].colour == "#D55E00"
    assert project.strokes["s1"] == replace(EVERY_KIND[0], curve="GRC")
    assert project.strokes["s5"] == SwapStroke(("GRC", "ILD"), 310.5)
    document.undo()
    assert same(document.project, filled())


def filled_x(project: Project) -> object:
    return project.curves["1/GRC"].x_px


def test_repeats_of_a_name_that_change_places_keep_their_lines() -> None:
    two = parse_sheet(
        {
            **_dumped(sheet_of("GR")),
            "tracks": [
                {
                    "name": "1",
                    "edges": {"left": [[0, 0], [0, 9]], "right": [[9, 0], [9, 9]]},
                    "curves": [
                        {"mnemonic": "GR", "left": 0, "right": 100, "to": 1050},
                        {"mnemonic": "GR", "left": 0, "right": 200, "from": 1050},
                    ],
                }
            ],
        }
    )
    assert list(curve_keys(two)) == ["1/GR", "1/GR#2"]
    track = two.tracks[0]
    turned = replace(two, tracks=(replace(track, curves=track.curves[::-1]),))
    document = Document(SetSheet(two).apply(Project()))
    document.execute(ReplaceCurves({key: curve_of(two, key, i) for i, key in enumerate(curve_keys(two))}))
    first = document.project.curves["1/GR"]
    document.execute(SetSheet(turned))
    assert document.project.curves["1/GR#2"].x_px is first.x_px
    assert document.project.curves["1/GR#2"].spec.scale.right == 100


def _dumped(sheet: Sheet) -> dict[str, object]:
    from curvedesk.domain.sheet import dump_sheet

    return dump_sheet(sheet)


def test_a_result_for_a_curve_the_sheet_lost_is_left_out(document: Document) -> None:
    old = document.project.curves["1/GR"]
    document.execute(SetSheet(sheet_of("ILD")))
    assert not document.execute(ReplaceCurves({"1/GR": old})).kinds


def test_another_scan_clears_what_was_said_of_the_one_before(document: Document) -> None:
    document.execute(OpenScan(replace(SCAN, page=1)))
    project = document.project
    assert (project.sheet, dict(project.curves), dict(project.strokes)) == (None, {}, {})
    assert project.model_id == "m1"
    document.undo()
    assert same(document.project, filled())


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (SetSheet(replace(sheet_of("GR"), dpi=-1.0)), SheetError),
        (SetSheet(sheet_of("GR", left=5) and replace(sheet_of("GR"), tracks=sheet_of("GR").tracks * 2)), SheetError),
        (AddStroke(CurveStroke("GR", ((float("nan"), 1.0),))), StrokesError),
        (AddStroke(CurveStroke("GR", ())), StrokesError),
        (ImportStrokes((STROKE, NullStroke("GR", (0.0, float("inf"))))), StrokesError),
        (ReplaceStroke("s99", STROKE), StrokesError),
        (RemoveStrokes(["s1", "s99"]), StrokesError),
        (SetExport({"step": float("nan")}), ProjectError),
        (SetExport({"step": object()}), ProjectError),
    ],
)
def test_what_no_file_could_hold_is_refused_in_one_sentence_and_changes_nothing(
    document: Document, command: SetSheet, error: type[Exception]
) -> None:
    before = document.project
    with pytest.raises(error) as raised:
        document.execute(command)
    assert "\n" not in str(raised.value)
    assert document.project is before
    assert not document.is_dirty


def test_curves_of_uneven_columns_are_refused(document: Document) -> None:
    bad = replace(document.project.curves["1/GR"], turn=np.zeros(3, np.int32))
    with pytest.raises(ProjectError, match="different lengths"):
        document.execute(ReplaceCurves({"1/GR": bad}))


def test_nobody_can_change_a_curve_behind_the_documents_back(document: Document) -> None:
    curve = curve_of(sheet_of("GR", "ILD"), "1/GR", 5)
    document.execute(ReplaceCurves({"1/GR": curve}))
    with pytest.raises(ValueError, match="read-only"):
        document.project.curves["1/GR"].x_px[0] = 1.0
    with pytest.raises(TypeError):
        document.project.strokes["s1"] = STROKE  # type: ignore[index]


def test_a_long_history_lets_the_oldest_go_and_counts_shared_lines_once() -> None:
    document = Document(filled(), history_bytes=20_000)
    sheet = document.project.sheet
    assert sheet is not None
    for seed in range(30):
        document.execute(ReplaceCurves({"1/GR": curve_of(sheet, "1/GR", seed + 100, 200)}, label=str(seed)))
    assert document.history.bytes <= 20_000
    assert document.history.entries[-1].label == "29"
    assert document.history.can_undo
    document.go_to(0)
    assert not document.history.can_undo


def test_a_document_is_clean_again_where_it_was_saved(document: Document, tmp_path: object) -> None:
    document.execute(AddStroke(STROKE))
    assert document.is_dirty
    document.undo()
    assert not document.is_dirty
    document.execute(ActivateModel("m9"))
    assert document.is_dirty


def test_colours_follow_the_sheet_until_the_analyst_chooses(document: Document) -> None:
    assert document.project.look("1/ILD").colour == OKABE_ITO[1]
    assert document.project.look("1/GR") == Look("#D55E00", 2.0, visible=False)
    assert document.project.keys_of("ILD") == ("1/ILD",)


def test_the_print_of_a_sheet_is_its_geometry() -> None:
    sheet = sheet_of("GR")
    assert sheet_print(sheet) == sheet_print(sheet_of("ILD", right=50))
    assert sheet_print(sheet) != sheet_print(sheet_of("GR", top=2000.0))


def test_a_removed_stroke_comes_back_to_its_place(document: Document) -> None:
    document.execute(RemoveStrokes(["s2"]))
    document.execute(AddStroke(STROKE))
    document.undo()
    document.undo()
    assert list(document.project.strokes) == ["s1", "s2", "s3", "s4", "s5", "s6"]
