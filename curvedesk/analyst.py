"""A simulated analyst: a benchmark of strokes and learning that needs no people, on sheets whose truth is known.

It looks where the tracer is least sure, draws there with a hand that shakes, accepts stretches that are right, and has
the network learn. What counts is the error on rows that it never touched.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import DigitisedLog, TracedCurve
from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.sheet import CurveSpec, Sheet, load_sheet
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, Stroke, rows_of
from curvedesk.imaging import Scan, open_scan
from curvedesk.improve import improve
from curvedesk.interchange.log import read_log, source_of
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.evaluate_sheets import read_las, score_log
from curvedesk.learn.finetune import FinetuneConfig
from curvedesk.learn.report import Report, means, table_of
from curvedesk.learn.spoken import walked
from curvedesk.pipeline import find_ink, trace_sheet
from curvedesk.tracing.region import logged_box
from curvedesk.tracing.track import Evidence

TALL_PX = 60.0  # rows of a stroke at 200 dpi
APART_PX = 40.0  # rows at 200 dpi beside what was touched that do not count as untouched
SHAKE_PX = 0.8  # of the hand
RIGHT_PX = 2.0  # how near the truth a stretch must be for the analyst to accept it

Points = NDArray[np.float64]
Truth = dict[str, Points]  # (n, 2) x_px, y_px of what the pen drew, NaN between pieces


@dataclass(frozen=True, slots=True)
class Analyst:
    """How much is said, and by which hand."""

    strokes: int = 5
    accepts: int = 3
    seed: int = 1
    max_seconds: float = 90.0


def simulate(
    folder: Path,
    model: Model,
    *,
    names: Sequence[str] = (),
    analyst: Analyst = Analyst(),
    device: str = "auto",
    notify: Callable[[float], None] = lambda _fraction: None,
) -> Report:
    """Mean error on untouched rows (% of the track): before, with strokes alone, with a network that learnt from them.

    `folder` holds sheets with truth: NAME/scan.*, sheet.json, truth.las. Raises CurveDeskError.
    """
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
        said = _said(before, truth, analyst, dpi)
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


def _said(traced: Sequence[TracedCurve], truth: Truth, analyst: Analyst, dpi: float) -> tuple[Stroke, ...]:
    """Strokes where the tracer is least sure, and accepted stretches where it is surest and right."""
    rng, scale = np.random.default_rng(analyst.seed), dpi / 200.0
    places = sorted(_places(traced, truth, TALL_PX * scale), key=lambda place: place.confidence)
    chosen: list[_Place] = []
    drawn: list[Stroke] = []
    for place in places:
        if len(drawn) < analyst.strokes and place.is_drawn and not place.touches(chosen, APART_PX * scale):
            chosen.append(place)
            drawn.append(place.stroke(rng, SHAKE_PX * scale))
    accepted: list[Stroke] = []
    for place in reversed(places):
        fits = place.away_px <= RIGHT_PX * scale and place.is_drawn and not place.touches(chosen, APART_PX * scale)
        if len(accepted) < analyst.accepts and fits:
            chosen.append(place)
            accepted.append(AcceptStroke(place.spec.mnemonic, place.rows))
    return (*drawn, *accepted)


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A stretch of rows of one curve."""

    spec: CurveSpec
    rows: tuple[float, float]
    line: Points  # of the truth in it, longest piece
    confidence: float
    away_px: float

    @property
    def is_drawn(self) -> bool:
        """Whether the pen ran through most of it."""
        return len(self.line) > 1 and float(np.ptp(self.line[:, 1])) >= 0.6 * (self.rows[1] - self.rows[0])

    def touches(self, others: Sequence["_Place"], apart: float) -> bool:
        """Whether it shares rows of the same curve with others."""
        return any(
            o.spec.mnemonic == self.spec.mnemonic
            and o.rows[0] - apart < self.rows[1]
            and self.rows[0] < o.rows[1] + apart
            for o in others
        )

    def stroke(self, rng: np.random.Generator, shake_px: float) -> CurveStroke:
        """The pen's line drawn by hand."""
        line = walked(self.line)[::3]
        line = line + rng.normal(0, shake_px, line.shape) * np.array([1.0, 0.3])
        return CurveStroke(self.spec.mnemonic, tuple((float(x), float(y)) for x, y in line))


def _places(traced: Sequence[TracedCurve], truth: Truth, tall: float) -> list[_Place]:
    found: list[_Place] = []
    for line in traced:
        drawn = truth.get(line.spec.mnemonic)
        if drawn is None or not line.spec.digitize:
            continue
        y = drawn[np.isfinite(drawn[:, 1]), 1]
        tops = np.arange(y.min(), y.max() - tall, tall).tolist()
        found += [_place(line, drawn, (top, top + tall)) for top in tops]
    return found


def _place(line: TracedCurve, drawn: Points, rows: tuple[float, float]) -> _Place:
    here = (line.y_px >= rows[0]) & (line.y_px <= rows[1])
    covered = np.unique(np.rint(line.y_px[here])).size / (rows[1] - rows[0])
    confidence = float(line.confidence[here].mean()) * min(1.0, covered) if here.any() else 0.0
    inside = np.isfinite(drawn).all(axis=1) & (drawn[:, 1] >= rows[0]) & (drawn[:, 1] <= rows[1])
    jumps = (np.diff(inside) != 0) | (np.abs(np.diff(drawn[:, 0])) > 100)
    runs = [run for run in np.split(np.arange(len(drawn)), np.flatnonzero(jumps) + 1) if inside[run[0]]]
    longest = drawn[max(runs, key=len)] if runs else np.zeros((0, 2))
    away = np.inf
    if here.any() and len(longest) > 1:
        wanted = walked(longest)
        mine = np.column_stack([line.x_px[here], line.y_px[here]])
        distance = np.hypot(*(wanted[:, None] - mine[None]).transpose(2, 0, 1)).min(axis=1)
        away = float(np.quantile(distance, 0.9))
    return _Place(line.spec, rows, longest, confidence, away)


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
