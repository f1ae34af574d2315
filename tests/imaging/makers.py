"""Small scans made by the tests themselves, with encoders that are not the decoders under test where there are two."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

U8 = NDArray[np.uint8]
MakeFax = Callable[..., Path]


def drawn(height: int = 230, width: int = 171) -> U8:
    """Gray paper (255) with grid lines, a slanted pen and noise; no two rows alike, nothing symmetric."""
    y, x = np.mgrid[:height, :width]
    image = np.where((x % 20 == 3) | (y % 25 == 7), 120, 255).astype(np.uint8)
    image[np.abs(x - 20 - 0.4 * y - 10 * np.sin(y / 9)) < 2] = 0
    noise = np.random.default_rng(7).random((height, width)) < 0.01
    return np.where(noise, 0, image).astype(np.uint8)


def ink_only(image: U8) -> U8:
    """The same in 0 and 255."""
    return np.where(image < 128, 0, 255).astype(np.uint8)


def coloured(height: int = 230, width: int = 171) -> U8:
    """RGB with a different gradient in each channel."""
    y, x = np.mgrid[:height, :width]
    rgb = np.stack([x * 255 // width, y * 255 // height, 255 - (x + y) % 256], axis=2)
    return rgb.astype(np.uint8)


def gray_of(rgb: NDArray[Any]) -> NDArray[np.float64]:
    """BT.601 luma."""
    return np.asarray(rgb, float) @ [0.299, 0.587, 0.114]


@pytest.fixture
def bilevel() -> U8:
    """The drawing in black and white."""
    return ink_only(drawn())


@pytest.fixture
def fax(tmp_path: Path) -> MakeFax:
    """Writes a 1 bit TIFF through libtiff: ``fax(image, "group4", fill_order=2, min_is_white=True, rows=32)``."""

    def make(
        image: U8,
        compression: str,
        *,
        fill_order: int = 1,
        t4_options: int | None = None,
        rows: int | None = None,
        name: str = "fax.tif",
        dpi: float | None = 200,
    ) -> Path:
        path = tmp_path / name
        info: dict[int, Any] = {266: fill_order}
        if t4_options is not None:
            info[292] = t4_options
        if rows is not None:
            info[278] = rows
        options: dict[str, Any] = {"dpi": (dpi, dpi)} if dpi else {}
        Image.fromarray(image).convert("1").save(path, compression=compression, tiffinfo=info, **options)
        return path

    return make


def write_packed(path: Path, image: U8, **options: Any) -> Path:
    """A 1 bit TIFF of the drawing through tifffile, black stored as 0 unless ``photometric`` says else."""
    ink_is_one = options.get("photometric") == "miniswhite"
    tifffile.imwrite(path, (image < 128) == ink_is_one, bitspersample=1, **options)
    return path
