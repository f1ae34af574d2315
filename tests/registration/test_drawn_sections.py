"""Drawn prints of several parts, read whole: what is listed, and that the log proper ends where it does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from curvedesk.domain.sheet import Sheet, dump_sheet, parse_sheet
from curvedesk.imaging import open_scan
from curvedesk.registration import propose_sheet
from tests.registration.makers import draw_grid

U8 = NDArray[np.uint8]


def part(first: float, *, height: int, pitch_px: float = 40.0) -> U8:
    """Ink of a grid with a number every hundred, a bare rim above and below."""
    return draw_grid(pitch_px=pitch_px, numbers=(first, 100), height=height).page.ink


def proposed(folder: Path, *parts: U8) -> Sheet:
    path = folder / "print.png"
    assert cv2.imwrite(str(path), 255 - np.vstack(parts))
    with open_scan(path, dpi=200) as scan:
        return propose_sheet(scan)


def sections(sheet: Sheet) -> list[dict[str, Any]]:
    return list(sheet.extra["page"]["sections"])


@pytest.fixture(scope="module")
def with_repeat(tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    """3000 to 4800 ft, and below it 4000 to 4500 ft once more."""
    return proposed(tmp_path_factory.mktemp("repeat"), part(3000, height=4500), part(4000, height=1900))


def test_that_a_repeat_is_listed_with_its_rows_and_depths(with_repeat: Sheet) -> None:
    log, repeat = sections(with_repeat)
    assert (log["kind"], repeat["kind"]) == ("main", "repeat")
    assert log["depths"][0] == 3000
    assert repeat["depths"][0] in {4000, 4100}
    assert repeat["rows"][0] > 4500 - 300
    assert log["rows"][1] < repeat["rows"][0]


def test_that_the_log_proper_is_not_digitised_on_into_its_repeat(with_repeat: Sheet) -> None:
    rows = np.array([4500.0 - 240])
    assert with_repeat.depth.bottom <= with_repeat.depth_at(np.array([640.0]), rows)[0] + 15


def test_that_sections_survive_the_way_to_a_file_and_back(with_repeat: Sheet) -> None:
    assert sections(parse_sheet(dump_sheet(with_repeat))) == sections(with_repeat)


def test_that_a_log_whose_print_faded_for_a_while_has_no_repeat(tmp_path: Path) -> None:
    ink = part(3000, height=7000)
    ink[2900:4300] //= 12
    found = proposed(tmp_path, ink)
    assert {section["kind"] for section in sections(found)} == {"main"}


def test_that_the_same_log_compressed_is_another_scale_and_no_repeat(tmp_path: Path) -> None:
    found = proposed(tmp_path, part(3000, height=3000, pitch_px=24.0), part(3000, height=5000))
    assert [section["kind"] for section in sections(found)] == ["other scale", "main"]


def test_that_no_log_begins_above_the_ground(tmp_path: Path) -> None:
    assert proposed(tmp_path, part(0, height=4500)).depth.top == 0.0
