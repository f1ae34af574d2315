"""The window's end of an engine: hands it one job at a time, and survives it.

Nothing here waits: every answer comes as a signal. A job is over when its `Result`, `Failed` or `Cancelled` was
emitted; after a forced cancel that is when the process has really ended.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, SignalInstance

from curvedesk.child import child_command
from curvedesk.protocol.jobs import Job, write_job
from curvedesk.protocol.messages import (
    VERSION,
    Cancel,
    Cancelled,
    Enough,
    Event,
    Failed,
    GoOn,
    Heartbeat,
    Hello,
    Look,
    Pause,
    Ready,
    Result,
    Run,
)
from curvedesk.store.job_folder import jobs_dir, new_job_folder, sweep_jobs
from curvedesk.ui.engine_process import EngineProcess, single_shot

GRACE_MS = 600  # between asking a job to stop and ending the process
CANCELLED = "cancel"  # why the process of a job that does not stop is ended

OTHER_VERSION = "CurveDesk was changed while it was open; save your work and start it again."
NOT_HANDED_OVER = "The work could not be handed over ({reason}); make room on the disk and try again."


class _Signals(QObject):
    """The signals of a client, apart from it because a QObject has a method of its own called `event`."""

    started = Signal()
    stopped = Signal(str)
    told = Signal(object)


class EngineClient:
    """One engine process. Make a second one for work that must not hold up the first, ``once`` where it is for one job.

    Signals: `started()`, it greeted and speaks our version; `stopped(sentence)`, it ended by itself or had to be ended,
    a sentence for the user; `event(object)`, a sentence of the protocol, see curvedesk.protocol.messages.
    """

    def __init__(
        self, parent: QObject | None = None, *, command: Sequence[str] | None = None, once: bool = False
    ) -> None:
        self._signals = _Signals(parent)
        self.started: SignalInstance = self._signals.started
        self.stopped: SignalInstance = self._signals.stopped
        self.event: SignalInstance = self._signals.told
        self.model = ""  # what it has loaded
        self._once = once
        self._process = EngineProcess(self._signals, command or child_command("engine"))
        self._process.said.connect(self._take)
        self._process.ended.connect(self._on_ended)
        self._greeted = False
        self._jobs: OrderedDict[str, Job] = OrderedDict()  # not over yet, in order; the first is being done
        self._handed_over = ""  # the job that the process has
        self._grace = single_shot(self._signals, GRACE_MS, self._on_grace_over)
        self._later: list[Event] = []
        self._soon = single_shot(self._signals, 0, self._emit_later)

    @property
    def is_running(self) -> bool:
        """Whether there is a process, greeting or greeted."""
        return self._process.is_running

    @property
    def is_ready(self) -> bool:
        """Whether libraries are loaded, so that a job starts at once."""
        return self._process.is_warm

    @property
    def pid(self) -> int:
        """Number of the process, 0 where none runs."""
        return self._process.pid

    def start(self) -> None:
        """Start the process if there is none."""
        if self.is_running:
            return
        sweep_jobs()
        self._greeted, self._handed_over = False, ""
        self._process.start()

    def submit(self, job: Job) -> str:
        """Have a job done after those before it; the id that its events bear. Starts the engine where none runs.

        An empty `out` of the job is the job's own folder.
        """
        try:
            folder = new_job_folder()
            job = replace(job, id=folder.name, out=job.out or str(folder))
            write_job(folder / "job.json", job)
        except OSError as error:
            return self._refuse(job, error)
        self._jobs[job.id] = job
        self.start()
        self._hand_over()
        return job.id

    def cancel(self, job_id: str) -> None:
        """Stop a job: ask, and end the process where that does not help within 600 ms. `Cancelled` says it is over."""
        if job_id not in self._jobs:
            return
        if job_id != self._handed_over:
            del self._jobs[job_id]
            self._emit_soon(Cancelled(job_id))
        elif not self._grace.isActive():
            self._process.say(Cancel(job_id))
            self._grace.start()

    def enough(self, job_id: str) -> None:
        """Let a training end here and be judged."""
        if job_id == self._handed_over:
            self._process.say(Enough(job_id))

    def pause(self, job_id: str) -> None:
        """Let a training rest."""
        if job_id == self._handed_over:
            self._process.say(Pause(job_id))

    def go_on(self, job_id: str) -> None:
        """Let a training that rests go on."""
        if job_id == self._handed_over:
            self._process.say(GoOn(job_id))

    def look(self, job_id: str, y0_px: float, y1_px: float) -> None:
        """The user now looks at these rows of the scan; they come next."""
        if job_id == self._handed_over:
            self._process.say(Look(job_id, y0_px, y1_px))

    def shutdown(self) -> None:
        """End the process because the window closes; waits for it a moment, since nobody watches any more."""
        self.retire()
        self._process.wait_for_leaving()

    def retire(self) -> None:
        """Have the process end while the window goes on; nothing waits for it."""
        self._grace.stop()
        self._jobs.clear()
        self._process.leave()

    def _refuse(self, job: Job, error: OSError) -> str:
        job_id = job.id or "refused"
        reason = error.strerror or type(error).__name__
        self._emit_soon(Failed(job_id, NOT_HANDED_OVER.format(reason=reason), repr(error)))
        return job_id

    def _hand_over(self) -> None:
        if self._greeted and not self._handed_over and self._jobs and not self._process.is_ending:
            self._handed_over = next(iter(self._jobs))
            self._process.say(Run(self._handed_over, str(jobs_dir() / self._handed_over / "job.json")))

    def _take(self, event: Event) -> None:
        match event:
            case Hello(version=version) if version != VERSION:
                self._process.end(OTHER_VERSION)
            case Hello():
                self._greeted = True
                self.started.emit()
                self._hand_over()
            case Heartbeat():
                return
            case Ready(model=model):
                self._process.is_warm, self.model = True, model
                self.event.emit(event)
            case Result(job=job) | Failed(job=job) | Cancelled(job=job):
                self._on_over(job, event)
            case _:
                self.event.emit(event)

    def _on_over(self, job: str, event: Event) -> None:
        if job not in self._jobs:  # its end was told already
            return
        del self._jobs[job]
        if job == self._handed_over:
            self._handed_over = ""
            self._grace.stop()
        self.event.emit(event)
        self._hand_over()

    def _on_grace_over(self) -> None:
        self._process.end(CANCELLED)

    def _on_ended(self, reason: str) -> None:
        self._grace.stop()
        self._greeted = False
        if reason == CANCELLED:
            self._after_cancel()
        else:
            self._after_loss(reason)

    def _after_cancel(self) -> None:
        """The cancelled job is over; the next one, and the one after it, find a fresh engine."""
        job, self._handed_over = self._handed_over, ""
        if self._jobs.pop(job, None) is not None:
            self.event.emit(Cancelled(job))
        if not self._once:
            self.start()

    def _after_loss(self, sentence: str) -> None:
        lost, self._handed_over = list(self._jobs), ""
        self._jobs.clear()
        for job in lost:
            self.event.emit(Failed(job, sentence))
        self.stopped.emit(sentence)

    def _emit_soon(self, event: Event) -> None:
        self._later.append(event)
        self._soon.start()

    def _emit_later(self) -> None:
        while self._later:
            self.event.emit(self._later.pop(0))
