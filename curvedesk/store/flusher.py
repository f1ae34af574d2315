"""A thread that does one slow thing when asked, once for all the asking that came meanwhile."""

from collections.abc import Callable
from threading import Condition, Thread

PAUSE_S = 0.15  # what is written while the disk flushes waits for it, so a gesture and its result go together


class Flusher:
    """Runs `work` soon after each `ask`; the thread starts with the first. `work` must not raise."""

    def __init__(self, work: Callable[[], None], *, pause_s: float = PAUSE_S) -> None:
        self._work = work
        self._pause_s = pause_s
        self._changed = Condition()
        self._wanted = False
        self._stopping = False
        self._thread: Thread | None = None

    def ask(self) -> None:
        """Have the work done; returns at once."""
        with self._changed:
            self._wanted = True
            if self._thread is None and not self._stopping:
                self._thread = Thread(target=self._run, name="journal", daemon=True)
                self._thread.start()
            self._changed.notify()

    def stop(self) -> None:
        """Return when the thread has ended; what was asked for last is left to the caller."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or self._stopping)
                self._changed.wait_for(lambda: self._stopping, self._pause_s)
                if self._stopping:
                    return
                self._wanted = False
            self._work()
