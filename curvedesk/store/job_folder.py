"""A folder for each job of an engine: what it was told, and what it answers. Swept after a day."""

import contextlib
import shutil
import time
import uuid
from pathlib import Path

from curvedesk.store.locations import cache_dir

KEPT_S = 24 * 3600.0


def jobs_dir() -> Path:
    """Where the folders lie."""
    return cache_dir() / "jobs"


def new_job_folder() -> Path:
    """A folder of its own, its name is the job's id. Raises OSError."""
    folder = jobs_dir() / uuid.uuid4().hex[:12]
    folder.mkdir(parents=True)
    return folder


def remove_job_folder(job: str) -> None:
    """Nobody needs its files any more."""
    if job and Path(job).name == job:
        shutil.rmtree(jobs_dir() / job, ignore_errors=True)


def sweep_jobs() -> None:
    """Remove what sessions that crashed left behind."""
    with contextlib.suppress(OSError):
        for folder in jobs_dir().iterdir():
            if time.time() - folder.stat().st_mtime > KEPT_S:
                shutil.rmtree(folder, ignore_errors=True)
