"""Depth numbers of many digits: a first digit that stands off the others belongs to the number all the same."""

from __future__ import annotations

import numpy as np
import pytest

from curvedesk.registration.atlas import survey
from curvedesk.registration.chain import Chain
from curvedesk.registration.clumps import joined
from curvedesk.registration.confidence import depth_confidence
from curvedesk.registration.depth import DepthScale, Tie
from curvedesk.registration.numbers import Numeral
from curvedesk.registration.passes import find_passes
from curvedesk.registration.progression import find_chains
from tests.registration.makers import draw_grid


@pytest.mark.parametrize("gap_px", [0, 4, 6])
@pytest.mark.parametrize("first", [4400, 11400])
def test_that_numbers_set_wide_are_read_whole(first: int, gap_px: int) -> None:
    drawn = draw_grid(pitch_px=40.0, numbers=(first, 100), letter_gap_px=gap_px)
    log = find_passes(drawn.page, survey(drawn.page))[0]
    assert log.scale is not None
    depth = log.scale.chain.depth
    assert depth[0] == pytest.approx(first, abs=200)
    assert len(depth) >= 10


def test_that_a_number_and_what_stands_far_from_it_stay_two() -> None:
    four, one, far = (40, 100, 120, 136), (20, 101, 27, 136), (180, 100, 260, 136)
    assert joined([four, one, far], longest_px=190) == [(20, 100, 120, 136)]


def test_that_letters_of_a_turned_number_are_joined_down_the_page() -> None:
    assert joined([(100, 40, 136, 120), (101, 20, 136, 27)], longest_px=190) == [(100, 20, 136, 120)]


def numeral(k: int, value: float) -> Numeral:
    return Numeral(500.0 * k, value, 0.97, (0, 500 * k - 8, 50, 500 * k + 8), 0)


def with_leads(whole: int, count: int = 20) -> Chain:
    """The chain of 14,000, 14,100 ... of which the reader lost the first digit of all but `whole`."""
    leads = {3 * k + 1 for k in range(whole)}
    return find_chains([numeral(k, 4000 + 100 * k + (10_000 if k in leads else 0)) for k in range(count)])[0]


def test_that_a_first_digit_lost_off_most_numbers_is_put_back_where_enough_still_have_it() -> None:
    chain = with_leads(6)
    assert (chain.depth[0], chain.depth[-1], chain.doubt) == (14_000, 15_900, False)


@pytest.mark.parametrize("whole", [2, 3])
def test_that_some_numbers_with_a_digit_more_are_asked_about(whole: int) -> None:
    chain = with_leads(whole)
    assert chain.depth[0] == 4000
    ties = tuple(
        Tie(float(y), float(d), 0.0, True, True, 0.0, None) for y, d in zip(chain.y_px, chain.depth, strict=True)
    )
    assert depth_confidence(DepthScale(ties, 0.0, 0.8, chain), ratios=(240.0, 240.0)) <= 0.6


def test_that_one_stray_mark_before_a_number_changes_nothing() -> None:
    chain = with_leads(1)
    assert chain.depth[0] == 4000
    assert not chain.doubt
    assert np.all(np.diff(chain.depth) > 0)
