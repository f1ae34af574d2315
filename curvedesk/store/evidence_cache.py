"""All evidence in the user's cache: found by key or name, bounded, safe to share between processes and to lose."""

import contextlib
import os
import shutil
import time
import uuid
from pathlib import Path

from curvedesk.domain.errors import ExportError
from curvedesk.store.evidence import (
    LOCK,
    DamagedEvidenceError,
    EvidenceFolder,
    EvidenceKey,
    EvidenceWriter,
    create,
    telling,
)
from curvedesk.store.file_lock import FileLock
from curvedesk.store.locations import cache_dir

MAX_BYTES = 8 << 30  # a log of 60,000 rows takes a quarter of a gigabyte
GONE = ".gone-"
ATTEMPTS, PAUSE_S = 100, 0.05  # to wait for another process that is making the same


class EvidenceCache:
    """The folder of evidence, at most `max_bytes` large: the least recently used go first."""

    def __init__(self, folder: Path | None = None, *, max_bytes: int = MAX_BYTES) -> None:
        self.folder = folder or cache_dir() / "evidence"
        self._max_bytes = max_bytes

    def find(self, name: str) -> EvidenceFolder | None:
        """Evidence by its name, complete or not; None where there is none that can be read."""
        if not name or Path(name).name != name or name.startswith("."):
            return None
        try:
            found = EvidenceFolder(self.folder / name)
        except DamagedEvidenceError:
            return None
        with contextlib.suppress(OSError):
            os.utime(found.folder)
        return found

    def prepare(self, key: EvidenceKey) -> EvidenceFolder:
        """The evidence of this key, made empty where there is none; room is made for it.

        Raises ExportError where it cannot be kept.
        """
        for _attempt in range(ATTEMPTS):
            found = self.find(key.name)
            if found is not None and found.key == key:
                return found
            self._make(key)
        raise ExportError(f"{self.folder / key.name}: another program keeps changing it; close it and try again")

    def _make(self, key: EvidenceKey) -> None:
        """Make it empty, whatever damaged rest lies there, unless another process is about to."""
        folder = self.folder / key.name
        self.trim(room_bytes=_size_of(key))
        self._check_room(_size_of(key))
        with telling(folder):
            folder.mkdir(exist_ok=True)
            with FileLock(folder / LOCK) as lock:
                if lock.acquire():
                    create(folder, key)
                    return
        time.sleep(PAUSE_S)

    def writer(self, evidence: EvidenceFolder) -> "Writing | None":
        """The one writer of this evidence; None while another process is it. Raises ExportError."""
        lock = FileLock(evidence.folder / LOCK)
        with telling(evidence.folder):
            if not lock.acquire():
                return None
            try:
                return Writing(EvidenceWriter(evidence.folder, evidence.key), lock)
            except BaseException:
                lock.release()
                raise

    def used_bytes(self) -> int:
        """Bytes of all evidence."""
        return sum(_bytes_of(folder) for folder in self._folders())

    def trim(self, *, room_bytes: int = 0) -> None:
        """Remove the least recently used until the rest and `room_bytes` fit; what is being written stays."""
        for left_over in self._entries(hidden=True):
            shutil.rmtree(left_over, ignore_errors=True)
        used = self.used_bytes() + room_bytes
        for folder in sorted(self._folders(), key=_used_at):
            if used <= self._max_bytes:
                return
            size = _bytes_of(folder)
            if self.remove(folder):
                used -= size

    def clear(self) -> None:
        """Remove everything that is not being written."""
        for folder in self._folders():
            self.remove(folder)

    def remove(self, folder: Path) -> bool:
        """Remove one, out of sight in a single step; False where it is being written, or does not go."""
        gone = folder.with_name(f"{GONE}{uuid.uuid4().hex}")
        with contextlib.suppress(OSError), FileLock(folder / LOCK) as lock:
            if not lock.acquire():
                return False
            if os.name == "nt":  # which renames no folder that holds an open file
                lock.release()
            folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
        return not folder.exists()

    def _check_room(self, needed: int) -> None:
        with telling(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self.folder).free
        if free < needed:
            raise ExportError(
                f"{self.folder}: this log needs {needed / 1e9:.1f} GB there while it is digitised and "
                f"{free / 1e9:.1f} GB are free; make room on that disk"
            )

    def _folders(self) -> list[Path]:
        return self._entries(hidden=False)

    def _entries(self, *, hidden: bool) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return [p for p in self.folder.iterdir() if p.is_dir() and p.name.startswith(".") == hidden]


class Writing:
    """A writer with its lock: a context that closes both."""

    def __init__(self, writer: EvidenceWriter, lock: FileLock) -> None:
        self._writer, self._lock = writer, lock

    def __enter__(self) -> EvidenceWriter:
        return self._writer

    def __exit__(self, *error: object) -> None:
        self._writer.close()
        self._lock.release()


def _size_of(key: EvidenceKey) -> int:
    height, width = key.shape
    return 3 * height * width + height


def _bytes_of(folder: Path) -> int:
    """Bytes on the disk; a file with holes takes less than its length."""
    total = 0
    with contextlib.suppress(OSError):
        total = sum(path.stat().st_size for path in folder.iterdir())
    return total


def _used_at(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0
