"""Windows on scans: found in folders, held out by scan, read once, and a damaged one is named and left out."""

from __future__ import annotations

import copy
from pathlib import Path

import cv2
import numpy as np
import pytest

from curvedesk.domain.errors import ScanError
from curvedesk.learn.paper import Windows, bands, find_scans, fingerprint, holds_ink, look, split


def _scan(path: Path, *, rows: int = 900, width: int = 300, seed: int = 0) -> Path:
    """Paper with a wandering pen below a blank third."""
    gray = np.full((rows, width), 250, np.uint8)
    y = np.arange(rows // 3, rows)
    points = np.stack([width / 2 + width / 3 * np.sin(y / 15 + seed), y], 1).round().astype(np.int32)
    cv2.polylines(gray, [points], False, 0, 3)
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), gray)
    return path


@pytest.fixture
def many(tmp_path: Path) -> list[Path]:
    """Five scans in a folder and one below it."""
    names = ["a.png", "b.png", "c.tif", "d.png", "below/e.PNG"]
    return [_scan(tmp_path / "scans" / name, seed=i) for i, name in enumerate(names)]


def test_folders_are_searched_for_scans_and_nothing_else(many: list[Path], tmp_path: Path) -> None:
    (tmp_path / "scans" / "notes.txt").write_text("no scan")
    found = find_scans([tmp_path / "scans", many[0]])
    assert sorted(found) == sorted(many)
    assert found == find_scans([tmp_path / "scans"])


def test_files_that_cannot_be_read_are_named_and_left_out(many: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.tif"
    broken.write_bytes(b"II*\x00" + b"\x00" * 40)
    sources, faults = look([*many, broken, tmp_path / "absent.tif"])
    assert len(sources) == 5
    assert len(faults) == 2
    assert "broken.tif" in faults[0]
    assert "absent.tif" in faults[1]
    with pytest.raises(ScanError, match=r"broken\.tif"):
        look([broken])


def test_scans_come_at_200_dpi(tmp_path: Path) -> None:
    (source,), _ = look([_scan(tmp_path / "s.png", rows=800, width=400)], dpi=400)
    assert (source.rows, source.width) == (400, 200)
    window = Windows(split((source,))[0]).draw(np.random.default_rng(1), 64)
    assert window.shape == (64, 64)
    assert window.dtype == np.uint8


def test_of_many_scans_whole_ones_are_held_out_and_of_few_some_rows(many: list[Path]) -> None:
    learnt, held = split(look(many)[0])
    assert {b.source.path for scan in learnt for b in scan}.isdisjoint(b.source.path for scan in held for b in scan)
    assert len(learnt) == 4
    assert len(held) == 1
    learnt, held = split(look(many[:1])[0])
    assert set(learnt[0]).isdisjoint(held[0])
    assert learnt[0]
    assert held[0]


def test_bands_of_a_long_scan_are_few_and_lie_inside(tmp_path: Path) -> None:
    (source,), _ = look([_scan(tmp_path / "long.png", rows=40000, width=64)])
    cut = bands(source)
    assert len(cut) == 24
    assert cut[0].y0 == 0
    assert cut[-1].y1 == source.rows
    assert all(b.y1 - b.y0 == 1024 for b in cut)


def test_windows_hold_ink_and_come_again_from_the_same_number(many: list[Path]) -> None:
    by_scan = split(look(many)[0])[0]
    first, second = Windows(by_scan), copy.deepcopy(Windows(by_scan))
    for number in range(8):
        window = first.draw(np.random.default_rng(number), 96)
        assert holds_ink(window)
        assert np.array_equal(window, second.draw(np.random.default_rng(number), 96))


def test_a_scan_is_read_once_and_then_comes_from_the_cache(tmp_path: Path) -> None:
    path = _scan(tmp_path / "once.png")
    by_scan = split(look([path])[0])[0]
    window = Windows(by_scan).draw(np.random.default_rng(1), 64)
    path.unlink()
    assert np.array_equal(Windows(by_scan).draw(np.random.default_rng(1), 64), window)


def test_a_scan_that_vanished_is_named_once_and_the_others_go_on(many: list[Path]) -> None:
    by_scan = split(look(many)[0])[0]
    many[1].unlink()
    windows = Windows(by_scan)
    for number in range(12):
        assert windows.draw(np.random.default_rng(number), 64).shape == (64, 64)
    assert list(windows.faults) == [str(many[1])]
    assert "b.png" in windows.faults[str(many[1])]


def test_a_scan_smaller_than_a_window_is_filled_up(tmp_path: Path) -> None:
    by_scan = split(look([_scan(tmp_path / "tiny.png", rows=60, width=50)])[0])[0]
    assert Windows(by_scan).draw(np.random.default_rng(1), 128).shape == (128, 128)


def test_other_scans_have_another_fingerprint(many: list[Path]) -> None:
    sources, _ = look(many)
    assert fingerprint(sources) == fingerprint(sources[::-1])
    assert fingerprint(sources) != fingerprint(sources[1:])
    assert fingerprint(()) != fingerprint(sources)
