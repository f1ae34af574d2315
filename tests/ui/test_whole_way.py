"""A whole log as a user does it, through a real window and the real engine, killed in the middle of a gesture."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import lasio
import numpy as np
import psutil
import pytest

from curvedesk.child import child_environment
from tests.conftest import REPO, RunCli
from tests.ui.a_user import PATIENCE_S
from tests.ui.real_log import MODEL, SmallLog, make_log

Sitting = subprocess.Popen[str]


@pytest.fixture
def log(tmp_path: Path, toy_weights: Path) -> SmallLog:
    """60 ft of one pen."""
    return make_log(tmp_path, toy_weights, feet=60)


@pytest.fixture
def sittings() -> Iterator[list[Sitting]]:
    """Windows that were opened; none is left."""
    opened: list[Sitting] = []
    yield opened
    for window in opened:
        window.kill()
        window.communicate()


def sit_down(sittings: list[Sitting], what: str, folder: Path) -> Sitting:
    """Open a window in a process of its own."""
    environment = child_environment(QT_QPA_PLATFORM=os.environ["QT_QPA_PLATFORM"], OMP_NUM_THREADS="1")
    command = (sys.executable, "-m", "tests.ui.a_user", what, str(folder))
    pipe = subprocess.PIPE
    sittings.append(
        subprocess.Popen(command, cwd=REPO, env=environment, stdout=pipe, stderr=pipe, text=True, encoding="utf-8")
    )
    return sittings[-1]


def told_by(window: Sitting) -> dict[str, Any]:
    """What it tells in its one line; where it tells nothing, its complaint fails the test."""
    assert window.stdout is not None
    assert window.stderr is not None
    line = window.stdout.readline()
    assert line, window.stderr.read()
    said = json.loads(line)
    assert isinstance(said, dict)
    return said


def test_a_model_that_learnt_from_strokes_is_taken_back_put_to_use_again_and_exported(
    log: SmallLog, sittings: list[Sitting], tmp_path: Path
) -> None:
    assert log.scan.exists()
    sitting = sit_down(sittings, "improve", tmp_path)
    told = told_by(sitting)
    assert told["preview"].startswith("Preview of what it learns, step ")
    where, way_on = told["resting"]
    assert where.startswith("Paused at step ")
    assert way_on == "Go on"

    drawn, adopted, undone, redone = (told[name] for name in ("drawn", "adopted", "undo", "redo"))
    assert (drawn["model"], adopted["model"], undone["model"], redone["model"]) == (
        MODEL, "improved-1", MODEL, "improved-1",
    )  # fmt: skip
    assert (undone["uses"], redone["uses"]) == (MODEL, "improved-1")
    assert adopted["preview"] == ""
    assert adopted["said"] == "The new model is better, says a test."
    assert told["compared"]
    assert undone["curves"] == drawn["curves"]  # one step back: the model and what it had found
    assert redone["curves"] == adopted["curves"]
    assert len(told["strokes"]) == 3
    assert not told["torch"]
    exported = lasio.read(tmp_path / "scan.las")
    assert "improved-1" in [str(item.value) for item in exported.params], told["said"]
    assert sitting.wait(PATIENCE_S) == 0


def test_a_log_from_scan_to_las_survives_a_kill_and_equals_the_command_line(
    log: SmallLog, sittings: list[Sitting], tmp_path: Path, run_cli: RunCli
) -> None:
    first = sit_down(sittings, "draw", tmp_path)
    before = told_by(first)
    assert [len(before[name]["strokes"]) for name in ("three", "two", "again")] == [3, 2, 3]
    assert before["two"]["curves"] != before["three"]["curves"] == before["again"]["curves"]
    assert (before["clean"], before["half_drawn"], before["torch"], before["model"]) == (True, True, False, MODEL)
    assert len(before["strokes"]) == 4
    engine = psutil.Process(before["engine"])

    first.kill()
    first.wait()
    until = monotonic() + PATIENCE_S
    while engine.is_running() and engine.status() != psutil.STATUS_ZOMBIE:  # it hears that its window is gone
        assert monotonic() < until, "the engine outlived its window"
        sleep(0.1)

    second = sit_down(sittings, "return", tmp_path)
    after = told_by(second)
    assert after["strokes"] == before["strokes"]  # all but the gesture in progress
    assert after["dirty"]
    assert after["history"][: len(before["history"])] == before["history"]
    assert after["files"] == [str(tmp_path / "log.las")], after["said"]
    assert second.wait(PATIENCE_S) == 0

    strokes, expected = tmp_path / "drawn.strokes.json", tmp_path / "expected" / "log.las"
    expected.parent.mkdir()
    done = run_cli(
        "digitize", log.scan, "--sheet", log.sheet, "--strokes", strokes, "--model", MODEL, "-o", expected
    )  # fmt: skip
    assert (done.status, done.stderr) == (0, "")
    assert (tmp_path / "log.las").read_bytes() == expected.read_bytes()
    assert np.isfinite(lasio.read(expected)["GR"]).any()
