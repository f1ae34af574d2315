"""The `finetune` job: a model that learnt from the strokes, kept if it is better, and everything told on the way."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from curvedesk.domain.errors import Cancelled, CurveDeskError, ScanError, StrokesError
from curvedesk.domain.sheet import parse_sheet
from curvedesk.domain.strokes import Stroke, parse_strokes
from curvedesk.engine.finetune_glimpse import Glimpses
from curvedesk.engine.models import Models
from curvedesk.engine.work import Work
from curvedesk.imaging import open_scan
from curvedesk.improve import Outcome, improve, register_outcome
from curvedesk.interchange.stroke_packs import PackCrop, read_pack
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.finetune import Control, FinetuneConfig, Step
from curvedesk.learn.net import CurveNet
from curvedesk.learn.preflight import Preflight
from curvedesk.protocol.jobs import FinetuneJob
from curvedesk.protocol.messages import Loss, Preview, Progress, Result
from curvedesk.store.digest import sha256_of
from curvedesk.store.file_lock import FileLock
from curvedesk.store.job_folder import LOCK, TRAINING
from curvedesk.store.tries import remember_try


def run_finetune(job: FinetuneJob, work: Work, models: Models) -> Result:
    """Train on the strokes and judge; the result names the better model, and the window puts it to use."""
    sheet = parse_sheet(job.sheet, source="the sheet")
    strokes = parse_strokes(job.strokes, source="the strokes")
    base = models.get(job.model)
    config = FinetuneConfig(**dict(job.settings))
    packs = [crop for path, digest in job.packs.items() for crop in _pack(Path(path), str(digest))]
    with _at_work(Path(job.out)) as folder, open_scan(job.scan, dpi=sheet.dpi or job.dpi, page=job.page) as scan:
        if job.sha256 and scan.sha256 != job.sha256:
            raise ScanError(f"{job.scan}: it is not the scan that was opened; open it again")
        told = _Told(work, Glimpses(job, work, scan, sheet, base))
        outcome = improve(
            scan,
            sheet,
            strokes,
            base,
            folder=folder,
            config=config,
            device=job.device,
            max_seconds=job.max_seconds,
            packs=packs,
            begin=models.get(job.start) if job.start else None,
            control=told.control(),
            phase=told.phase,
            about=told.preflight,
        )
        model_id = _kept(outcome, base, strokes, config)
        if outcome.judged:
            remember_try(scan.sha256, job.page, outcome.tried(len(strokes)))
    return Result(job.id, {}, _facts(outcome, model_id, len(strokes)))


def _kept(outcome: Outcome, base: Model, strokes: tuple[Stroke, ...], config: FinetuneConfig) -> str:
    return register_outcome(outcome, base, strokes, config) if outcome.verdict.adopted else base.id


def _pack(path: Path, digest: str) -> tuple[PackCrop, ...]:
    """Strokes of another log, as they were when they were chosen."""
    if sha256_of(path) != digest:
        raise StrokesError(f"{path}: is not the pack that was chosen, or cannot be read any more; choose it again")
    return read_pack(path)


@contextmanager
def _at_work(out: Path) -> Iterator[Path]:
    """The folder of checkpoints, locked as long as this process works in it; only a death leaves it behind."""
    folder = out / TRAINING
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK)
    if not lock.acquire():
        raise CurveDeskError("This training goes on in another window already.")
    try:
        yield folder
        gone = True
    except (Cancelled, StrokesError):
        gone = True
        raise
    except BaseException:
        gone = False
        raise
    finally:
        lock.release()
        if gone:
            shutil.rmtree(folder, ignore_errors=True)


def _facts(outcome: Outcome, model_id: str, strokes: int) -> dict[str, object]:
    told = outcome.verdict
    figures = {
        "held_out_before_pct": told.before.error_pct,
        "held_out_after_pct": told.after.error_pct,
        "swaps_before": told.before.swaps,
        "swaps_after": told.after.swaps,
        "replay_before": told.before.replay,
        "replay_after": told.after.replay,
    }
    return {
        **(figures if outcome.judged else {}),
        "kept": told.adopted,
        "sentence": told.sentence,
        "model": model_id,
        "steps": outcome.steps,
        "share": outcome.share,
        "seconds": outcome.seconds,
        "strokes": strokes,
        "doubted": [[*rows, str(doubt)] for rows, doubt in outcome.doubted],
    }


class _Told:
    """What improving says, in the sentences of the protocol."""

    def __init__(self, work: Work, glimpses: Glimpses) -> None:
        self._work, self._glimpses = work, glimpses
        self._step = 0
        self._ready: Preflight | None = None

    def control(self) -> Control:
        """How the training is steered."""
        work = self._work
        return Control(work.is_cancelled, work.is_enough, work.rests, self.step, self.preview)

    def phase(self, name: str) -> None:
        """A new part of the work begins."""
        self._work.rest()
        self._work.say(Progress(self._work.job, name, 0, 0))

    def preflight(self, ready: Preflight) -> None:
        """How long it will take here."""
        self._glimpses.device, self._ready = ready.device, ready
        sentence = " ".join((ready.sentence, *ready.warnings))
        about = {"sentence": sentence, "seconds": ready.seconds, "device": ready.device, "batch": ready.batch}
        self._work.say(Preview(self._work.job, "preflight", about))

    def preview(self, net: CurveNet) -> None:
        """What the network finds in sight, now and then."""
        self._glimpses.show(net, self._step + 1)

    def step(self, step: Step) -> None:
        """One step of training."""
        job, self._step = self._work.job, step.step
        left = step.seconds_left + self._judging(step.steps)
        self._work.say(Progress(job, "learn", step.step, step.steps, round(left, 1)))
        self._work.say(Loss(job, step.step, step.loss, step.held_out))

    def _judging(self, steps: int) -> float:
        """Seconds that follow the last step."""
        return max(0.0, self._ready.seconds - steps * self._ready.step_seconds) if self._ready is not None else 0.0
