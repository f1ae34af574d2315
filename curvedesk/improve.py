"""Improve from my strokes: from a scan, its sheet and what the analyst said to a better model, or the old one."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.errors import Cancelled
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.strokes import NotCurveStroke, Stroke, SwapStroke, check_strokes, dump_strokes, rows_of
from curvedesk.domain.tries import Try
from curvedesk.imaging import Scan
from curvedesk.interchange.stroke_packs import PackCrop
from curvedesk.learn import gate
from curvedesk.learn.blend import blend
from curvedesk.learn.checkpoints import Model, load_model, save_model
from curvedesk.learn.doubts import Doubt, doubted, found_at, mostly_doubted
from curvedesk.learn.evaluate import replay_score
from curvedesk.learn.finetune import Control, FinetuneConfig, Lesson, learn, warmed
from curvedesk.learn.halves import better
from curvedesk.learn.net import CurveNet
from curvedesk.learn.packs import heard, packed
from curvedesk.learn.preflight import Preflight, measure, promised
from curvedesk.learn.spoken import spoken_of
from curvedesk.learn.sureness import pen_share
from curvedesk.pipeline import find_ink, trace_sheet
from curvedesk.store.registry import bundled_model
from curvedesk.store.registry_names import reserve
from curvedesk.tracing.region import logged_box
from curvedesk.tracing.strip import ANALYSIS_DPI, Window
from curvedesk.tracing.track import Evidence

_MARGIN_PX = 160.0  # of the scan at 200 dpi: what is traced around a stroke
_FEWEST_STEPS = 10
_REPLAYED: WeakKeyDictionary[CurveNet, tuple[float, float]] = WeakKeyDictionary()  # score, and seconds it took
OWN = "improved"  # what the user's own models are called, with a number


@dataclass(frozen=True, slots=True)
class Outcome:
    """The better of two networks (`net`), the one that learnt, and why; `steps` made in `seconds` of training, of which
    `share` was taken. `preflight` says what was promised, `took` the seconds from then to the end.
    """

    net: CurveNet
    trained: CurveNet
    verdict: gate.Verdict
    steps: int
    seconds: float
    preflight: Preflight
    doubted: tuple[tuple[gate.Rows, Doubt], ...] = field(default=())  # rows (y_px) of strokes, and what speaks against
    share: float = 1.0
    took: float = 0.0

    @property
    def judged(self) -> bool:
        """Whether anything was learnt that could be judged; else the verdict's figures mean nothing."""
        return self.steps > 0

    def tried(self, strokes: int) -> Try:
        """What is remembered of it for its log."""
        before, after = self.verdict.before.error_pct, self.verdict.after.error_pct
        return Try(strokes, before, after, self.verdict.adopted)


def improve(
    scan: Scan,
    sheet: Sheet,
    strokes: Sequence[Stroke],
    base: Model,
    *,
    folder: Path,
    config: FinetuneConfig | None = None,
    device: str = "auto",
    max_seconds: float | None = None,
    packs: Sequence[PackCrop] = (),
    begin: Model | None = None,
    control: Control | None = None,
    phase: Callable[[str], None] = lambda _name: None,
    about: Callable[[Preflight], None] = lambda _preflight: None,
) -> Outcome:
    """Train a copy of `base` on what `strokes` say of `scan` and judge it on what was held out.

    `folder` keeps the checkpoints; `max_seconds` bounds everything, judging included. `packs` are strokes of other
    logs, which are learnt beside this one's but never judge; `begin` is another model to start from than the one to
    beat.
    Raises StrokesError where there is nothing to learn from, SheetError, ScanError, Cancelled.
    """
    began, control, config = time.monotonic(), control or Control(), config or FinetuneConfig()
    check_strokes(strokes, sheet)
    phase("look")
    log = _Log(scan, sheet, sheet.dpi or scan.dpi, device, control.cancelled)
    doubts = log.doubts(strokes, base)
    named = tuple((rows_of(strokes[place]), doubt) for place, doubt in sorted(doubts.items()))
    if mostly_doubted(strokes, doubts):
        told, ready = gate.distrusted(len(named)), measure(base.net, config, device=device)
        return Outcome(base.net, base.net, told, 0, 0.0, ready, named)
    parts = gate.split(strokes, dpi=log.dpi, doubted=doubts)
    lesson, reference = log.lesson(strokes, parts, base, [strokes[place] for place in doubts])
    lesson.packs = heard(packs)
    phase("judge")
    known = _REPLAYED.get(base.net)
    judging = time.monotonic()
    before = log.judged(base, lesson, reference)
    judging = time.monotonic() - judging + (known[1] if known else 0.0)  # a new network is always asked
    phase("measure")
    ready = measure(base.net, config, device=device, more_s=2 * judging)
    until = np.inf if max_seconds is None else began + max_seconds
    left = until - time.monotonic() - 1.2 * judging
    steps = config.steps if np.isinf(left) else int(np.clip(left / ready.step_seconds, _FEWEST_STEPS, config.steps))
    config = replace(config, batch=ready.batch, size=ready.size, steps=steps)
    ready, began_s = promised(ready, steps * ready.step_seconds + 2 * judging), time.monotonic()
    about(ready)
    phase("learn")
    first = (begin or base).net
    start = first if config.front is None else warmed(first, load_model(bundled_model()).net, config.front)
    training = time.monotonic()
    net, made = learn(
        start, lesson, config, folder=folder, device=ready.device, seconds=max(1.0, left), control=control
    )
    training = time.monotonic() - training
    phase("judge")
    ends = replace(base, net=start), replace(base, net=net.cpu())
    share, told = better(
        before,
        lambda share: log.judged(replace(base, net=blend(*ends, share=share)), lesson, reference),
        in_time=lambda: time.monotonic() + 1.2 * judging < until,
    )
    net = blend(*ends, share=share)
    return Outcome(
        net if told.adopted else base.net, net, told, made, training, ready, named, share, time.monotonic() - began_s
    )


