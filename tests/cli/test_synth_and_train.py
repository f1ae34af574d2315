"""curvedesk synth and train."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from safetensors.numpy import load_file

from tests.cli.conftest import PaperLog
from tests.conftest import RunCli


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_seed_draws_the_same_crops_and_another_draws_others(run_cli: RunCli, tmp_path: Path) -> None:
    for name, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        result = run_cli("synth", "-n", "2", "--seed", seed, "--size", "64", "-o", name)
        assert (result.status, result.stderr) == (0, "")
    a, b, c = (_contents(tmp_path / name) for name in "abc")
    assert a == b
    assert a != c
    assert len(a) >= 4


def test_a_drawn_sheet_can_be_digitised(run_cli: RunCli, tmp_path: Path) -> None:
    assert run_cli("synth", "-n", "1", "--seed", "3", "--kind", "sheets", "-o", "logs").status == 0
    (sheet,) = (tmp_path / "logs").rglob("*sheet.json")
    (scan,) = sheet.parent.glob("*.tif")
    result = run_cli("digitize", scan, "--sheet", sheet, "-o", "o.las")
    assert result.status == 0, result.stderr


@pytest.mark.parametrize("verb", ["synth", "train"])
def test_a_folder_without_las_files_is_one_line(run_cli: RunCli, tmp_path: Path, verb: str) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("empty", "absent"):
        result = run_cli(verb, "--las", name, "-o", "out")
        assert result.status == 1
        assert name in result.stderr
        assert result.stderr.count("\n") == 1
        assert not (tmp_path / "out").exists()


def test_a_trained_model_predicts(run_cli: RunCli, paper_log: PaperLog, tmp_path: Path) -> None:
    result = run_cli("train", "--steps", "2", "--batch", "1", "--size", "64", "--device", "cpu", "-o", "model")
    assert (result.status, result.stderr) == (0, "")
    assert {"manifest.json", "card.md", "weights.safetensors"} <= {path.name for path in (tmp_path / "model").iterdir()}
    assert "curvedesk train --steps 2" in (tmp_path / "model" / "card.md").read_text(encoding="utf-8")
    options = ["--model", "model", "--region", "0", "0", "64", "64"]
    assert run_cli("predict", paper_log.scan, "-o", "m.tif", *options).status == 0


def test_a_training_goes_on_from_another_model_and_keeps_its_kind(run_cli: RunCli, tmp_path: Path) -> None:
    toy = ("--steps", "1", "--batch", "1", "--size", "32", "--device", "cpu")
    assert run_cli("train", *toy, "--binary", "--norm", "half", "-o", "first").status == 0
    result = run_cli("train", *toy, "--base", "first", "--seed", "2", "--rate", "1e-6", "-o", "second")
    assert (result.status, result.stderr) == (0, "")
    first, second = (_manifest(tmp_path / name) for name in ("first", "second"))
    assert (second["parent"], first["parent"]) == ("first", None)
    assert {key: second["training"][key] for key in ("mode", "rule")} == {"mode": "binary", "rule": "half"}
    assert "--base first" in (tmp_path / "second" / "card.md").read_text(encoding="utf-8")
    weights = [load_file(tmp_path / name / "weights.safetensors") for name in ("first", "second")]
    moved = max(float(np.abs(weights[0][name] - weights[1][name]).max()) for name in weights[0])
    assert 0 < moved < 1e-4  # a step so short leaves it where it was; from nothing it would be anywhere


def test_a_training_learns_from_scans_that_its_base_marks(run_cli: RunCli, paper_log: PaperLog, tmp_path: Path) -> None:
    toy = ("--steps", "2", "--batch", "2", "--size", "32", "--device", "cpu", "--base", "curvenet-4")
    result = run_cli("train", *toy, "--scans", paper_log.scan, "-o", "scanned")
    assert (result.status, result.stderr) == (0, "")
    training = _manifest(tmp_path / "scanned")["training"]
    assert (training["scanned"], len(training["scans"])) == (0.25, 16)
    assert "--scans" in (tmp_path / "scanned" / "card.md").read_text(encoding="utf-8")
    assert run_cli("train", *toy, "-o", "scanned").status == 1  # the folder holds a training with scans


def test_a_training_learns_from_hand_traced_crops_and_by_another_loss(run_cli: RunCli, tmp_path: Path) -> None:
    toy = ("--steps", "2", "--batch", "2", "--size", "32", "--device", "cpu")
    _traced(tmp_path / "labels")
    for name, options in (("plain", ()), ("traced", ("--traced", "labels")), ("dice", ("--loss", "dice"))):
        result = run_cli("train", *toy, *options, "-o", name)
        assert (result.status, result.stderr) == (0, "")
    found = {name: _manifest(tmp_path / name)["training"] for name in ("plain", "traced", "dice")}
    assert {name: (made["traced"], made["loss"]) for name, made in found.items()} == {
        "plain": (0, "stroke"), "traced": (2, "stroke"), "dice": (0, "dice"),
    }  # fmt: skip
    assert "--traced FOLDER" in (tmp_path / "traced" / "card.md").read_text(encoding="utf-8")
    assert "--loss dice" in (tmp_path / "dice" / "card.md").read_text(encoding="utf-8")
    weights = [load_file(tmp_path / name / "weights.safetensors") for name in found]
    assert all(any((one[name] != other[name]).any() for name in one) for one, other in pairwise(weights))
    assert run_cli("train", *toy, "-o", "traced").status == 1  # the folder holds a training with hand-traced crops


def test_what_hand_traced_crops_teach_is_measured_on_a_well_left_out(run_cli: RunCli, tmp_path: Path) -> None:
    _traced(tmp_path / "labels")
    known = [
        {"crop": f"{well}_a", "well": well, "curves": True, "before": 0.5, "after": 0.6} for well in ("one", "two")
    ]
    (tmp_path / "r.runs.jsonl").write_text("".join(json.dumps(fold) + "\n" for fold in known), encoding="utf-8")
    result = run_cli("evaluate", "--suite", "wells", "--data", "labels", "-o", "r.md")
    assert (result.status, result.stderr) == (0, "")
    assert "| mean of 2 with curves | 0.500 | 0.600 | 0.100 |" in (tmp_path / "r.md").read_text(encoding="utf-8")
    assert run_cli("evaluate", "--suite", "wells", "--data", "labels").status == 2


def _traced(folder: Path) -> None:
    """A hand-traced crop of each of two wells."""
    folder.mkdir()
    gray = np.full((96, 96), 250, np.uint8)
    gray[:, 47:50] = 10
    curve = {"style": "solid", "name": "L", "points": [[48, 0], [48, 95]]}
    for name in ("one_a", "two_a"):
        label = {"width": 96, "height": 96, "curves": [curve], "ignore": []}
        (folder / f"{name}.json").write_text(json.dumps(label), encoding="utf-8")
        cv2.imwrite(str(folder / f"{name}.png"), gray)


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        (("--traced", "."), 1, "holds no hand-traced crops"),
        (("--base", "curvenet-4", "--traced", ".", "--scans", "."), 2, "either --scans or --traced"),
        (("--base", "nowhere"), 1, "nowhere"),
        (("--base", "curvenet-4", "--norm", "half"), 1, "--norm"),
        (("--base", "curvenet-4", "--encoder", "e"), 2, "either --base or --encoder"),
        (("--frozen",), 2, "--frozen"),
        (("--scans", "."), 2, "--base"),
        (("--base", "curvenet-4", "--scans", "."), 1, "None of the files given is a scan"),
    ],
)
def test_a_start_that_cannot_be_is_said_and_nothing_is_made(
    run_cli: RunCli, tmp_path: Path, options: tuple[str, ...], status: int, words: str
) -> None:
    result = run_cli("train", *options, "-o", "out")
    assert result.status == status
    assert words in result.stderr
    assert not (tmp_path / "out").exists()


def _manifest(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return read
