"""A folder for each job of an engine: what it was told, and what it answers. Swept after a day, an unfinished training
after a week."""

import contextlib
import shutil
import time
import uuid
from pathlib import Path

from curvedesk.store.locations import cache_dir

KEPT_S = 24 * 3600.0
UNFINISHED_S = 7 * KEPT_S
TRAINING, LOCK = "training", "lock"  # where a training keeps its checkpoints, and says that it is at work
JOB = "job.json"


def jobs_dir() -> Path:
    """Where the folders lie."""
    return cache_dir() / "jobs"


def new_job_folder() -> Path:
    """A folder of its own, its name is the job's id. Raises OSError."""
    folder = jobs_dir() / uuid.uuid4().hex[:12]
    folder.mkdir(parents=True)
    return folder


def sweep_jobs() -> None:
    """Remove what sessions that crashed left behind."""
    with contextlib.suppress(OSError):
        for folder in jobs_dir().iterdir():
            kept_s = UNFINISHED_S if (folder / TRAINING).is_dir() else KEPT_S
            if time.time() - folder.stat().st_mtime > kept_s:
                shutil.rmtree(folder, ignore_errors=True)
