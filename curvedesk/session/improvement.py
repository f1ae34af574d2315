"""One training as the window shows it: how far it is, its two curves, and the verdict with the numbers that decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from curvedesk.domain.depth import NOTHING
from curvedesk.domain.fields import is_number
from curvedesk.domain.strokes import AcceptStroke, Stroke
from curvedesk.protocol.messages import Cancelled, Event, Failed, Loss, Paused, Preview, Progress, Result
from curvedesk.session.jobs import PHASES

SCORE_SLACK = 0.01  # on other logs: less is as good as nothing
OVERFIT_RATIO = 1.5  # held-out loss over training loss from which on the strokes are learnt by heart


@dataclass(frozen=True, slots=True)
class Improvement:
    """Grows with what the engine says of one job. Losses: (step, value)."""

    job: str = ""
    running: bool = False
    phase: str = ""
    step: int = 0
    steps: int = 0
    seconds_left: float | None = None
    before_start: str = ""  # what measuring the machine said
    resting: bool = False
    died: bool = False  # it ended without a result, and not because it was asked to
    train: tuple[tuple[int, float], ...] = ()
    held_out: tuple[tuple[int, float], ...] = ()
    ended: str = ""  # a sentence where it ended without a verdict
    facts: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    @property
    def kept(self) -> bool | None:
        """Whether the new model was better; None where there is no verdict."""
        return bool(self.facts["kept"]) if "kept" in self.facts else None

    @property
    def ratio(self) -> float | None:
        """Error on strokes held back over that on strokes learnt from, when both were last measured."""
        if not self.held_out:
            return None
        step, held_out = self.held_out[-1]
        there = [value for at, value in self.train if at <= step]
        return held_out / there[-1] if there and there[-1] > 0 else None

    @property
    def learns_by_heart(self) -> bool:
        """Whether the error on strokes held back has left the other one behind."""
        return self.ratio is not None and self.ratio > OVERFIT_RATIO

    @property
    def where(self) -> str:
        """What it does and how long that will take, in a few words."""
        if self.resting:
            return f"Paused at step {self.step} of {self.steps}" if self.steps else "Paused"
        left = "" if self.seconds_left is None else f" · {time_text(self.seconds_left)} left"
        if self.steps:
            return f"step {self.step} of {self.steps}{left}"
        return f"{PHASES.get(self.phase, 'Getting ready')}{left}"


def heard(now: Improvement, event: Event) -> Improvement:
    """The training after what the engine said; events of other jobs change nothing."""
    if getattr(event, "job", "") != now.job or not now.job:
        return now
    return _ended(now, event) or _going_on(now, event) or now


def _going_on(now: Improvement, event: Event) -> Improvement | None:
    match event:
        case Progress():
            return replace(now, phase=event.phase, step=event.done, steps=event.total, seconds_left=event.seconds_left)
        case Loss():
            held_out = () if event.held_out is None else ((event.step, event.held_out),)
            return replace(now, train=(*now.train, (event.step, event.train)), held_out=(*now.held_out, *held_out))
        case Paused():
            return replace(now, resting=event.resting)
        case Preview(what="preflight"):
            return replace(now, before_start=str(event.data.get("sentence", "")))
    return None


def _ended(now: Improvement, event: Event) -> Improvement | None:
    over = replace(now, running=False, resting=False, seconds_left=None)
    match event:
        case Result():
            return replace(over, facts=event.facts)
        case Failed():
            return replace(over, ended=event.sentence, died=True)
        case Cancelled():
            return replace(over, ended="Cancelled; the model is as it was.")
    return None


def verdict(improvement: Improvement) -> str:
    """What came out, in one sentence a geologist can act on; empty while there is nothing to say."""
    facts = improvement.facts
    if improvement.kept is None:
        return improvement.ended
    if isinstance(facts.get("sentence"), str):
        return str(facts["sentence"])
    numbers = _fall(facts)
    if improvement.kept:
        return f"Kept: the new model is better{numbers}."
    return f"Not kept: the old model stays{numbers}."


def _fall(facts: Mapping[str, Any]) -> str:
    before, after = facts.get("held_out_before_pct"), facts.get("held_out_after_pct")
    if not is_number(before) or not is_number(after):
        return ""
    return f"; error on strokes it has not seen: {before:.1f} % → {after:.1f} % of track"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that decided, before and after; `is_better` None where it stayed."""

    name: str
    before: str
    after: str
    is_better: bool | None


def figures(facts: Mapping[str, Any]) -> tuple[Figure, ...]:
    """The numbers of the verdict, those that were measured."""
    rows = (
        ("Error on strokes held back", "held_out_{}_pct", "{:.2f} %", 0.0),
        ("Curves mixed up", "swaps_{}", "{:.0f}", 0.0),
        ("Score on other logs", "replay_{}", "{:.3f}", SCORE_SLACK),
    )
    return tuple(made for row in rows if (made := _figure(facts, *row)) is not None)


def _figure(facts: Mapping[str, Any], name: str, key: str, form: str, slack: float) -> Figure | None:
    found = facts.get(key.format("before")), facts.get(key.format("after"))
    if not all(map(is_number, found)):
        return None
    old, new = (float(value) for value in found if value is not None)
    texts = form.format(old), form.format(new)
    same = texts[0] == texts[1] or abs(new - old) <= slack
    return Figure(name, *texts, None if same else (new > old) is bool(slack))  # of a score more is better, else less


def doubted(facts: Mapping[str, Any]) -> tuple[tuple[float, float, str], ...]:
    """Rows (y_px) of strokes that were hardly listened to, and what speaks against each."""
    found = facts.get("doubted", ())
    rows = [one for one in found if isinstance(one, list | tuple) and len(one) == 3 and all(map(is_number, one[:2]))]
    return tuple((float(first), float(last), str(why)) for first, last, why in rows)


def counts(strokes: Iterable[Stroke]) -> tuple[int, int]:
    """How many strokes were drawn, and how many stretches accepted."""
    accepted = [isinstance(stroke, AcceptStroke) for stroke in strokes]
    return len(accepted) - sum(accepted), sum(accepted)


def time_text(seconds: float) -> str:
    """`19 s`, `3 min`, `1 h 20 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
