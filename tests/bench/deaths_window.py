"""A real window in a process of its own that draws, learns and waits to be killed, and what it leaves behind."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from curvedesk.child import child_environment
from curvedesk.session.files import close_document
from curvedesk.session.recovery import recover, recoverable
from curvedesk.store.registry import list_models
from tests.conftest import REPO
from tests.ui.real_log import make_log

PATIENCE_S = 240.0
MOMENTS = ("1", "2", "3", "training", "step", "step")  # what it has told last when it is killed

Row = dict[str, Any]


def killed_window(folder: Path, weights: Path, rng: np.random.Generator) -> Row:
    """One sitting, killed at a random moment; what was lost, and what goes on without it."""
    os.environ["CURVEDESK_HOME"] = str(folder / "home")
    folder.mkdir()
    make_log(folder, weights, feet=60)
    until, wait_s = str(rng.choice(MOMENTS)), float(rng.uniform(0, 1.5))
    window, told = _sit_down(folder)
    last = _told_until(told, until)
    time.sleep(wait_s)
    children = psutil.Process(window.pid).children(recursive=True)
    window.kill()
    window.wait()
    last = _drained(told, last)
    gone_s = _gone(children)
    strokes, drawn = _recovered(), sum(line in {"1", "2", "3"} for line in last)
    damaged = sum(entry.problem is not None for entry in list_models())
    return {
        "killed after": until,
        "engines": len(children),
        "orphan": gone_s is None,
        "gone_s": gone_s,
        "drawn": drawn,
        "lost": max(0, drawn - strokes),
        "damaged": damaged,
    }


def _sit_down(folder: Path) -> tuple[subprocess.Popen[str], queue.Queue[str]]:
    environment = child_environment(QT_QPA_PLATFORM="offscreen", OMP_NUM_THREADS="1")
    command = (sys.executable, "-m", "tests.bench.deaths_window", str(folder))
    window = subprocess.Popen(command, cwd=REPO, env=environment, stdout=subprocess.PIPE, text=True)
    told: queue.Queue[str] = queue.Queue()

    def listen() -> None:
        assert window.stdout is not None
        for line in window.stdout:
            told.put(line.strip())

    threading.Thread(target=listen, daemon=True).start()
    return window, told


def _told_until(told: queue.Queue[str], until: str) -> list[str]:
    heard: list[str] = []
    while until not in heard:
        heard.append(told.get(timeout=PATIENCE_S))
    return heard


def _drained(told: queue.Queue[str], heard: list[str]) -> list[str]:
    """What it had told by its death."""
    time.sleep(0.2)
    while not told.empty():
        heard = [*heard, told.get()]
    return heard


def _gone(children: list[psutil.Process]) -> float | None:
    """Seconds until the last of them has ended; None where one goes on."""
    began = time.monotonic()
    _, alive = psutil.wait_procs(children, timeout=20)
    return None if alive else time.monotonic() - began


def _recovered() -> int:
    """Strokes that come back."""
    found = recoverable()
    if not found:
        return 0
    document = recover(found[0])
    strokes = len(document.project.strokes)
    close_document(document, keep=True)
    return strokes


def sit(folder: Path) -> None:
    """Draw three strokes, learn from them, and go on until the end."""
    from tests.ui.a_user import LEARNS_LITTLE, User

    user = User(folder, [str(folder / "scan.png")])
    user.draw_three(lambda number: _say(str(number)))
    desk = user.desk
    desk.jobs.training = LEARNS_LITTLE
    user.do("improve")
    _say("training")
    user.wait(lambda: desk.job is not None and desk.job.phase == "learn")
    _say("step")
    user.app.exec()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sit(Path(sys.argv[1]))
