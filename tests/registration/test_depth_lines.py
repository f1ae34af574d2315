"""How far apart the depth lines of a print are: minor, medium and heavy ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvedesk.domain.print_scale import lines_in_words
from curvedesk.domain.sheet import Sheet
from curvedesk.registration.depth_lines import depth_lines
from curvedesk.registration.page import Page
from tests.tracing.makers import LEFT_PX, PX_PER_FOOT, TOP_PX, cali, gr, make_sheet

FEET = 150


def _sheet(slope: float = 0.0) -> Sheet:
    sheet = make_sheet([gr()], [cali()], feet=FEET, slope=slope, width_px=300)
    return replace(sheet, depth=replace(sheet.depth, confidence=0.9))


def _page(rows_of_line: dict[int, int], *, slope: float = 0.0, noise: int = 0) -> Page:
    """A page that rules a line so many rows high every so many feet."""
    ink = np.zeros((TOP_PX + FEET * PX_PER_FOOT + 60, 760), np.uint8)
    columns = np.arange(LEFT_PX, 720)
    for foot in range(FEET + 1):
        thick = max((rows for every, rows in rows_of_line.items() if foot % every == 0), default=0)
        for k in range(thick):
            rows = np.rint(TOP_PX + foot * PX_PER_FOOT + slope * (columns - 20) + k - thick // 2).astype(int)
            inside = (rows >= 0) & (rows < len(ink))
            ink[rows[inside], columns[inside]] = 200
    if noise:
        spots = np.random.default_rng(3).integers(0, noise, ink.shape)
        ink = np.maximum(ink, spots.astype(np.uint8))
    return Page(ink, 1.0)


@pytest.mark.parametrize("slope", [0.0, 0.02, -0.03])
def test_three_kinds_of_lines_are_told_apart_on_a_tilted_noisy_print(slope: float) -> None:
    page, sheet = _page({2: 1, 10: 2, 50: 4}, slope=slope, noise=60), _sheet(slope)
    found = depth_lines(page, sheet.depth, sheet.tracks)
    assert {name: line["every"] for name, line in found.items()} == {"minor": 2, "medium": 10, "heavy": 50}
    assert found["minor"]["px"] == pytest.approx(2 * PX_PER_FOOT, rel=1e-3)
    assert lines_in_words(found, "FT") == "a line every 2 ft (20 px), heavier every 10 ft and heaviest every 50 ft"


@settings(deadline=None, max_examples=12)
@given(st.sampled_from([{5: 1}, {10: 2}, {1: 1, 10: 3}, {2: 1, 10: 3}, {5: 2, 25: 4}, {10: 1, 50: 3}]))
def test_one_kind_or_two_are_no_more_than_that(rows_of_line: dict[int, int]) -> None:
    sheet = _sheet()
    found = depth_lines(_page(rows_of_line), sheet.depth, sheet.tracks)
    assert [line["every"] for line in found.values()] == list(rows_of_line)
    assert list(found) == ["minor", "heavy"][: len(rows_of_line)]


def test_paper_without_lines_or_without_depths_has_none() -> None:
    sheet = _sheet()
    assert depth_lines(_page({}, noise=60), sheet.depth, sheet.tracks) == {}
    assert depth_lines(_page({2: 1}), replace(sheet.depth, confidence=0.0), sheet.tracks) == {}
    assert depth_lines(_page({2: 1}), sheet.depth, ()) == {}
    assert lines_in_words({}, "FT") == ""
    assert lines_in_words({"minor": {"every": 5, "px": 25.0}}, "M") == "a line every 5 m (25 px)"
