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


def photograph(name: str) -> Callable[[], U8]:
    """One that comes with scikit-image; a cat, a chessboard, a brick wall, a page of a book."""

    def page() -> U8:
        import skimage.data

        read = cv2.imread(str(Path(skimage.data.__file__).parent / name), cv2.IMREAD_GRAYSCALE)
        assert read is not None
        wide = cv2.resize(read, None, fx=1500 / read.shape[1], fy=1500 / read.shape[1], interpolation=cv2.INTER_CUBIC)
        return np.asarray(np.vstack([wide, wide]), np.uint8)

    return page


def dithered_cat() -> U8:
    cat = photograph("chelsea.png")()
    return np.asarray((cat > np.random.default_rng(4).integers(0, 255, cat.shape)) * 255, np.uint8)


PHOTOGRAPHS = [photograph(name) for name in ("chelsea.png", "chessboard_GRAY.png", "brick.png", "page.png")]


@pytest.mark.parametrize("page", [blank, noise, picture, text_page, tiny, dithered_cat, *PHOTOGRAPHS])
def test_that_nothing_confident_is_read_off_a_page_that_is_no_log(page: Callable[[], U8], tmp_path: Path) -> None:
    sheet = proposed(page(), tmp_path)
    assert (sheet.depth.confidence or 0.0) < 0.5
    assert claims(sheet) == []
    assert sheet.extra["warnings"]
    parse_sheet(dump_sheet(sheet))


def claims(sheet: Sheet) -> list[str]:
    """All parts that the reader calls rather right than wrong."""
    sure = {"depth": sheet.depth.confidence, **sheet.well_confidence}
    sure |= {f"track {t.name}": t.confidence for t in sheet.tracks}
    sure |= {spec.mnemonic: spec.confidence for _, spec in sheet.curves()}
    return [name for name, confidence in sure.items() if (confidence or 0.0) >= 0.5]


@pytest.fixture(scope="module")
def sample() -> U8:
    with open_scan(bundled_resources_dir() / "sample" / "scan.tif") as scan:
        return scan.read(0, 0, scan.width, scan.height)


@pytest.mark.parametrize(("quarters", "turn"), [(2, 180), (1, 90), (3, 270)])
def test_that_a_turned_log_is_to_be_turned_and_nothing_else_is_said_of_it(
    sample: U8, quarters: int, turn: int, tmp_path: Path
) -> None:
    sheet = proposed(np.ascontiguousarray(np.rot90(sample, quarters)), tmp_path)
    assert sheet.extra["turn"] == turn
    assert "turn it" in sheet.extra["warnings"][0]
    assert claims(sheet) == []
    parse_sheet(dump_sheet(sheet))


@pytest.mark.parametrize("along", [0, 1], ids=["top to bottom", "left to right"])
def test_that_depths_and_scales_of_a_mirrored_log_are_not_sure(sample: U8, along: int, tmp_path: Path) -> None:
    sheet = proposed(np.ascontiguousarray(np.flip(sample, along)), tmp_path)
    assert "turn" not in sheet.extra
    assert (sheet.depth.confidence or 0.0) <= 0.6
    assert all((spec.confidence or 0.0) < 0.8 for _, spec in sheet.curves())
