"""The cache of tile pyramids: right at every level, shared, bounded, and safe to damage or to lose."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curvedesk.domain.errors import Cancelled, ScanError
from curvedesk.imaging import Scan, open_scan
from curvedesk.imaging.pyramid import Pyramid, TileCache, default_folder
from curvedesk.imaging.tile_file import TILE_PX, Layout
from tests.imaging.makers import coloured, drawn, ink_only, write_packed

HEIGHT, WIDTH = 2777, 1301


@pytest.fixture(scope="module")
def scan_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scan") / "tall.tif"
    return write_packed(path, ink_only(drawn(HEIGHT, WIDTH)), compression="zlib", rowsperstrip=64)


@pytest.fixture
def scan(scan_path: Path) -> Iterator[Scan]:
    with open_scan(scan_path) as scan:
        yield scan


@pytest.fixture
def cache(tmp_path: Path) -> TileCache:
    return TileCache(tmp_path / "tiles")


def visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


@given(st.integers(1, 300_000), st.integers(1, 5000))
def test_levels_halve_until_one_tile_holds_the_scan(height: int, width: int) -> None:
    layout = Layout(width, height, 1, bilevel=True)
    last = layout.size(layout.levels - 1)
    assert max(last) <= TILE_PX
    assert layout.levels == 1 or max(layout.size(layout.levels - 2)) > TILE_PX
    assert layout.number(layout.levels - 1, 0, 0) == layout.tiles - 1


def test_every_level_shows_the_scan_at_its_size(scan: Scan, cache: TileCache) -> None:
    pyramid = cache.build(scan)
    for level in range(pyramid.levels):
        width, height = pyramid.layout.size(level)
        expected = scan.read(0, 0, width << level, height << level, scale=0.5**level)
        tiles = pyramid.read(level, 0, 0, width, height)
        inner = np.s_[: HEIGHT >> level, : WIDTH >> level]  # the last row and column repeat instead of turning white
        assert np.abs(tiles[inner].astype(int) - expected[inner]).max() <= (0 if level == 0 else 1 + level // 2)


@pytest.fixture(scope="module")
def built(scan_path: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Scan, Pyramid]:
    scan = open_scan(scan_path)
    return scan, TileCache(tmp_path_factory.mktemp("tiles")).build(scan)


@given(st.integers(-90, 1400), st.integers(-90, 2800), st.integers(0, 900), st.integers(0, 900))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_box_across_tiles_is_the_scans_box(
    built: tuple[Scan, Pyramid], x0: int, y0: int, width: int, height: int
) -> None:
    scan, pyramid = built
    box = (x0, y0, x0 + width, y0 + height)
    np.testing.assert_array_equal(pyramid.read(0, *box), scan.read(*box))


@pytest.mark.parametrize(("level", "row", "column"), [(0, 6, 0), (0, 0, 3), (0, -1, 0), (4, 0, 0), (-1, 0, 0)])
def test_tile_outside_the_pyramid_is_an_index_error(
    built: tuple[Scan, Pyramid], level: int, row: int, column: int
) -> None:
    with pytest.raises(IndexError):
        built[1].tile(level, row, column)


def test_colour_scan_has_colour_tiles(tmp_path: Path, cache: TileCache) -> None:
    tifffile.imwrite(tmp_path / "a.tif", coloured(700, 600), photometric="rgb")
    with open_scan(tmp_path / "a.tif") as scan:
        pyramid = cache.build(scan)
        np.testing.assert_array_equal(pyramid.tile(0, 1, 1), coloured(700, 600)[512:, 512:])
        assert np.abs(pyramid.read(0, 0, 0, 600, 700) - scan.read(0, 0, 600, 700)).max() == 0


def test_built_pyramid_is_found_again_under_any_file_name(scan: Scan, cache: TileCache, tmp_path: Path) -> None:
    assert cache.find(scan) is None
    cache.build(scan)
    copy = tmp_path / "renamed.tif"
    copy.write_bytes(scan.info.path.read_bytes())
    with open_scan(copy) as same:
        assert cache.find(same) is not None


def test_progress_rises_to_one(scan: Scan, cache: TileCache) -> None:
    seen: list[float] = []
    cache.build(scan, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1


def test_cancelled_build_leaves_nothing(scan: Scan, cache: TileCache, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        cache.build(scan, cancelled=lambda: True)
    assert list((tmp_path / "tiles").iterdir()) == []


def test_build_that_fails_in_the_middle_leaves_nothing(
    scan: Scan, cache: TileCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("curvedesk.imaging.tile_file.TileWriter.put", full_disk)
    with pytest.raises(ScanError, match="No space left"):
        cache.build(scan)
    assert list((tmp_path / "tiles").iterdir()) == []


@pytest.mark.parametrize("fault", ["cut tiles", "cut index", "changed index", "no index", "other file"])
def test_damaged_pyramid_is_built_again(scan: Scan, cache: TileCache, tmp_path: Path, fault: str) -> None:
    cache.build(scan)
    (folder,) = visible(tmp_path / "tiles")
    tiles, index = folder / "tiles.bin", folder / "index.bin"
    if fault == "cut tiles":
        tiles.write_bytes(tiles.read_bytes()[:-100])
    elif fault == "cut index":
        index.write_bytes(index.read_bytes()[:50])
    elif fault == "changed index":
        index.write_bytes(index.read_bytes().replace(b"2777", b"2776"))
    elif fault == "no index":
        index.unlink()
    else:
        index.write_bytes(b"")
    assert cache.find(scan) is None
    np.testing.assert_array_equal(cache.build(scan).read(0, 0, 0, 900, 900), scan.read(0, 0, 900, 900))


def test_flipped_byte_in_a_tile_is_noticed_and_the_tile_comes_from_the_scan(
    scan: Scan, cache: TileCache, tmp_path: Path
) -> None:
    cache.build(scan)
    (folder,) = visible(tmp_path / "tiles")
    data = bytearray((folder / "tiles.bin").read_bytes())
    data[40] ^= 0xFF
    (folder / "tiles.bin").write_bytes(data)
    pyramid = cache.find(scan)
    assert pyramid is not None
    np.testing.assert_array_equal(pyramid.tile(0, 0, 0), scan.read(0, 0, 512, 512))
    assert cache.find(scan) is None


def test_least_recently_used_goes_first(cache: TileCache, tmp_path: Path) -> None:
    scans = []
    for number in range(3):
        path = tmp_path / f"{number}.tif"
        tifffile.imwrite(path, np.roll(drawn(300, 300), number), photometric="minisblack")
        scans.append(open_scan(path))
    folders = []
    for age, scan in zip((30, 10, 20), scans, strict=True):
        before = set(visible(tmp_path / "tiles")) if folders else set()
        cache.build(scan)
        (folder,) = set(visible(tmp_path / "tiles")) - before
        folders.append(folder)
        os.utime(folder, (time.time() - age, time.time() - age))
    TileCache(tmp_path / "tiles", max_bytes=cache.used_bytes() - 1).trim()
    assert [folder.exists() for folder in folders] == [False, True, True]
    cache.clear()
    assert cache.used_bytes() == 0
    assert visible(tmp_path / "tiles") == []


def test_what_a_crashed_build_left_is_swept_after_a_day_and_never_read(scan: Scan, tmp_path: Path) -> None:
    folder = tmp_path / "tiles"
    for name, age in ((".build-old", 90_000), (".build-new", 10)):
        (folder / name).mkdir(parents=True)
        os.utime(folder / name, (time.time() - age, time.time() - age))
    cache = TileCache(folder)
    assert cache.find(scan) is None
    cache.build(scan)
    assert not (folder / ".build-old").exists()
    assert (folder / ".build-new").exists()


def test_two_processes_that_build_at_once_both_end_with_the_pyramid(scan: Scan, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from curvedesk.imaging import open_scan;"
        "from curvedesk.imaging.pyramid import TileCache; scan = open_scan(sys.argv[1]);"
        "print(int(TileCache(Path(sys.argv[2])).build(scan).tile(0, 0, 0).sum()))"
    )
    command = [sys.executable, "-c", code, str(scan.info.path), str(tmp_path / "tiles")]
    root = str(Path(__file__).resolve().parents[2])
    env = {**os.environ, "PYTHONPATH": root}
    running = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    outputs = [process.communicate(timeout=60) for process in running]
    assert {out.strip() for out, _ in outputs} == {str(int(scan.read(0, 0, 512, 512).sum())).encode()}
    assert [err for _, err in outputs] == [b"", b""]
    assert len(list((tmp_path / "tiles").iterdir())) == 1


def test_cache_lies_in_the_users_home_unless_told(curvedesk_home: Path) -> None:
    assert default_folder() == curvedesk_home / "cache" / "tiles"
