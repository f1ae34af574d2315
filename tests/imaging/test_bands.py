"""A scan read band by band is the scan read at once."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from curvedesk.imaging import open_scan, resample


@pytest.mark.parametrize("scale", [1.0, 2 / 3, 0.5, 200 / 240, 1.25, 200 / 150])
@pytest.mark.parametrize("box", [(0, 0, 90, 700), (13, 101, 77, 640), (-20, -30, 130, 733)])
@pytest.mark.parametrize("rgb", [False, True])
def test_bands_are_the_whole_region_cut_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scale: float, box: tuple[int, int, int, int], rgb: bool
) -> None:
    cv2.imwrite(str(tmp_path / "scan.png"), np.random.default_rng(2).integers(0, 256, (700, 90, 3), np.uint8))
    monkeypatch.setattr(resample, "BAND_PIXELS", 6000)
    with open_scan(tmp_path / "scan.png", dpi=200) as scan:
        whole = (scan.read_rgb if rgb else scan.read)(*box, scale=scale)
        bands = list(scan.bands(*box, scale=scale, rgb=rgb))
    assert len(bands) > 2
    assert [top for top, _ in bands] == list(np.cumsum([0] + [len(band) for _, band in bands[:-1]]))
    np.testing.assert_array_equal(np.concatenate([band for _, band in bands]), whole)


def test_a_region_turned_over_is_refused(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "scan.png"), np.zeros((9, 9), np.uint8))
    with open_scan(tmp_path / "scan.png", dpi=200) as scan, pytest.raises(ValueError, match="turned over"):
        next(scan.bands(5, 0, 4, 9))
