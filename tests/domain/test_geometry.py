"""Pixels to depth and fraction and back, on tilted, stretched and wavy prints."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvedesk.domain.sheet import DepthAxis, Sheet, Track, parse_sheet

columns = st.floats(-100, 1500)
rows = st.floats(-500, 8000)


def _wavy(draw: st.DrawFn, *, x: float, points: int) -> np.ndarray[Any, Any]:
    gaps = draw(st.lists(st.floats(120, 800), min_size=points, max_size=points))
    swing = draw(st.lists(st.floats(-8, 8), min_size=points, max_size=points))
    return np.column_stack([x + np.array(swing), np.cumsum(gaps)])


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """Prints of up to 3 degrees of skew and ties 60-700 rows apart, tilt changing from tie to tie."""
    count = draw(st.integers(2, 8))
    y = 100 + np.cumsum(draw(st.lists(st.floats(60, 700), min_size=count, max_size=count)))
    depth = 1000 + np.cumsum(draw(st.lists(st.floats(5, 60), min_size=count, max_size=count)))
    tilt = draw(st.floats(-0.05, 0.05))
    slope = tilt + np.array(draw(st.lists(st.floats(-0.01, 0.01), min_size=count, max_size=count)))
    x_px = draw(st.none() | st.floats(300, 420))
    axis = DepthAxis("FT", np.column_stack([y, depth, slope]), x_px, 1000, 1100, 0.5)
    edges = [_wavy(draw, x=x, points=draw(st.integers(2, 6))) for x in (20, 330, 440, 1080)]
    tracks = (Track("1", edges[0], edges[1]), Track("2", edges[2], edges[3]))
    return Sheet("s.tif", 200, {}, axis, tracks)


@given(sheets(), columns, rows)
def test_a_pixel_comes_back_from_its_column_and_depth(sheet: Sheet, x_px: float, y_px: float) -> None:
    assert sheet.y_at(x_px, sheet.depth_at(x_px, y_px)) == pytest.approx(y_px, abs=1e-6)


@given(sheets(), st.floats(-0.5, 1.5), rows, st.integers(0, 1))
def test_a_pixel_comes_back_from_its_depth_and_fraction(sheet: Sheet, share: float, y_px: float, which: int) -> None:
    track = sheet.tracks[which]
    x_px = track.x_at(share, y_px)
    back = sheet.pixel_at(track, track.fraction_at(x_px, y_px), sheet.depth_at(x_px, y_px))
    np.testing.assert_allclose(back, [x_px, y_px], atol=1e-5)


@given(sheets(), st.lists(st.tuples(columns, rows), min_size=1, max_size=30))
def test_many_pixels_at_once_are_read_as_one_by_one(sheet: Sheet, pixels: list[tuple[float, float]]) -> None:
    x_px, y_px = np.array(pixels).T
    together = sheet.depth_at(x_px, y_px)
    assert together.tolist() == [float(sheet.depth_at(x, y)) for x, y in pixels]
    np.testing.assert_allclose(sheet.y_at(x_px, together), y_px, atol=1e-6)


def test_the_depth_line_of_a_tilted_sheet_runs_along_its_slope(plain: dict[str, Any]) -> None:
    plain["depth"]["ties"] = [[100, 1000, 0.01], [1100, 1100, 0.01]]
    sheet = parse_sheet(plain)
    assert sheet.depth_at(110, 600) == pytest.approx(1050)
    assert sheet.depth_at(1110, 610) == pytest.approx(1050)
    assert sheet.y_at(10, 1050) == pytest.approx(599)


def test_beyond_the_last_tie_depth_goes_on_and_tilt_stays(plain: dict[str, Any]) -> None:
    plain["depth"]["ties"] = [[0, 1000, 0.0], [1000, 1100, 0.02], [1500, 1200, 0.04]]
    sheet = parse_sheet(plain)
    assert sheet.depth_at(110, 2000) == pytest.approx(1300)
    assert sheet.depth_at(210, 2004) == pytest.approx(1300)
    assert sheet.depth_at(110, -100) == pytest.approx(990)


def test_without_a_column_ties_are_read_in_the_gap_between_the_tracks(plain: dict[str, Any]) -> None:
    del plain["depth"]["x_px"]
    edges = {"left": [[140, 0], [340, 1000]], "right": [[900, 0], [900, 1000]]}
    plain["tracks"].append({"name": "2", "edges": edges})
    sheet = parse_sheet(plain)
    np.testing.assert_allclose(sheet.column_at([0, 500, 1000]), [120, 170, 220])


def test_samples_are_whole_steps_without_a_drift() -> None:
    axis = DepthAxis("M", [[0, 3070], [1, 3071]], None, 3070.0, 3230.0, 0.1)
    depth = axis.sample_depths()
    assert depth.tolist() == [round(3070 + i / 10, 1) for i in range(1601)]


@pytest.mark.parametrize(
    ("top", "bottom", "step", "last", "count"),
    [
        (0.0, 1.0, 0.3, 0.9, 4),
        (990.0, 1490.0, 0.5, 1490.0, 1001),
        (1.5, 3.0, 0.1524, 2.8716, 10),
        (-2.0, 1.0, 1.0, 1.0, 4),
    ],
)
def test_samples_end_at_the_last_whole_step(top: float, bottom: float, step: float, last: float, count: int) -> None:
    depth = DepthAxis("M", [[0, 0], [1, 1]], None, top, bottom, step).sample_depths()
    assert len(depth) == count
    assert (depth[0], depth[-1]) == pytest.approx((top, last))
