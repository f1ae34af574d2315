"""Three logs in turn: what is learnt from the later ones must not be paid for with the first."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from curvedesk.analyst_cases import Teaching, cases_in, given, opened
from curvedesk.analyst_hand import Analyst, said_by
from curvedesk.domain.strokes import Stroke
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.finetune import FinetuneConfig
from curvedesk.learn.report import Report, table_of

ROWS = 1500.0  # at 200 dpi, of each sheet
TURNS = 3
KEPT = 0.01  # of the score of the first log

Row = dict[str, float | None]


def rounds(
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
    """The sheets of `folder` in threes, each taught by a hand to the model that the one before left.

    What counts is the score of the first, of rows that nobody touched and without its strokes: after it was learnt, and
    after the third. Raises CurveDeskError.
    """
    rows = rows or ROWS
    runs: dict[str, Row] = {}
    with given(folder) as sheets_in:
        cases = cases_in(sheets_in, names)
        threes = [cases[k : k + TURNS] for k in range(0, len(cases) - TURNS + 1, TURNS)]
        for seed in seeds:
            teaching = Teaching(replace(config or FinetuneConfig(), seed=seed), device)
            for three in threes:
                row = _three(three, model, Analyst(seed=seed), teaching, rows)
                runs[f"{', '.join(path.name for path in three)}; {seed}"] = row
                notify(len(runs) / (len(threes) * len(seeds)))
    lost = [(row["after its own"] or 0.0) - (row["after the third"] or 0.0) for row in runs.values()]
    kept = sum(one <= KEPT for one in lost)
    note = (
        f"The middle {rows:.0f} rows at 200 dpi of each sheet. Score of the first log's untouched rows, strokes not "
        f"bound. {kept} of {len(runs)} rounds keep it within {KEPT:g} (most lost {max(lost, default=0.0):.4f})."
    )
    return Report("rounds", model.id, note, (table_of("Each round", "logs; seed", runs),))


def _three(paths: Sequence[Path], model: Model, analyst: Analyst, teaching: Teaching, rows: float) -> Row:
    now, row, first = model, Row(), tuple[Stroke, ...]()
    with opened(paths[0], rows) as one:
        for turn, path in enumerate(paths):
            with opened(path, rows) as case:
                tracer = case.tracer(case.ink(now, teaching.device))
                said = said_by(tracer, case.truth, analyst, case.dpi, shows=tracer.shows)
                if turn == 0:
                    first, row["before"] = said, one.scores(tracer(), said).score
                outcome = teaching.learnt(case, said, now)
            now = replace(now, net=outcome.net)
            if turn == 0 or turn == len(paths) - 1:
                name = "after its own" if turn == 0 else "after the third"
                lines = one.tracer(one.ink(now, teaching.device))()
                row[name] = one.scores(lines, first).score
            row[f"adopted {turn + 1}"] = float(outcome.verdict.adopted)
            row[f"replay {turn + 1}"] = outcome.verdict.after.replay - outcome.verdict.before.replay
    return row
