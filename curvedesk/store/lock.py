"""A small file that says who has something open: process, machine and time."""

import json
import os
import platform
import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from curvedesk.domain.errors import ProjectError

_UNREADABLE_S = 10.0  # a lock without content is being written, unless it has been so for longer than this


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock. `started` is the process' own start, which tells it from a later one of the same number."""

    pid: int
    host: str
    started: float
    at: str

    @property
    def here(self) -> bool:
        """On this machine."""
        return self.host == platform.node()

    @property
    def alive(self) -> bool:
        """Running, as far as can be known from here: a process on another machine counts as running."""
        return not self.here or _started(self.pid) == self.started


class InUseError(ProjectError):
    """Somebody else has it open; `holder` says who."""

    def __init__(self, sentence: str, holder: Holder) -> None:
        super().__init__(sentence)
        self.holder = holder


class Lock:
    """A lock that this process holds until `release`."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path = path
        self._content = content

    def release(self) -> None:
        """Give it back; somebody else's lock in its place stays."""
        with suppress(OSError):
            if self.path.read_bytes() == self._content:
                self.path.unlink()


def holder_of(path: Path) -> Holder | None:
    """Who holds the lock now; None where nobody does, or a process that has ended."""
    holder = _read(path)
    return holder if holder is not None and holder.alive else None


def acquire(path: Path, *, take_over: bool = False) -> Lock:
    """Take the lock at `path`. `take_over`: even from a holder who seems alive (on a machine that is gone).

    Raises InUseError, one sentence; OSError where the folder cannot be written.
    """
    content = json.dumps(asdict(_this_process())).encode()
    for _ in range(5):
        if _create(path, content):
            return Lock(path, content)
        _refuse_or_clear(path, take_over=take_over)
    raise OSError(f"{path} cannot be taken")


def _create(path: Path, content: bytes) -> bool:
    """Whether the file could be made with this content; never seen half written where hard links are known."""
    part = path.with_name(f"{path.name[:100]}.{secrets.token_hex(4)}")
    try:
        part.write_bytes(content)
        try:
            os.link(part, path)
        except FileExistsError:
            return False
        except OSError:  # a disk without hard links
            return _create_plainly(path, content)
        return True
    finally:
        with suppress(OSError):
            part.unlink()


def _create_plainly(path: Path, content: bytes) -> bool:
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        return False
    return True


def _refuse_or_clear(path: Path, *, take_over: bool) -> None:
    try:
        seen, age = path.read_bytes(), time.time() - path.stat().st_mtime
    except OSError:
        return  # released meanwhile
    holder = _parse(seen)
    if holder is None and age < _UNREADABLE_S:
        time.sleep(0.05)
        return
    if holder is not None and holder.alive and not take_over:
        raise InUseError(_sentence(holder), holder)
    _clear(path, seen)


def _clear(path: Path, seen: bytes) -> None:
    """Remove a lock that nobody holds; one that another process took in the same moment is put back."""
    aside = path.with_name(f"{path.name[:100]}.{secrets.token_hex(4)}")
    with suppress(OSError):
        path.rename(aside)
        if aside.read_bytes() != seen:
            os.link(aside, path)
        aside.unlink()


def _sentence(holder: Holder) -> str:
    place = "in another window of this computer" if holder.here else f"on the computer {holder.host}"
    since = f" since {holder.at[:16].replace('T', ' ')} UTC" if holder.at else ""
    return f"is open {place} (process {holder.pid}){since}; close it there or open it for reading only"


def _this_process() -> Holder:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Holder(os.getpid(), platform.node(), _started(os.getpid()) or 0.0, now)


def _started(pid: int) -> float | None:
    """None of a process that is gone, or that ended and was not yet cleared away by whoever started it."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.Error:
        return None


def _read(path: Path) -> Holder | None:
    try:
        return _parse(path.read_bytes())
    except OSError:
        return None


def _parse(content: bytes) -> Holder | None:
    try:
        obj = json.loads(content)
        return Holder(int(obj["pid"]), str(obj["host"]), float(obj["started"]), str(obj["at"]))
    except (ValueError, TypeError, KeyError, OverflowError):
        return None
