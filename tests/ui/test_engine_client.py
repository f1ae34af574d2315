"""The window's end of the engine: never waits, survives everything, and says in one sentence what happened."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtWidgets import QApplication

from curvedesk.protocol.jobs import RegisterJob, read_job
from curvedesk.protocol.messages import Cancelled, Event, Failed, Log, Progress, Ready, Result
from curvedesk.store.job_folder import jobs_dir
from curvedesk.ui import engine_client as room
from curvedesk.ui import engine_process
from curvedesk.ui.engine_client import EngineClient

Wait = Callable[..., None]

# An engine of few lines, whose jobs are told by the name of their scan what to do.
FAKE = """
import os, sys, threading, time
from curvedesk.engine import jobs, main as engine
from curvedesk.protocol.jobs import RegisterJob
from curvedesk.protocol.messages import Progress, Ready, Result
def run(job, work, models):
    print("stray")
    if job.scan == "die": os.kill(os.getpid(), 9)
    if job.scan == "fault": raise ValueError("on purpose")
    work.say(Progress(job.id, "paper", 1, 2))
    while job.scan == "deaf": time.sleep(1)
    while job.scan == "polite": work.check(); time.sleep(0.01)
    return Result(job.id, {"out": job.out}, {"look": work.look()})
def warm_up(speaker): speaker.say(Ready("toy", "cpu", 0.0))
jobs.RUNNERS = {RegisterJob: run}
engine.warm_up = warm_up
"""


class Heard:
    """Everything a client said."""

    def __init__(self, client: EngineClient) -> None:
        self.client = client
        self.events: list[Event] = []
        self.sentences: list[str] = []
        self.greetings = 0
        client.event.connect(self.events.append)
        client.stopped.connect(self.sentences.append)
        client.started.connect(self._greeted)

    def _greeted(self) -> None:
        self.greetings += 1

    def has(self, kind: type[Any], job: str | None = None) -> bool:
        """Whether such an event came."""
        return bool(self.of(kind, job))

    def of(self, kind: type[Any], job: str | None = None) -> list[Any]:
        """Such events."""
        return [e for e in self.events if isinstance(e, kind) and job in (None, getattr(e, "job", None))]

    def endings(self, job: str) -> list[Event]:
        """How often a job was over; more than once would be a fault."""
        return [event for kind in (Result, Failed, Cancelled) for event in self.of(kind, job)]


@pytest.fixture
def make(app: QApplication) -> Iterator[Callable[..., Heard]]:
    clients: list[EngineClient] = []

    def made(setup: str = FAKE, *, command: tuple[str, ...] | None = None) -> Heard:
        code = f"{setup}\nfrom curvedesk.engine.main import main\nmain()"
        clients.append(EngineClient(command=command or (sys.executable, "-c", code)))
        return Heard(clients[-1])

    yield made
    for client in clients:
        client.shutdown()


def _job(what: str, **more: Any) -> RegisterJob:
    return RegisterJob(what, "", **more)


def test_a_job_is_done_and_its_result_comes_in_its_own_folder(make: Callable[..., Heard], wait_until: Wait) -> None:
    heard = make()
    job = heard.client.submit(_job("scan"))
    wait_until(lambda: heard.has(Result, job))
    assert heard.of(Result)[0].files == {"out": str(jobs_dir() / job)}
    assert read_job(jobs_dir() / job / "job.json").id == job
    assert heard.of(Progress, job)
    assert heard.of(Ready)[0].model == heard.client.model == "toy"
    assert heard.greetings == 1
    assert heard.sentences == []


def test_jobs_are_done_one_after_the_other(make: Callable[..., Heard], wait_until: Wait) -> None:
    heard = make()
    ids = [heard.client.submit(_job("scan")) for _ in range(4)]
    wait_until(lambda: len(heard.of(Result)) == 4)
    assert [event.job for event in heard.of(Result)] == ids


def test_a_polite_job_stops_when_asked_and_the_engine_stays(make: Callable[..., Heard], wait_until: Wait) -> None:
    heard = make()
    heard.client._grace.setInterval(120_000)  # a busy machine may take longer to ask than a polite job to answer
    job = heard.client.submit(_job("polite"))
    wait_until(lambda: heard.has(Progress, job))
    heard.client.cancel(job)
    wait_until(lambda: heard.has(Cancelled, job))
    after = heard.client.submit(_job("scan"))
    wait_until(lambda: heard.has(Result, after))
    assert heard.greetings == 1


def test_a_deaf_job_is_over_only_when_its_process_is_gone_and_the_next_one_finds_a_fresh_engine(
    make: Callable[..., Heard], wait_until: Wait
) -> None:
    heard = make()
    job = heard.client.submit(_job("deaf"))
    after = heard.client.submit(_job("scan"))
    wait_until(lambda: heard.has(Progress, job))
    child = psutil.Process(heard.client.pid)
    heard.client.cancel(job)
    heard.client.cancel(job)
    assert not heard.has(Cancelled, job)
    wait_until(lambda: heard.has(Cancelled, job))
    assert not child.is_running()
    wait_until(lambda: heard.has(Result, after))
    assert heard.greetings == 2
    assert heard.sentences == []
    assert len(heard.endings(job)) == 1


def test_a_job_that_waits_is_struck_off_without_a_word_to_the_engine(
    make: Callable[..., Heard], wait_until: Wait
) -> None:
    heard = make()
    first, waiting = heard.client.submit(_job("polite")), heard.client.submit(_job("scan"))
    heard.client.cancel(waiting)
    assert not heard.has(Cancelled, waiting)  # never before submit and cancel have returned
    wait_until(lambda: heard.has(Cancelled, waiting))
    heard.client.cancel("nobody")
    wait_until(lambda: heard.has(Progress, first))
    heard.client.cancel(first)
    wait_until(lambda: heard.has(Cancelled, first))
    assert not heard.has(Result)


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX: signals")
def test_an_engine_that_dies_takes_its_jobs_with_it_and_the_user_starts_again(
    make: Callable[..., Heard], wait_until: Wait
) -> None:
    heard = make()
    jobs = [heard.client.submit(_job(what)) for what in ("die", "scan")]
    wait_until(lambda: heard.sentences)
    assert [event.job for event in heard.of(Failed)] == jobs
    assert "memory" in heard.sentences[0]
    assert not heard.client.is_running
    again = heard.client.submit(_job("scan"))
    wait_until(lambda: heard.has(Result, again))
    assert heard.greetings == 2


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX: signals")
def test_an_idle_engine_that_dies_is_told_as_well(make: Callable[..., Heard], wait_until: Wait) -> None:
    heard = make()
    heard.client.start()
    wait_until(lambda: heard.client.is_ready)
    child = psutil.Process(heard.client.pid)
    child.send_signal(signal.SIGTERM)
    wait_until(lambda: heard.sentences)
    assert heard.sentences == [engine_process.CRASHED]


def test_a_job_with_a_fault_fails_alone(make: Callable[..., Heard], wait_until: Wait) -> None:
    heard = make()
    job, after = heard.client.submit(_job("fault")), heard.client.submit(_job("scan"))
    wait_until(lambda: heard.has(Result, after))
    assert "ValueError" in heard.of(Failed, job)[0].sentence
    assert heard.sentences == []


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX: signals")
def test_an_engine_that_falls_silent_is_ended(
    make: Callable[..., Heard], wait_until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = make()
    job = heard.client.submit(_job("polite"))
    wait_until(lambda: heard.has(Progress, job))
    child = psutil.Process(heard.client.pid)
    monkeypatch.setattr(engine_process, "SILENCE_MS", 1500)  # not before: a busy machine keeps a healthy one silent too
    watch = heard.client._process._watch
    wait_until(lambda: watch.interval() == 1500)  # it was heard since
    child.suspend()
    wait_until(lambda: heard.sentences)
    assert heard.sentences == [engine_process.SILENT]
    assert heard.of(Failed, job)[0].sentence == engine_process.SILENT
    assert not child.is_running()


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("/none/such/program",), engine_process.NOT_STARTED),
        ((sys.executable, "-c", "pass"), engine_process.CRASHED),
        ((sys.executable, "-c", "import sys; sys.exit(3)"), engine_process.CRASHED),
        (
            (sys.executable, "-c", 'print(\'{"type": "hello", "version": 99, "pid": 1}\', flush=True); input()'),
            room.OTHER_VERSION,
        ),
    ],
)
def test_an_engine_that_cannot_be_used_is_one_sentence(
    make: Callable[..., Heard], wait_until: Wait, command: tuple[str, ...], sentence: str
) -> None:
    heard = make(command=command)
    job = heard.client.submit(_job("scan"))
    wait_until(lambda: heard.sentences)
    assert heard.sentences == [sentence]
    assert [event.sentence for event in heard.of(Failed, job)] == [sentence]
    assert heard.greetings == 0
    assert not heard.client.is_running


def test_garbage_between_sentences_is_let_pass(make: Callable[..., Heard], wait_until: Wait) -> None:
    noise = (
        "from curvedesk.engine import streams\n"
        "say = streams.Speaker.say\n"
        "def noisy(self, event):\n"
        "    __import__('os').write(self._handle, b'OMP warning\\n{]\\n' + b'x' * 3_000_000 + b'\\n')\n"
        "    say(self, event)\n"
        "streams.Speaker.say = noisy\n"
    )
    heard = make(noise + FAKE)
    job = heard.client.submit(_job("scan"))
    wait_until(lambda: heard.has(Result, job))
    assert len(heard.endings(job)) == 1


def test_a_disk_without_room_for_the_job_is_one_sentence(
    make: Callable[..., Heard], wait_until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _job: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(room, "write_job", full)
    heard = make()
    job = heard.client.submit(_job("scan"))
    wait_until(lambda: heard.has(Failed, job))
    assert "No space left" in heard.of(Failed, job)[0].sentence


def test_looking_elsewhere_is_passed_on(make: Callable[..., Heard], wait_until: Wait) -> None:
    patient = FAKE.replace('work.say(Progress(job.id, "paper", 1, 2))', """
    work.say(Progress(job.id, "paper", 1, 2))
    while work.look() is None: time.sleep(0.01)
