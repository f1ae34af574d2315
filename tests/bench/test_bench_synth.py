"""How fast labelled paper is drawn, beside what it replaces."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from curvedesk.synth import crop, sheet, write_crops
from tests.bench.conftest import BenchReport


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def test_drawing_crops_beside_reading_them_from_disk(bench_report: BenchReport, tmp_path: Path) -> None:
    """Drawing anew must not cost much more than a pack of PNG files would."""
    number = 30
    write_crops(tmp_path, number, seed=1)
    files = [tmp_path / f"{i:05d}{kind}.png" for i in range(number) for kind in ("", ".label")]
    read = _seconds(lambda: [cv2.imread(str(path), cv2.IMREAD_UNCHANGED) for path in files])
    drawn = _seconds(lambda: [crop(np.random.default_rng((1, i))) for i in range(number)])
    bench_report("synth crop of 256 px, drawn / read from PNG", drawn / number * 1e3, read / number * 1e3, unit="ms")


def test_drawing_a_sheet_beside_its_area_in_crops(bench_report: BenchReport) -> None:
    """A whole log costs less than as many crops of the same area."""
    made = sheet(np.random.default_rng(3), styles=["modern-laser"], feet=300)
    whole = _seconds(lambda: sheet(np.random.default_rng(3), styles=["modern-laser"], feet=300))
    area = made.image.size * (200 / float(made.sheet.dpi or 200)) ** 2 / 1e6
    once = _seconds(lambda: [crop(np.random.default_rng((2, i)), styles=["modern-laser"]) for i in range(20)])
    bench_report(
        "synth whole log / the same area in crops", whole / area, once / (20 * 256 * 256 / 1e6), unit="s/Mpixel"
    )