def packed_strokes(
    scan: Scan, sheet: Sheet, strokes: Sequence[Stroke], model: Model, *, device: str = "auto"
) -> tuple[PackCrop, ...]:
    """Small crops around all that was said of `scan`, and what was said in them; nothing else of it."""
    check_strokes(strokes, sheet)
    log = _Log(scan, sheet, sheet.dpi or scan.dpi, device, lambda: False)
    doubted = [strokes[place] for place in log.doubts(strokes, model)]
    lesson, _ = log.lesson(strokes, gate.Split(tuple(strokes), (), ()), model, doubted)
    return packed(lesson.spoken, lesson.gray)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a network found between two depths."""

    net: CurveNet
    top: float
    bottom: float
    ink: Evidence


@dataclass
class _Log:
    """One scan with its sheet, looked at only around strokes."""

    scan: Scan
    sheet: Sheet
    dpi: float
    device: str
    cancelled: Callable[[], bool]
    _ink: list[_Looked] = field(default_factory=list)

    @cached_property
    def paper(self) -> tuple[NDArray[np.uint8], Window]:
        """The whole log (H, W) at 200 dpi, and where it lies."""
        box = logged_box(self.sheet, dpi=self.dpi, width=self.scan.width, height=self.scan.height)
        scale = ANALYSIS_DPI / self.dpi
        return self.scan.read(*box, scale=scale), Window(box[0], box[1], scale)

    def doubts(self, strokes: Sequence[Stroke], base: Model) -> dict[int, Doubt]:
        """Which strokes the paper, what `base` finds there, or another stroke speaks against."""

        def seen(points: NDArray[np.float64]) -> NDArray[np.float64]:
            y = points[:, 1] / self.paper[1].scale + self.paper[1].y0_px
            margin = _MARGIN_PX / ANALYSIS_DPI * self.dpi
            ink = self._seen(self._cut((float(y.min()) - margin, float(y.max()) + margin)), base)
            return found_at(ink, self.paper[1], points)

        return doubted(strokes, self.sheet, *self.paper, seen)

    def lesson(
        self, strokes: Sequence[Stroke], parts: gate.Split, base: Model, distrusted: Sequence[Stroke]
    ) -> tuple[Lesson, list[TracedCurve]]:
        """What there is to learn, and the curves around what judges, every stroke obeyed."""
        gray, window = self.paper
        heard = self._around(strokes, parts.learn, base)
        reference = self._around(parts.judge, strokes, base)
        little = [place for place, stroke in enumerate(parts.learn) if stroke in distrusted]
        spoken = spoken_of(parts.learn, self.sheet, heard, gray, window, doubted=little)
        judged = spoken_of(parts.judge, self.sheet, reference, gray, window)
        rows = [window.to_image(np.zeros(2), np.asarray(c))[1] for c in parts.closed]
        closed = tuple((float(a), float(b)) for a, b in rows)
        return Lesson(gray, spoken, judged, parts, closed), reference

    def judged(self, model: Model, lesson: Lesson, reference: Sequence[TracedCurve]) -> gate.Judgement:
        """The figures of a model on what was held out, and on paper of other logs."""
        parts = lesson.split
        trace = partial(self._traced, strokes=parts.learn, model=model)
        for span in self._spans_of(parts.judge):
            self._seen(self._cut(span), model)
        error, swaps, grain = gate.held_out_error(parts.judge, reference, self.sheet, trace, dpi=self.dpi)
        share = pen_share(model.net, lesson, device=self.device)
        return gate.Judgement(error, swaps, _replayed(model, self.device), grain, share)

    def _around(self, places: Sequence[Stroke], bound: Sequence[Stroke], model: Model) -> list[TracedCurve]:
        """Every curve around every stroke, with `bound` obeyed."""
        return [line for span in self._spans_of(places) for line in self._traced(self._cut(span), bound, model)]

    def _spans_of(self, strokes: Sequence[Stroke]) -> list[tuple[float, float]]:
        return _spans(strokes, _MARGIN_PX / ANALYSIS_DPI * self.dpi)

    def _cut(self, rows: tuple[float, float]) -> Sheet:
        depth = self.sheet.depth
        top, bottom = (float(v) for v in depth.depth_of_level(np.asarray(rows)))
        top, bottom = max(top, depth.top), min(bottom, depth.bottom)
        if bottom - top < 2 * depth.step:
            return self.sheet
        return replace(self.sheet, depth=replace(depth, top=top, bottom=bottom))

    def _traced(self, sheet: Sheet, strokes: Sequence[Stroke], model: Model) -> list[TracedCurve]:
        if self.cancelled():
            raise Cancelled("The training was stopped; nothing was changed.")
        traced = trace_sheet(sheet, self._seen(sheet, model), strokes, dpi=self.dpi)
        return [line for lines in traced.values() for line in lines]

    def _seen(self, sheet: Sheet, model: Model) -> Evidence:
        """What the network finds at the sheet's depths, or at more of them where it has looked already."""
        top, bottom = sheet.depth.top, sheet.depth.bottom
        for known in self._ink:
            if known.net is model.net and known.top <= top and bottom <= known.bottom:
                return known.ink
        box = logged_box(sheet, dpi=self.dpi, width=self.scan.width, height=self.scan.height)
        ink = find_ink(self.scan, box, model, dpi=self.dpi, device=self.device, cancelled=self.cancelled)
        self._ink.append(_Looked(model.net, top, bottom, ink))
        return ink


