"""Ties and borders drawn to the print: on the bundled sample, whose truth is known, and on hand-read real scans."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from curvedesk.domain.sheet import Sheet, load_sheet
from curvedesk.imaging import Scan, open_scan
from curvedesk.session.calibration import Print

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample"
STEP_FT = 20.0  # of the depth lines that carry our ties here; the print has one every two feet
REGISTERED = (
    "1_Roger_1986", "30-025-12481_0808", "4705100539_gr_d_2", "4705300297_i_2", "4705900879_gr_d_p", "BXG57", "BXG70",
)  # fmt: skip


class Paper:
    """A scan's pixels, read once: what the desk has in its tiles."""

    def __init__(self, scan: Scan) -> None:
        self.gray = scan.read(0, 0, scan.width, scan.height)

    def __call__(self, x0: int, y0: int, x1: int, y1: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
        return self.gray[y0:y1, x0:x1]


@pytest.fixture(scope="module")
def sample() -> Iterator[Print]:
    """The sample with ties on printed lines, where the sheet that came with it says these are."""
    sheet = load_sheet(SAMPLE / "scan.sheet.json")
    with open_scan(SAMPLE / "scan.tif", dpi=sheet.dpi) as scan:
        yield Print(_on_lines(sheet), Paper(scan), scan.width, scan.height, (sheet.dpi or scan.dpi) / 200)


def _on_lines(sheet: Sheet) -> Sheet:
    low, high = (float(v) for v in sheet.depth.ties[[0, -1], 1])
    depths = np.arange(np.ceil(low / STEP_FT), np.floor(high / STEP_FT) + 1) * STEP_FT
    levels = sheet.depth.level_of_depth(depths)
    return replace(
        sheet, depth=replace(sheet.depth, ties=np.column_stack([levels, depths, sheet.depth.slope_at(levels)]))
    )


def test_a_click_beside_a_printed_depth_line_comes_to_lie_on_it(sample: Print) -> None:
    assert sample.sheet is not None
    track = sample.sheet.tracks[0]
    off = np.random.default_rng(1).uniform(-3, 3, len(sample.sheet.depth.ties))
    for (_, depth, _), by in zip(sample.sheet.depth.ties, off, strict=True):
        column, row = (float(v) for v in sample.sheet.pixel_at(track, 0.25, depth))
        line = sample.depth_line(column, row + by, reach_px=4 * sample.scale)
        assert line is not None and line.at_px == pytest.approx(row, abs=0.7)


def test_a_click_beside_a_printed_border_comes_to_lie_on_it(sample: Print) -> None:
    assert sample.sheet is not None
    for track in sample.sheet.tracks:
        for edge in (track.left, track.right):
            inside = edge[(edge[:, 1] > 760) & (edge[:, 1] < 3900)]
            off = np.random.default_rng(2).uniform(-4, 4, len(inside))
            for (x, y), by in zip(inside, off, strict=True):
                line = sample.border(float(x + by), float(y), reach_px=6 * sample.scale)
                assert line is not None and line.at_px == pytest.approx(x, abs=0.6)


def test_without_paper_nothing_is_printed(sample: Print) -> None:
    blank = replace(sample, paper=None)
    assert blank.depth_line(100.0, 800.0, reach_px=5) is None
    assert blank.border(100.0, 800.0, reach_px=5) is None


@pytest.mark.parametrize("name", REGISTERED)
def test_a_click_beside_a_real_depth_line_is_right_within_two_pixels(shared_dir: Path, name: str) -> None:
    """Read left and right of the depth column and averaged, as the hand-read ties were."""
    known = json.loads((shared_dir / "data" / "registration" / f"{name}.json").read_text(encoding="utf-8"))
    with open_scan(shared_dir / "data" / "scans" / known["file"]) as scan:
        scale = scan.dpi / 200
        paper = Print(None, scan.read, scan.width, scan.height, scale)
        off = [_off(paper, known["tracks"], float(tie[0]), scale) for tie in known["depth"]["ties"][:12]]
    assert np.isfinite(off).mean() > 0.9
    assert np.nanmax(np.abs(off)) <= (4.0 if name.startswith("4705100539") else 2.0)


def _off(paper: Print, tracks: list[dict[str, list[list[float]]]], y_px: float, scale: float) -> float:
    """What a click two pixels below a line adds to its row, NaN where nothing is found."""
    found = []
    for track, side, way in ((tracks[0], "right", -1), (tracks[1], "left", 1)):
        x, y = np.array(track[side], np.float64).T
        column = float(np.interp(y_px, y, x)) + way * 70 * scale
        line = paper.depth_line(column, y_px + 2 * scale, reach_px=8 * scale)
        if line is not None:
            found.append(line.at_px)
    return float(np.mean(found)) - y_px if found else np.nan
