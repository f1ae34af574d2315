"""A tie fixed on a proposed sheet moves those that were only read; what a person said stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from curvedesk.domain.depth import DepthAxis
from curvedesk.domain.sheet import Sheet, dump_sheet, parse_sheet
from curvedesk.session.depth_edits import add_tie, move_tie, sheet_by_hand
from curvedesk.session.sheet_parts import accepted

DEPTHS = (5100.0, 5200.0, 5300.0, 5400.0)


@pytest.fixture
def proposed() -> Sheet:
    """A log of 15,100 ft and more, of which the reader lost the first digit of every number."""
    ties = np.array([[1000.0 + 200 * k, d, 0.001] for k, d in enumerate(DEPTHS)])
    evidence = [{"depth": d, "confidence": 0.9, "read_from": [0.0, 0.0, 9.0, 9.0]} for d in DEPTHS]
    axis = DepthAxis("FT", ties, 300.0, 5100.0, 5400.0, 0.5, confidence=0.9, extra={"tie_evidence": evidence})
    return replace(sheet_by_hand("scan.tif", width=900, height=2400, dpi=200.0), depth=axis)


def depths(sheet: Sheet) -> list[float]:
    return [float(d) for d in sheet.depth.ties[:, 1]]


def test_that_one_right_depth_puts_all_depths_right(proposed: Sheet) -> None:
    found = move_tie(proposed, 1, depth=15_200.0)
    assert depths(found) == [15_100.0, 15_200.0, 15_300.0, 15_400.0]
    assert (found.depth.top, found.depth.bottom) == (15_100.0, 15_400.0)


def test_that_a_depth_typed_at_another_line_puts_all_right_and_is_a_tie_itself(proposed: Sheet) -> None:
    found = add_tie(proposed, y_px=1100.0, depth=15_150.0)
    assert depths(found) == [15_100.0, 15_150.0, 15_200.0, 15_300.0, 15_400.0]


def test_that_a_tie_dragged_to_its_line_takes_the_others_along(proposed: Sheet) -> None:
    found = move_tie(proposed, 0, y_px=1007.0)
    assert [float(y) for y in found.depth.ties[:, 0]] == [1007.0, 1207.0, 1407.0, 1607.0]


def test_that_a_second_tie_shares_the_correction_out_and_leaves_the_first(proposed: Sheet) -> None:
    once = move_tie(proposed, 0, y_px=1000.0, depth=5100.0)
    twice = move_tie(once, 3, depth=5430.0)
    assert depths(twice) == pytest.approx([5100.0, 5210.0, 5320.0, 5430.0])


def test_that_only_the_tie_itself_moves_once_the_depths_are_accepted(proposed: Sheet) -> None:
    found = move_tie(accepted(proposed, "depth"), 1, depth=5210.0)
    assert depths(found) == [5100.0, 5210.0, 5300.0, 5400.0]


def test_that_a_correction_that_would_turn_depths_over_moves_one_tie_only(proposed: Sheet) -> None:
    once = move_tie(proposed, 3, depth=5400.0)
    found = move_tie(once, 0, y_px=1150.0, depth=5350.0)
    assert depths(found)[0] == 5350.0
    assert np.all(np.diff(found.depth.ties[:, 1]) > 0)


def test_that_fixed_ties_are_known_again_after_saving(proposed: Sheet) -> None:
    again = parse_sheet(dump_sheet(move_tie(proposed, 0, depth=15_100.0)))
    assert depths(move_tie(again, 3, depth=15_430.0))[0] == 15_100.0
