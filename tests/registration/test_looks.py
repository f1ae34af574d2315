"""Print too small or worn to be read letter by letter is told by its looks, and the less plain it is the less sure."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from curvedesk.registration.block_mending import mended
from curvedesk.registration.faint import clump_rows, guess_lines
from curvedesk.registration.looks import likenesses
from curvedesk.registration.mnemonics import bundled_table
from curvedesk.registration.page import U8
from curvedesk.registration.rulings import Ruling
from curvedesk.registration.scale_lines import ScaleLine

LINEAR = Ruling(False, 10, 0, 1.0, 0.9)
BORDERS = (20.0, 320.0)


def worn(ink: U8, seed: int = 3) -> U8:
    """A copy of a copy: small, and one pixel in six lost."""
    lost = np.random.default_rng(seed).random(ink.shape) < 0.17
    return np.where(lost, 0, ink).astype(np.uint8)


def block(*rows: tuple[str, str, str]) -> U8:
    """Scale lines of one track, letters 9 px high."""
    ink = np.zeros((40 + 40 * len(rows), 340), np.uint8)
    for k, (left, name, right) in enumerate(rows):
        for text, x in ((left, 26), (name, 120), (right, 270)):
            cv2.putText(ink, text, (x, 40 + 40 * k), cv2.FONT_HERSHEY_SIMPLEX, 0.42, 255, 1, cv2.LINE_AA)
    return ink


@pytest.mark.parametrize("name", ["GR (GAPI)", "CALI (IN)", "RHOB (G/C3)"])
def test_that_a_worn_word_looks_most_like_itself(name: str) -> None:
    picture = worn(block(("", name, "")))
    likely = likenesses(picture, ["GR (GAPI)", "CALI (IN)", "RHOB (G/C3)", "TENS (LBS)", "DT (US/F)"])
    assert max(likely, key=lambda text: likely[text]) == name


def test_that_bare_paper_looks_like_nothing() -> None:
    assert likenesses(np.zeros((20, 60), np.uint8), ["GR"]) == {}


def test_that_a_worn_line_and_its_back_up_are_told_together() -> None:
    picture = worn(block(("150", "GR BACKUP", "300"), ("0", "GR (GAPI)", "150")))
    rows = clump_rows(picture, *BORDERS)
    upper, lower = guess_lines(picture, rows, bundled_table(), LINEAR, ["", "solid"])
    assert lower is not None
    assert upper is not None
    assert (lower.service.mnemonic, lower.left, lower.right, lower.backup) == ("GR", 0.0, 150.0, False)
    assert (upper.service.mnemonic, upper.left, upper.right, upper.backup) == ("GR", 150.0, 300.0, True)


def test_that_a_line_that_was_read_and_is_usual_stays_as_it_is() -> None:
    picture = block(("0", "GR (GAPI)", "150"))
    row = clump_rows(picture, *BORDERS)[0]
    line = ScaleLine(row.y_px, 0.0, 150.0, "GR (GAPI)", None, False, row.box, 0.98)
    assert mended([line], picture, BORDERS, samples=[], ruling=LINEAR, table=bundled_table()) == [line]


def test_that_a_lost_minus_comes_back_and_is_asked_for() -> None:
    picture = block(("0.45", "NPHI (V/V)", "-0.15"))
    row = clump_rows(picture, *BORDERS)[0]
    misread = ScaleLine(row.y_px, 0.45, 15.0, "NPHIVN", None, False, row.box, 0.6)
    (line,) = mended([misread], picture, BORDERS, samples=[], ruling=LINEAR, table=bundled_table())
    assert (line.left, line.right) == (0.45, -0.15)
    assert line.guessed
    assert line.sure < 0.95
