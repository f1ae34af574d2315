"""Leave one well out: a well's own crops never teach what is judged on them, and a stop loses one well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch

from curvedesk.domain.errors import CurveDeskError
from curvedesk.learn import run_log
from curvedesk.learn import wells as room
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.data import CropDataset
from curvedesk.learn.few import label_files
from curvedesk.learn.net import CurveNet
from curvedesk.learn.wells import Fold, LeftOut, leave_one_out, traced_data
from curvedesk.store.manifest import Manifest

GRAYS = {"one": 40, "two": 60, "three": 80}  # of each well's pen, by which its crops are known again


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Two depths of each of three wells, a line down each; a fourth has no curve."""
    folder = tmp_path / "labels"
    folder.mkdir()
    for well, ink in GRAYS.items():
        for part in ("a", "b"):
            _write(folder / f"{well}_{part}.json", ink)
    _write(folder / "four_a.json", None)
    return folder


def _write(path: Path, ink: int | None) -> None:
    gray = np.full((128, 128), 250, np.uint8)
    curves: list[dict[str, Any]] = []
    if ink is not None:
        gray[:, 59:62] = ink
        curves.append({"style": "solid", "name": "L", "points": [[60, 0], [60, 127]]})
    path.write_text(json.dumps({"width": 128, "height": 128, "curves": curves, "ignore": []}))
    cv2.imwrite(str(path.with_suffix(".png")), gray)


@pytest.fixture
def model() -> Model:
    torch.manual_seed(1)
    net = CurveNet().eval()
    return Model("toy", net, Manifest("toy", net.mode, net.rule, "", "", 0, ""))


def test_half_of_what_is_drawn_comes_from_the_crops_given_and_from_no_other(labels: Path) -> None:
    wells = label_files(labels)
    data = traced_data([*wells["one"], *wells["two"]], CropDataset(3, 40, 32))
    assert len(data) == 40
    found = {int(crop.gray[crop.solid > 0].min()) for crop in data.found if crop.solid.any()}
    assert found == {GRAYS["one"], GRAYS["two"]}
    drawn = sum(np.array_equal(data[i].gray, data.drawn[i].gray) for i in range(40))
    assert 8 <= drawn <= 32
    assert all(data[i].gray.shape == (32, 32) for i in range(40))


def test_no_crop_of_a_well_is_learnt_from_when_it_is_judged(
    labels: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt: list[list[str]] = []
    given = room.traced_data

    def kept(paths: list[Path], drawn: CropDataset) -> Any:
        learnt.append([path.stem for path in paths])
        return given(paths, drawn)

    monkeypatch.setattr(room, "traced_data", kept)
    of = LeftOut(model, label_files(labels), steps=2, size=32, device="cpu")
    folds = of.fold("two")
    assert [(fold.crop, fold.well, fold.curves) for fold in folds] == [("two_a", "two", True), ("two_b", "two", True)]
    assert sorted(learnt[0]) == ["four_a", "one_a", "one_b", "three_a", "three_b"]
    assert all(0 <= fold.before <= 1 and 0 <= fold.after <= 1 for fold in folds)
    assert folds == of.fold("two")


def test_a_stopped_round_goes_on_and_means_are_over_crops_with_curves(
    labels: Path, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def fold(of: LeftOut, well: str) -> list[Fold]:
        made.append(well)
        if len(made) == 3:
            raise KeyboardInterrupt
        return [Fold(path.stem, well, well != "four", 0.5, 0.7) for path in of.wells[well]]

    monkeypatch.setattr(room.LeftOut, "fold", fold)
    log, of = tmp_path / "runs.jsonl", LeftOut.of(model, labels, device="cpu")
    with pytest.raises(KeyboardInterrupt):
        leave_one_out(log, of)
    assert len({fold.well for fold in run_log.known(log, Fold)}) == 2
    seen: list[float] = []
    found = leave_one_out(log, of, progress=seen.append)
    assert sorted(made) == sorted([*of.wells, made[2]])
    assert seen[-1] == 1.0
    *each, mean = found.tables[0].rows
    assert len(each) == 7
    assert mean[0] == "mean of 6 with curves"
    assert mean[1:] == pytest.approx((0.5, 0.7, 0.2))


def test_one_well_cannot_be_left_out(tmp_path: Path, model: Model) -> None:
    _write(tmp_path / "one_a.json", 40)
    with pytest.raises(CurveDeskError, match="at least 2"):
        LeftOut.of(model, tmp_path)
