"""Tiles: drawn at the screen's own size, joined without a seam, only while wanted, bounded in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from curvedesk.domain.errors import ScanError
from curvedesk.imaging import Scan, open_scan
from curvedesk.imaging.pyramid import TileCache as Pyramids
from curvedesk.ui.canvas.coarse import coarse_picture
from curvedesk.ui.canvas.mask_source import MaskSource
from curvedesk.ui.canvas.paper_source import PaperSource, tint_between
from curvedesk.ui.canvas.tile_cache import TileCache
from curvedesk.ui.canvas.tile_grid import TILE_DEVICE_PX, Box, TileKey, tiles_in
from curvedesk.ui.canvas.tile_loader import TileLoader, Wanted

Wait = Callable[..., None]
PLAIN = tint_between(0x000000, 0xFFFFFF)


def pixels(image: QImage) -> NDArray[np.uint8]:
    """(h, w, 4): blue, green, red, alpha."""
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def scan_of(folder: Path, image: NDArray[np.uint8]) -> Scan:
    path = folder / "scan.png"
    Image.fromarray(image).save(path, dpi=(200, 200))
    return open_scan(path)


def slanted(height: int = 1500, width: int = 1300) -> NDArray[np.uint8]:
    y, x = np.mgrid[:height, :width]
    return np.where(np.abs((x - 0.6 * y) % 90 - 45) < 6, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("scale", [0.41, 0.77, 1.0, 1.9, 5.0])
def test_neighbouring_tiles_join_as_if_they_were_one(tmp_path: Path, scale: float) -> None:
    scan = scan_of(tmp_path, slanted())
    source = PaperSource(scan, Pyramids(tmp_path / "tiles").build(scan), PLAIN)
    left, right = (pixels(source.draw(TileKey(1, scale, column, 0)))[:, :, 0].astype(int) for column in (0, 1))
    seam = np.abs(left[:, -1] - right[:, 0]).mean()
    inside = np.abs(np.diff(left[:, -60:], axis=1)).mean(axis=0).max()
    assert seam <= 1.3 * inside + 3


@pytest.mark.parametrize("scale", [0.3, 0.5, 0.81, 1.0, 2.0])
def test_a_tile_shows_a_mark_where_it_is_on_the_scan(tmp_path: Path, scale: float) -> None:
    image = np.full((900, 700), 255, np.uint8)
    image[400:440, 300:330] = 0
    source = PaperSource(scan_of(tmp_path, image), None, PLAIN)
    column, row = (int(centre * scale) // TILE_DEVICE_PX for centre in (315, 420))
    dark = 255 - pixels(source.draw(TileKey(1, scale, column, row)))[:, :, 0].astype(float)
    y, x = (float((dark.sum(axis=1 - axis) * (np.arange(512) + 0.5)).sum() / dark.sum()) for axis in (0, 1))
    assert (x + column * 512) / scale == pytest.approx(315, abs=0.6 / scale)
    assert (y + row * 512) / scale == pytest.approx(420, abs=0.6 / scale)
    assert dark.sum() / 255 == pytest.approx(40 * 30 * scale**2, rel=0.05)


def test_the_scan_itself_gives_the_same_tiles_before_the_pyramid_is_built(tmp_path: Path) -> None:
    scan = scan_of(tmp_path, slanted())
    before = PaperSource(scan, None, PLAIN).draw(TileKey(1, 0.4, 0, 0))
    after = PaperSource(scan, Pyramids(tmp_path / "tiles").build(scan), PLAIN).draw(TileKey(1, 0.4, 0, 0))
    assert np.abs(pixels(before).astype(int) - pixels(after)).max() <= 2


def test_a_coloured_scan_keeps_its_colours(tmp_path: Path) -> None:
    image = np.full((300, 300, 3), 255, np.uint8)
    image[:, :150] = (200, 30, 90)
    scan = scan_of(tmp_path, image)
    tile = pixels(PaperSource(scan, None, PLAIN).draw(TileKey(1, 1.0, 0, 0)))
    assert tile[100, 50, :3].tolist() == [90, 30, 200]
    picture = pixels(coarse_picture(scan, None, PLAIN, width=30, height=60))
    assert picture[30, 5, :3].tolist() == [90, 30, 200] and picture[30, 25, :3].tolist() == [255, 255, 255]


def test_a_very_tall_scan_never_becomes_one_tall_image(tmp_path: Path) -> None:
    scan = scan_of(tmp_path, np.full((40_000, 20), 255, np.uint8))
    picture = coarse_picture(scan, None, PLAIN, width=4, height=1000)
    assert (picture.width(), picture.height()) == (4, 1000)
    assert PaperSource(scan, None, PLAIN).draw(TileKey(1, 1.0, 0, 70)).height() == TILE_DEVICE_PX


def test_the_mask_lies_on_the_ink_it_was_found_in() -> None:
    found = np.zeros((2, 300, 200), np.uint8)
    found[0, 100:120, 50:60], found[1, 200:220, 50:60] = 255, 200
    source = MaskSource(found, left_px=40, top_px=1000, scale=0.5)
    tile = pixels(source.draw(TileKey(1, 0.5, 0, 1)))  # rows 1,024 to 2,048 of the scan
    y, x = np.nonzero(tile[:, :, 3] > 128)
    scan_x, scan_y = (x.mean() + 0.5) / 0.5, (y.mean() + 0.5 + 512) / 0.5
    assert scan_x == pytest.approx(40 + 55 * 2, abs=1.5)
    assert scan_y == pytest.approx(1000 + (110 + 210), abs=3)
    solid, dashed = (tile[round((1000 + 2 * row) * 0.5) - 512, round((40 + 110) * 0.5), :3] for row in (110, 210))
    assert solid[0] > solid[2] and dashed[2] > dashed[1]


def test_tiles_are_ordered_from_the_middle_and_cover_the_box() -> None:
    keys = list(tiles_in(Box(10, 100, 1030, 2600), source=1, scale=1.0))
    assert {(key.column, key.row) for key in keys} == {(c, r) for c in range(3) for r in range(6)}
    assert abs(keys[0].row - 2.5) <= 0.5 < abs(keys[-1].row - 2.5)
    assert not list(tiles_in(Box(10, 10, 10, 50), source=1, scale=1.0))


def test_the_cache_keeps_what_was_shown_last_within_its_bytes(app: QApplication) -> None:
    image = QImage(512, 512, QImage.Format.Format_RGB32)
    cache = TileCache(3 * image.sizeInBytes())
    keys = [TileKey(1, 1.0, 0, row) for row in range(5)]
    for key in keys[:3]:
        cache.put(key, image.copy())
    assert cache.get(keys[0]) is not None
    cache.put(keys[3], image.copy())
    assert [key in cache for key in keys] == [True, False, True, True, False]
    assert cache.bytes == 3 * image.sizeInBytes()


def test_what_is_no_longer_wanted_is_never_drawn(app: QApplication, wait_until: Wait) -> None:
    gate, drawn, arrived = threading.Event(), [], []

    def slowly(key: TileKey) -> QImage:
        drawn.append(key.row)
        gate.wait(10)
        return QImage(8, 8, QImage.Format.Format_RGB32)

    loader = TileLoader()
    loader.drawn.connect(lambda key, _image: arrived.append(key.row))
    loader.want(Wanted(TileKey(1, 1.0, 0, row), slowly) for row in range(50))
    wait_until(lambda: len(drawn) == 2)
    loader.want([Wanted(TileKey(1, 1.0, 0, 99), slowly)])
    gate.set()
    wait_until(lambda: loader.is_idle and len(arrived) == 3)
    assert sorted(drawn) == [0, 1, 99]
    loader.close()


def test_a_scan_that_cannot_be_read_is_told_once_in_a_sentence(app: QApplication, wait_until: Wait) -> None:
    told: list[str] = []

    def broken(_key: TileKey) -> QImage:
        raise ScanError("log.tif: its rows are damaged; scan it again")

    loader = TileLoader()
    loader.failed.connect(told.append)
    loader.want(Wanted(TileKey(1, 1.0, 0, row), broken) for row in range(6))
    wait_until(lambda: loader.is_idle and told)
    app.processEvents()
    assert set(told) == {"log.tif: its rows are damaged; scan it again"} and len(told) <= 2
    loader.close()
