"""A straightened track: where its pixels lie on the scan, exactly, both ways."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvedesk.domain.sheet import Sheet
from curvedesk.tracing.strip import MARGIN_PX, Window, straighten, strip_of
from tests.tracing.makers import Bytes, gr, make_sheet

EXACT_PX = 1e-6
GRAY_LEVELS = 2  # rows are told to OpenCV in float32, relative to the band
PLACED_PX = 0.1  # cubic interpolation and its 1/32 px table, beside rows straight between nine knots


def _blob(height: int, width: int, x: float, y: float) -> Bytes:
    """A soft dot centred on (x, y)."""
    rows, columns = np.mgrid[:height, :width]
    return np.rint(240 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * 2.0**2))).astype(np.uint8)


def _centroid(image: Bytes) -> tuple[float, float]:
    weight = image.astype(np.float64)
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    return float((weight * columns).sum() / weight.sum()), float((weight * rows).sum() / weight.sum())


tilted_sheets = st.builds(
    lambda dpi, slope, wave: make_sheet([gr()], dpi=dpi, slope=slope, wave_px=wave, feet=30),
    st.floats(100, 400),
    st.floats(-0.04, 0.04),
    st.floats(0, 6),
)


@given(tilted_sheets, st.floats(-0.2, 1.2), st.floats(0, 1))
def test_a_point_of_the_strip_found_on_the_scan_is_found_back(sheet: Sheet, fraction: float, down: float) -> None:
    strip = strip_of(sheet, sheet.tracks[0], dpi=sheet.dpi or 200)
    u, v = np.array([MARGIN_PX + fraction * strip.width]), np.array([down * (strip.rows - 1)])
    back_u, back_v = strip.from_scan(*strip.to_scan(u, v))
    assert abs(back_u[0] - u[0]) < EXACT_PX
    assert abs(back_v[0] - v[0]) < EXACT_PX


@given(tilted_sheets, st.floats(0, 1), st.floats(0.05, 0.95))
def test_a_pixel_of_the_scan_found_on_the_strip_is_found_back(sheet: Sheet, across: float, down: float) -> None:
    dpi = sheet.dpi or 200
    strip = strip_of(sheet, sheet.tracks[0], dpi=dpi)
    x, y = np.array([dpi / 200 * (40 + 200 * across)]), np.array([dpi / 200 * (60 + 300 * down)])
    back_x, back_y = strip.to_scan(*strip.from_scan(x, y))
    assert abs(back_x[0] - x[0]) < EXACT_PX
    assert abs(back_y[0] - y[0]) < EXACT_PX


@given(tilted_sheets, st.floats(0, 1), st.floats(0, 1))
def test_the_strip_means_what_the_sheet_says(sheet: Sheet, fraction: float, down: float) -> None:
    strip, track = strip_of(sheet, sheet.tracks[0], dpi=sheet.dpi or 200), sheet.tracks[0]
    u, v = np.array([MARGIN_PX + fraction * strip.width]), np.array([down * (strip.rows - 1)])
    x, y = strip.to_scan(u, v)
    assert track.fraction_at(x, y)[0] == pytest.approx(fraction, abs=1e-9)
    assert sheet.depth_at(x, y)[0] == pytest.approx(float(strip.depth_at(v)[0]), abs=1e-7)


@given(tilted_sheets)
def test_every_depth_of_the_sheet_has_a_row(sheet: Sheet) -> None:
    strip = strip_of(sheet, sheet.tracks[0], dpi=sheet.dpi or 200)
    depth = strip.depth_at(np.array([0.0, strip.rows - 1.0]))
    assert depth[0] < sheet.depth.top
    assert depth[1] > sheet.depth.bottom


@settings(max_examples=25)
@given(tilted_sheets, st.floats(0.05, 0.95), st.floats(0.1, 0.9))
def test_a_dot_on_the_scan_lies_at_its_place_on_the_strip(sheet: Sheet, fraction: float, down: float) -> None:
    dpi = sheet.dpi or 200
    strip = strip_of(sheet, sheet.tracks[0], dpi=dpi)
    u, v = np.array([MARGIN_PX + fraction * strip.width]), np.array([down * (strip.rows - 1)])
    x, y = strip.to_scan(u, v)
    window = Window(13, 7, 200 / dpi)
    image_x, image_y = window.to_image(x, y)
    image = _blob(420, 320, image_x[0], image_y[0])
    seen_u, seen_v = _centroid(straighten(strip, image, window))
    assert abs(seen_u - u[0]) < PLACED_PX
    assert abs(seen_v - v[0]) < PLACED_PX


def test_bands_of_a_tall_strip_join_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = make_sheet([gr()], slope=0.014, wave_px=3)
    strip = strip_of(sheet, sheet.tracks[0], dpi=200)
    image = np.random.default_rng(1).integers(0, 255, (760, 300), dtype=np.uint8)
    whole = straighten(strip, image, Window(0, 0, 1))
    monkeypatch.setattr("curvedesk.tracing.strip.BAND_ROWS", 50)
    bands = straighten(strip, image, Window(0, 0, 1))
    np.testing.assert_allclose(bands.astype(int), whole, atol=GRAY_LEVELS)


def test_what_lies_off_the_image_is_outside() -> None:
    sheet = make_sheet([gr()])
    strip = strip_of(sheet, sheet.tracks[0], dpi=200)
    half = straighten(strip, np.full((300, 300), 9, np.uint8), Window(0, 0, 1), outside=77)
    assert set(np.unique(half[:230])) == {9}
    assert set(np.unique(half[250:])) == {77}
    assert set(np.unique(straighten(strip, np.full((50, 300), 9, np.uint8), Window(0, 9000, 1)))) == {0}
