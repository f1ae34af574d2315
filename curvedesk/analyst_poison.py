"""Strokes that lie: at random places, along the grid, contradicting each other. They must not spoil the rest of a log.

A model that learnt from them is refused by the gate, or finds the rest of the log about as well as before.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from curvedesk.analyst_cases import Case, Teaching, cases_in, given, opened
from curvedesk.analyst_hand import SHAKE_PX, TALL_PX, Analyst, Points
from curvedesk.domain.errors import StrokesError
from curvedesk.domain.sheet import CurveSpec, Track
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, Stroke
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.finetune import FinetuneConfig
from curvedesk.learn.report import Report, table_of
from curvedesk.tracing.track import Evidence

ROWS = 1000.0  # at 200 dpi, of each sheet
HARMLESS = 0.01  # of the score
_CLEAR_PX = 8.0  # at 200 dpi: a grid line so near to a pen is the pen's
_TRIES = 100  # at finding a stretch in which the pen drew
_BESIDE = 0.15  # of the track: where a curve is said to be as well

Row = dict[str, float | None]


def poison(
    folder: Path | None,
    model: Model,
    *,
    names: Sequence[str] = (),
    seeds: Sequence[int] = (1,),
    config: FinetuneConfig | None = None,
    rows: float | None = None,
    device: str = "auto",
    notify: Callable[[float], None] = lambda _fraction: None,
) -> Report:
    """Every kind of lie told of every sheet of `folder` by every hand: refused, or what became of the score.

    Raises CurveDeskError.
    """
    runs: dict[str, Row] = {}
    rows = rows or ROWS
    with given(folder) as sheets_in:
        cases = cases_in(sheets_in, names)
        for i, path in enumerate(cases):
            with opened(path, rows) as case:
                ink = case.ink(model, device)
                lines = case.tracer(ink)()
                for seed in seeds:
                    teaching = Teaching(replace(config or FinetuneConfig(), seed=seed), device)
                    for kind, lie in KINDS.items():
                        said = lie(case, ink, np.random.default_rng((seed, len(kind))), Analyst())
                        before = case.scores(lines, said).score
                        runs[f"{case.name} {kind}, {seed}"] = _one(case, said, model, teaching, before)
            notify((i + 1) / len(cases))
    return Report("poison", model.id, _note(runs, rows), (table_of("Each run", "sheet, lie, seed", runs),))


def _one(case: Case, said: Sequence[Stroke], model: Model, teaching: Teaching, before: float) -> Row:
    try:
        outcome = teaching.learnt(case, said, model)
    except StrokesError:
        return {"refused": 1.0, "before": before, "after": before}
    told, after = outcome.verdict, before
    if told.adopted:
        after = case.scores(case.tracer(case.ink(replace(model, net=outcome.net), teaching.device))(), said).score
    return {
        "refused": float(not told.adopted),
        "before": before,
        "after": after,
        "held out, before": told.before.error_pct,
        "held out, learnt": told.after.error_pct,
        "replay": told.after.replay - told.before.replay,
        "doubted": float(len(outcome.doubted)),
    }


def _note(runs: dict[str, Row], rows: float) -> str:
    refused = sum(bool(row["refused"]) for row in runs.values())
    worst = {name: (row["before"] or 0.0) - (row["after"] or 0.0) for name, row in runs.items()}
    harmed = [name for name, lost in worst.items() if lost > HARMLESS]
    listed = f" ({'; '.join(harmed)})" if harmed else ""
    return (
        f"{Analyst().strokes} strokes that lie; the middle {rows:.0f} rows at 200 dpi of each sheet. {len(runs)} runs, "
        f"{refused} refused, {len(runs) - refused - len(harmed)} adopted and harmless (the score of untouched rows, "
        f"strokes not bound, falls by no more than {HARMLESS:g}), {len(harmed)} harmful{listed}: "
        f"{100 * (1 - len(harmed) / max(1, len(runs))):.1f} % refused or harmless."
    )


Lie = Callable[[Case, Evidence, np.random.Generator, Analyst], tuple[Stroke, ...]]


def at_random(case: Case, _ink: Evidence, rng: np.random.Generator, analyst: Analyst) -> tuple[Stroke, ...]:
    """Wandering strokes at random places, and stretches accepted by chance."""
    said: list[Stroke] = []
    for _ in range(analyst.strokes):
        track, spec = _any_curve(case, rng)
        y = _rows(case, rng)
        across = rng.uniform(0.1, 0.9) + np.cumsum(rng.normal(0, 0.02, y.size))
        said.append(_stroke(spec, np.column_stack([track.x_at(np.clip(across, 0.02, 0.98), y), y])))
    for _ in range(analyst.accepts):
        y = _rows(case, rng)
        said.append(AcceptStroke(_any_curve(case, rng)[1].mnemonic, (float(y[0]), float(y[-1]))))
    return tuple(said)


def along_the_grid(case: Case, ink: Evidence, rng: np.random.Generator, analyst: Analyst) -> tuple[Stroke, ...]:
    """Each stroke straight down the darkest column away from every pen."""
    said: list[Stroke] = []
    for _ in range(analyst.strokes):
        track, spec = _any_curve(case, rng)
        y = _rows(case, rng)
        across = np.arange(0.02, 0.98, 0.004)
        x = track.x_at(across[:, None], y[None])
        column, row = (np.rint(v).astype(int) for v in ink.window.to_image(x, np.broadcast_to(y, x.shape)))
        inside = np.clip(row, 0, ink.gray.shape[0] - 1), np.clip(column, 0, ink.gray.shape[1] - 1)
        dark = 255.0 - ink.gray[inside].mean(axis=1)
        dark[_near_a_pen(case, x, y)] = -1
        said.append(_stroke(spec, _shaken(np.column_stack([x[int(dark.argmax())], y]), rng, case.dpi)))
    return tuple(said)


def contradicting(case: Case, _ink: Evidence, rng: np.random.Generator, analyst: Analyst) -> tuple[Stroke, ...]:
    """The same stretch of a curve is where it is, and elsewhere too, and no curve at all."""
    said: list[Stroke] = []
    for _ in range(_TRIES):
        track, spec = _any_curve(case, rng)
        y = _rows(case, rng)
        truth = case.truth[spec.mnemonic]
        here = np.isfinite(truth).all(axis=1) & (truth[:, 1] >= y[0]) & (truth[:, 1] <= y[-1])
        if here.sum() < 3:
            continue
        line = _shaken(truth[here], rng, case.dpi)
        width = float((track.right_at(y[:1]) - track.left_at(y[:1]))[0])
        aside = np.column_stack([line[:, 0] + _BESIDE * width * rng.choice([-1, 1]), line[:, 1]])
        no_curve = NotCurveStroke(tuple((float(a), float(b)) for a, b in line), 6.0 * case.dpi / 200.0)
        said += [_stroke(spec, line), _stroke(spec, aside), no_curve]
        if len(said) >= 3 * (analyst.strokes // 2):
            break
    return tuple(said)


KINDS: dict[str, Lie] = {"random": at_random, "grid": along_the_grid, "contradiction": contradicting}


def _any_curve(case: Case, rng: np.random.Generator) -> tuple[Track, CurveSpec]:
    known = [(track, spec) for track, spec in case.sheet.curves() if spec.mnemonic in case.truth]
    return known[int(rng.integers(len(known)))]


def _rows(case: Case, rng: np.random.Generator) -> Points:
    """Some 60 rows (at 200 dpi) of the stretch, in y_px."""
    y = np.concatenate([line[np.isfinite(line[:, 1]), 1] for line in case.truth.values()])
    tall = TALL_PX * case.dpi / 200.0
    top = rng.uniform(y.min(), y.max() - tall)
    return np.linspace(top, top + tall, 21)


def _near_a_pen(case: Case, x: Points, y: Points) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which columns (n, rows) come near to a pen."""
    near = np.zeros(len(x), bool)
    for line in case.truth.values():
        ink = line[np.isfinite(line).all(axis=1)]
        if len(ink) > 1:
            pen = np.interp(y, *ink[np.argsort(ink[:, 1])].T[::-1])
            near |= (np.abs(x - pen) < _CLEAR_PX * case.dpi / 200.0).mean(axis=1) > 0.2
    return near


def _shaken(line: Points, rng: np.random.Generator, dpi: float) -> Points:
    shaken: Points = line + rng.normal(0, SHAKE_PX * dpi / 200.0, line.shape) * np.array([1.0, 0.3])
    return shaken


def _stroke(spec: CurveSpec, line: Points) -> CurveStroke:
    return CurveStroke(spec.mnemonic, tuple((float(x), float(y)) for x, y in line))
