"""A simulated analyst: a benchmark of strokes and learning that needs no people, on sheets whose truth is known.

It looks where the tracer is least sure, draws there with a hand that shakes, accepts stretches that are right, and has
the network learn. What counts is the error on rows that it never touched.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from curvedesk.analyst_hand import APART_PX, TALL_PX, Analyst, Truth, said_by
from curvedesk.domain.curve import DigitisedLog, TracedCurve
from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.sheet import Sheet, load_sheet
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, Stroke, rows_of
from curvedesk.imaging import Scan, open_scan
from curvedesk.improve import improve
from curvedesk.interchange.log import read_log, source_of
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.evaluate_sheets import read_las, score_log
from curvedesk.learn.finetune import FinetuneConfig
from curvedesk.learn.report import Report, means, table_of
from curvedesk.pipeline import find_ink, trace_sheet
from curvedesk.tracing.region import logged_box
from curvedesk.tracing.track import Evidence


def simulate(
    folder: Path,
    model: Model,
    *,
    names: Sequence[str] = (),
    analyst: Analyst | None = None,
    device: str = "auto",
    notify: Callable[[float], None] = lambda _fraction: None,
) -> Report:
    """Mean error on untouched rows (% of the track): before, with strokes alone, with a network that learnt from them.

    `folder` holds sheets with truth: NAME/scan.*, sheet.json, truth.las. Raises CurveDeskError.
    """
    analyst = analyst or Analyst()
    cases = [path.parent for path in sorted(folder.glob("*/truth.las")) if not names or path.parent.name in names]
    if not cases:
        raise CurveDeskError(f"{folder} holds no sheets with truth (NAME/truth.las): give another --data.")
    rows: dict[str, dict[str, float | None]] = {}
    for i, case in enumerate(cases):
        rows[case.name] = _one(case, model, analyst, device)
        notify((i + 1) / len(cases))
    rows["mean"] = means(list(rows.values()))
    note = (
        f"{analyst.strokes} strokes, {analyst.accepts} accepted stretches of {TALL_PX:.0f} rows, seed {analyst.seed}; "
        f"at most {analyst.max_seconds:.0f} s a sheet for learning and judging. Error: mean, % of the track, on rows "
        "that were never touched; right: share of them within 2 %."
    )
    return Report("strokes", model.id, note, (table_of("A simulated analyst", "sheet", rows),))


def _one(case: Path, model: Model, analyst: Analyst, device: str) -> dict[str, float | None]:
    sheet = load_sheet(case / "sheet.json")
    truth = _truth(case / "truth.las", sheet)
    with (
        open_scan(next(iter(sorted(case.glob("scan.*")))), dpi=sheet.dpi) as scan,
        tempfile.TemporaryDirectory() as job,
    ):
        dpi = sheet.dpi or scan.dpi
        ink = _ink(scan, sheet, model, dpi, device)
        before = _traced(sheet, ink, (), dpi)
        said = said_by(before, truth, analyst, dpi)
        bound = _traced(sheet, ink, said, dpi)
        config = FinetuneConfig(seed=analyst.seed)
        outcome = improve(
            scan, sheet, said, model, folder=Path(job), config=config, device=device, max_seconds=analyst.max_seconds
        )
        learnt = replace(model, net=outcome.net)
        after = _traced(sheet, _ink(scan, sheet, learnt, dpi, device), said, dpi) if outcome.verdict.adopted else bound
        logs = [read_log(source_of(scan), sheet, (), model.id, lines) for lines in (before, bound, after)]
    figures = [_untouched(log, case / "truth.las", said, dpi) for log in logs]
    named = zip(("before", "strokes alone", "and learnt"), figures, strict=True)
    result: dict[str, float | None] = {}
    for name, (error, right) in named:
        result |= {f"{name}, error": error, f"{name}, right": right}
    return result | {
        "adopted": float(outcome.verdict.adopted),
        "steps": float(outcome.steps),
        "seconds": outcome.seconds,
    }


def _truth(path: Path, sheet: Sheet) -> Truth:
    """Where the pens ran, from the values they drew."""
    depth, values = read_las(path)
    found: Truth = {}
    for track, spec in sheet.curves():
        drawn = values.get(spec.mnemonic.upper())
        if drawn is None or not spec.digitize:
            continue
        fraction, turn = spec.scale.place_of(drawn)
        points = np.column_stack(sheet.pixel_at(track, fraction, depth))
        points[np.flatnonzero(np.diff(turn)) + 1] = np.nan  # a wrap parts the line
        points[~np.isfinite(drawn)] = np.nan
        found[spec.mnemonic] = points
    return found


def _ink(scan: Scan, sheet: Sheet, model: Model, dpi: float, device: str) -> Evidence:
    box = logged_box(sheet, dpi=dpi, width=scan.width, height=scan.height)
    return find_ink(scan, box, model, dpi=dpi, device=device)


def _traced(sheet: Sheet, ink: Evidence, said: Sequence[Stroke], dpi: float) -> list[TracedCurve]:
    return [line for lines in trace_sheet(sheet, ink, said, dpi=dpi).values() for line in lines]


def _untouched(log: DigitisedLog, truth: Path, said: Sequence[Stroke], dpi: float) -> tuple[float | None, float | None]:
    """Mean error in % of the track, and share within 2 %, leaving out depths at which anything was said."""
    curves = []
    for curve in log.curves:
        values = curve.values.copy()
        for stroke in said:
            assert isinstance(stroke, CurveStroke | AcceptStroke)
            if stroke.curve == curve.mnemonic:
                first, last = rows_of(stroke)
                apart = APART_PX * dpi / 200.0
                low, high = log.sheet.depth.depth_of_level(np.array([first - apart, last + apart]))
                values[(log.depth >= low) & (log.depth <= high)] = np.nan
        curves.append(replace(curve, values=values))
    scores = list(score_log(replace(log, curves=tuple(curves)), truth).values())
    mean = means(scores)
    return mean["mae_pct"], mean["within_2pct"]
