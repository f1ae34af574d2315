"""Plots by software come at 72 to 100 dpi: a depth column is narrow there, and its numbers are small."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from curvedesk.imaging import open_scan
from curvedesk.registration import propose_sheet
from tests.registration.makers import draw_grid


@pytest.mark.parametrize("dpi", [75, 100])
def test_that_depths_of_a_coarse_plot_are_read_in_its_own_pixels(dpi: int, tmp_path: Path) -> None:
    ink = draw_grid(pitch_px=40.0, numbers=(3000, 100), height=4500).page.ink
    ink = np.delete(ink, np.r_[565:590, 690:715], axis=1)  # the depth column 110 px wide
    small = cv2.resize(ink, None, fx=dpi / 200, fy=dpi / 200, interpolation=cv2.INTER_AREA)
    path = tmp_path / "plot.png"
    assert cv2.imwrite(str(path), 255 - small)
    with open_scan(path, dpi=dpi) as scan:
        found = propose_sheet(scan)
    assert (found.depth.confidence or 0.0) >= 0.95
    assert len(found.tracks) == 2
    # the line of 3000 ft stands at 440 px of 200 dpi, every hundred feet are 200 px
    rows = (440.0 + 200.0 * np.array([2, 9, 16]) + 0.5) * dpi / 200 - 0.5
    assert found.depth_at(found.column_at(rows), rows) == pytest.approx([3200, 3900, 4600], abs=1.5)
