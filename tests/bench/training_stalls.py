"""How long a real window stands still while its engine learns: `python -m tests.bench.training_stalls [STEPS]`.

The sample log with the shipped network: three strokes, Improve, until the training is over. Prints JSON: the longest
time between two beats of the window's event loop, on the wall and as CPU of its thread (on a busy machine the wall also
counts what others took), how many beats there were, and what the training said.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from tests.ui.a_user import User

BEAT_MS = 2


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


def sit(folder: Path, steps: int) -> dict[str, object]:
    """Draw, let it learn, watch."""
    user = User(folder, ["demo"])
    user.wait(lambda: user.window.desk is not None and user.window.desk.sheet is not None)
    user.wait_for_log()
    desk = user.desk
    user.do("predict")
    user.wait(lambda: desk.document.project.prediction is not None and desk.job is None)
    user.do("tool_pen")
    curve = next(iter(desk.document.project.curves.values()))
    rows = len(curve.y_px)
    for part in (0.3, 0.5, 0.7):
        at = slice(int(part * rows), int(part * rows) + 60, 6)
        user.draw([(float(x), float(y)) for x, y in zip(curve.x_px[at], curve.y_px[at], strict=True)])
    desk.jobs.training = {"steps": steps}
    gc.collect()
    beats = listen(user.window)
    user.do("improve")
    user.wait(lambda: desk.job is None and bool(beats.wall))
    return {
        "wall_ms": max(beats.wall),
        "busy_ms": max(beats.busy),
        "beats": len(beats.wall),
        "next_busy_ms": sorted(beats.busy)[-5:-1],
        "model": desk.document.project.model_id,
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        sys.stdout.write(json.dumps(sit(Path(home), int(sys.argv[1]) if len(sys.argv) > 1 else 40)) + "\n")
