"""Ties lie where all lines of the grid around them say, on paper that is even; else on their own line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from curvedesk.registration.settling import settled

F64 = NDArray[np.float64]
SPACING_PX, FIRST_PX = 400.0, 300.0


def ruling(rows_px: F64) -> NDArray[np.float32]:
    """Darkness of rows where lines stand at these rows: from one tie to the next ten fine ones, the ties' own heavy."""
    ink = np.zeros(int(rows_px[-1]) + 400)
    at = np.interp(np.arange(0, len(rows_px) - 1 + 1e-9, 0.1), np.arange(len(rows_px)), rows_px)
    for k, row in enumerate(at):
        heavy = k % 10 == 0
        near = np.arange(int(row) - 6, int(row) + 8)
        ink[near] += (1.0 if heavy else 0.4) * np.exp(-0.5 * ((near - row) / (1.4 if heavy else 0.8)) ** 2)
    return ink.astype(np.float32)


def even(count: int = 9) -> F64:
    return np.asarray(FIRST_PX + SPACING_PX * np.arange(count) + 1.5 * np.sin(np.arange(count) / 3), np.float64)


def test_that_a_tie_beside_its_line_is_put_on_it_by_the_lines_around() -> None:
    true = even()
    read = true.copy()
    read[4] += 1.2
    found = settled(ruling(true), read, np.ones(len(true), np.bool_))
    assert np.abs(found - true).max() < 0.35


def test_that_the_last_tie_without_a_line_of_its_own_is_found_by_the_grid_above_it() -> None:
    true = even()
    read, seen = true.copy(), np.ones(len(true), np.bool_)
    read[-1] -= 4.6
    seen[-1] = False
    assert abs(settled(ruling(true), read, seen)[-1] - true[-1]) < 0.5


def test_that_where_the_ties_lie_as_a_whole_does_not_change() -> None:
    true = even()
    read = true + np.where(np.arange(len(true)) % 2, 0.25, -0.25)
    found = settled(ruling(true), read, np.ones(len(true), np.bool_))
    assert abs(float(np.mean(found - read))) < 0.05


def test_that_on_paper_that_stretches_unevenly_each_tie_stays_on_its_own_line() -> None:
    read = even() + np.where(np.arange(9) % 2, 6.0, -6.0)
    assert np.array_equal(settled(ruling(read), read, np.ones(9, np.bool_)), read)


def test_that_bare_paper_moves_nothing() -> None:
    read = even()
    assert np.array_equal(settled(np.zeros(4000, np.float32), read, np.ones(9, np.bool_)), read)
