"""Reading values off a traced line."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvedesk.domain.curve import TracedCurve, sample
from curvedesk.domain.sheet import Sheet, parse_sheet

GAP = (np.nan, np.nan)


def _line(sheet: Sheet, points: Any, *, turn: Any = 0, curve: int = 0, confidence: Any = 1.0) -> TracedCurve:
    track, spec = sheet.curves()[curve]
    x, y = np.array(points, dtype=np.float64).T
    turns = np.broadcast_to(np.asarray(turn, np.int32), x.shape)
    return TracedCurve(spec, track.name, x, y, turns, np.broadcast_to(np.asarray(confidence, np.float32), x.shape))


@pytest.fixture
def sheet(plain: dict[str, Any]) -> Sheet:
    """0 to 100 across 100 px, so that value = x; a foot every ten rows, so that depth = 1000 + y / 10."""
    return parse_sheet(plain)


def test_values_are_read_between_the_points(sheet: Sheet) -> None:
    line = _line(sheet, [(10, 0), (20, 10), (40, 20)], confidence=[1, 0.5, 0.5])
    values, confidence = sample([line], sheet, [1000, 1000.5, 1001, 1001.5, 1002])
    np.testing.assert_allclose(values, [10, 15, 20, 30, 40])
    np.testing.assert_allclose(confidence, [1, 0.75, 0.5, 0.5, 0.5])


def test_a_gap_stays_a_gap(sheet: Sheet) -> None:
    line = _line(sheet, [(10, 0), (10, 10), GAP, GAP, (50, 40), (50, 50), GAP])
    values, confidence = sample([line], sheet, [1000, 1001, 1002, 1003, 1004, 1005, 1006])
    np.testing.assert_allclose(values, [10, 10, np.nan, np.nan, 50, 50, np.nan])
    assert confidence.tolist() == [1, 1, 0, 0, 1, 1, 0]


def test_ink_covers_half_a_row_beyond_its_last_point(sheet: Sheet) -> None:
    line = _line(sheet, [(10, 0.4), (30, 9.6)])
    np.testing.assert_allclose(sample([line], sheet, [1000, 1001])[0], [10, 30])
    assert np.isnan(sample([line], sheet, [999.98, 1001.02])[0]).all()


def test_a_spike_is_read_at_its_full_height(sheet: Sheet) -> None:
    line = _line(sheet, [(10, 0), (10, 9), (95, 10), (10, 11), (10, 20)])
    assert sample([line], sheet, [1001])[0].tolist() == [95]


def test_a_wrap_goes_on_without_a_jump(sheet: Sheet) -> None:
    line = _line(sheet, [(98, 0), (2, 10)], turn=[0, 1])
    np.testing.assert_allclose(sample([line], sheet, [1000, 1000.5, 1001])[0], [98, 100, 102])


def test_a_line_that_turns_back_is_read_where_it_first_crosses(sheet: Sheet) -> None:
    line = _line(sheet, [(10, 0), (20, 20), (60, 10), (80, 30)])
    np.testing.assert_allclose(sample([line], sheet, [1001, 1001.5, 1002, 1002.5])[0], [15, 17.5, 20, 75])


def test_a_level_swing_is_read_at_its_start(sheet: Sheet) -> None:
    line = _line(sheet, [(10, 0), (10, 10), (90, 10), (90, 20)])
    np.testing.assert_allclose(sample([line], sheet, [1000.9, 1001, 1001.1])[0], [10, 10, 90])


def test_a_line_drawn_upwards_is_read_too(sheet: Sheet) -> None:
    line = _line(sheet, [(30, 20), (20, 10), (10, 0)])
    np.testing.assert_allclose(sample([line], sheet, [1000, 1000.5, 1002])[0], [10, 15, 30])


def test_a_single_point_speaks_for_its_row(sheet: Sheet) -> None:
    np.testing.assert_allclose(sample([_line(sheet, [(42, 10)])], sheet, [1000, 1001, 1002])[0], [np.nan, 42, np.nan])


def test_depths_may_come_in_any_order(sheet: Sheet) -> None:
    line = _line(sheet, [(10, 0), (40, 30)])
    np.testing.assert_allclose(sample([line], sheet, [1003, 1000, 1001])[0], [40, 10, 20])


def test_nothing_traced_gives_nothing(sheet: Sheet) -> None:
    values, confidence = sample([], sheet, [1000, 1001])
    assert np.isnan(values).all()
    assert not confidence.any()


def test_each_scale_of_a_curve_speaks_for_its_own_depths(plain: dict[str, Any]) -> None:
    first = plain["tracks"][0]["curves"][0]
    plain["tracks"][0]["curves"] = [first | {"to": 1005}, first | {"from": 1005, "right": 200}]
    sheet = parse_sheet(plain)
    lines = [_line(sheet, [(50, 0), (50, 100)], curve=i) for i in (0, 1)]
    np.testing.assert_allclose(sample(lines, sheet, [1004, 1005, 1006])[0], [50, 50, 100])


def test_a_tilted_line_is_read_along_its_depth_lines(plain: dict[str, Any]) -> None:
    plain["depth"] |= {"ties": [[0, 1000, 0.1], [1000, 1100, 0.1]], "x_px": 0}
    sheet = parse_sheet(plain)
    line = _line(sheet, [(10, 1), (10, 11), (90, 19), (90, 29)])  # a level swing in depth, though not in rows
    np.testing.assert_allclose(sample([line], sheet, [1000, 1001.01, 1002])[0], [10, 90, 90])


steps = st.integers(0, 900)


@given(st.lists(st.tuples(st.floats(0, 99), steps), min_size=2, max_size=12), steps)
def test_the_value_read_lies_on_the_line_at_the_first_crossing(points: list[tuple[float, int]], row: int) -> None:
    sheet = parse_sheet(_plain_sheet())
    value = sample([_line(sheet, points)], sheet, [sheet.depth_at(0, row)])[0][0]
    for (x0, y0), (x1, y1) in pairwise(points):
        if min(y0, y1) <= row <= max(y0, y1):
            assert min(x0, x1) - 1e-6 <= value <= max(x0, x1) + 1e-6
            return
    assert np.isnan(value)


def _plain_sheet() -> dict[str, Any]:
    curve = {"mnemonic": "X", "left": 0, "right": 100}
    track = {"edges": {"left": [[0, 0], [0, 1000]], "right": [[100, 0], [100, 1000]]}, "curves": [curve]}
    depth = {"unit": "FT", "x_px": 0, "ties": [[0, 1000], [1000, 1100]], "top": 1000, "bottom": 1100, "step": 1}
    return {"format": "curvedesk-sheet", "version": 1, "depth": depth, "tracks": [track]}
