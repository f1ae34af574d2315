"""The real scans and plots beside this checkout: all open, and show paper and ink."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from curvedesk.imaging import Colour, describe, open_scan

COSTLY_PIXELS = 100_000_000  # larger ones may be one strip; that is for the benchmarks


def files(shared_dir: Path) -> list[Path]:
    return sorted(path for folder in ("scans", "plots") for path in (shared_dir / "data" / folder).iterdir())


def test_every_real_scan_opens_with_a_sane_header(shared_dir: Path) -> None:
    said = [describe(path) for path in files(shared_dir)]
    assert len(said) == 54
    assert all(one["dpi"] is not None and 70 <= one["dpi_used"] <= 400 for one in said)
    assert max(one["height"] for one in said) == 241_108


def test_real_scans_show_mostly_paper_and_some_ink_in_the_middle(shared_dir: Path) -> None:
    looked_at = 0
    for path in files(shared_dir):
        with open_scan(path) as scan:
            if scan.info.compression == "lzw" or scan.width * scan.height > COSTLY_PIXELS:
                continue
            middle = scan.read(0, scan.height // 2, scan.width, scan.height // 2 + 400)
            assert 150 < middle.mean() < 254, path.name
            looked_at += 1
    assert looked_at > 10


def test_plots_with_small_colour_maps_are_not_black(shared_dir: Path) -> None:
    palettes = [path for path in files(shared_dir) if describe(path)["colour"] == Colour.PALETTE]
    assert len(palettes) == 3
    for path in palettes:
        with open_scan(path) as scan:
            part = scan.read_rgb(0, 0, scan.width, 600)
        assert np.median(part) > 200, path.name


@pytest.mark.parametrize("name", ["273101.tif", "AGI89.tif"])
def test_one_strip_fax_is_read_the_same_in_parts_and_whole(shared_dir: Path, name: str) -> None:
    with open_scan(shared_dir / "data" / "scans" / name) as scan:
        y = scan.height // 3
        whole = scan.read(0, y, scan.width, y + 900)
        parts = [scan.read(0, top, scan.width, top + 300) for top in range(y, y + 900, 300)]
        np.testing.assert_array_equal(np.concatenate(parts), whole)