def _replayed(model: Model, device: str) -> float:
    """The replay score, kept for as long as the network lives: that of the old model is asked for at every try."""
    if model.net not in _REPLAYED:
        began = time.monotonic()
        score = replay_score(model, device=device)
        _REPLAYED[model.net] = score, time.monotonic() - began
    return _REPLAYED[model.net][0]


def _spans(strokes: Sequence[Stroke], margin: float) -> list[tuple[float, float]]:
    """Rows around the strokes, overlapping ones joined."""
    spans: list[tuple[float, float]] = []
    for first, last in sorted(_rows(s) for s in strokes if not isinstance(s, SwapStroke)):
        if spans and first - margin <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], last + margin)
        else:
            spans.append((first - margin, last + margin))
    return spans


def _rows(stroke: Stroke) -> tuple[float, float]:
    if isinstance(stroke, NotCurveStroke):
        y = [point[1] for point in stroke.points]
        return min(y), max(y)
    return rows_of(stroke)


def strokes_print(strokes: Sequence[Stroke]) -> str:
    """SHA-256 of what was said."""
    return hashlib.sha256(json.dumps(dump_strokes(strokes), sort_keys=True).encode()).hexdigest()


def save_outcome(
    folder: Path, outcome: Outcome, base: Model, strokes: Sequence[Stroke], config: FinetuneConfig
) -> None:
    """Write the better network into `folder`; its checkpoints are no longer needed and go."""
    save_model(folder, outcome.net, card_of(outcome, base, strokes, config))
    shutil.rmtree(folder / "job", ignore_errors=True)


def register_outcome(outcome: Outcome, base: Model, strokes: Sequence[Stroke], config: FinetuneConfig) -> str:
    """Keep the network among the user's own models under the next free number; returns its id."""
    folder = reserve(OWN, numbered=True)
    save_outcome(folder, outcome, base, strokes, config)
    return folder.name


def card_of(outcome: Outcome, base: Model, strokes: Sequence[Stroke], config: FinetuneConfig) -> dict[str, Any]:
    """What the card says of it."""
    told = outcome.verdict
    rows = [
        "| | before | after |",
        "| --- | --- | --- |",
        f"| error on held-out strokes, % of track | {told.before.error_pct:.2f} | {told.after.error_pct:.2f} |",
        f"| the pens' share of the ink in their rows | {told.before.share:.3f} | {told.after.share:.3f} |",
        f"| curves mixed up | {told.before.swaps} | {told.after.swaps} |",
        f"| other logs, F1 at 2 px | {told.before.replay:.3f} | {told.after.replay:.3f} |",
    ]
    tables = {"On strokes it has not seen": "\n".join(rows)} if outcome.judged else {}
    facts = {"strokes": len(strokes), "strokes_sha256": strokes_print(strokes), "adopted": told.adopted}
    facts |= {"steps_made": outcome.steps, "seconds": round(outcome.seconds, 1), "device": outcome.preflight.device}
    facts |= {"share_taken": outcome.share}
    return {
        "parent": base.id,
        "summary": told.sentence,
        "training": {**asdict(config), **facts},
        "tables": tables,
    }
