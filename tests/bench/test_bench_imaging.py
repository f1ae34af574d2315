"""A tall fax scan: its header and its pyramid, beside reading it whole the plain way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.bench.conftest import BenchReport

ROOT = Path(__file__).resolve().parents[2]
HEIGHT, WIDTH = 100_000, 1_600
# A process inherits the peak of the one it was started from, and pytest's is large; a small one stands between.
LAUNCH = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"
MEASURE = """
import json, resource, sys, time
start, path, folder = time.perf_counter, sys.argv[1], sys.argv[2]
{setup}
t0 = start()
{header}
t1 = start()
{work}
t2 = start()
{after}
peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps({{"header_ms": 1000 * (t1 - t0), "work_s": t2 - t1, "peak_mb": sum(peaks)}}))
"""
OURS = {
    "setup": """
from pathlib import Path
from curvedesk.imaging import open_scan
from curvedesk.imaging.client import shared_decoder
from curvedesk.imaging.pyramid import TileCache""",
    "header": "scan = open_scan(path)",
    "work": "TileCache(Path(folder)).build(scan)",
    "after": "shared_decoder().close()",
}
PLAIN = {
    "setup": "import cv2, numpy, tifffile",
    "header": "tifffile.TiffFile(path).pages[0].shape",
    "work": """
image = (tifffile.imread(path) > 0).astype(numpy.uint8) * 255
level = 0
while max(image.shape) > 512:
    cv2.imwrite(f"{folder}-{level}.png", image)
    image = cv2.resize(image, (image.shape[1] // 2, image.shape[0] // 2), interpolation=cv2.INTER_AREA)
    level += 1""",
    "after": "",
}


@pytest.fixture(scope="module")
def tall_scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One Group 4 strip of a grid with a wandering pen, made anew for the run."""
    y, x = np.mgrid[:2000, :WIDTH].astype(np.float32)
    block = (x % 40 == 3) | (y % 50 == 7) | (np.abs(x - 500 - 300 * np.sin(y / 60) - 90 * np.sin(y / 7)) < 2)
    image = np.tile(np.where(block, 0, 255).astype(np.uint8), (HEIGHT // 2000, 1))
    path = tmp_path_factory.mktemp("bench") / "tall.tif"
    Image.fromarray(image).convert("1").save(path, compression="group4", dpi=(400, 400), tiffinfo={278: HEIGHT})
    return path


def measured(steps: dict[str, str], path: Path, folder: Path) -> dict[str, float]:
    """Time and peak memory (its own and its children's, summed) of the steps in a fresh process."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", LAUNCH, sys.executable, "-c", MEASURE.format(**steps), str(path), str(folder)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=300)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def test_header_and_pyramid_of_a_tall_fax_scan(tall_scan: Path, tmp_path: Path, bench_report: BenchReport) -> None:
    ours = measured(OURS, tall_scan, tmp_path / "tiles")
    plain = measured(PLAIN, tall_scan, tmp_path / "plain")
    pixels = f"{HEIGHT} x {WIDTH} G4"
    bench_report(f"scan header, {pixels}, beside tifffile", ours["header_ms"], plain["header_ms"], unit="ms")
    bench_report(f"scan pyramid, {pixels}, beside imread and PNG levels", ours["work_s"], plain["work_s"], unit="s")
    bench_report(f"scan pyramid peak memory, {pixels}", ours["peak_mb"], plain["peak_mb"], unit="MiB")
    assert ours["peak_mb"] < 600
