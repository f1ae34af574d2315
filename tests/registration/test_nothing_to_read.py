"""Pages that are no log: nothing confident comes out, and what is missing is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from curvedesk.domain.sheet import Sheet, dump_sheet, parse_sheet
from curvedesk.imaging import open_scan
from curvedesk.registration import propose_sheet
from curvedesk.store.locations import bundled_resources_dir

U8 = NDArray[np.uint8]


def blank() -> U8:
    return np.full((2400, 1500), 255, np.uint8)


def noise() -> U8:
    return np.random.default_rng(1).integers(0, 256, (2000, 1500), dtype=np.uint8)


def picture() -> U8:
    """Soft blobs, as of a photograph."""
    rng = np.random.default_rng(2)
    soft = cv2.resize(rng.integers(0, 256, (12, 9), dtype=np.uint8), (1500, 2000), interpolation=cv2.INTER_CUBIC)
    return np.asarray(soft, np.uint8)


def text_page() -> U8:
    page = blank()
    for row in range(60, 2300, 46):
        cv2.putText(page, "THE QUICK BROWN FOX 1234 JUMPS", (90, row), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    return page


def tiny() -> U8:
    return np.full((3, 3), 255, np.uint8)


def proposed(page: U8, folder: Path) -> Sheet:
    path = folder / "page.png"
    assert cv2.imwrite(str(path), page)
    with open_scan(path, dpi=200) as scan:
        return propose_sheet(scan)


@pytest.mark.parametrize("page", [blank, noise, picture, text_page, tiny])
def test_that_nothing_confident_is_read_off_a_page_that_is_no_log(page: Callable[[], U8], tmp_path: Path) -> None:
    sheet = proposed(page(), tmp_path)
    assert (sheet.depth.confidence or 0.0) < 0.5
    assert all((spec.confidence or 0.0) < 0.5 for _, spec in sheet.curves())
    assert sheet.extra["warnings"]
    parse_sheet(dump_sheet(sheet))


@pytest.mark.parametrize("turn", ["upside down", "mirrored", "sideways"])
def test_that_no_confident_depth_is_read_off_a_turned_log(turn: str, tmp_path: Path) -> None:
    with open_scan(bundled_resources_dir() / "sample" / "scan.tif") as scan:
        page = scan.read(0, 0, scan.width, scan.height)
    turned = {"upside down": page[::-1, ::-1], "mirrored": page[:, ::-1], "sideways": np.rot90(page)}[turn]
    sheet = proposed(np.ascontiguousarray(turned), tmp_path)
    assert (sheet.depth.confidence or 0.0) < 0.95
