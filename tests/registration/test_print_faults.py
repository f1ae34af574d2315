"""What befell a print is told: how it leans, how it stretches, and where rows are too many or too few."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from curvedesk.domain.sheet import Sheet, load_sheet
from curvedesk.registration.print_faults import faults_in_words, jump_warnings, print_faults
from curvedesk.store.locations import bundled_resources_dir


@pytest.fixture
def read() -> Sheet:
    """Twelve ties of an even print, 400 rows apart."""
    sheet = load_sheet(bundled_resources_dir() / "sample" / "scan.sheet.json")
    ties = np.stack([1000.0 + 400.0 * np.arange(12), 5000.0 + 50.0 * np.arange(12), np.zeros(12)], axis=1)
    return replace(sheet, depth=replace(sheet.depth, ties=ties, confidence=0.99))


def told(sheet: Sheet) -> dict[str, object]:
    return print_faults(sheet.depth, sheet.tracks, dpi=200.0)


def with_ties(sheet: Sheet, ties: np.ndarray) -> Sheet:
    return replace(sheet, depth=replace(sheet.depth, ties=ties))


def test_that_an_even_print_has_no_faults(read: Sheet) -> None:
    assert told(read) == {"lean_px": 0.0, "stretch_pct": 0.0, "jumps": []}


@pytest.mark.parametrize("rows", [300, -180], ids=["a stalled scanner", "a fold"])
def test_that_rows_too_many_or_too_few_are_told_with_their_depths(read: Sheet, rows: int) -> None:
    ties = read.depth.ties.copy()
    ties[6:, 0] += rows
    found = told(with_ties(read, ties))
    assert found["jumps"] == [{"depths": [5250.0, 5300.0], "rows_more": rows}]
    assert found["stretch_pct"] == 0.0
    (said,) = jump_warnings(found, "FT")
    assert said.startswith(
        f"Between 5250 and 5300 ft the scan has {abs(rows)} rows too {'many' if rows > 0 else 'few'}"
    )


def test_that_a_print_that_stretches_slowly_has_no_jump(read: Sheet) -> None:
    ties = read.depth.ties.copy()
    ties[:, 0] = 1000.0 + np.cumsum(np.linspace(400.0, 420.0, 12))
    found = told(with_ties(read, ties))
    assert found["jumps"] == []
    assert found["stretch_pct"] == pytest.approx(4.5, abs=0.5)


def test_that_the_lean_is_told_across_all_tracks_in_words(read: Sheet) -> None:
    ties = read.depth.ties.copy()
    ties[:, 2] = -0.02
    width = float(read.tracks[-1].right_at(3000.0)) - float(read.tracks[0].left_at(3000.0))
    found = told(with_ties(read, ties))
    assert found["lean_px"] == pytest.approx(-0.02 * width, abs=0.1)
    assert faults_in_words(found).startswith(f"leans {found['lean_px']:g} px across the tracks")


def test_that_nothing_is_told_of_depths_that_were_not_read(read: Sheet) -> None:
    unread = replace(read, depth=replace(read.depth, confidence=0.0))
    assert told(unread) == {}
    assert faults_in_words({}) == ""


def test_that_a_number_without_its_line_does_not_make_paper_stretch(read: Sheet) -> None:
    ties = read.depth.ties.copy()
    ties[5, 0] += 12.0
    evidence = [{"line": k != 5} for k in range(12)]
    loose = with_ties(read, ties)
    assert told(loose)["stretch_pct"] > 5.0
    known = replace(loose, depth=replace(loose.depth, extra={"tie_evidence": evidence}))
    assert told(known)["stretch_pct"] == 0.0
