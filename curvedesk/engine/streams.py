"""The engine's three streams, arranged before anything else can write to them.

The protocol goes out on a private copy of standard output; number 1 and number 2 are then the log file, so that a
stray print, of Python or of a library in C, can never stand among the sentences of the protocol.
"""

import contextlib
import faulthandler
import os
import sys
import threading
from pathlib import Path

from curvedesk.protocol.codec import encode
from curvedesk.protocol.messages import Event
from curvedesk.store.locations import log_dir

MAX_LOG_BYTES, KEPT_LOGS = 1 << 20, 3


class Speaker:
    """Says sentences to the window; threads may share it."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._lock = threading.Lock()

    def say(self, event: Event) -> None:
        """Say it whole. A window that is gone ends this process: nobody is left to work for."""
        data = memoryview(encode(event))
        try:
            with self._lock:
                while data:
                    data = data[os.write(self._handle, data) :]
        except OSError:
            leave()


def leave(status: int = 0) -> None:
    """End at once: a thread that waits for input would keep an ordinary exit from coming to its end."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(status)


def take_stdout() -> int:
    """A private copy of standard output for the protocol; number 1 then writes to where number 2 does."""
    private = os.dup(1)
    os.dup2(2, 1)
    return private


class EngineLog:
    """Where everything goes that the engine and its libraries write: a file that does not grow without end."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or log_dir() / "engine.log"

    def open(self) -> None:
        """Send standard error and output there; where it cannot be opened, both stay as they are."""
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._rotate()
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            os.dup2(handle, 2)
            os.dup2(handle, 1)
            os.close(handle)
            faulthandler.enable(file=2)

    def write(self, text: str) -> None:
        """A paragraph of ours."""
        with contextlib.suppress(OSError):
            os.write(2, f"[{os.getpid()}] {text.rstrip()}\n".encode(errors="replace"))

    def reopen_if_long(self) -> None:
        """Between jobs: start a new file where this one has grown long."""
        with contextlib.suppress(OSError):
            if self.path.stat().st_size > MAX_LOG_BYTES:
                self.open()

    def _rotate(self) -> None:
        if not self.path.exists() or self.path.stat().st_size <= MAX_LOG_BYTES:
            return
        for number in range(KEPT_LOGS, 0, -1):
            older = self.path.with_name(f"engine.{number}.log")
            newer = self.path.with_name(f"engine.{number - 1}.log") if number > 1 else self.path
            with contextlib.suppress(OSError):  # another engine may have been first
                newer.replace(older)
