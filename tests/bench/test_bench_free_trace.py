"""Tracing a tall region without a sheet, beside the bare skeleton that any such tracer starts from."""

from __future__ import annotations

from time import perf_counter

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.morphology import skeletonize

from curvedesk.tracing.free import trace_free
from tests.bench.conftest import BenchReport

ROWS, WIDTH, PENS = 50_000, 1_700, 5


def _pens() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Probabilities of pens that wander over the whole width, crossing now and then; every other one dashed."""
    rng, block = np.random.default_rng(5), 5_000  # OpenCV draws on images of limited height
    found = np.zeros((2, ROWS, WIDTH), np.uint8)
    y = np.arange(0.0, ROWS, 5)
    for k in range(PENS):
        walk = np.cumsum(rng.normal(size=y.size)) * 12
        x = np.abs((walk + 300 * k) % (2 * WIDTH) - WIDTH)
        line = np.rint(np.stack([x, y], 1) * 16).astype(np.int32)
        for top in range(0, ROWS, block):
            part = line[(y >= top - 50) & (y < top + block + 50)] - [0, top * 16]
            cv2.polylines(found[k % 2, top : top + block], [part], False, 255, 3, cv2.LINE_AA, 4)
    return found[0], found[1]


def test_tracing_without_a_sheet_beside_a_bare_skeleton(bench_report: BenchReport) -> None:
    solid, dashed = _pens()
    start = perf_counter()
    curves = trace_free(solid, dashed)
    traced = perf_counter() - start
    start = perf_counter()
    skeletonize(np.maximum(solid, dashed) > 127)
    bare = perf_counter() - start
    assert sum(len(curve.points) for curve in curves) > 0.8 * PENS * ROWS
    bench_report("free trace of 50,000 rows, whole / bare skeletonize", ROWS / traced, ROWS / bare, unit="rows/s")
