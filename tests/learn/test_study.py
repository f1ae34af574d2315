"""The warm-start study: both starts see the same windows, wells are split, a stop loses one run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from curvedesk.domain.errors import CurveDeskError
from curvedesk.learn import run_log
from curvedesk.learn import study as room
from curvedesk.learn.autoencoder import Autoencoder
from curvedesk.learn.encoders import Pretrained, load_encoder, save_encoder
from curvedesk.learn.few import FewDataset, label_files, well_of, windows
from curvedesk.learn.study import COLD, REAL, SYNTHETIC, WARM, Run, Study, paired, study, todo


@pytest.fixture
def encoder(tmp_path: Path) -> Pretrained:
    save_encoder(tmp_path / "encoder", Autoencoder(), {})
    return load_encoder(tmp_path / "encoder")


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Two depths of each of three wells, a line down each, and one crop without a curve."""
    folder = tmp_path / "labels"
    folder.mkdir()
    for n, well in enumerate(("one", "two", "three")):
        for part in ("a", "b"):
            _write(folder / f"{well}_{part}.json", 20 + 10 * n)
    _write(folder / "four_a.json", None)
    return folder


def _write(path: Path, x: int | None) -> None:
    gray = np.full((96, 80), 250, np.uint8)
    curves: list[dict[str, Any]] = []
    if x is not None:
        gray[:, x - 1 : x + 2] = 10
        curves.append({"style": "solid", "name": "L", "points": [[x, 0], [x, 95]]})
    path.write_text(json.dumps({"width": 80, "height": 96, "curves": curves, "ignore": [[0, 90, 80, 96]]}))
    cv2.imwrite(str(path.with_suffix(".png")), gray)


def test_crops_of_one_scan_belong_to_one_well(labels: Path) -> None:
    assert well_of("BXG57_a") == well_of("BXG57_b") == "BXG57"
    counts = {well: len(paths) for well, paths in label_files(labels).items()}
    assert counts == {"four": 1, "one": 2, "three": 2, "two": 2}


def test_no_well_is_learnt_from_and_judged_on_and_blank_crops_are_neither(encoder: Pretrained, labels: Path) -> None:
    of = Study.of(encoder, labels)
    assert set(of.wells) == {"one", "two", "three"}
    splits = [of.split(seed) for seed in range(6)]
    for learnt, judged in splits:
        assert {well_of(p.stem) for p in learnt}.isdisjoint({well_of(p.stem) for p in judged})
        assert len(learnt) + len(judged) == 6
    assert len({tuple(judged) for _, judged in splits}) > 1


def test_windows_hold_the_label_where_it_was_traced_and_know_nothing_where_it_was_not(labels: Path) -> None:
    made = windows([labels / "one_a.json"], count=3, size=64, rng=np.random.default_rng(1))
    for crop in made:
        assert crop.gray.shape == crop.ignore.shape == (64, 64)
        assert (crop.gray[crop.solid > 0] < 128).all()
        assert crop.solid.any()
        assert not crop.dashed.any()
    (whole,) = windows([labels / "one_a.json"], count=1, size=96, rng=np.random.default_rng(1))
    assert whole.ignore[-1, :80].all()
    assert (whole.gray[:, 80:] == 255).all()


def test_the_same_seed_draws_the_same_windows_in_the_same_order(encoder: Pretrained, labels: Path) -> None:
    of = Study.of(encoder, labels)
    once, again, other = (of.crops(REAL, seed) for seed in (1, 1, 2))
    assert len(once) == 20
    assert [c.gray.tobytes() for c in once] == [c.gray.tobytes() for c in again]
    assert [c.gray.tobytes() for c in once] != [c.gray.tobytes() for c in other]
    first, second = (FewDataset(once, 7, 12) for _ in range(2))
    assert [first[i].gray.tobytes() for i in range(12)] == [second[i].gray.tobytes() for i in range(12)]
    assert len({first[i].gray.tobytes() for i in range(12)}) > 1


def test_a_run_trains_and_is_judged_on_the_other_wells(encoder: Pretrained, labels: Path) -> None:
    of = Study(encoder, Study.of(encoder, labels).wells, steps=2, size=32, device="cpu")
    run = of.run(REAL, 1, WARM)
    assert run == of.run(REAL, 1, WARM)
    assert 0 <= run.f1 <= 1


def test_a_stopped_study_goes_on_where_it_was(
    encoder: Pretrained, labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, int, str]] = []

    def run(_self: Study, labels: str, seed: int, start: str) -> Run:
        if len(made) == 7:
            made.append(("stop", 0, ""))
            raise KeyboardInterrupt
        made.append((labels, seed, start))
        return Run(labels, seed, start, 0.5 + 0.01 * seed + (0.1 if start == WARM else 0.0))

    monkeypatch.setattr(room.Study, "run", run)
    log, of = tmp_path / "runs.jsonl", Study.of(encoder, labels)
    with pytest.raises(KeyboardInterrupt):
        study(log, of)
    assert len(run_log.known(log, Run)) == 7
    found = study(log, of)
    assert len(made) == 21
    assert not list(todo(run_log.known(log, Run)))
    contrast = [dict(zip(found.tables[0].columns, row, strict=True)) for row in found.tables[0].rows]
    assert [row["labels"] for row in contrast] == [REAL, SYNTHETIC]
    assert all(row["gain"] == pytest.approx(0.1) and row["seeds"] == 5 for row in contrast)
    assert all(row[WARM] - row[COLD] == pytest.approx(0.1) for row in contrast)


def test_the_interval_of_paired_gains_is_students() -> None:
    gain, half = paired([0.01, 0.03, 0.02, 0.04, 0.0])
    assert gain == pytest.approx(0.02)
    assert half == pytest.approx(2.776 * 0.0158114 / 5**0.5, rel=1e-3)
    assert np.isnan(paired([0.1])[1])


def test_labels_of_one_well_are_not_enough(encoder: Pretrained, labels: Path) -> None:
    for path in labels.glob("t*"):
        path.unlink()
    with pytest.raises(CurveDeskError, match="1 wells"):
        Study.of(encoder, labels)
