"""The child process: hello, warm-up, then one job after the other until the window is gone."""

import contextlib
import os
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from curvedesk.domain.errors import CurveDeskError
from curvedesk.engine.inbox import Inbox
from curvedesk.engine.jobs import ending_of
from curvedesk.engine.streams import EngineLog, Speaker, leave, take_stdout
from curvedesk.engine.work import Work
from curvedesk.protocol.jobs import WrongJobError, read_job
from curvedesk.protocol.messages import VERSION, Event, Failed, Heartbeat, Hello, Log, Ready, Run

if TYPE_CHECKING:
    from curvedesk.engine.models import Models

HEARTBEAT_S = 1.0
POLITENESS = 5  # the window's process goes first


def main() -> int:
    """Serve until standard input ends. Does not return: a thread still waits for input."""
    speaker, log = Speaker(take_stdout()), EngineLog()
    log.open()
    speaker.say(Hello(VERSION, os.getpid()))
    threading.Thread(target=_beat, args=(speaker,), name="heart", daemon=True).start()
    inbox = Inbox()
    inbox.start()
    try:
        serve(speaker, log, inbox)
    except BaseException as error:  # noqa: BLE001  it says why before it ends
        log.write(f"The engine ends: {error!r}")
        leave(1)
    return 0


def serve(speaker: Speaker, log: EngineLog, inbox: Inbox) -> None:
    """Warm up, then do jobs for ever."""
    models = warm_up(speaker)
    while True:
        run = inbox.next_run()
        log.reopen_if_long()
        work = Work(
            run.job,
            speaker,
            is_cancelled=partial(inbox.is_cancelled, run.job),
            is_enough=partial(inbox.is_enough, run.job),
            is_paused=partial(inbox.is_paused, run.job),
            look=partial(inbox.look, run.job),
        )
        speaker.say(_ending(run, work, models, log))
        inbox.forget(run.job)


def _ending(run: Run, work: Work, models: "Models", log: EngineLog) -> Event:
    try:
        job = replace(read_job(Path(run.job_file)), id=run.job)
    except WrongJobError as error:
        log.write(str(error))
        return Failed(run.job, "The work could not be handed over; try again.", str(error))
    return ending_of(job, work, models, log)


def warm_up(speaker: Speaker) -> "Models":
    """Have the libraries and the model in use in memory before the first job comes."""
    began = time.monotonic()
    _be_polite()
    from curvedesk.engine.models import Models
    from curvedesk.learn.device import pick_device

    models, model_id = Models(), ""
    try:
        model_id = models.get(None).id
    except CurveDeskError as error:
        speaker.say(Log(str(error), "warn"))
    speaker.say(Ready(model_id, pick_device().type, round(time.monotonic() - began, 2)))
    return models


def _be_polite() -> None:
    with contextlib.suppress(psutil.Error, OSError):
        below_normal = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", POLITENESS)
        psutil.Process().nice(below_normal)


def _beat(speaker: Speaker) -> None:
    while True:
        speaker.say(Heartbeat())
        time.sleep(HEARTBEAT_S)
