"""Regions of a scan: any box, any scale, white outside, the same pixels however they are asked for."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curvedesk.imaging import Scan, open_scan
from tests.imaging.makers import MakeFax, drawn, ink_only, write_packed


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    path = tmp_path_factory.mktemp("scan") / "a.tif"
    write_packed(path, ink_only(drawn()), rowsperstrip=16, compression="zlib", photometric="miniswhite")
    return open_scan(path)


@given(st.integers(-60, 200), st.integers(-60, 260), st.integers(0, 120), st.integers(0, 120))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_box_is_cut_from_the_paper_with_white_around(scan: Scan, x0: int, y0: int, width: int, height: int) -> None:
    paper = np.pad(ink_only(drawn()), 200, constant_values=255)
    box = scan.read(x0, y0, x0 + width, y0 + height)
    np.testing.assert_array_equal(box, paper[y0 + 200 : y0 + height + 200, x0 + 200 : x0 + width + 200])


@pytest.mark.parametrize("parts", [2, 3, 4, 8])
def test_scaling_down_is_the_mean_of_whole_blocks(scan: Scan, parts: int) -> None:
    box = scan.read(3, 5, 3 + 20 * parts, 5 + 24 * parts, scale=1 / parts)
    full = scan.read(3, 5, 3 + 20 * parts, 5 + 24 * parts).reshape(24, parts, 20, parts).mean((1, 3))
    assert box.shape == (24, 20)
    assert np.abs(box - full).max() <= 0.51


@given(
    st.sampled_from([200 / 300, 0.5, 200 / 240, 1 / 3, 0.37, 200 / 71.984]), st.integers(-40, 150), st.integers(1, 90)
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_result_has_the_promised_size_and_keeps_the_amount_of_ink(scan: Scan, scale: float, y0: int, side: int) -> None:
    box = scan.read(10, y0, 10 + side, y0 + 2 * side, scale=scale)
    assert box.shape == (round(2 * side * scale), round(side * scale))
    if scale < 1 and box.size:
        right, bottom = 10 + box.shape[1] / scale, y0 + box.shape[0] / scale
        around = scan.read(10, y0, math.ceil(right), math.ceil(bottom))
        inside = np.minimum(np.arange(around.shape[1]) + 1, right - 10) - np.arange(around.shape[1])
        below = np.minimum(np.arange(around.shape[0]) + 1, bottom - y0) - np.arange(around.shape[0])
        mean = (below[:, None] * inside * around).sum() / (below.sum() * inside.sum())
        assert box.mean() == pytest.approx(mean, abs=0.6)


@pytest.mark.parametrize("scale", [0.5, 2 / 3, 1.5])
def test_bands_of_a_tall_read_join_without_a_seam(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scale: float
) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, drawn(900, 60), photometric="minisblack")
    with open_scan(path) as scan:
        at_once = scan.read(0, 0, 60, 900, scale=scale)
        monkeypatch.setattr("curvedesk.imaging.resample.BAND_PIXELS", 60 * 50)
        np.testing.assert_array_equal(scan.read(0, 0, 60, 900, scale=scale), at_once)


def test_enlarging_keeps_edges_in_place(tmp_path: Path) -> None:
    image = np.full((40, 40), 255, np.uint8)
    image[:, :20] = 0
    tifffile.imwrite(tmp_path / "a.tif", image, photometric="minisblack")
    with open_scan(tmp_path / "a.tif") as scan:
        double = scan.read(0, 0, 40, 40, scale=2)
    assert double.shape == (80, 80)
    assert (double[4:-4, 4:38] < 30).all()
    assert (double[4:-4, 42:] > 225).all()


@pytest.mark.parametrize(("box", "scale"), [((5, 0, 4, 9), 1.0), ((0, 0, 9, 9), 0.0), ((0, 0, 9, 9), math.nan)])
def test_a_box_that_makes_no_sense_is_refused(scan: Scan, box: tuple[int, int, int, int], scale: float) -> None:
    with pytest.raises(ValueError, match=r"turned over|not between"):
        scan.read(*box, scale=scale)


def test_one_strip_fax_taller_than_32767_rows_reads_anywhere(fax: MakeFax) -> None:
    image = np.tile(ink_only(drawn(250, 40)), (160, 1))
    with open_scan(fax(image, "group4", rows=len(image))) as scan:
        assert scan.height == 40_000
        np.testing.assert_array_equal(scan.read(0, 39_000, 40, 40_000), image[39_000:])
        np.testing.assert_array_equal(scan.read(0, 100, 40, 900), image[100:900])


def test_hash_is_of_the_bytes_on_disk(tmp_path: Path) -> None:
    import hashlib

    tifffile.imwrite(tmp_path / "a.tif", drawn(), photometric="minisblack")
    with open_scan(tmp_path / "a.tif") as scan:
        assert scan.sha256 == hashlib.sha256((tmp_path / "a.tif").read_bytes()).hexdigest()


def test_threads_share_a_scan(scan: Scan) -> None:
    tops = list(range(0, 200, 10))
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda top: scan.read(0, top, scan.width, top + 10), tops))
    np.testing.assert_array_equal(np.concatenate(parts), scan.read(0, 0, scan.width, 200))
