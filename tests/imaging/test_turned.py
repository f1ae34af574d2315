"""A turned copy of a scan: the same pixels, turned, at the same resolution, and never half a file."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from curvedesk.domain.errors import Cancelled, ExportError
from curvedesk.imaging import open_scan
from curvedesk.imaging.turned import write_turned
from curvedesk.store.locations import bundled_resources_dir

SAMPLE = bundled_resources_dir() / "sample" / "scan.tif"


@pytest.mark.parametrize(("degrees", "quarters"), [(90, -1), (180, 2), (270, 1)])
def test_that_a_black_and_white_scan_is_turned_pixel_by_pixel(degrees: int, quarters: int, tmp_path: Path) -> None:
    with open_scan(SAMPLE) as scan:
        page, dpi = scan.read(0, 0, scan.width, scan.height), scan.dpi
        write_turned(scan, tmp_path / "turned.tif", degrees)
    with open_scan(tmp_path / "turned.tif") as turned:
        assert (turned.info.bits, turned.dpi) == (1, dpi)
        assert np.array_equal(turned.read(0, 0, turned.width, turned.height), np.rot90(page, quarters))


def test_that_a_gray_scan_stays_gray(tmp_path: Path) -> None:
    gray = np.random.default_rng(1).integers(0, 256, (700, 300), dtype=np.uint8)
    assert cv2.imwrite(str(tmp_path / "gray.png"), gray)
    with open_scan(tmp_path / "gray.png", dpi=200) as scan:
        write_turned(scan, tmp_path / "turned.tif", 180)
    with open_scan(tmp_path / "turned.tif") as turned:
        assert np.array_equal(turned.read(0, 0, 300, 700), gray[::-1, ::-1])


def test_that_nothing_is_replaced_and_nothing_half_done_stays(tmp_path: Path) -> None:
    (tmp_path / "mine.tif").write_bytes(b"mine")
    with open_scan(SAMPLE) as scan:
        with pytest.raises(ExportError, match="already"):
            write_turned(scan, tmp_path / "mine.tif", 180)
        with pytest.raises(Cancelled):
            write_turned(scan, tmp_path / "new.tif", 180, cancelled=lambda: True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.tif"]
    assert (tmp_path / "mine.tif").read_bytes() == b"mine"
