"""What a job sees of the world while it runs: how to say how it goes, and whether it is still wanted."""

import time
from collections.abc import Callable
from typing import Protocol

from curvedesk.domain.errors import Cancelled
from curvedesk.protocol.messages import Event, Log, Paused, Progress

PROGRESS_EVERY_S = 0.1
REST_S = 0.05  # how long a job that rests waits before it looks again
FIRST_GUESS_S = 1.0  # earlier, a guess at the time left is worse than none


class Says(Protocol):
    """Takes sentences of the protocol."""

    def say(self, event: Event) -> None:
        """Say it."""


class Work:
    """One run of one job."""

    def __init__(
        self,
        job: str,
        speaker: Says,
        *,
        is_cancelled: Callable[[], bool] = lambda: False,
        is_enough: Callable[[], bool] = lambda: False,
        is_paused: Callable[[], bool] = lambda: False,
        look: Callable[[], tuple[float, float] | None] = lambda: None,
    ) -> None:
        self.job = job
        self.is_cancelled = is_cancelled
        self.is_enough = is_enough
        self.is_paused = is_paused
        self._resting = False
        self.look = look
        self._speaker = speaker

    def say(self, event: Event) -> None:
        """Tell the window."""
        self._speaker.say(event)

    def log(self, text: str, *, level: str = "info") -> None:
        """A line for the log panel."""
        self.say(Log(text, level))

    def check(self) -> None:
        """Raise Cancelled where the job is not wanted any more."""
        if self.is_cancelled():
            raise Cancelled("The work was stopped.")

    def rests(self) -> bool:
        """Whether the job is to rest now; the window is told when that changes. Being stopped ends a rest."""
        resting = self.is_paused() and not self.is_cancelled() and not self.is_enough()
        if resting != self._resting:
            self._resting = resting
            self.say(Paused(self.job, resting))
        return resting

    def rest(self) -> None:
        """Wait for as long as the job is to rest."""
        while self.rests():
            time.sleep(REST_S)

    def phase(self, name: str, *, more: float = 0.0) -> Callable[[int, int], None]:
        """Begin a phase; the result takes done and total. `more` is what comes after it, as a share of its time."""
        return _Progress(self, name, more).report


class _Progress:
    """Says how far a phase is, not more often than somebody can read."""

    def __init__(self, work: Work, name: str, more: float) -> None:
        self._work, self._name, self._more = work, name, more
        self._began = time.monotonic()
        self._said = float("-inf")
        self._start: int | None = None

    def report(self, done: int, total: int) -> None:
        now = time.monotonic()
        if self._start is None:  # what was there before is no measure of the speed
            self._start, self._began = done, now
        if done < total and now - self._said < PROGRESS_EVERY_S:
            return
        self._said = now
        self._work.say(Progress(self._work.job, self._name, done, total, self._left(done, total, now)))

    def _left(self, done: int, total: int, now: float) -> float | None:
        elapsed, fresh = now - self._began, done - (self._start or 0)
        if fresh <= 0 or (elapsed < FIRST_GUESS_S and done < total):
            return None
        each = elapsed / fresh
        return round(each * (total - done) + self._more * each * total, 1)
