"""Panning and zooming over a scan of 241,000 rows, beside painting it the plain way; and the memory that takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.bench.conftest import BenchReport

ROOT = Path(__file__).resolve().parents[2]
MINUTE = Path(__file__).with_name("canvas_minute.py")


def test_frames_brush_and_memory_over_a_very_tall_scan(tmp_path: Path, bench_report: BenchReport) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, str(MINUTE), str(tmp_path), "12"]
    # Made in one process and walked in another, since making the scan takes more memory than showing it.
    subprocess.run(command, env=env, check=True, capture_output=True, timeout=1200)
    done = subprocess.run(command, env=env, check=True, capture_output=True, text=True, timeout=1200)
    found = json.loads(done.stdout)
    plain = found["plain_ms"]
    bench_report("canvas frame, 241,000 x 2,400, median, beside plain painting", found["median_ms"], plain, unit="ms")
    bench_report("canvas frame, worst, beside plain painting", found["worst_ms"], found["plain_worst_ms"], unit="ms")
    bench_report("canvas pan over seen rows, beside plain painting", found["pan_ms"], plain, unit="ms")
    bench_report("brush move to painted stroke, beside plain painting", found["brush_ms"], plain, unit="ms")
    bench_report("canvas memory, whole log in sight", found["memory_mb"], 600.0, unit="MB")
    assert found["memory_mb"] < 600
    assert found["median_ms"] < plain
