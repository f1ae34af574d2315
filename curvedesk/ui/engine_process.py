"""The process of an engine: started, listened to line by line, ended when it is silent for too long.

Nothing here waits but `wait_for_leaving`; what became of the process is said when it has really ended.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from curvedesk.child import child_environment
from curvedesk.protocol.codec import Lines, decode_event, encode
from curvedesk.protocol.messages import Quit, Request

SILENCE_MS = 30_000  # a computer with ten times more to do than it can leaves a healthy engine silent for 10 s
WARM_UP_SILENCE_MS = 120_000  # libraries on a cold, slow disk
LEAVING_MS = 1_500

LOST = "nothing of your work is lost. Start the last step again."
CRASHED = f"The part of CurveDesk that finds curves ended unexpectedly; {LOST}"
SHORT_OF_MEMORY = (
    "The computer ended the part of CurveDesk that finds curves, probably because memory ran out; "
    "close other programs and start the last step again."
)
SILENT = f"The part of CurveDesk that finds curves did not answer any more and was ended; {LOST}"
NOT_STARTED = "The part of CurveDesk that finds curves cannot be started; start CurveDesk again or install it again."


class EngineProcess(QObject):
    """One process at a time. `is_warm`, set by who listens: its libraries are loaded, so silence means it hangs."""

    said = Signal(object)  # Event
    ended = Signal(str)  # what `end` was given, or a sentence that says what happened

    def __init__(self, parent: QObject, command: Sequence[str]) -> None:
        super().__init__(parent)
        self.is_warm = False
        self._command = tuple(command)
        self._process: QProcess | None = None
        self._leaving: QProcess | None = None  # asked to end, and not listened to any more
        self._lines = Lines()
        self._reason = ""  # why we are ending the process
        self._watch = single_shot(self, SILENCE_MS, self._on_silence)

    @property
    def is_running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    @property
    def is_ending(self) -> bool:
        """Whether it is being ended and is worth no more work."""
        return bool(self._reason)

    @property
    def pid(self) -> int:
        """Number of the process, 0 where none runs."""
        return int(self._process.processId()) if self._process is not None else 0

    def start(self) -> None:
        """Start the process; there must be none."""
        self._lines, self.is_warm, self._reason = Lines(), False, ""
        process = QProcess(self)
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

    def say(self, request: Request) -> None:
        """Tell it something; nothing happens where no process runs."""
        if self._process is not None:
            self._process.write(encode(request))

    def end(self, reason: str) -> None:
        """Kill the process; `ended` gives the reason when it has finished. The first reason counts."""
        if self._process is not None and not self._reason:
            self._reason = reason
            self._process.kill()

    def leave(self) -> None:
        """Have it end, by force where it does not in time; nothing more is heard of it."""
        self._watch.stop()
        process, self._process = self._process, None
        if process is None:
            return
        process.readyReadStandardOutput.disconnect(self._read)
        process.finished.disconnect(self._on_finished)
        process.errorOccurred.disconnect(self._on_error)
        process.finished.connect(self._on_left)
        self._leaving = process
        process.write(encode(Quit()))
        process.closeWriteChannel()
        QTimer.singleShot(LEAVING_MS, process, process.kill)

    def wait_for_leaving(self) -> None:
        """Wait a moment for the process that was asked to end: the window closes, and nobody watches any more."""
        process, self._leaving = self._leaving, None
        if process is None:
            return
        process.blockSignals(True)
        if not process.waitForFinished(LEAVING_MS):
            process.kill()
            process.waitForFinished(LEAVING_MS)
        process.deleteLater()

    def _on_left(self, _code: int, _status: QProcess.ExitStatus) -> None:
        process, self._leaving = self._leaving, None
        if process is not None:
            process.deleteLater()

    def _read(self) -> None:
        if self._process is None:
            return
        data = bytes(self._process.readAllStandardOutput().data())
        for line in self._lines.feed(data):
            event = decode_event(line)
            if event is not None:
                self.said.emit(event)
        if self._process is not None:
            self._watch.start(SILENCE_MS if self.is_warm else WARM_UP_SILENCE_MS)

    def _on_silence(self) -> None:
        self.end(SILENT)

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
        self.is_warm = False
        self.ended.emit(self._reason or _why(code, status))


def single_shot(parent: QObject, milliseconds: int, run: Callable[[], None]) -> QTimer:
    """A timer that runs once when it was started."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(run)
    return timer


def _why(code: int, status: QProcess.ExitStatus) -> str:
    killed = status is QProcess.ExitStatus.CrashExit and code == 9  # on Linux, the sign of memory that ran out
    return SHORT_OF_MEMORY if killed else CRASHED


def _environment() -> QProcessEnvironment:
    environment = QProcessEnvironment()
    for name, value in child_environment().items():
        environment.insert(name, value)
    return environment
