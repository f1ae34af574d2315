"""curvedesk pretrain, and train --encoder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import PaperLog
from tests.conftest import RunCli

TOY = ("--batch", "1", "--size", "32", "--device", "cpu")


def test_scans_become_an_encoder_that_a_training_starts_from(
    run_cli: RunCli, paper_log: PaperLog, tmp_path: Path
) -> None:
    (tmp_path / "scans").mkdir()
    paper_log.scan.rename(tmp_path / "scans" / "log.png")
    (tmp_path / "scans" / "broken.tif").write_bytes(b"no scan")
    result = run_cli("pretrain", "scans", "--steps", "2", *TOY, "-o", "enc")
    assert result.status == 0, result.stderr
    assert "step 2 of 2" in result.stdout
    assert "ratio" in result.stdout
    assert "left out" in result.stderr
    assert "broken.tif" in result.stderr
    files = {path.name for path in (tmp_path / "enc").iterdir()}
    assert {"encoder.json", "encoder.safetensors", "card.md", "log.jsonl", "loss.svg"} <= files
    options = ("--encoder", "enc", "--front", "3", "--no-bottleneck", "--frozen", "--steps", "1")
    result = run_cli("train", *options, *TOY, "-o", "model")
    assert (result.status, result.stderr) == (0, "")
    manifest = json.loads((tmp_path / "model" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["parent"] == "enc"
    training = manifest["training"]
    assert (training["front"], training["bottleneck"], training["frozen"]) == (3, False, True)
    assert training["encoder"].startswith("enc@")
    result = run_cli("train", "--encoder", "enc", "--norm", "half", *TOY, "-o", "other")
    assert result.status == 1
    assert result.stderr.count("\n") == 1
    assert "--norm half-or-16" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("pretrain", "nowhere", "-o", "enc"), "nowhere"),
        (("pretrain", "log.png", "--mix", "blur", "-o", "enc"), "blur"),
        (("train", "--encoder", "nowhere", "-o", "enc"), "nowhere"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_nothing_is_made(
    run_cli: RunCli, paper_log: PaperLog, tmp_path: Path, arguments: tuple[str, ...], word: str
) -> None:
    result = run_cli(*arguments)
    assert result.status == 1
    assert word in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "enc").exists()


@pytest.mark.parametrize("options", [("--frozen",), ("--base", "a", "--encoder", "b"), ("--front", "6")])
def test_starts_that_make_no_sense_are_wrong_usage(run_cli: RunCli, options: tuple[str, ...]) -> None:
    assert run_cli("train", *options, "-o", "model").status == 2
