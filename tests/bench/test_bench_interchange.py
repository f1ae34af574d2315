"""How much safety costs: the read-back LAS export beside lasio's bare write, sampling beside numpy.interp."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import lasio
import numpy as np

from curvedesk.domain.curve import DigitisedCurve, DigitisedLog, TracedCurve, sample
from curvedesk.domain.sheet import Sheet, parse_sheet
from curvedesk.interchange import write_las
from tests.bench.conftest import BenchReport

SAMPLES, CURVES, ROWS = 50_000, 5, 60_000


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    """Best of a few runs."""
    spent = []
    for _ in range(times):
        start = perf_counter()
        work()
        spent.append(perf_counter() - start)
    return min(spent)


def _sheet() -> Sheet:
    curves = [{"mnemonic": f"C{i}", "unit": "GAPI", "left": 0, "right": 150, "wrap": True} for i in range(CURVES)]
    track = {"edges": {"left": [[10, 0], [30, ROWS]], "right": [[810, 0], [830, ROWS]]}, "curves": curves}
    ties = [[y, 1000 + y / 2, 0.001] for y in range(0, ROWS + 1, 1000)]
    depth = {"unit": "FT", "x_px": 400, "ties": ties, "top": 1000, "bottom": 1000 + (SAMPLES - 1) / 2, "step": 0.5}
    return parse_sheet({"format": "curvedesk-sheet", "version": 1, "dpi": 200, "depth": depth, "tracks": [track]})


def _line(sheet: Sheet) -> TracedCurve:
    y = np.arange(float(ROWS))
    x = 400 + 300 * np.sin(y / 30)
    spec = sheet.tracks[0].curves[0]
    return TracedCurve(spec, sheet.tracks[0].name, x, y, np.zeros(ROWS, np.int32), np.ones(ROWS, np.float32))


def test_las_export(bench_report: BenchReport, tmp_path: Path) -> None:
    sheet = _sheet()
    depth = sheet.depth.sample_depths()
    rng = np.random.default_rng(1)
    sure = np.ones(SAMPLES, np.float32)
    curves = tuple(DigitisedCurve(f"C{i}", "GAPI", rng.uniform(0, 150, SAMPLES), sure, "pen") for i in range(CURVES))
    log = DigitisedLog(sheet, depth, curves, (), "m", "s.tif", "00" * 32)
    las = lasio.LASFile()
    las.append_curve("DEPT", depth, unit="FT")
    for curve in curves:
        las.append_curve(curve.mnemonic, curve.values, unit=curve.unit)
    ours = _seconds(lambda: write_las(log, tmp_path / "out.las"))
    bench_report("LAS, 50,000 x 5, beside lasio's write", ours, _seconds(lambda: las.write(io.StringIO())), unit="s")


def test_sampling(bench_report: BenchReport) -> None:
    sheet = _sheet()
    line, depth = _line(sheet), sheet.depth.sample_depths()
    ours = _seconds(lambda: sample([line], sheet, depth))
    plain = _seconds(lambda: np.interp(depth, 1000 + line.y_px / 2, line.x_px))
    bench_report(
        "sampling 60,000 points at 50,000 depths, beside numpy.interp", ROWS / ours, ROWS / plain, unit="rows/s"
    )
