"""The real engine in a process of its own, a tall narrow log for it, and a network of random weights."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np
import pytest

from curvedesk.child import child_command, child_environment
from curvedesk.domain.sheet import Sheet, dump_sheet
from curvedesk.learn.checkpoints import Model, load_model
from curvedesk.protocol.codec import Lines, decode_event, encode
from curvedesk.protocol.jobs import Job, PredictJob, write_job
from curvedesk.protocol.messages import Event, Request, Run
from tests.tracing.makers import gr, ideal, make_sheet, pen_line

PATIENCE_S = 120.0  # a busy machine is slow, not wrong
E = TypeVar("E", bound=Event)


class Engine:
    """One engine process, as a window has it."""

    def __init__(self, folder: Path, command: tuple[str, ...]) -> None:
        self.folder = folder
        self.heard: list[Event] = []
        self.garbage: list[bytes] = []
        self._events: queue.Queue[Event | None] = queue.Queue()
        pipe = subprocess.PIPE
        environment = child_environment(OMP_NUM_THREADS="1")
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def say(self, request: Request) -> None:
        """Ask for something."""
        assert self.process.stdin is not None
        self.process.stdin.write(encode(request))
        self.process.stdin.flush()

    def run(self, job: Job, name: str) -> None:
        """Hand a job over."""
        (self.folder / name).mkdir(exist_ok=True)
        write_job(self.folder / name / "job.json", job)
        self.say(Run(name, str(self.folder / name / "job.json")))

    def wait_for(self, kind: type[E], when: Callable[[E], bool] = lambda _event: True) -> E:
        """The next event of a kind; fails where the engine ends first."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            event = self._events.get(timeout=PATIENCE_S)
            assert event is not None, f"the engine ended after {self.heard[-3:]}"
            if isinstance(event, kind) and when(event):
                return event
        raise AssertionError(f"no {kind.__name__} came")

    def heard_of(self, kind: type[E]) -> list[E]:
        """Every event of a kind so far."""
        return [event for event in self.heard if isinstance(event, kind)]

    def close_stdin(self) -> None:
        """What the engine sees of a window that is gone."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def ended(self) -> int:
        """Wait for its end."""
        return self.process.wait(PATIENCE_S)

    def close(self) -> None:
        """End it, however it is."""
        self.process.kill()
        self.process.wait()
        self._thread.join()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        lines = Lines()
        while data := os.read(self.process.stdout.fileno(), 1 << 16):
            for line in lines.feed(data):
                event = decode_event(line)
                if event is None:
                    self.garbage.append(line)
                else:
                    self.heard.append(event)
                    self._events.put(event)
        self._events.put(None)


StartEngine = Callable[..., Engine]


@pytest.fixture
def start_engine(tmp_path: Path) -> Iterator[StartEngine]:
    """Starts engines and sees to it that none is left; `setup` is code that runs in it first."""
    started: list[Engine] = []

    def start(setup: str = "") -> Engine:
        command = child_command("engine")
        if setup:
            command = (sys.executable, "-c", f"{setup}\nfrom curvedesk.engine.main import main\nmain()")
        started.append(Engine(tmp_path, command))
        return started[-1]

    yield start
    for engine in started:
        engine.close()


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights."""
    import torch

    from curvedesk.learn.checkpoints import save_model
    from curvedesk.learn.net import CurveNet

    torch.manual_seed(3)
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("models") / "toy"
    save_model(folder, CurveNet(), {})
    return folder


@pytest.fixture(scope="session")
def model(model_folder: Path) -> Model:
    """The same, loaded."""
    return load_model(model_folder)


@pytest.fixture(scope="session")
def sheet() -> Sheet:
    """One narrow track over 200 ft: many bands, few pixels."""
    return make_sheet([gr()], feet=200, width_px=60)


@pytest.fixture(scope="session")
def scan_path(sheet: Sheet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sheet's scan: a black pen on white."""
    gray = ideal(sheet, [pen_line(sheet, "GR", lambda depth: 50 + 30 * np.sin(depth / 3))]).gray
    path = tmp_path_factory.mktemp("scan") / "scan.png"
    cv2.imwrite(str(path), gray)
    return path


MakeJob = Callable[..., PredictJob]


@pytest.fixture
def predict_job(sheet: Sheet, scan_path: Path, model_folder: Path, tmp_path: Path) -> MakeJob:
    """A prediction of the scan, changed as asked for."""

    def make(**changes: Any) -> PredictJob:
        settings = {"scan": str(scan_path), "sheet": dump_sheet(sheet), "out": str(tmp_path / "out")}
        return PredictJob(**{**settings, "model": str(model_folder), "device": "cpu", **changes})

    return make
