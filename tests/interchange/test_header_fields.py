"""What is odd about fields of a header."""

from __future__ import annotations

import pytest

from curvedesk.interchange.header_fields import FIELDS, HeaderField, doubt_of, fields_of


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_examples_of_the_standard_fields_are_beyond_doubt(field: HeaderField) -> None:
    assert doubt_of(field.name, field.example) == ""


@pytest.mark.parametrize(
    "value", ["12/12/2010", "12-MAR-1978", "3-12-65", "1978-03-12", "12 March 1978", "Mar 12, 1978"]
)
def test_dates_are_read_as_people_wrote_them(value: str) -> None:
    assert doubt_of("DATE", value) == ""


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATE", "last spring", "does not read as a date"),
        ("DATE", "12-03-1201", "no year"),
        ("API", "15-131", "10, 12 or 14 digits"),
        ("API", "forgotten", "digits"),
        ("UWI", "12", "more letters"),
        ("EKB", "high", "number"),
        ("WELL", "株式会社 1", "letters that LAS cannot hold"),
        ("COMP", "A\nB", "One line"),
        ("STRT", "100", "written by the export"),
    ],
)
def test_what_is_odd_is_said_in_one_sentence(name: str, value: str, words: str) -> None:
    told = doubt_of(name, value)
    assert words in told and "\n" not in told


def test_a_sheets_own_fields_follow_the_standard_ones() -> None:
    names = [field.name for field in fields_of({"PERMIT": "A", "WELL": "B"})]
    assert names[0] == "WELL" and names[-1] == "PERMIT" and names.count("WELL") == 1


def test_an_elevation_may_bear_its_unit() -> None:
    assert doubt_of("EKB", "3,214.5 ft") == ""
