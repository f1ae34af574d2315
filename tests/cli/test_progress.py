"""The progress bar: on a terminal only, and never in the result."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPO

COMMAND = [sys.executable, "-m", "curvedesk", "synth", "-n", "6", "--size", "64", "-o", "out"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX: a pseudo-terminal")
def test_a_terminal_shows_what_is_done_and_the_time_left(tmp_path: Path, curvedesk_home: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(REPO), "TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run(
        COMMAND, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=theirs, check=True, timeout=120
    )
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert "Drawing" in shown
    assert "%" in shown
    assert "0:00:0" in shown
    assert done.stdout.decode() == "6 crops in out\n"


def test_a_pipe_carries_the_result_alone(tmp_path: Path, curvedesk_home: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(REPO)}
    done = subprocess.run(COMMAND, cwd=tmp_path, env=env, capture_output=True, check=True, timeout=120)
    assert (done.stdout.decode(), done.stderr) == ("6 crops in out\n", b"")
