"""Runs one command and turns every ending into a status and, at most, one line."""

import os
import sys
import traceback
from datetime import datetime
from pathlib import Path

from curvedesk.domain.errors import CurveDeskError

INTERRUPTED = 130  # what the command parser makes of Ctrl-C; ours is 1, as for anything that was not finished


def main() -> int:
    """0 if done, 2 for wrong usage, 1 with one line on standard error for anything else."""
    from curvedesk.cli.app import app

    try:
        app(prog_name="curvedesk")
    except SystemExit as ending:
        if ending.code == INTERRUPTED:
            return _fail("stopped before the end; files that were not finished are not there")
        return ending.code if isinstance(ending.code, int) else 0
    except Exception as error:  # noqa: BLE001 - the last resort: every failure ends as one line
        if os.environ.get("CURVEDESK_DEBUG"):
            traceback.print_exception(error)
        return _fail(_sentence_of(error))
    return 0


def _fail(sentence: str) -> int:
    sys.stderr.write(f"curvedesk: error: {' '.join(sentence.split())}\n")
    return 1


def _sentence_of(error: Exception) -> str:
    """What the user reads; a fault of ours also leaves its traceback in a file."""
    if isinstance(error, CurveDeskError):
        return str(error)
    if isinstance(error, MemoryError):
        return "the memory of this computer is not enough; take a smaller region or close other programs"
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}; check the path, its permissions and the space on that disk"
    return f"CurveDesk has a fault ({type(error).__name__}); please report it with the file {_log(error)}"


def _log(error: Exception) -> Path:
    """Write the traceback to a new file in the user's log folder."""
    from curvedesk.store.locations import log_dir

    path = log_dir() / f"fault-{datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return path
