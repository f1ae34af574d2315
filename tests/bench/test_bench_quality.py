"""How fast every reading of a long log is put back on the paper, beside the plain loop over samples."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache

import numpy as np

from curvedesk.domain.curve import DigitisedCurve, DigitisedLog
from curvedesk.domain.sheet import Sheet, parse_sheet
from curvedesk.interchange.ink import GrayInk
from curvedesk.interchange.quality import assess
from curvedesk.interchange.quality_rules import FaultKind
from tests.bench.conftest import BenchReport

SAMPLES, ROW_PX, CURVES = 60_000, 5, 6


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


@cache
def _sheet() -> Sheet:
    height = SAMPLES * ROW_PX
    curves = [{"mnemonic": f"C{i}", "unit": "U", "left": 0, "right": 100} for i in range(CURVES)]
    tracks = [
        {
            "name": str(t),
            "edges": {"left": [[20 + 500 * t, 0], [20 + 500 * t, height]],
                      "right": [[480 + 500 * t, 0], [480 + 500 * t, height]]},
            "curves": curves[2 * t : 2 * t + 2],
        }
        for t in range(CURVES // 2)
    ]  # fmt: skip
    depth = {"unit": "FT", "ties": [[0, 0, 0.002], [height, SAMPLES / 2, 0.002]], "top": 1, "step": 0.5}
    depth["bottom"] = SAMPLES / 2 - 2
    return parse_sheet({"format": "curvedesk-sheet", "version": 1, "dpi": 200, "depth": depth, "tracks": tracks})


@cache
def _log_and_paper() -> tuple[DigitisedLog, GrayInk]:
    """Six swinging pens over a grid, each missing for fifty feet."""
    sheet = _sheet()
    depth = sheet.depth.sample_depths()
    gray = np.full((SAMPLES * ROW_PX, 1500), 255, np.uint8)
    gray[::50] = gray[:, ::40] = 0
    curves = []
    for i, (track, spec) in enumerate(sheet.curves()):
        values = 50 + 30 * np.sin(depth / 7 + i) + 5 * np.sin(depth * 1.3)
        x, y = (np.round(v).astype(int) for v in sheet.pixel_at(track, values / 100, depth))
        for dx in (-1, 0, 1):
            for dy in range(-2, 3):
                gray[np.clip(y + dy, 0, len(gray) - 1), x + dx] = 0
        values[3000 + 1000 * i : 3100 + 1000 * i] = np.nan
        curves.append(DigitisedCurve(spec.mnemonic, "U", values, np.full(len(depth), 0.9, np.float32), "drawn"))
    return DigitisedLog(sheet, depth, tuple(curves), (), "m", "s", "0" * 64), GrayInk(gray, 0.0, 0.0, 1.0)


def _plain_loop(log: DigitisedLog, ink: GrayInk) -> list[tuple[str, float]]:
    """Is there ink under each sample? Nothing else is asked, and one sample after another."""
    missed = []
    places = {spec.mnemonic: (track, spec) for track, spec in log.sheet.curves()}
    for curve in log.curves:
        track, spec = places[curve.mnemonic]
        for depth, value in zip(log.depth[::100].tolist(), curve.values[::100].tolist(), strict=True):
            if value == value:  # noqa: PLR0124
                fraction, _ = spec.scale.place_of(value)
                x, y = log.sheet.pixel_at(track, fraction, depth)
                row, column = round(float(y)), round(float(x))
                if not (ink.gray[row - 1 : row + 2, column - 3 : column + 4] < 128).any():
                    missed.append((curve.mnemonic, depth))
    return missed


def test_every_reading_of_a_long_log_beside_a_loop_over_samples(bench_report: BenchReport) -> None:
    """All six rules over 60,000 depths and six curves; the loop asks one question of every hundredth sample."""
    log, ink = _log_and_paper()
    assert _plain_loop(log, ink) == []
    plain = 100 * _seconds(lambda: _plain_loop(log, ink))
    ours = min(_seconds(lambda: assess(log, ink)) for _ in range(2))
    bench_report("quality of 60,000 depths x 6 curves beside a loop", ours, plain, unit="s")
    quality = assess(log, ink)
    assert {place.kind for place in quality.places} == {FaultKind.GAP}
    assert len(quality.places) == CURVES
