"""What an analyst does to a sheet: edits that stand, and edits that are refused in one sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvedesk.domain.errors import SheetError
from curvedesk.domain.presets import mnemonics, preset_of, spec_of
from curvedesk.domain.project import curve_keys
from curvedesk.domain.scales import ScaleKind, Wrap, WrapKind
from curvedesk.domain.sheet import Sheet, dump_sheet, parse_sheet
from curvedesk.domain.track import CurveSpec
from curvedesk.session import depth_edits, sheet_edits, sheet_parts


@pytest.fixture
def sheet() -> Sheet:
    """Two tracks, GR and CALI, ILD; proposed, so every part has a confidence; one header field read off the paper."""
    return parse_sheet(
        {
            "format": "curvedesk-sheet",
            "version": 1,
            "dpi": 200,
            "well": {"WELL": "MCCALL 3-9"},
            "well_confidence": {"WELL": 0.8},
            "evidence": {"well.WELL": {"box": [10, 20, 110, 40], "text": "MCCALL 3-9"}, "depth": {"box": [5, 1]}},
            "depth": {
                "unit": "FT",
                "ties": [[100, 1000], [500, 1040], [900, 1080]],
                "top": 1000,
                "bottom": 1080,
                "step": 0.5,
                "confidence": 0.7,
            },
            "tracks": [
                {
                    "name": "1",
                    "confidence": 0.9,
                    "edges": {"left": [[0, 0], [0, 1000]], "right": [[400, 0], [400, 1000]]},
                    "curves": [
                        {"mnemonic": "GR", "unit": "GAPI", "left": 0, "right": 150, "confidence": 0.95},
                        {"mnemonic": "CALI", "unit": "IN", "left": 6, "right": 16, "style": "dashed"},
                    ],
                },
                {
                    "name": "2",
                    "edges": {"left": [[500, 0], [500, 1000]], "right": [[900, 0], [900, 1000]]},
                    "curves": [{"mnemonic": "ILD", "unit": "OHMM", "left": 0.2, "right": 2000, "scale": "log"}],
                },
            ],
        }
    )


def keys(sheet: Sheet) -> list[str]:
    """Curves of the sheet in order."""
    return list(curve_keys(sheet))


def spec(name: str) -> CurveSpec:
    """A preset that is there."""
    found = spec_of(name)
    assert found is not None
    return found


def test_a_curve_is_added_with_the_scale_of_its_preset(sheet: Sheet) -> None:
    edited = sheet_edits.add_curve(sheet, "2", spec("sflu"))
    assert keys(edited) == ["1/GR", "1/CALI", "2/ILD", "2/SFLU"]
    assert sheet_edits.spec_at(edited, "2/SFLU").scale.kind is ScaleKind.LOG
    assert keys(sheet) == ["1/GR", "1/CALI", "2/ILD"]


def with_spec(sheet: Sheet, **changes: Any) -> Sheet:
    """The sheet with another GR."""
    return sheet_edits.replace_curve(sheet, "1/GR", replace(sheet_edits.spec_at(sheet, "1/GR"), **changes))


def with_scale(sheet: Sheet, **changes: Any) -> Sheet:
    """The sheet with another scale of GR."""
    return with_spec(sheet, scale=replace(sheet_edits.spec_at(sheet, "1/GR").scale, **changes))


def test_the_same_curve_twice_at_one_depth_is_refused(sheet: Sheet) -> None:
    with pytest.raises(SheetError, match="GR twice at one depth"):
        sheet_edits.add_curve(sheet, "2", spec("GR"))


def test_a_curve_twice_is_right_where_the_runs_do_not_overlap(sheet: Sheet) -> None:
    upper = with_spec(sheet, depth_to=1040.0)
    both = sheet_edits.add_curve(upper, "1", replace(spec("GR"), depth_from=1040.0))
    assert keys(both) == ["1/GR", "1/CALI", "1/GR#2", "2/ILD"]
    assert sheet_edits.find_curve(both, "1/GR#2") == (0, 2)


def test_a_scale_that_cannot_be_is_refused_by_name_and_the_sheet_stays(sheet: Sheet) -> None:
    with pytest.raises(SheetError, match=r"^GR: left must be greater than 0 on a log scale"):
        with_scale(sheet, left=0.0, kind=ScaleKind.LOG)
    with pytest.raises(SheetError, match=r"^GR: right must differ from left"):
        with_scale(sheet, left=5.0, right=5.0)
    assert sheet_edits.spec_at(sheet, "1/GR").scale.right == 150


def test_a_scale_and_a_backup_set_by_hand_are_sure(sheet: Sheet) -> None:
    edited = with_scale(sheet, right=200.0, wrap=Wrap(WrapKind.MULTIPLY, 5.0))
    gr = sheet_edits.spec_at(edited, "1/GR")
    assert (gr.scale.right, gr.scale.wrap.factor, gr.confidence) == (200, 5.0, None)


def test_a_curve_moves_within_and_between_tracks(sheet: Sheet) -> None:
    assert keys(sheet_edits.move_curve(sheet, "1/CALI", track="1", at=0)) == ["1/CALI", "1/GR", "2/ILD"]
    assert keys(sheet_edits.move_curve(sheet, "1/GR", track="2", at=9)) == ["1/CALI", "2/ILD", "2/GR"]


def test_removing_what_is_gone_says_so(sheet: Sheet) -> None:
    gone = sheet_edits.remove_curve(sheet, "1/GR")
    assert keys(gone) == ["1/CALI", "2/ILD"]
    with pytest.raises(SheetError, match="no curve 1/GR"):
        sheet_edits.remove_curve(gone, "1/GR")


def test_a_new_track_takes_its_place_across_the_paper(sheet: Sheet) -> None:
    left, right = np.array([[410.0, 0], [410, 1000]]), np.array([[490.0, 0], [490, 1000]])
    edited = sheet_edits.add_track(sheet, sheet_edits.free_track_name(sheet), left=left, right=right)
    assert [track.name for track in edited.tracks] == ["1", "3", "2"]


def test_tracks_are_renamed_moved_and_removed(sheet: Sheet) -> None:
    renamed = sheet_edits.rename_track(sheet, "2", "Resistivity")
    assert keys(renamed)[-1] == "Resistivity/ILD"
    assert [t.name for t in sheet_edits.move_track(renamed, "Resistivity", at=0).tracks] == ["Resistivity", "1"]
    assert keys(sheet_edits.remove_track(renamed, "1")) == ["Resistivity/ILD"]


@pytest.mark.parametrize("name", ["", "  ", "1", "A/B"])
def test_a_track_name_that_would_confuse_is_refused(sheet: Sheet, name: str) -> None:
    with pytest.raises(SheetError):
        sheet_edits.rename_track(sheet, "2", name)


def test_borders_that_cross_are_refused(sheet: Sheet) -> None:
    with pytest.raises(SheetError, match=r"^Track 1: edges.left must stay left of right"):
        sheet_edits.set_edge(sheet, "1", side="left", points=np.array([[0.0, 0], [450, 1000]]))


def test_a_border_set_by_hand_is_sure(sheet: Sheet) -> None:
    edited = sheet_edits.set_edge(sheet, "1", side="right", points=np.array([[405.0, 0], [402, 1000]]))
    assert edited.tracks[0].confidence is None
    assert edited.tracks[0].right_at(500) == pytest.approx(403.5)


def test_a_header_field_is_set_corrected_and_taken_out(sheet: Sheet) -> None:
    edited = sheet_edits.set_well(sheet, "fld", "  Dry Creek ")
    edited = sheet_edits.set_well(edited, "WELL", "McCall 3-9")
    assert dict(edited.well) == {"WELL": "McCall 3-9", "FLD": "Dry Creek"}
    assert not edited.well_confidence
    assert "FLD" not in sheet_edits.set_well(edited, "FLD", " ").well


@pytest.mark.parametrize("name", ["", "TWO WORDS", "A.B", "A:B"])
def test_a_header_field_that_las_could_not_hold_is_refused(sheet: Sheet, name: str) -> None:
    with pytest.raises(SheetError, match="LAS"):
        sheet_edits.set_well(sheet, name, "x")


def test_ties_are_added_in_order_moved_and_removed(sheet: Sheet) -> None:
    edited = depth_edits.add_tie(sheet, y_px=700, depth=1060)
    assert edited.depth.ties[:, 0].tolist() == [100, 500, 700, 900]
    edited = depth_edits.move_tie(edited, 2, y_px=702)
    assert float(edited.depth_at(450, 702)) == pytest.approx(1060)
    assert depth_edits.remove_tie(edited, 2).depth.ties.tolist() == sheet.depth.ties.tolist()
    assert edited.depth.confidence is None


def test_ties_that_contradict_each_other_are_refused(sheet: Sheet) -> None:
    with pytest.raises(SheetError, match="deeper downwards"):
        depth_edits.add_tie(sheet, y_px=700, depth=1010)
    two = depth_edits.remove_tie(sheet, 0)
    with pytest.raises(SheetError, match="Two ties must stay"):
        depth_edits.remove_tie(two, 0)


def test_top_bottom_and_step_are_checked(sheet: Sheet) -> None:
    assert depth_edits.set_depth(sheet, unit="M", step=0.1).depth.step == 0.1
    with pytest.raises(SheetError, match=r"^Depth: bottom"):
        depth_edits.set_depth(sheet, bottom=900)


def test_a_tie_that_is_off_shows_in_its_residual(sheet: Sheet) -> None:
    assert np.abs(depth_edits.residuals(sheet.depth)).max() == pytest.approx(0)
    off = depth_edits.residuals(depth_edits.move_tie(sheet, 1, y_px=510).depth)
    assert off[1] == pytest.approx([10, -1])
    assert np.isnan(depth_edits.residuals(depth_edits.remove_tie(sheet, 1).depth)).all()


def test_a_sheet_started_by_hand_opens_as_a_file_and_is_sure_of_nothing() -> None:
    made = depth_edits.sheet_by_hand("scan.tif", width=1700, height=4200, dpi=200)
    assert made.depth.ties[1, 1] == pytest.approx(252)
    assert len(sheet_parts.parts(made)) == 2
    assert len(parse_sheet(dump_sheet(made)).tracks) == 1


@given(height=st.integers(1, 250_000), dpi=st.floats(50, 1200))
def test_a_sheet_can_be_started_on_any_scan(height: int, dpi: float) -> None:
    made = depth_edits.sheet_by_hand("scan.tif", width=1000, height=height, dpi=dpi)
    assert parse_sheet(dump_sheet(made)).depth.bottom > 0


def test_parts_are_listed_with_how_sure_they_are_and_where_they_were_read(sheet: Sheet) -> None:
    parts = {part.path: part for part in sheet_parts.parts(sheet)}
    assert list(parts) == ["depth", "track.1", "curve.1/GR", "well.WELL"]
    crop = parts["well.WELL"].crop
    assert crop is not None and (crop.x0_px, crop.y1_px) == (10, 40)
    assert parts["depth"].crop is None  # its box is nonsense
    assert parts["curve.1/GR"].value == "0 to 150 gAPI"


@pytest.mark.parametrize("path", ["depth", "track.1", "curve.1/GR", "well.WELL"])
def test_accepting_a_part_leaves_the_others_to_be_asked(sheet: Sheet, path: str) -> None:
    left = [part.path for part in sheet_parts.parts(sheet_parts.accepted(sheet, path))]
    assert left == [p for p in ("depth", "track.1", "curve.1/GR", "well.WELL") if p != path]


def test_accepting_all_leaves_nothing_to_ask_and_changes_no_value(sheet: Sheet) -> None:
    done = sheet_parts.all_accepted(sheet)
    assert sheet_parts.parts(done) == ()
    assert keys(done) == keys(sheet) and done.well == sheet.well


@pytest.mark.parametrize("name", mnemonics())
def test_every_preset_makes_a_curve_that_a_sheet_takes(sheet: Sheet, name: str) -> None:
    empty = sheet_edits.remove_track(sheet, "1")
    edited = sheet_edits.add_curve(sheet_edits.remove_curve(empty, "2/ILD"), "2", spec(name))
    assert keys(edited) == [f"2/{name}"]


@pytest.mark.parametrize(
    ("name", "left", "right", "unit"),
    [("GR", 0, 150, "GAPI"), ("NPHI", 0.45, -0.15, "V/V"), ("DT", 140, 40, "US/F"), ("ILD", 0.2, 2000, "OHMM")],
)
def test_presets_hold_the_scales_of_the_field(name: str, left: float, right: float, unit: str) -> None:
    found = preset_of(name.lower())
    assert found is not None
    assert (found.scale.left, found.scale.right, found.unit) == (left, right, unit)


def test_a_cable_tension_is_not_exported_and_an_unknown_name_has_no_preset() -> None:
    assert not spec("LTEN").digitize
    assert preset_of("QQQ") is None and spec_of("QQQ") is None
