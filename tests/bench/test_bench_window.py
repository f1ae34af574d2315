"""The window with the sample open, beside the same window in a process that imported torch first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from tests.bench.conftest import BenchReport

ROOT = Path(__file__).resolve().parents[2]
RUNS = 3
MEASURE = """
import json, os, sys, time
began = time.perf_counter()
{first}
from PySide6.QtWidgets import QApplication
app = QApplication([])
from curvedesk.ui.app import open_window
window = open_window(app, ["demo"])
app.processEvents()
shown = time.perf_counter() - began
while window.desk is None or window.desk.sheet is None:
    app.processEvents()
    assert time.perf_counter() - began < 120
app.processEvents()
sys.stdout.write(json.dumps([shown, time.perf_counter() - began]))
sys.stdout.flush()
os._exit(0)
"""


def _seconds(first: str) -> tuple[float, float]:
    """Until the window is shown, and until the sample is in it: medians."""
    found = []
    for _ in range(RUNS):
        command = [sys.executable, "-c", MEASURE.format(first=first)]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout))
    return median(run[0] for run in found), median(run[1] for run in found)


def test_the_window_does_not_wait_for_torch(bench_report: BenchReport) -> None:
    ours, plain = _seconds(""), _seconds("import torch")
    bench_report("window shown / torch imported first", ours[0], plain[0], unit="s")
    bench_report("window with the sample open / torch imported first", ours[1], plain[1], unit="s")
    assert ours[0] < plain[0]  # two processes of one machine, and torch takes seconds


def test_the_window_goes_on_while_its_engine_learns(tmp_path: Path, bench_report: BenchReport) -> None:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "OMP_NUM_THREADS": "1",
        "CURVEDESK_HOME": str(tmp_path),
    }
    command = [sys.executable, "-m", "tests.bench.training_stalls"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=1800)
    found = json.loads(done.stdout)
    bench_report("longest stall of the window while training, CPU / 50 ms", found["busy_ms"], 50.0, unit="ms")
    bench_report("longest stall of the window while training, wall / 50 ms", found["wall_ms"], 50.0, unit="ms")
    assert found["beats"] > 100