""")  # fmt: skip
    heard = make(patient)
    job = heard.client.submit(_job("scan"))
    wait_until(lambda: heard.has(Progress, job))
    heard.client.look(job, 10.0, 20.5)
    wait_until(lambda: heard.has(Result, job))
    assert heard.of(Result)[0].facts == {"look": [10.0, 20.5]}


def test_two_engines_work_side_by_side(make: Callable[..., Heard], wait_until: Wait) -> None:
    one, other = make(), make()
    busy = one.client.submit(_job("polite"))
    job = other.client.submit(_job("scan"))
    wait_until(lambda: other.has(Result, job) and one.has(Progress, busy))
    assert not other.of(Progress, busy)
    one.client.cancel(busy)
    wait_until(lambda: one.has(Cancelled, busy))


def test_closing_the_window_leaves_no_process(make: Callable[..., Heard], wait_until: Wait) -> None:
    heard = make()
    job = heard.client.submit(_job("deaf"))
    wait_until(lambda: heard.has(Progress, job))
    child = psutil.Process(heard.client.pid)
    heard.client.shutdown()
    assert not child.is_running()
    assert heard.sentences == []


def test_it_warms_up_without_a_word_before_there_is_work(make: Callable[..., Heard], wait_until: Wait) -> None:
    heard = make()
    heard.client.start()
    wait_until(lambda: heard.client.is_ready)
    log = [event for event in heard.events if isinstance(event, Log)]
    assert log == []
