"""The header's total depth against the numbers down the log."""

from __future__ import annotations

import pytest

from curvedesk.registration.chain import Chain
from curvedesk.registration.numbers import Numeral
from curvedesk.registration.progression import find_chains
from curvedesk.registration.total_depth import contradicts, total_depth


def ending_at(last: float) -> Chain:
    rows = [500 * k for k in range(12)]
    return find_chains(
        [Numeral(float(y), last - 100 * (11 - k), 0.97, (0, y - 8, 50, y + 8), 0) for k, y in enumerate(rows)]
    )[0]


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("17675", 17675),
        ("5,216", 5216),
        ("12096 FT", 12096),
        ("T.D. 4 310", 4310),
        ("AUGUST 28.1975", None),
        ("7", None),
    ],
)
def test_that_a_depth_is_a_number_as_wells_are_deep(text: str, depth: float | None) -> None:
    assert total_depth({"TDD": text}, {"TDD": 0.9}) == depth


def test_that_a_depth_read_without_confidence_counts_for_nothing() -> None:
    assert total_depth({"TDD": "17675", "TDL": "17664"}, {"TDD": 0.7, "TDL": 0.85}) == 17664


@pytest.mark.parametrize(
    ("last", "total", "doubtful"),
    [
        (7700, 17675, True),  # 17,700 that lost its first digit
        (7700, 7690, False),
        (7700, 7480, False),  # drillers and loggers differ
        (7700, 5216, False),  # the depth of an earlier run
        (7700, 9800, False),  # not logged to the end
        (7700, None, False),
    ],
)
def test_that_numbers_a_digit_short_of_the_well_are_doubtful(
    last: float, total: float | None, *, doubtful: bool
) -> None:
    assert contradicts(ending_at(last), total) is doubtful
