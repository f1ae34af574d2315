"""Header fields: values behind or beside their labels, and nothing that cannot be a value of its kind."""

from __future__ import annotations

import numpy as np
import pytest

from curvedesk.registration.header import _fields
from curvedesk.registration.ocr import Word
from curvedesk.registration.page import Page

PAGE = Page(np.zeros((10, 10), np.uint8), 0.5)


def line(text: str, x_px: float, y_px: float) -> Word:
    return Word((x_px, y_px - 10, x_px + 11.0 * len(text), y_px + 10), text, 0.97)


def test_that_a_value_behind_its_label_is_read_with_its_place_in_scan_pixels() -> None:
    header = _fields([line("COMPANY: NORTHFORK OIL", 40, 60)], PAGE)
    assert header.well == {"COMP": "NORTHFORK OIL"}
    assert header.places["COMP"][0] == pytest.approx(80.5, abs=0.1)
    assert header.sure["COMP"] > 0.7


def test_that_a_value_beside_its_label_is_read_but_called_less_sure() -> None:
    beside = _fields([line("COUNTY", 40, 60), line("PECOS", 160, 62)], PAGE)
    behind = _fields([line("COUNTY: PECOS", 40, 60)], PAGE)
    assert beside.well == behind.well == {"CNTY": "PECOS"}
    assert beside.sure["CNTY"] < behind.sure["CNTY"]


def test_that_the_longer_a_doubtful_value_the_less_it_is_believed() -> None:
    short, long = (_fields([line(f"COMPANY: {name}", 40, 60)], PAGE) for name in ("ACME", "ACME PETROLEUM OF KANSAS"))
    assert long.sure["COMP"] < short.sure["COMP"]


def test_that_a_state_is_spelt_as_states_are_and_a_well_may_be_called_after_one() -> None:
    header = _fields([line("STATE: NEN MEXICO", 40, 60), line("WELL", 40, 120), line("STATE B 7", 110, 120)], PAGE)
    assert header.well == {"STAT": "NEW MEXICO", "WELL": "STATE B 7"}
    assert header.sure["STAT"] < 0.95


def test_that_the_first_well_of_a_lease_has_a_number_not_a_letter() -> None:
    assert _fields([line("WELL: NO.I STATE NATL", 40, 60)], PAGE).well == {"WELL": "NO.1 STATE NATL"}


def test_that_letters_read_for_digits_are_put_right_and_an_api_number_needs_no_label() -> None:
    header = _fields([line("ELEVATION D.F.: 36LL", 40, 60), line("42-109-30821", 300, 200)], PAGE)
    assert header.well == {"EDF": "3611", "API": "42-109-30821"}


def test_that_an_elevation_goes_under_the_datum_it_names() -> None:
    assert _fields([line("ELEVATION D.F.: 2557", 40, 60)], PAGE).well == {"EDF": "2557"}


@pytest.mark.parametrize(
    "text",
    [
        "DATE Sample No",
        "API UNITS",
        "RM @ B.H.T",
        "RUN Tool",
        "LOCATION of Well",
        "SPUD DATE 3/4/61",
        "WELL SURVEYING CORPORATION",
        "WELL 1830 From N L",
        "COMPANY L S-GR",
    ],
)
def test_that_words_of_the_form_are_not_taken_for_values(text: str) -> None:
    assert _fields([line(text, 40, 60)], PAGE).well == {}
