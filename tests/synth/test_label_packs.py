"""Packs on disk: what a person or a training reads back."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import lasio
import numpy as np
import pytest

from curvedesk.domain.errors import ExportError
from curvedesk.domain.sheet import load_sheet
from curvedesk.synth import crop, write_crops, write_sheets


def test_a_pack_of_crops_lists_every_file_and_its_classes(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    write_crops(tmp_path, 3, seed=7, size=96, progress=lambda done, total: seen.append((done, total)))
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["dpi"] == 200
    assert manifest["label_width_px"] == 3
    assert seen == [(1, 3), (2, 3), (3, 3)]
    listed = {name for pair in manifest["crops"] for name in pair.values()} | {"manifest.json"}
    assert listed == {path.name for path in tmp_path.iterdir()}
    for pair in manifest["crops"]:
        label = cv2.imread(str(tmp_path / pair["label"]), cv2.IMREAD_UNCHANGED)
        assert label.shape == (96, 96)
        assert set(np.unique(label)) <= set(manifest["classes"].values())


def test_a_label_file_says_what_the_crop_says(tmp_path: Path) -> None:
    write_crops(tmp_path, 16, seed=7)
    crossings = 0
    for i in range(16):
        made = crop(np.random.default_rng((7, i)))
        label = cv2.imread(str(tmp_path / f"{i:05d}.label.png"), cv2.IMREAD_UNCHANGED)
        assert np.array_equal(cv2.imread(str(tmp_path / f"{i:05d}.png"), cv2.IMREAD_UNCHANGED), made.gray)
        assert np.array_equal(label == 255, made.ignore)
        assert np.array_equal((label & 1).astype(bool) & ~made.ignore, (made.solid >= 128) & ~made.ignore)
        assert np.array_equal((label & 2).astype(bool) & ~made.ignore, (made.dashed >= 128) & ~made.ignore)
        crossings += int((label == 3).sum())
    assert crossings > 0


def test_a_longer_pack_begins_with_the_shorter_one(tmp_path: Path) -> None:
    for name, number in (("short", 2), ("long", 4)):
        (tmp_path / name).mkdir()
        write_crops(tmp_path / name, number, seed=1, size=64)
    for name in ("00000.png", "00001.label.png"):
        assert (tmp_path / "short" / name).read_bytes() == (tmp_path / "long" / name).read_bytes()


@pytest.mark.parametrize("style", ["modern-laser", "colour-print"])
def test_whole_logs_come_with_sheet_and_truth(tmp_path: Path, style: str) -> None:
    write_sheets(tmp_path, 1, seed=2, styles=[style], feet=60)
    folder = tmp_path / "0000"
    assert {path.name for path in folder.iterdir()} == {"scan.tif", "scan.sheet.json", "truth.las"}
    meaning = load_sheet(folder / "scan.sheet.json")
    truth = lasio.read(folder / "truth.las")
    assert np.array_equal(truth.index, meaning.depth.sample_depths())
    assert [c.mnemonic for c in truth.curves[1:]] == [spec.mnemonic for _, spec in meaning.curves() if spec.digitize]
    image = cv2.imread(str(folder / "scan.tif"), cv2.IMREAD_UNCHANGED)
    assert (image.max() > 1) == (style == "colour-print") or set(np.unique(image)) <= {0, 255}


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="folder"):
        write_crops(tmp_path / "not made", 1, seed=1, size=64)
