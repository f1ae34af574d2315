"""A simulated analyst: a benchmark of strokes and learning that needs no people, on sheets whose truth is known.

It looks where the overlay lies worst beside the ink, draws there with a hand that shakes, accepts stretches that are
right, and has the network learn. What counts is the error on rows that it never touched.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from curvedesk.analyst_begin import BEGUN, Begin, begun
from curvedesk.analyst_cases import Case, Teaching, cases_in, given, opened
from curvedesk.analyst_hand import TALL_PX, Analyst, hand_seconds, said_by
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.finetune import FinetuneConfig
from curvedesk.learn.report import Report, means, table_of
from curvedesk.tracing.track import Evidence

BEFORE, ALONE, LEARNT = "before", "strokes alone", "and learnt"
_DRAWS = 4000
_FEW_SHEETS = 3  # that say nothing of others

Row = dict[str, float | None]


def simulate(
    folder: Path | None,
    model: Model,
    *,
    names: Sequence[str] = (),
    seeds: Sequence[int] = (1,),
    analyst: Analyst | None = None,
    config: FinetuneConfig | None = None,
    begin: Begin = Begin.MASK,
    rows: float | None = None,
    device: str = "auto",
    notify: Callable[[float], None] = lambda _fraction: None,
) -> Report:
    """Mean error on untouched rows (% of the track): before, with strokes alone, with a network that learnt from them.

    `folder` holds sheets with truth: NAME/scan.*, sheet.json, truth.las; without one, they are drawn in styles that no
    training sees. The middle `rows` at 200 dpi of each are worked on, by one hand a seed. `begin` says from which
    network is learnt. Raises CurveDeskError.
    """
    hand = analyst or Analyst()
    first, settings = begun(model, begin, config or FinetuneConfig())
    runs: dict[str, Row] = {}
    with given(folder) as sheets_in:
        cases = cases_in(sheets_in, names)
        for i, path in enumerate(cases):
            with opened(path, rows or np.inf) as case:
                ink = case.ink(model, device)
                for k, seed in enumerate(seeds):
                    teaching = Teaching(replace(settings, seed=seed), device, hand.max_seconds, first)
                    runs[f"{case.name}, {seed}"] = _one(case, ink, model, replace(hand, seed=seed), teaching)
                    notify((i * len(seeds) + k + 1) / (len(cases) * len(seeds)))
    sheets = _by_sheet(runs)
    tables = (
        table_of("A simulated analyst", "sheet", sheets | {"mean": means(list(sheets.values()))}),
        table_of("Each run", "sheet, seed", runs),
    )
    return Report("strokes", model.id, BEGUN[begin] + _note(sheets, hand, seeds, rows), tables)


def _one(case: Case, ink: Evidence, model: Model, analyst: Analyst, teaching: Teaching) -> Row:
    tracer = case.tracer(ink)
    lines = {BEFORE: tracer()}
    turns = case.turns if analyst.reads_scales else None
    said = said_by(tracer, case.truth, analyst, case.dpi, turns, shows=tracer.shows)
    lines[ALONE] = tracer(said)
    began = time.process_time()
    outcome = teaching.learnt(case, said, model)
    spent, told = time.process_time() - began, outcome.verdict
    lines[LEARNT] = lines[ALONE]
    if told.adopted:
        lines[LEARNT] = case.tracer(case.ink(replace(model, net=outcome.net), teaching.device))(said)
    figures = {name: case.scores(found, said) for name, found in lines.items()}
    row: Row = {f"{name}, error": figure.error_pct for name, figure in figures.items()}
    row |= {f"{name}, off": figure.off_pct for name, figure in figures.items()}
    row |= {f"{name}, right": figure.right for name, figure in figures.items()}
    return row | {
        "adopted": float(told.adopted),
        "held out, before": told.before.error_pct,
        "held out, learnt": told.after.error_pct,
        "replay": told.after.replay - told.before.replay,
        "steps": float(outcome.steps),
        "training, s": outcome.seconds,
        "promised, s": outcome.preflight.seconds,
        "took, s": outcome.took,
        "all of it, CPU s": spent,
        "hand, s": hand_seconds(said, case.dpi),
    }


def _by_sheet(runs: Mapping[str, Row]) -> dict[str, Row]:
    """Mean over the hands, by sheet."""
    sheets: dict[str, list[Row]] = {}
    for name, row in runs.items():
        sheets.setdefault(name.rsplit(", ", 1)[0], []).append(row)
    return {name: means(rows) for name, rows in sheets.items()}


def _note(sheets: Mapping[str, Row], analyst: Analyst, seeds: Sequence[int], rows: float | None) -> str:
    part = "whole" if rows is None else f"the middle {rows:.0f} rows at 200 dpi of each"
    left = {(what, name): _left(sheets, what, name) for what in ("error", "off") for name in (ALONE, LEARNT)}
    return (
        f"{analyst.strokes} strokes{', back-up scales told' if analyst.reads_scales else ''}, {analyst.accepts} "
        f"accepted stretches of {TALL_PX:.0f} rows; {len(sheets)} sheets, {part}; hands "
        f"{', '.join(map(str, seeds))}. On rows that were never touched: error, mean, % of the track; off: how far "
        "pens lie beside the overlay, % of the track, a wrong back-up scale aside; right: share of "
        f"readings within 2 %. Of the error before, {left['error', ALONE]} is left with strokes alone and "
        f"{left['error', LEARNT]} with learning; of what was off, {left['off', ALONE]} and {left['off', LEARNT]} "
        "(ratios of means; 95 % interval over sheets drawn anew)."
    )


def _left(sheets: Mapping[str, Row], what: str, name: str) -> str:
    """How much is left of the error or of what was off, and between which bounds."""
    before, after = (np.array([row[f"{n}, {what}"] for row in sheets.values()], float) for n in (BEFORE, name))
    drawn = np.random.default_rng(0).integers(len(before), size=(_DRAWS, len(before)))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio, ratios = after.sum() / before.sum(), after[drawn].sum(1) / before[drawn].sum(1)
    if len(before) < _FEW_SHEETS:
        return f"{ratio:.2f}"
    low, high = np.nanquantile(ratios, (0.025, 0.975)) if np.isfinite(ratios).any() else (np.nan, np.nan)
    return f"{ratio:.2f} ({low:.2f} to {high:.2f})"
