"""The `finetune` job: a model that learnt from the strokes, kept if it is better, and everything told on the way."""

from pathlib import Path

from curvedesk.domain.sheet import parse_sheet
from curvedesk.domain.strokes import parse_strokes
from curvedesk.engine.models import Models
from curvedesk.engine.work import Work
from curvedesk.imaging import open_scan
from curvedesk.improve import Outcome, improve, register_outcome
from curvedesk.learn.finetune import Control, FinetuneConfig, Step
from curvedesk.learn.preflight import Preflight
from curvedesk.protocol.jobs import FinetuneJob
from curvedesk.protocol.messages import Loss, Preview, Progress, Result


def run_finetune(job: FinetuneJob, work: Work, models: Models) -> Result:
    """Train on the strokes and judge; the result names the better model, and the window puts it to use."""
    sheet = parse_sheet(job.sheet, source="the sheet")
    strokes = parse_strokes(job.strokes, source="the strokes")
    base = models.get(job.model)
    config = FinetuneConfig(**dict(job.settings))
    told = _Told(work)
    with open_scan(job.scan, dpi=sheet.dpi or job.dpi, page=job.page) as scan:
        outcome = improve(
            scan,
            sheet,
            strokes,
            base,
            folder=Path(job.out) / "training",
            config=config,
            device=job.device,
            max_seconds=job.max_seconds,
            control=Control(cancelled=work.is_cancelled, enough=work.is_enough, report=told.step),
            phase=told.phase,
            about=told.preflight,
        )
    model_id = register_outcome(outcome, base, strokes, config) if outcome.verdict.adopted else base.id
    return Result(job.id, {}, _facts(outcome, model_id))


def _facts(outcome: Outcome, model_id: str) -> dict[str, object]:
    told = outcome.verdict
    return {
        "kept": told.adopted,
        "sentence": told.sentence,
        "held_out_before_pct": told.before.error_pct,
        "held_out_after_pct": told.after.error_pct,
        "replay_before": told.before.replay,
        "replay_after": told.after.replay,
        "model": model_id,
        "steps": outcome.steps,
        "seconds": outcome.seconds,
        "fighting": list(outcome.fighting),
    }


class _Told:
    """What improving says, in the sentences of the protocol."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def phase(self, name: str) -> None:
        """A new part of the work begins."""
        self._work.say(Progress(self._work.job, name, 0, 0))

    def preflight(self, ready: Preflight) -> None:
        """How long it will take here."""
        sentence = " ".join((ready.sentence, *ready.warnings))
        self._work.say(Preview(self._work.job, "preflight", {"sentence": sentence, "seconds": ready.seconds}))

    def step(self, step: Step) -> None:
        """One step of training."""
        job = self._work.job
        self._work.say(Progress(job, "learn", step.step, step.steps, round(step.seconds_left, 1)))
        self._work.say(Loss(job, step.step, step.loss, step.held_out))
