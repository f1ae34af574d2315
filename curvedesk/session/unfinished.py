"""Trainings that their engine did not live to finish: found by what they left behind, gone on with, or dropped."""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from curvedesk.domain.project import Project
from curvedesk.protocol.jobs import FinetuneJob, WrongJobError, read_job
from curvedesk.store.file_lock import FileLock
from curvedesk.store.job_folder import JOB, LOCK, TRAINING, jobs_dir

_MOST_HEAD = 16 << 20


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A training with a checkpoint at `step` of `steps`, and the job as it was handed over."""

    job: FinetuneJob
    step: int
    steps: int
    at: datetime

    @property
    def sentence(self) -> str:
        """What the analyst is told."""
        return f"The training of {self.at:%H:%M} was interrupted at step {self.step} of {self.steps}."


def unfinished_for(project: Project, *, unwanted: Path | None = None) -> Unfinished | None:
    """The latest training of this scan with the project's model that nobody works on; None where there is none.

    What lies in `unwanted`, the folder of one that was cancelled, goes first.
    """
    if unwanted is not None:
        shutil.rmtree(unwanted / TRAINING, ignore_errors=True)
    scan = project.scan
    if scan is None:
        return None
    fitting = (
        one
        for one in _all()
        if (one.job.sha256, one.job.page) == (scan.sha256, scan.page) and (one.job.model or "") == project.model_id
    )
    return max(fitting, key=_when, default=None)


def drop(unfinished: Unfinished) -> None:
    """Nobody wants it any more."""
    shutil.rmtree(Path(unfinished.job.out) / TRAINING, ignore_errors=True)


def keep_longer(unfinished: Unfinished) -> None:
    """It is gone on with: not to be swept meanwhile."""
    with contextlib.suppress(OSError):
        os.utime(unfinished.job.out)


def _when(one: Unfinished) -> datetime:
    return one.at


def _all() -> Iterator[Unfinished]:
    with contextlib.suppress(OSError):
        for folder in jobs_dir().iterdir():
            found = _in(folder)
            if found is not None:
                yield found


def _in(folder: Path) -> Unfinished | None:
    """What lies in a job's folder; a checkpoint of a process that lives is not left behind."""
    try:
        state = next((folder / TRAINING).glob("*.safetensors"), None)
        job = read_job(folder / JOB) if state is not None else None
        if state is None or not isinstance(job, FinetuneJob) or not _is_free(folder / TRAINING / LOCK):
            return None
        head = _head(state)
        at = datetime.fromtimestamp(state.stat().st_mtime).astimezone()
        return Unfinished(job, int(head["step"]), int(head["extra"]["steps"]), at)
    except (OSError, WrongJobError, ValueError, KeyError, TypeError):
        return None


def _is_free(lock: Path) -> bool:
    with FileLock(lock) as held:
        return held.acquire()


def _head(state: Path) -> dict[str, Any]:
    """What a checkpoint says of itself, in the head of its file; the tensors are not read."""
    with state.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > _MOST_HEAD:
            raise ValueError("no checkpoint")
        return dict(json.loads(json.loads(file.read(length))["__metadata__"]["state"]))
