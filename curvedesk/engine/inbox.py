"""What the window asks for, read by a thread while the main thread works."""

import os
import queue
import sys
import threading
import time
from collections.abc import Callable

from curvedesk.engine.streams import leave
from curvedesk.protocol.codec import Lines, decode_request
from curvedesk.protocol.messages import Cancel, Enough, GoOn, Look, Pause, Quit, Run

CHUNK_BYTES = 1 << 16
POLL_S = 0.05


class Inbox:
    """Jobs in the order they came; cancellations and looks at once. Its input's end is the end of the process."""

    def __init__(self, handle: int = 0, *, on_end: Callable[[], None] = leave) -> None:
        self._handle = handle
        self._on_end = on_end
        self._runs: queue.Queue[Run] = queue.Queue()
        self._cancelled: set[str] = set()
        self._enough: set[str] = set()
        self._paused: set[str] = set()
        self._looks: dict[str, tuple[float, float]] = {}
        self._thread = threading.Thread(target=self._listen, name="inbox", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def next_run(self) -> Run:
        """Wait for the next job."""
        return self._runs.get()

    def is_cancelled(self, job: str) -> bool:
        """Whether the job was asked to stop."""
        return job in self._cancelled

    def is_enough(self, job: str) -> bool:
        """Whether the job was asked to make do with what it has."""
        return job in self._enough

    def is_paused(self, job: str) -> bool:
        """Whether the job was asked to rest."""
        return job in self._paused

    def look(self, job: str) -> tuple[float, float] | None:
        """Rows of the scan that the user looks at, where the window said so since the job began."""
        return self._looks.get(job)

    def forget(self, job: str) -> None:
        """The job is over."""
        self._cancelled.discard(job)
        self._enough.discard(job)
        self._paused.discard(job)
        self._looks.pop(job, None)

    def _listen(self) -> None:
        lines = Lines()
        while data := _read(self._handle):
            for line in lines.feed(data):
                self._take(line)
        self._on_end()

    def _take(self, line: bytes) -> None:
        match decode_request(line):
            case Run() as run:
                self._runs.put(run)
            case Cancel(job=job):
                self._cancelled.add(job)
            case Enough(job=job):
                self._enough.add(job)
            case Pause(job=job):
                self._paused.add(job)
            case GoOn(job=job):
                self._paused.discard(job)
            case Look(job=job, y0_px=y0, y1_px=y1):
                self._looks[job] = y0, y1
            case Quit():
                self._on_end()
            case None:
                os.write(2, b"A request was not understood.\n")


if sys.platform == "win32":
    import _winapi
    import msvcrt

    def _read(handle: int) -> bytes:
        """The next bytes, empty at the end.

        A thread that waits inside a read of standard input makes the start of some libraries hang on Windows, so
        it is only read when there is something.
        """
        try:
            pipe = msvcrt.get_osfhandle(handle)
            while not _winapi.PeekNamedPipe(pipe, 0)[0]:
                time.sleep(POLL_S)
            return os.read(handle, CHUNK_BYTES)
        except OSError:
            return b""
else:

    def _read(handle: int) -> bytes:
        """The next bytes, empty at the end."""
        try:
            return os.read(handle, CHUNK_BYTES)
        except OSError:
            return b""
