"""What trainings brought, remembered for each log: one line a try, in the user's own data."""

import contextlib
import json
import os
from dataclasses import asdict
from pathlib import Path

from curvedesk.domain.tries import Try
from curvedesk.store.locations import data_dir

MOST = 200  # lines that are looked at: nobody tries more often


def remember_try(sha256: str, page: int, tried: Try) -> None:
    """Add one; a disk that takes nothing loses advice, not work."""
    path = _path(sha256, page)
    line = json.dumps(asdict(tried)) + "\n"
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(handle, line.encode())  # in one piece: another process may add one now
        finally:
            os.close(handle)


def tries_of(sha256: str, page: int) -> tuple[Try, ...]:
    """Those of one log, oldest first; a line that cannot be read is left out."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        lines = _path(sha256, page).read_text(encoding="utf-8").splitlines()[-MOST:]
        return tuple(one for line in lines if (one := _parsed(line)) is not None)
    return ()


def _parsed(line: str) -> Try | None:
    try:
        body = json.loads(line)
        return Try(int(body["strokes"]), float(body["before_pct"]), float(body["after_pct"]), body["kept"] is True)
    except (ValueError, KeyError, TypeError):
        return None


def _path(sha256: str, page: int) -> Path:
    return data_dir() / "tries" / f"{sha256[:32]}-{page}.jsonl"
