"""Trainings cancelled and killed at random moments: `python -m tests.bench.deaths cancel|engine|window [COUNT] [SEED]`.

A toy network learns in the real engine; what is left afterwards is counted and printed as JSON. `cancel`: how long it
takes, half of the engines deaf to it (stopped), so that they have to be ended. `engine`: kill -9. Of both about half of
the times at a step of learning. `window`: kill -9 of a real window between its first stroke and its model's learning.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEventLoop

from curvedesk.domain.sheet import dump_sheet, load_sheet
from curvedesk.domain.strokes import CurveStroke, dump_strokes
from curvedesk.protocol.jobs import FinetuneJob
from curvedesk.protocol.messages import Cancelled, Failed, Loss, Result
from curvedesk.store.job_folder import TRAINING, jobs_dir
from curvedesk.store.registry import list_models
from curvedesk.ui.engine_client import EngineClient
from tests.bench.deaths_window import Row, killed_window
from tests.tracing.makers import pen_line
from tests.ui.real_log import MODEL, SmallLog, make_log, make_weights

PATIENCE_S = 240.0
LONGEST_S = 4.0  # after a training was handed over
ENDLESS = {"steps": 100_000, "batch": 2, "size": 64, "check_every": 1, "save_every": 1}


class Watched:
    """An engine that trains, and all it says."""

    def __init__(self, app: QCoreApplication) -> None:
        self.app, self.client, self.heard = app, EngineClient(), list[Any]()
        self.client.event.connect(self.heard.append)

    def wait(self, condition: Callable[[], object], seconds: float = PATIENCE_S) -> bool:
        """Let the client live until something is so; whether it was in time."""
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until:
                return False
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        return True

    def heard_of(self, job: str, *kinds: type) -> bool:
        """Whether it has said such a thing of the job."""
        return any(isinstance(event, kinds) and event.job == job for event in self.heard)


def training(log: SmallLog) -> FinetuneJob:
    """Three strokes along the pen."""
    sheet = load_sheet(log.sheet)
    pen = pen_line(sheet, "GR", lambda depth: 50 + 30 * np.sin(depth / 3))
    said = []
    for first in (100, 250, 400):
        part = (pen.y_px >= first) & (pen.y_px < first + 60)
        points = np.column_stack([pen.x_px[part], pen.y_px[part]])[::8]
        said.append(CurveStroke("GR", tuple((float(x), float(y)) for x, y in points)))
    return FinetuneJob(
        str(log.scan), dump_sheet(sheet), dump_strokes(said), "", model=MODEL, device="cpu", settings=ENDLESS
    )


def begun(engine: Watched, job: FinetuneJob, moment: float, *, at_a_step: bool) -> tuple[str, int]:
    """A training that has gone on for so many seconds, or for less after its first step; its name and its process."""
    name = engine.client.submit(job)
    if at_a_step:
        engine.wait(lambda: engine.heard_of(name, Loss))
        moment /= 4
    engine.wait(lambda: False, moment)
    engine.wait(lambda: engine.client.pid)
    return name, engine.client.pid


def cancelled(engine: Watched, job: FinetuneJob, moment: float, *, at_a_step: bool, deaf: bool) -> Row:
    """One training that is not wanted any more."""
    name, pid = begun(engine, job, moment, at_a_step=at_a_step)
    if deaf:
        os.kill(pid, signal.SIGSTOP)
    learning, began = engine.heard_of(name, Loss), time.monotonic()
    engine.client.cancel(name)
    over = engine.wait(lambda: engine.heard_of(name, Cancelled, Failed, Result))
    took = time.monotonic() - began
    left = (jobs_dir() / name / TRAINING).exists()
    return {"seconds": took, "over": over, "deaf": deaf, "learning": learning, "left": left, **_after(pid, gone=deaf)}


def killed(engine: Watched, job: FinetuneJob, moment: float, *, at_a_step: bool) -> Row:
    """One training whose engine dies."""
    name, pid = begun(engine, job, moment, at_a_step=at_a_step)
    learning = engine.heard_of(name, Loss)
    os.kill(pid, signal.SIGKILL)
    told = engine.wait(lambda: engine.heard_of(name, Failed))
    state = jobs_dir() / name / TRAINING / "state.safetensors"
    return {"told": told, "learning": learning, "checkpoint": _reads(state), **_after(pid, gone=True)}


def _reads(state: Path) -> bool | None:
    """Whether a checkpoint is whole; None where there is none yet."""
    if not state.exists():
        return None
    from safetensors import safe_open

    with safe_open(str(state), framework="np") as opened:
        return all(opened.get_tensor(key) is not None for key in opened.keys())  # noqa: SIM118 - no mapping


def _after(pid: int, *, gone: bool) -> Row:
    orphan = gone and psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return {"orphan": orphan, "damaged": sum(entry.problem is not None for entry in list_models())}


def main(what: str, count: int, seed: int) -> list[Row]:
    """As many as asked for, one after the other."""
    rng, app, rows = np.random.default_rng(seed), QCoreApplication([]), list[Row]()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CURVEDESK_HOME"] = str(Path(folder) / "home")
        weights = make_weights(Path(folder))
        if what == "window":
            for k in range(count):
                rows.append(killed_window(Path(folder) / str(k), weights, rng))
                _tell(rows[-1])
            return rows
        log, engine = make_log(Path(folder), weights, feet=60), Watched(app)
        for k in range(count):
            moment, at_a_step, job = float(rng.uniform(0, LONGEST_S)), bool(rng.random() < 0.5), training(log)
            if what == "cancel":
                rows.append(cancelled(engine, job, moment, at_a_step=at_a_step, deaf=bool(k % 2)))
            else:
                rows.append(killed(engine, job, moment, at_a_step=at_a_step))
            _tell(rows[-1])
        engine.client.shutdown()
    return rows


def _tell(facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    done = main(sys.argv[1], int((sys.argv[2:] or ["20"])[0]), int((sys.argv[3:] or ["1"])[0]))
    counted = {key: sum(row[key] is True for row in done) for key, kind in done[0].items() if isinstance(kind, bool)}
    lost = {key: sum(row[key] for row in done) for key in ("lost", "damaged") if key in done[0]}
    slowest = max((row[key] for row in done for key in ("seconds", "gone_s") if row.get(key)), default=None)
    _tell({"count": len(done), **counted, **lost, "slowest_s": slowest})
