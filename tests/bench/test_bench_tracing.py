"""How fast pens are traced, beside the plainest way to do it."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.scales import ValueScale
from curvedesk.domain.sheet import CurveSpec
from curvedesk.tracing.constraints import Bounds
from curvedesk.tracing.pens import trace_pens
from curvedesk.tracing.standing import straight_solid
from curvedesk.tracing.strip import MARGIN_PX, straighten, strip_of
from tests.bench.conftest import BenchReport
from tests.tracing.makers import gr, ideal, make_sheet, pen_line

ROWS, COLUMNS = 50_000, 500


def _seconds(work: Callable[[], object]) -> float:
    """Of one core's time: on a busy machine the clock on the wall would tell about the others."""
    start = time.process_time()
    work()
    return time.process_time() - start


def _pen() -> NDArray[np.uint8]:
    """A 3 px pen that swings down a tall strip."""
    rows = np.arange(ROWS)
    x = np.rint(250 + 150 * np.sin(rows / 170) + 60 * np.sin(rows / 41)).astype(int)
    evidence = np.zeros((ROWS, COLUMNS), np.uint8)
    for shift in (-1, 0, 1):
        evidence[rows, x + shift] = 255
    return evidence


def _row_by_row(evidence: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Viterbi with one position a row and steps of at most one column: no level runs, no gaps, no scales."""
    cost = -np.log(np.maximum(evidence / np.float32(255), 0.04)).astype(np.float32)
    best, step = cost[0], np.zeros(evidence.shape, np.int8)
    for row in range(1, len(evidence)):
        padded = np.pad(best, 1, constant_values=np.inf)
        near = np.stack([padded[1:-1], padded[:-2] + np.float32(0.06), padded[2:] + np.float32(0.06)])
        step[row] = np.argmin(near, axis=0)
        best = near.min(0) + cost[row]
    at = np.empty(len(evidence), np.int64)
    at[-1] = np.argmin(best)
    for row in range(len(evidence) - 1, 0, -1):
        at[row - 1] = at[row] + (0, -1, 1)[step[row, at[row]]]
    return at


def test_tracing_a_tall_strip_beside_a_viterbi_of_single_steps(bench_report: BenchReport) -> None:
    """What level swings, gaps, sub-pixel places and reading the paper cost over the plainest path of probability."""
    evidence, none = _pen(), np.zeros((ROWS, COLUMNS), np.uint8)
    gray = 255 - evidence
    gray[::20] = np.minimum(gray[::20], 160)
    spec = CurveSpec("GR", "GAPI", ValueScale(0, 150))
    width = COLUMNS - 1 - 2 * MARGIN_PX
    traced = _seconds(lambda: trace_pens([spec], evidence, none, [Bounds()], gray=gray, width=width))
    plain = _seconds(lambda: _row_by_row(evidence))
    bench_report("tracing 50,000 x 500, ours / single-step Viterbi", ROWS / traced, ROWS / plain, unit="rows/s")


def test_looking_for_standing_pens_beside_straightening_the_same_strip(bench_report: BenchReport) -> None:
    """What following pens at rest adds to what each strip costs anyway."""
    sheet = make_sheet([gr()], feet=2000, width_px=400)
    evidence = ideal(sheet, [pen_line(sheet, "GR", lambda depth: 50 + 30 * np.sin(depth / 9) * (depth % 200 > 40))])
    strip, solid = strip_of(sheet, sheet.tracks[0], dpi=200), evidence.probability[0]
    ours = _seconds(lambda: straight_solid(strip, solid, evidence.gray, evidence.window))
    plain = _seconds(lambda: straighten(strip, solid, evidence.window))
    bench_report("a strip of 20,000 rows with standing pens / without", ours, plain, unit="s")
