"""Depth numbers: the chain that grows evenly is found among misreads, and gaps are no hindrance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvedesk.registration.chain import joined_on
from curvedesk.registration.numbers import Numeral
from curvedesk.registration.progression import find_chains


def numeral(y_px: float, value: float, sure: float = 0.95) -> Numeral:
    return Numeral(y_px, value, sure, (0, int(y_px) - 8, 50, int(y_px) + 8), 0)


@given(
    start=st.integers(0, 240).map(lambda n: 50 * n),
    interval=st.sampled_from([25, 50, 100]),
    spacing_px=st.floats(150, 1200),
    count=st.integers(8, 40),
    stretch=st.floats(-0.02, 0.02),
    missing=st.integers(0, 3),
    seed=st.integers(0, 10_000),
)
def test_that_an_even_sequence_is_found_whatever_its_start_scale_and_stretch(
    *, start: int, interval: int, spacing_px: float, count: int, stretch: float, missing: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    y = 500 + spacing_px * (np.arange(count) + stretch * np.arange(count) ** 2 / count)
    numerals = [numeral(float(row), start + interval * k) for k, row in enumerate(y)]
    for k in sorted(rng.choice(np.arange(1, count - 1), missing, replace=False), reverse=True):
        del numerals[k]
    chain = find_chains(numerals)[0]
    assert chain.depth[0] == start
    assert chain.depth[-1] == start + interval * (count - 1)
    assert chain.wrong == 0


@given(seed=st.integers(0, 10_000), misread=st.floats(0.1, 0.35))
def test_that_misreads_are_rejected_and_never_bend_the_chain(seed: int, misread: float) -> None:
    rng = np.random.default_rng(seed)
    y = 400 + 500.0 * np.arange(30) + rng.normal(0, 2, 30)
    truth = 1000 + 100.0 * np.arange(30)
    read = np.where(rng.random(30) < misread, rng.integers(0, 9000, 30), truth)
    chain = find_chains([numeral(float(a), float(v), 0.9) for a, v in zip(y, read, strict=True)])[0]
    expected = np.interp(chain.y_px, y, truth)
    assert np.abs(chain.depth - expected).max() < 5
    assert len(chain.y_px) >= 10


def test_that_numbers_mostly_three_intervals_apart_are_a_chain_of_that_interval() -> None:
    """Others between were misread."""
    chain = find_chains([numeral(5.0 * v, v) for v in (1000, 1300, 1500, 1800, 2200, 2500, 2800, 3100)])[0]
    assert chain.interval == 100


def test_that_the_tail_of_a_number_is_taken_for_the_number_that_should_stand_there() -> None:
    numerals = [numeral(500.0 * k, 900 + 100 * k) for k in range(8)]
    numerals[3] = numeral(1500.0, 200)  # of 1200
    chain = find_chains(numerals)[0]
    assert 1200 in chain.depth
    assert chain.read[list(chain.depth).index(1200)] is False


@pytest.mark.parametrize("lost", [7, 40])
def test_that_numbers_that_lack_their_1_from_10000_on_are_one_log_with_those_above(lost: int) -> None:
    """Whether few are lost, as tails of numbers, or most, so that the lost ones are the longer chain."""
    numerals = [numeral(500.0 * k, (9000 + 100 * k) % 10_000) for k in range(10 + lost)]
    chains = find_chains(numerals)
    chain, rest = joined_on(chains[0], chains[1:])
    assert (chain.depth[0], chain.depth[-1]) == (9000, 9900 + 100 * lost)
    assert np.allclose(chain.depth, 9000 + chain.y_px / 5)
    assert rest == []


def test_that_a_blotted_zero_read_as_eight_counts_as_seen_not_as_contradiction() -> None:
    numerals = [numeral(500.0 * k, 200 + 100 * k) for k in range(8)]
    numerals[4] = numeral(2000.0, 680, 0.97)
    chain = find_chains(numerals)[0]
    assert list(chain.depth) == [200 + 100 * k for k in range(8)]
    assert chain.wrong == 0


def test_that_a_sure_number_in_the_place_of_another_counts_against_the_chain() -> None:
    numerals = [numeral(500.0 * k, 2000 + 100 * k) for k in range(9)]
    numerals[4] = numeral(2000.0, 7150, 0.99)
    assert find_chains(numerals)[0].wrong == 1


def test_that_a_last_zero_cut_off_most_numbers_is_put_back_where_some_still_have_it() -> None:
    numerals = [numeral(1000.0 * k, 670 + 10 * k) for k in range(12)]
    for k in (3, 7, 8):
        numerals[k] = numeral(1000.0 * k, 6700 + 100 * k)
    chain = find_chains(numerals)[0]
    assert (chain.depth[0], chain.depth[-1], chain.interval) == (6700, 7800, 100)


def test_that_serial_numbers_deeper_than_any_well_make_no_chain() -> None:
    assert find_chains([numeral(500.0 * k, 418_000 + 900 * k) for k in range(10)]) == []


def test_that_two_passes_of_one_log_give_two_chains_the_longer_on_paper_first() -> None:
    compressed = [numeral(1000 + 200.0 * k, 500 + 100 * k) for k in range(8)]
    detail = [numeral(4000 + 1000.0 * k, 500 + 100 * k) for k in range(8)]
    chains = find_chains([*compressed, *detail])
    assert [round(c.px_per_unit, 2) for c in chains[:2]] == [10.0, 2.0]


@given(st.lists(st.tuples(st.floats(0, 5000), st.integers(0, 99)), max_size=12), st.floats(0.3, 0.6))
def test_that_scattered_small_numbers_never_make_a_long_chain(found: list[tuple[float, int]], sure: float) -> None:
    chains = find_chains([numeral(y, v, sure) for y, v in found])
    assert all(c.sureness < 5 for c in chains)


@pytest.mark.parametrize("numerals", [[], [numeral(100, 500)], [numeral(100, 500), numeral(600, 600)]])
def test_that_fewer_than_three_numbers_prove_nothing(numerals: list[Numeral]) -> None:
    assert find_chains(numerals) == []
