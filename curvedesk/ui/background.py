"""Work that would make the window wait, done in a thread; the answer comes back on the window's own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from curvedesk.domain.errors import CurveDeskError

T = TypeVar("T")


class Background(QObject):
    """Answers that come after ``close`` are dropped."""

    _answered = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = False
        self._answered.connect(self._deliver)

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Call ``work`` in a thread, then ``done`` with its value here, or ``failed`` with what it raised."""
        threading.Thread(target=self._work, args=(work, done, failed), daemon=True).start()

    def close(self) -> None:
        """Forget everything under way."""
        self._closed = True

    def _work(self, work: Callable[[], Any], done: Callable[[Any], object], failed: Any) -> None:
        try:
            answer, to = work(), done
        except (CurveDeskError, OSError, ValueError, RuntimeError, MemoryError) as error:
            answer, to = error, failed
        if to is not None:
            with contextlib.suppress(RuntimeError):  # the window is gone
                self._answered.emit(to, answer)

    def _deliver(self, to: Callable[[Any], object], answer: Any) -> None:
        if not self._closed:
            to(answer)
