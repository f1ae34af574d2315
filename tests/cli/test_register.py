"""``curvedesk register``, and ``digitize`` without a sheet, as a user meets them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from curvedesk.cli import register
from curvedesk.cli.register import summary
from curvedesk.domain.sheet import load_sheet
from curvedesk.imaging import open_scan
from curvedesk.store.locations import bundled_resources_dir
from tests.conftest import RunCli

SAMPLE = bundled_resources_dir() / "sample" / "scan.tif"


def test_that_register_writes_a_sheet_and_says_how_sure_it_is(run_cli: RunCli, tmp_path: Path) -> None:
    done = run_cli("register", SAMPLE, "-o", "out.sheet.json")
    assert done.status == 0, done.stderr
    sheet = json.loads((tmp_path / "out.sheet.json").read_text())
    assert sheet["format"] == "curvedesk-sheet"
    assert len(sheet["depth"]["ties"]) >= 2
    assert "% sure" in done.stdout
    assert "px across the tracks" in done.stdout
    every = sheet["page"]["depth_lines"]["minor"]["every"]
    assert f"Grid:    a line every {every:g} ft" in done.stdout


def test_that_a_blank_page_gives_a_partial_sheet_that_says_what_is_missing(run_cli: RunCli, tmp_path: Path) -> None:
    assert cv2.imwrite(str(tmp_path / "blank.png"), np.full((900, 700), 255, np.uint8))
    done = run_cli("register", "blank.png", "-o", "out.sheet.json")
    assert done.status == 0, done.stderr
    sheet = json.loads((tmp_path / "out.sheet.json").read_text())
    assert sheet["depth"]["confidence"] == 0.0
    assert sheet["warnings"]
    assert "Warning:" in done.stdout


def test_that_digitize_refuses_a_page_it_cannot_read_in_one_sentence(run_cli: RunCli, tmp_path: Path) -> None:
    assert cv2.imwrite(str(tmp_path / "blank.png"), np.full((900, 700), 255, np.uint8))
    for more in ((), ("--partial",)):
        done = run_cli("digitize", "blank.png", "-o", "out.las", *more)
        assert done.status == 1
        assert done.stderr.count("\n") == 1
        assert "--sheet" in done.stderr
        assert not (tmp_path / "out.las").exists()


def test_that_a_scan_that_is_none_is_one_sentence_and_no_sheet(run_cli: RunCli, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no scan")
    done = run_cli("register", "notes.txt", "-o", "out.sheet.json")
    assert done.status == 1
    assert done.stderr.startswith("curvedesk: error:")
    assert not (tmp_path / "out.sheet.json").exists()


def test_that_the_output_may_not_be_the_scan(run_cli: RunCli) -> None:
    done = run_cli("register", SAMPLE, "-o", SAMPLE)
    assert done.status == 1
    assert "input" in done.stderr


def test_that_the_parts_of_a_print_are_told_in_words() -> None:
    parts = [
        {"kind": "main", "rows": [397.0, 4263.0], "depths": [3000.0, 4800.0], "ratio": "1:240"},
        {"kind": "repeat", "rows": [4617.2, 6260.0], "depths": [4000.0, 4500.0], "ratio": "1:240"},
        {"kind": "tail", "rows": [6400.0, 7000.0]},
    ]
    sheet = replace(load_sheet(SAMPLE.with_name("scan.sheet.json")), extra={"page": {"sections": parts}})
    (line,) = (line for line in summary(sheet) if line.startswith("Parts"))
    assert "repeat 4000-4500 at rows 4617 to 6260" in line
    assert "tail at rows 6400 to 7000" in line


def test_that_what_is_not_in_the_sheet_is_said_to_who_digitizes_without_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    read = load_sheet(SAMPLE.with_name("scan.sheet.json"))
    tracks = tuple(replace(t, curves=tuple(replace(c, confidence=0.9) for c in t.curves)) for t in read.tracks)
    said = "Depths 2700 to 3300 FT, at rows 26176 to 34171, are no part of this sheet; give them a sheet of their own."
    sure = replace(read, depth=replace(read.depth, confidence=0.99), tracks=tracks, extra={"warnings": [said]})
    monkeypatch.setattr(register, "register_scan", lambda *_args, **_options: sure)
    assert register.sheet_to_digitize(SAMPLE, tmp_path, partial=False).exists()
    assert f"Warning: {said}" in capsys.readouterr().out


def test_that_digitize_says_how_a_scan_lies_that_must_be_turned_first(run_cli: RunCli, tmp_path: Path) -> None:
    with open_scan(SAMPLE) as scan:
        assert cv2.imwrite(str(tmp_path / "over.png"), scan.read(0, 0, scan.width, scan.height)[::-1, ::-1])
    done = run_cli("digitize", "over.png", "-o", "out.las")
    assert done.status == 1
    assert "over.png: This scan lies upside down" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out.las").exists()
