"""How long a real window stands still while its engine learns: `python -m tests.bench.training_stalls [STEPS]`.

A narrow log and a network of random weights: three strokes, Improve, so many small steps. Prints JSON: the longest time
between two beats of the window's event loop, on the wall and as CPU of its thread (on a busy machine the wall also
counts what others took), and how many beats and steps there were.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from curvedesk.ui.panels.training import training_of
from tests.ui.a_user import LEARNS_LITTLE, User
from tests.ui.real_log import make_log, make_weights

BEAT_MS = 5
FEET = 60


@dataclass(slots=True)
class Beats:
    """Ticks of a timer in the window's thread, and the longest ways between two of them, in ms."""

    wall: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    _last: tuple[float, float] | None = None

    def tick(self) -> None:
        now = time.perf_counter(), time.thread_time()
        if self._last is not None:
            self.wall.append(1000 * (now[0] - self._last[0]))
            self.busy.append(1000 * (now[1] - self._last[1]))
        self._last = now


def listen(parent: QObject) -> Beats:
    """Beats from now on."""
    beats, timer = Beats(), QTimer(parent)
    timer.timeout.connect(beats.tick)
    timer.start(BEAT_MS)
    return beats


def rest_until(condition: Callable[[], bool], app: QApplication) -> None:
    """The event loop as a user's window runs it: asleep between beats. Gives up after half an hour."""
    loop, until = QEventLoop(), time.monotonic() + 1800

    def look() -> None:
        if condition() or time.monotonic() > until:
            loop.quit()

    timer = QTimer(app)
    timer.timeout.connect(look)
    timer.start(50)
    loop.exec()
    timer.stop()


def sit(folder: Path, steps: int) -> dict[str, object]:
    """Draw, let it learn, watch."""
    os.environ["CURVEDESK_HOME"] = str(folder / "home")
    make_log(folder, make_weights(folder), feet=FEET)
    user = User(folder, [str(folder / "scan.png")])
    user.draw_three()
    desk = user.desk
    desk.jobs.training = LEARNS_LITTLE
    beats, training = listen(user.window), training_of(desk)
    user.do("improve")
    rest_until(lambda: training.value.step >= steps or desk.job is None, user.app)
    done = training.value.step
    user.do("cancel_job")
    user.wait(lambda: desk.job is None)
    user.window.documents.discard(user.space)
    user.window.close()
    user.window.documents.opening.close()
    return {
        "wall_ms": max(beats.wall),
        "busy_ms": max(beats.busy),
        "beats": len(beats.wall),
        "next_busy_ms": sorted(beats.busy)[-5:-1],
        "steps": done,
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        sys.stdout.write(json.dumps(sit(Path(home), int(sys.argv[1]) if len(sys.argv) > 1 else 100)) + "\n")
