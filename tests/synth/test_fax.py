"""Group 4: what we write, two other readers read back bit for bit."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st

from curvedesk.domain.errors import ExportError
from curvedesk.synth.fax import tiff, write_group4


@given(
    height=st.integers(1, 40), width=st.integers(1, 3000), ink=st.sampled_from([0.0, 0.002, 0.05, 0.5, 0.98, 1.0]),
    seed=st.integers(0, 1000),
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_any_picture_survives(
    tmp_path_factory: pytest.TempPathFactory, height: int, width: int, ink: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    black = rng.random((height, width)) < ink
    if seed % 2:  # lines like the one before, as on paper
        black = np.repeat(black, 3, axis=0)
    path = tmp_path_factory.mktemp("fax") / "x.tif"
    path.write_bytes(tiff(black, dpi=200))
    with tifffile.TiffFile(path) as file:
        page = file.pages.first
        assert page.photometric == tifffile.PHOTOMETRIC.MINISWHITE
        assert np.array_equal(page.asarray().astype(bool), black)
    assert np.array_equal(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) < 128, black)


def test_the_resolution_is_in_the_file_and_paper_gets_small(tmp_path: Path) -> None:
    image = np.full((2000, 1700), 255, np.uint8)
    image[::50] = 0
    write_group4(tmp_path / "scan.tif", image, dpi=240)
    with tifffile.TiffFile(tmp_path / "scan.tif") as file:
        tags = file.pages.first.tags
        assert tags["XResolution"].value == (24000, 100)
        assert tags["ResolutionUnit"].value == 2
    assert (tmp_path / "scan.tif").stat().st_size < 5000


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="folder"):
        write_group4(tmp_path / "none" / "scan.tif", np.zeros((4, 4), np.uint8), dpi=200)
