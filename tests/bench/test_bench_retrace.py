"""From a stroke to its new curve, beside tracing the whole track."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.strokes import CurveStroke, NotCurveStroke, Stroke
from curvedesk.tracing.local import retrace
from curvedesk.tracing.strip import Window
from curvedesk.tracing.track import Evidence, trace_track
from tests.bench.conftest import BenchReport
from tests.tracing.makers import cali, gr, make_sheet, sp

FEET = 6_000  # ten rows each: a log of 60,000 rows
ROWS = 62
WIDTH_PX = 450
PERIOD = 1_000  # rows after which the log repeats, so that making it takes no time
SHORT_FEET = 140


def _log(feet: int) -> Sheet:
    tall: dict[str, Any] = {"feet": feet, "width_px": WIDTH_PX}
    return make_sheet([gr(), cali()], [gr(mnemonic="ILD", wrap=True), sp(), cali(mnemonic="SFL")], **tall)


def _evidence(sheet: Sheet) -> Evidence:
    """Pens that swing each about a middle of its own, the same again every PERIOD rows."""
    y = np.arange(FEET * 10 + 160, dtype=np.float64)
    probability = np.zeros((2, y.size, 2 * (WIDTH_PX + 40) + 80), np.uint8)
    turn = 2 * np.pi * y / PERIOD
    for track in sheet.tracks:
        for number, spec in enumerate(track.curves):
            swing = 0.06 * np.sin((3 + number) * turn) + 0.03 * np.sin((7 + 2 * number) * turn)
            column = np.rint(track.x_at(0.2 + 0.27 * number + swing, y)).astype(int)
            for beside in (-1, 0, 1):
                probability[1 if spec.mnemonic == "SP" else 0, np.arange(y.size), column + beside] = 255
    return Evidence(probability, 255 - probability.max(0), Window(0, 0, 1.0))


def _repeated(line: TracedCurve) -> TracedCurve:
    """A line of the first rows, traced, as it would be all down the log."""
    first = int(np.flatnonzero(line.y_px >= 160)[0])
    last = int(np.flatnonzero(line.y_px >= 160 + PERIOD)[0])
    times = FEET * 10 // PERIOD + 1
    part = [column[first:last] for column in (line.x_px, line.y_px, line.turn, line.confidence)]
    x, y, turn, sure = (np.tile(column, times) for column in part)
    y = y + np.repeat(PERIOD * np.arange(-1, times - 1), last - first)
    here = (y >= 60) & (y <= 60 + FEET * 10)
    return TracedCurve(line.spec, line.track, x[here], y[here], turn[here], sure[here])


def _stroke(kind: str, line: TracedCurve, row: int) -> Stroke:
    points = tuple((float(line.x_px[i] + 6), float(line.y_px[i])) for i in range(row, row + ROWS, 6))
    return CurveStroke(line.spec.mnemonic, points) if kind == "curve" else NotCurveStroke(points, 16.0)


@pytest.mark.parametrize("kind", ["curve", "not_curve"])
def test_a_stroke_on_60000_rows_beside_tracing_the_whole_track(bench_report: BenchReport, kind: str) -> None:
    """Of five curves in two tracks, three strokes each; the baseline is the whole track, scaled from its first rows."""
    sheet, short = _log(FEET), _log(SHORT_FEET)
    evidence = _evidence(sheet)
    times, whole, moved = [], [], 0
    for track, first in zip(sheet.tracks, short.tracks, strict=True):
        start = time.process_time()
        traced = trace_track(short, first, evidence, dpi=200)
        whole.append((time.process_time() - start) * FEET / SHORT_FEET)
        lines = [_repeated(line) for line in traced]
        for line in (line for line in lines for _ in range(3)):
            said = (_stroke(kind, line, 5_000 + 8_300 * len(times) % 50_000),)
            start = time.process_time()  # of one core: the clock on the wall would tell about the others
            found = retrace(sheet, track, evidence, lines, dpi=200, before=(), after=said)
            times.append(time.process_time() - start)
            moved += bool(found.curves)
    assert moved == len(times) == 15
    for name, took in (("median", float(np.median(times))), ("worst", max(times))):
        bench_report(f"stroke to curve ({kind}), {name} / whole track", took, float(np.mean(whole)), unit="s")
