"""Where new tracks and curves go, and where a curve goes that is moved by one place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from curvedesk.domain.errors import SheetError
from curvedesk.domain.sheet import Sheet
from curvedesk.session.sheet_edits import add_track
from curvedesk.session.sheet_layout import free_mnemonic, place_beside, room_for_track, shifted_edge, what_changed
from tests.session.project_makers import sheet_of


@pytest.fixture
def sheet() -> Sheet:
    """Track 1 with GR and ILD, right of it track 2 without a curve."""
    one = sheet_of("GR", "ILD")
    left, right = room_for_track(one, width=400, height=1000)
    return add_track(one, "2", left=left, right=right)


def test_a_new_track_is_right_of_the_last_one_while_the_paper_has_room(sheet: Sheet) -> None:
    assert float(sheet.tracks[0].right_at(500.0)) < float(sheet.tracks[1].left_at(500.0)) < 400
    left, right = room_for_track(sheet, width=400, height=1000)
    assert 0 < left[0, 0] < right[0, 0] < 400


def test_a_curve_goes_up_and_down_through_the_tracks_and_no_farther(sheet: Sheet) -> None:
    assert place_beside(sheet, "1/GR", 1) == ("1", 1)
    assert place_beside(sheet, "1/ILD", 1) == ("2", 0)
    assert place_beside(sheet, "1/GR", -1) is None
    with pytest.raises(SheetError):
        place_beside(sheet, "1/NONE", 1)


def test_a_new_curve_gets_a_name_that_none_has() -> None:
    assert free_mnemonic(sheet_of("GR"), "CURVE") == "CURVE"
    assert free_mnemonic(sheet_of("CURVE", "CURVE2"), "CURVE") == "CURVE3"


def test_a_border_is_moved_as_a_whole(sheet: Sheet) -> None:
    moved = shifted_edge(sheet, "1", "right", to_px=120.0, row_px=700.0)
    assert [float(moved.tracks[0].right_at(row)) for row in (0.0, 700.0)] == [120.0, 120.0]
    assert float(moved.tracks[0].left_at(700.0)) == 0.0


def test_the_history_names_the_weightiest_change_of_a_curve(sheet: Sheet) -> None:
    old = sheet.tracks[0].curves[0]
    assert what_changed(old, replace(old, mnemonic="SP", unit="MV")) == "(was GR)"
    assert what_changed(old, replace(old, unit="MV", digitize=False)) == "unit"
    assert what_changed(old, replace(old, digitize=False)) == "not exported"
