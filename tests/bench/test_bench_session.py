"""What keeping every edit costs: a stroke with its trace on six curves of 60,000 rows, beside writing whole curves."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter, thread_time

import numpy as np
import pytest

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import Prediction, ScanRef, curve_keys
from curvedesk.domain.sheet import parse_sheet
from curvedesk.domain.strokes import CurveStroke
from curvedesk.session.commands import AddStroke, OpenScan, ReplaceCurves, SetPrediction, SetSheet
from curvedesk.session.curve_edits import columns_of
from curvedesk.session.document import Document
from curvedesk.session.files import close_document, new_document, open_project, save_project
from curvedesk.session.recovery import recover, recoverable
from tests.bench.conftest import BenchReport

ROWS, CURVES, WINDOW = 60_000, 6, 400


@pytest.fixture
def document() -> Iterator[Document]:
    document = new_document()
    curves = [{"mnemonic": f"C{i}", "unit": "GAPI", "left": 0, "right": 150} for i in range(CURVES)]
    track = {"edges": {"left": [[0, 0], [0, ROWS]], "right": [[800, 0], [800, ROWS]]}, "curves": curves}
    depth = {"unit": "FT", "x_px": 400, "ties": [[0, 0], [ROWS, ROWS / 2]], "top": 0, "bottom": ROWS / 2, "step": 0.5}
    sheet = parse_sheet({"format": "curvedesk-sheet", "version": 1, "dpi": 200, "depth": depth, "tracks": [track]})
    document.execute(OpenScan(ScanRef("/a.tif", "00" * 32, 0, 1000, ROWS, 200.0)))
    document.execute(SetSheet(sheet))
    lines = {key: _line(spec, track.name, i) for i, (key, (track, spec)) in enumerate(curve_keys(sheet).items())}
    document.execute(SetPrediction(Prediction("e", "m", "p"), lines))
    yield document
    close_document(document)


def _line(spec: object, track: str, seed: int) -> TracedCurve:
    x = 400 + np.cumsum(np.random.default_rng(seed).normal(size=ROWS))
    x[5000:5100] = np.nan
    return TracedCurve(spec, track, x, np.arange(float(ROWS)), np.zeros(ROWS, np.int32), np.ones(ROWS, np.float32))  # type: ignore[arg-type]


def _stroke_and_trace(document: Document, at: int) -> tuple[float, float]:
    """Seconds of the two commands, the way a stroke makes them: on the clock, and of the processor."""
    points = tuple((float(i), float(at + i)) for i in range(100))
    curve = document.project.curves["1/C1"]
    x = curve.x_px.copy()
    x[at : at + WINDOW] += 1.0
    start, busy = perf_counter(), thread_time()
    change = document.execute(AddStroke(CurveStroke("C1", points)))
    document.execute(ReplaceCurves({"1/C1": replace(curve, x_px=x)}, (at, at + WINDOW)), joins=change.entry)
    return perf_counter() - start, thread_time() - busy


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def test_a_stroke_beside_writing_whole_curves(document: Document, tmp_path: Path, bench_report: BenchReport) -> None:
    spent = sorted(_stroke_and_trace(document, 10_000 + 500 * i) for i in range(40))
    naive = []
    with (tmp_path / "naive").open("wb") as file:
        for _ in range(10):
            start = perf_counter()
            for curve in document.project.curves.values():
                for column in columns_of(curve):
                    file.write(column.tobytes())
            file.write(json.dumps({"stroke": [[1.0, 2.0]] * 100}).encode())
            file.flush()
            os.fsync(file.fileno())
            naive.append(perf_counter() - start)
    name = "stroke + trace of 6 x 60,000 rows, journalled"
    bench_report(f"{name}, beside all curves written and flushed", spent[20][0], sorted(naive)[5], unit="s")
    bench_report(f"{name}, the slowest of 40", spent[-1][0], sorted(naive)[5], unit="s")
    busy = sorted(busy for _, busy in spent)
    bench_report(f"{name}, processor's time", busy[20], sorted(naive)[5], unit="s")


def test_the_journal_of_a_stroke_beside_a_whole_curve(document: Document, bench_report: BenchReport) -> None:
    files = list((Path(os.environ["CURVEDESK_HOME"]) / "data" / "journals").glob("*.journal"))
    before = files[0].stat().st_size
    _stroke_and_trace(document, 20_000)
    bench_report("journal bytes of a stroke", files[0].stat().st_size - before, ROWS * 24 * CURVES, unit="bytes")


def test_undo_and_redo(document: Document, bench_report: BenchReport) -> None:
    _stroke_and_trace(document, 30_000)
    undo, redo = _seconds(document.undo), _seconds(document.redo)
    copies = _seconds(lambda: [[c.copy() for c in columns_of(v)] for v in document.project.curves.values()])
    bench_report("undo of a stroke, beside copying all curves", undo, copies, unit="s")
    bench_report("redo of a stroke, beside copying all curves", redo, copies, unit="s")


def test_save_open_and_recover(document: Document, tmp_path: Path, bench_report: BenchReport) -> None:
    def plain() -> None:
        arrays = {
            f"{i}{j}": c for i, v in enumerate(document.project.curves.values()) for j, c in enumerate(columns_of(v))
        }
        np.savez(tmp_path / "plain.npz", **arrays)

    bare = _seconds(plain)
    for i in range(100):
        _stroke_and_trace(document, 10_000 + 400 * i)
    bench_report(
        "save, beside numpy.savez", _seconds(lambda: save_project(document, tmp_path / "a.curvedesk")), bare, unit="s"
    )
    for i in range(100):
        _stroke_and_trace(document, 10_000 + 400 * i)
    close_document(document, keep=True)
    opened: list[Document] = []
    bench_report(
        "open, beside numpy.savez",
        _seconds(lambda: opened.append(open_project(tmp_path / "a.curvedesk", read_only=True))),
        bare,
        unit="s",
    )
    (found,) = recoverable()
    again: list[Document] = []
    bench_report(
        "recovery of 200 edits, beside numpy.savez", _seconds(lambda: again.append(recover(found))), bare, unit="s"
    )
    close_document(again[0])
