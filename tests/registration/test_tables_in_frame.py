"""A log whose tables stand in one frame with it, as plotters print them, has its tracks and its depth column all the
same."""

from __future__ import annotations

import numpy as np
import pytest

from curvedesk.registration.atlas import survey
from curvedesk.registration.page import Page
from curvedesk.registration.passes import LogPass, find_passes
from tests.registration.makers import draw_grid

TABLE_ROWS, PITCH_PX = 3000, 34


@pytest.fixture(scope="module")
def log() -> LogPass:
    """The first pass under tables of as many rows as the log, ruled from its first border to its last, whose frame goes
    on around the log; the log's own grid is gray."""
    drawn = draw_grid(numbers=(1000.0, 50.0), height=3600)
    left, _, _, right = (round(x) for x in drawn.borders_px)
    grid = drawn.page.ink.copy()
    for a, b in ((left, 560), (720, right)):
        part = grid[:, a + 3 : b - 2]
        part[part > 0] = np.maximum(part[part > 0] // 3, 70)
    ink = np.vstack([np.zeros((TABLE_ROWS, grid.shape[1]), np.uint8), grid])
    for row in range(200, TABLE_ROWS, PITCH_PX):
        ink[row : row + 4, left:right] = 255
    for x in (left, 560, 720, right):
        ink[200 : TABLE_ROWS + round(drawn.last_px), x - 2 : x + 3] = 255
    page = Page(ink, 1.0)
    return find_passes(page, survey(page))[0]


def test_that_its_depths_are_read(log: LogPass) -> None:
    assert log.scale is not None
    assert log.scale.ties[0].depth == 1000.0
    assert log.scale.ties[0].y_px == pytest.approx(TABLE_ROWS + 420.0, abs=2)


def test_that_its_tracks_stand_on_both_sides_of_the_numbers(log: LogPass) -> None:
    found = [(s.left_px, s.right_px) for s in log.layout.strips]
    assert found == [pytest.approx((60, 560), abs=3), pytest.approx((720, 1220), abs=3)]


def test_that_it_begins_where_its_own_lines_do(log: LogPass) -> None:
    assert log.top_px > TABLE_ROWS
