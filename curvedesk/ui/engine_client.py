"""The window's end of an engine: starts it, hands it one job at a time, and survives it.

Nothing here waits: every answer comes as a signal. A job is over when its `Result`, `Failed` or `Cancelled` was
emitted; after a forced cancel that is when the process has really ended.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal, SignalInstance

from curvedesk.child import child_command, child_environment
from curvedesk.protocol.codec import Lines, decode_event, encode
from curvedesk.protocol.jobs import Job, write_job
from curvedesk.protocol.messages import (
    VERSION,
    Cancel,
    Cancelled,
    Enough,
    Event,
    Failed,
    Heartbeat,
    Hello,
    Look,
    Quit,
    Ready,
    Request,
    Result,
    Run,
)
from curvedesk.store.job_folder import jobs_dir, new_job_folder, sweep_jobs

START_DELAY_MS = 500  # after the window shows: the first picture comes first
GRACE_MS = 600  # between asking a job to stop and ending the process
SILENCE_MS = 10_000
WARM_UP_SILENCE_MS = 120_000  # libraries on a cold, slow disk
LEAVING_MS = 1_500

LOST = "nothing of your work is lost. Start the last step again."
CRASHED = f"The part of CurveDesk that finds curves ended unexpectedly; {LOST}"
SHORT_OF_MEMORY = (
    "The computer ended the part of CurveDesk that finds curves, probably because memory ran out; "
    "close other programs and start the last step again."
)
SILENT = f"The part of CurveDesk that finds curves did not answer any more and was ended; {LOST}"
OTHER_VERSION = "CurveDesk was changed while it was open; save your work and start it again."
NOT_STARTED = "The part of CurveDesk that finds curves cannot be started; start CurveDesk again or install it again."
NOT_HANDED_OVER = "The work could not be handed over ({reason}); make room on the disk and try again."


class _Signals(QObject):
    """The signals of a client, apart from it because a QObject has a method of its own called `event`."""

    started = Signal()
    stopped = Signal(str)
    told = Signal(object)


class EngineClient:
    """One engine process. Make a second one for work that must not hold up the first.

    Signals: `started()`, it greeted and speaks our version; `stopped(sentence)`, it ended by itself or had to be ended,
    a sentence for the user; `event(object)`, a sentence of the protocol, see curvedesk.protocol.messages.
    """

    def __init__(self, parent: QObject | None = None, *, command: Sequence[str] | None = None) -> None:
        self._signals = _Signals(parent)
        self.started: SignalInstance = self._signals.started
        self.stopped: SignalInstance = self._signals.stopped
        self.event: SignalInstance = self._signals.told
        self.is_ready = False  # libraries are loaded, a job starts at once
        self.model = ""  # what it has loaded
        self._command = tuple(command or child_command("engine"))
        self._process: QProcess | None = None
        self._lines = Lines()
        self._greeted = False
        self._jobs: OrderedDict[str, Job] = OrderedDict()  # not over yet, in order; the first is being done
        self._handed_over = ""  # the job that the process has
        self._reason = ""  # why we are ending the process: a sentence, or "cancel"
        self._watch = _timer(self._signals, SILENCE_MS, self._on_silence)
        self._grace = _timer(self._signals, GRACE_MS, self._on_grace_over)
        self._delay = _timer(self._signals, START_DELAY_MS, self.start)
        self._later: list[Event] = []
        self._soon = _timer(self._signals, 0, self._emit_later)

    @property
    def is_running(self) -> bool:
        """Whether there is a process, greeting or greeted."""
        return self._process is not None

    @property
    def pid(self) -> int:
        """Number of the process, 0 where none runs."""
        return int(self._process.processId()) if self._process is not None else 0

    def start_soon(self) -> None:
        """Start half a second from now, when the window has been painted."""
        self._delay.start()

    def start(self) -> None:
        """Start the process if there is none."""
        self._delay.stop()
        if self._process is not None:
            return
        sweep_jobs()
        self._lines, self._greeted, self.is_ready, self._reason, self._handed_over = Lines(), False, False, "", ""
        process = QProcess(self._signals)
        process.setProgram(self._command[0])
        process.setArguments(list(self._command[1:]))
        process.setProcessEnvironment(_environment())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        self._watch.start(WARM_UP_SILENCE_MS)
        process.start()

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
            self._say(Cancel(job_id))
            self._grace.start()

    def enough(self, job_id: str) -> None:
        """Let a training end here and be judged."""
        if job_id == self._handed_over:
            self._say(Enough(job_id))

    def look(self, job_id: str, y0_px: float, y1_px: float) -> None:
        """The user now looks at these rows of the scan; they come next."""
        if job_id == self._handed_over:
            self._say(Look(job_id, y0_px, y1_px))

    def shutdown(self) -> None:
        """End the process because the window closes; waits for it a moment, since nobody watches any more."""
        self._delay.stop()
        self._watch.stop()
        self._grace.stop()
        process, self._process = self._process, None
        self._jobs.clear()
        if process is None:
            return
        process.blockSignals(True)
        process.write(encode(Quit()))
        process.closeWriteChannel()
        if not process.waitForFinished(LEAVING_MS):
            process.kill()
            process.waitForFinished(LEAVING_MS)
        process.deleteLater()

    def _refuse(self, job: Job, error: OSError) -> str:
        job_id = job.id or "refused"
        reason = error.strerror or type(error).__name__
        self._emit_soon(Failed(job_id, NOT_HANDED_OVER.format(reason=reason), repr(error)))
        return job_id

    def _hand_over(self) -> None:
        if self._greeted and not self._handed_over and self._jobs and not self._reason:
            self._handed_over, job = next(iter(self._jobs.items()))
            self._say(Run(job.id, str(_job_file(job))))

    def _say(self, request: Request) -> None:
        if self._process is not None:
            self._process.write(encode(request))

    def _read(self) -> None:
        if self._process is None:
            return
        data = bytes(self._process.readAllStandardOutput().data())
        for line in self._lines.feed(data):
            event = decode_event(line)
            if event is not None:
                self._take(event)
        if self._process is not None:
            self._watch.start(SILENCE_MS if self.is_ready else WARM_UP_SILENCE_MS)

    def _take(self, event: Event) -> None:
        match event:
            case Hello(version=version) if version != VERSION:
                self._end(OTHER_VERSION)
            case Hello():
                self._greeted = True
                self.started.emit()
                self._hand_over()
            case Heartbeat():
                return
            case Ready(model=model):
                self.is_ready, self.model = True, model
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

    def _on_silence(self) -> None:
        self._end(SILENT)

    def _on_grace_over(self) -> None:
        self._end("cancel")

    def _end(self, reason: str) -> None:
        """Kill the process; what that means is said when it has finished."""
        if self._process is not None and not self._reason:
            self._reason = reason
            self._process.kill()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._reason = self._reason or NOT_STARTED
            self._on_finished(0, QProcess.ExitStatus.NormalExit)

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.deleteLater()
        self._watch.stop()
        self._grace.stop()
        self._greeted, self.is_ready = False, False
        if self._reason == "cancel":
            self._after_cancel()
        else:
            self._after_loss(self._reason or _why(code, status))

    def _after_cancel(self) -> None:
        """The cancelled job is over; the next one, and the one after it, find a fresh engine."""
        job, self._handed_over = self._handed_over, ""
        if self._jobs.pop(job, None) is not None:
            self.event.emit(Cancelled(job))
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


def _why(code: int, status: QProcess.ExitStatus) -> str:
    killed = status is QProcess.ExitStatus.CrashExit and code == 9  # on Linux, the sign of memory that ran out
    return SHORT_OF_MEMORY if killed else CRASHED


def _job_file(job: Job) -> Path:
    return jobs_dir() / job.id / "job.json"


def _environment() -> QProcessEnvironment:
    environment = QProcessEnvironment()
    for name, value in child_environment().items():
        environment.insert(name, value)
    return environment


def _timer(parent: QObject, milliseconds: int, run: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(run)
    return timer
