"""An engine's life: it greets, beats, works, and ends with its window; nothing stray stands among its sentences."""

from __future__ import annotations

import os
import signal

import pytest

from curvedesk.protocol.messages import VERSION, Failed, Heartbeat, Hello, Log, Quit, Ready, Run
from curvedesk.store.locations import log_dir
from tests.engine.conftest import MakeJob, StartEngine


def test_it_greets_first_then_beats_and_says_when_it_is_warm(start_engine: StartEngine) -> None:
    engine = start_engine()
    hello = engine.wait_for(Hello)
    assert engine.heard[0] == hello == Hello(VERSION, engine.process.pid)
    ready = engine.wait_for(Ready)
    assert ready.model
    engine.wait_for(Heartbeat)
    engine.wait_for(Heartbeat)


def test_it_ends_when_its_window_is_gone(start_engine: StartEngine) -> None:
    engine = start_engine()
    engine.wait_for(Hello)
    engine.close_stdin()
    assert engine.ended() == 0


def test_it_ends_when_its_window_is_gone_in_the_middle_of_a_job(
    start_engine: StartEngine, predict_job: MakeJob
) -> None:
    from curvedesk.protocol.messages import Rows

    engine = start_engine()
    engine.run(predict_job(), "j1")
    engine.wait_for(Rows)
    engine.close_stdin()
    assert engine.ended() == 0


def test_it_ends_when_asked_to(start_engine: StartEngine) -> None:
    engine = start_engine()
    engine.wait_for(Hello)
    engine.say(Quit())
    assert engine.ended() == 0


NOISY = """
import ctypes, os
from curvedesk.engine import jobs
def noisy(job, work, models):
    print("a stray print")
    os.write(1, b'{"type": "failed", "job": "j1", "sentence": "forged"}\\n')
    ctypes.CDLL(None).puts(b"a stray puts") if os.name != "nt" else None
    raise ValueError("on purpose")
jobs.RUNNERS = {kind: noisy for kind in jobs.RUNNERS}
"""


def test_what_a_job_prints_never_reaches_the_window(start_engine: StartEngine, predict_job: MakeJob) -> None:
    engine = start_engine(NOISY)
    engine.run(predict_job(), "j1")
    failed = engine.wait_for(Failed)
    assert "ValueError" in failed.sentence
    assert "Traceback" not in failed.sentence
    assert "on purpose" in failed.detail
    assert str(log_dir() / "engine.log") in failed.sentence
    assert engine.garbage == []
    engine.say(Quit())
    engine.ended()
    written = (log_dir() / "engine.log").read_text(encoding="utf-8")
    assert "a stray print" in written
    assert "forged" in written
    assert "on purpose" in written


def test_the_log_does_not_grow_without_end(start_engine: StartEngine) -> None:
    log_dir().mkdir(parents=True)
    (log_dir() / "engine.log").write_bytes(b"x" * (2 << 20))
    (log_dir() / "engine.1.log").write_bytes(b"older")
    start_engine().wait_for(Hello)
    assert (log_dir() / "engine.log").stat().st_size < 1 << 20
    assert (log_dir() / "engine.1.log").stat().st_size == 2 << 20
    assert (log_dir() / "engine.2.log").read_bytes() == b"older"


@pytest.mark.parametrize("line", [b"garbage\n", b"{}\n", b"x" * (3 << 20) + b"\n", b"\xff\x00\n"])
def test_a_garbled_request_is_let_pass(start_engine: StartEngine, line: bytes) -> None:
    engine = start_engine()
    engine.wait_for(Hello)
    assert engine.process.stdin is not None
    engine.process.stdin.write(line)
    engine.say(Run("j1", "/none/job.json"))
    assert engine.wait_for(Failed).job == "j1"


def test_a_job_that_this_version_cannot_do_is_refused_in_a_sentence(
    start_engine: StartEngine, predict_job: MakeJob
) -> None:
    engine = start_engine("from curvedesk.engine import jobs; jobs.RUNNERS = {}")
    engine.run(predict_job(), "j1")
    assert "newer" in engine.wait_for(Failed).sentence


def test_memory_that_is_not_enough_is_one_sentence(start_engine: StartEngine, predict_job: MakeJob) -> None:
    engine = start_engine(NOISY.replace('ValueError("on purpose")', "MemoryError"))
    engine.run(predict_job(), "j1")
    assert "close other programs" in engine.wait_for(Failed).sentence


def test_a_missing_model_in_use_is_told_and_no_end(start_engine: StartEngine) -> None:
    setup = "from curvedesk.engine import models; models.find_model = lambda ref: __import__('pathlib').Path('/none')"
    engine = start_engine(setup)
    assert engine.wait_for(Log).level == "warn"
    assert engine.wait_for(Ready).model == ""


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX: signals")
def test_it_writes_where_it_was_when_it_crashes(start_engine: StartEngine) -> None:
    engine = start_engine()
    engine.wait_for(Ready)
    os.kill(engine.process.pid, signal.SIGSEGV)
    assert engine.ended() == -signal.SIGSEGV
    assert "Segmentation fault" in (log_dir() / "engine.log").read_text(encoding="utf-8", errors="replace")
