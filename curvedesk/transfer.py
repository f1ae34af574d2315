"""What strokes on one piece of a log are worth on another: hand-traced crops of real paper in pairs.

A simulated analyst speaks of crop `a` of a scan, the network learns from that and is judged; what counts is the mask of
crop `b`, of which nobody said anything, and the reverse.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from curvedesk.analyst_cases import Tracer
from curvedesk.analyst_hand import Analyst, Points, rubbed_out, said_by
from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.strokes import Stroke
from curvedesk.hand_traced import DPI, HandTraced, read_hand_traced
from curvedesk.imaging import open_scan
from curvedesk.improve import Outcome, improve
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.evaluate import label_score
from curvedesk.learn.finetune import FinetuneConfig
from curvedesk.learn.metrics import skeleton
from curvedesk.learn.predict import class_mask
from curvedesk.learn.report import Report, Table, means, table_of
from curvedesk.pipeline import find_ink
from curvedesk.tracing.region import logged_box
from curvedesk.tracing.track import Evidence

GOOD = 0.95  # a scan whose crops score so much has nothing to gain
WORSE = 0.01
_RUBBED_OUT = 2  # of the strokes, at most: false marks

Row = dict[str, float | None]


def transfer(
    folder: Path,
    model: Model,
    *,
    names: Sequence[str] = (),
    seeds: Sequence[int] = (1,),
    analyst: Analyst | None = None,
    config: FinetuneConfig | None = None,
    device: str = "auto",
    notify: Callable[[float], None] = lambda _fraction: None,
) -> Report:
    """`any` F1 at 2 px on the crop nobody spoke of, before and after learning from the other one.

    `folder` holds NAME_a and NAME_b, each .png with .json; a crop without curves is learnt for, never from. Raises
    CurveDeskError.
    """
    ways = [(at, to) for at, to in _pairs(folder) if not names or at.stem[:-2] in names]
    if not ways:
        raise CurveDeskError(f"{folder} holds no pairs of hand-traced crops (NAME_a.json, NAME_b.json).")
    runs: dict[str, Row] = {}
    for i, (at, to) in enumerate(ways):
        way = _Way(at, to, model, device)
        for k, seed in enumerate(seeds):
            told = replace(analyst or Analyst(), seed=seed)
            settings = replace(config or FinetuneConfig(), seed=seed)
            runs[f"{at.stem} → {to.stem[-1]}, {seed}"] = way.row(told, settings)
            notify((i * len(seeds) + k + 1) / (len(ways) * len(seeds)))
    return Report("transfer", model.id, _note(runs, analyst or Analyst()), _tables(runs))


def _pairs(folder: Path) -> Iterator[tuple[Path, Path]]:
    for a in sorted(folder.glob("*_a.json")):
        b = a.with_name(a.name.replace("_a.json", "_b.json"))
        if b.exists():
            yield a, b
            yield b, a


@dataclass
class _Way:
    """From one crop to the other: what no hand changes is found once."""

    at: Path
    to: Path
    model: Model
    device: str

    @cached_property
    def log(self) -> HandTraced:
        return read_hand_traced(self.at)

    @cached_property
    def before(self) -> float:
        return label_score(self.model, self.to, device=self.device)

    @cached_property
    def ink(self) -> Evidence:
        with open_scan(self.log.picture, dpi=DPI) as scan:
            box = logged_box(self.log.sheet, dpi=DPI, width=scan.width, height=scan.height)
            return find_ink(scan, box, self.model, dpi=DPI, device=self.device)

    def row(self, analyst: Analyst, config: FinetuneConfig) -> Row:
        """What one hand's strokes are worth."""
        log = self.log
        if not log.truth:
            return {"before": self.before}
        strokes = _strokes(log, self.ink, analyst)
        with open_scan(log.picture, dpi=DPI) as scan, tempfile.TemporaryDirectory() as job:
            outcome = improve(
                scan, log.sheet, strokes, self.model, folder=Path(job), config=config, device=self.device
            )  # fmt: skip
        after = label_score(replace(self.model, net=outcome.trained), self.to, device=self.device)
        return _row(self.before, after, outcome)


def _row(before: float, after: float, outcome: Outcome) -> Row:
    told = outcome.verdict
    return {
        "before": before,
        "learnt": after,
        "adopted": float(told.adopted),
        "used": after if told.adopted else before,
        "held out, before": told.before.error_pct,
        "held out, learnt": told.after.error_pct,
        "share": outcome.share,
        "swaps": float(told.after.swaps - told.before.swaps),
        "replay": told.after.replay - told.before.replay,
        "seconds": outcome.seconds,
        "promised, s": outcome.preflight.seconds,
        "took, s": outcome.took,
    }


def _strokes(log: HandTraced, ink: Evidence, analyst: Analyst) -> tuple[Stroke, ...]:
    rubbed = rubbed_out(_marked(ink), log.truth, analyst, at_most=_RUBBED_OUT)
    drawn = said_by(
        Tracer(log.sheet, ink, DPI), log.truth, replace(analyst, strokes=analyst.strokes - len(rubbed)), DPI
    )
    return (*drawn, *rubbed)


def _marked(ink: Evidence) -> Points:
    """Centrelines (n, 2) of all that the network takes for curves, in pixels of the scan."""
    points = skeleton(class_mask(ink.probability.astype(np.float16) / np.float16(255)) > 0)
    moved: Points = points + np.array([ink.window.x0_px, ink.window.y0_px])
    return moved


def _gain(row: Row) -> float:
    return (row["used"] or 0.0) - (row["before"] or 0.0)


def _note(runs: dict[str, Row], analyst: Analyst) -> str:
    adopted = [row for row in runs.values() if row.get("adopted")]
    worse = [way for way, row in runs.items() if row.get("adopted") and _gain(row) < -WORSE]
    scans = _by_scan(runs)
    poor = [row for row in scans.values() if (row["before"] or 0.0) < GOOD]
    better = [row for row in poor if _gain(row) > 0]
    listed = f" ({'; '.join(worse)})" if worse else ""
    return (
        f"{analyst.strokes} strokes (at most {_RUBBED_OUT} of them rub false marks out) and {analyst.accepts} accepted "
        f"stretches on one crop of a scan; F1 at 2 px of any curve on the other one. {len(runs)} ways, "
        f"{len(adopted)} adopted, {len(worse)} of those worse by more than {WORSE:g}{listed}. Better in "
        f"{len(better)} of the {len(poor)} scans under {GOOD:g}."
    )


def _tables(runs: dict[str, Row]) -> tuple[Table, ...]:
    rows = runs | {"mean": means([row for row in runs.values() if "adopted" in row])}
    return table_of("Each run", "from, to, seed", rows), table_of("Each scan", "scan", _by_scan(runs))


def _by_scan(runs: dict[str, Row]) -> dict[str, Row]:
    scans: dict[str, list[Row]] = {}
    for way, row in runs.items():
        if "adopted" in row:
            scans.setdefault(way.split(" → ")[0][:-2], []).append(row)
    return {
        name: means([{k: r[k] for k in ("before", "learnt", "used")} for r in rows]) for name, rows in scans.items()
    }
