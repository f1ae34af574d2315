"""A log that a fold or faded print cut in pieces is one log where its depths and its tracks go on."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from curvedesk.domain.sheet import Sheet
from curvedesk.imaging import open_scan
from curvedesk.registration import propose_sheet
from tests.registration.makers import draw_grid


def part(first: float, *, height: int) -> np.ndarray:
    return draw_grid(pitch_px=40.0, numbers=(first, 100), height=height).page.ink


@pytest.fixture(scope="module")
def folded(tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    """3000 ft to 4900 ft with a bare fold of two inches, over which 250 ft are lost."""
    path = tmp_path_factory.mktemp("fold") / "print.png"
    ink = np.vstack([part(3000, height=2900), np.zeros((400, 1400), np.uint8), part(4600, height=2500)])
    assert cv2.imwrite(str(path), 255 - ink)
    with open_scan(path, dpi=200) as scan:
        return propose_sheet(scan)


def test_that_depths_on_both_sides_of_a_fold_are_in_one_sheet(folded: Sheet) -> None:
    depths = folded.depth.ties[:, 1]
    assert depths[0] == 3000
    assert depths[-1] >= 5300
    assert np.all(np.diff(depths) > 0)
    assert np.all(np.diff(folded.depth.ties[:, 0]) > 0)
    assert folded.depth.bottom > 5300


def test_that_borders_reach_over_the_fold(folded: Sheet) -> None:
    for track, (left, right) in zip(folded.tracks, ((60.0, 560.0), (720.0, 1220.0)), strict=True):
        rows = np.array([600.0, 2900.0 + 400 + 700])
        assert track.left_at(rows) == pytest.approx([left, left], abs=1.5)
        assert track.right_at(rows) == pytest.approx([right, right], abs=1.5)


def test_that_its_pieces_are_listed_as_the_log(folded: Sheet) -> None:
    assert [part["kind"] for part in folded.extra["page"]["sections"]] == ["main", "main"]
    assert not any("no part of this sheet" in text for text in folded.extra["warnings"])
