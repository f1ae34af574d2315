"""A file that only grows, one frame an edit: whatever moment the process dies, every finished frame can be read.

A frame is its length (4 bytes), a checksum (16 bytes) and the payload. The checksum covers the checksum of the
frame before, so that remains of another write can never be taken for the next frame. A frame is handed to the
system before `append` returns (a killed process loses nothing); a thread then has it flushed to the disk, since
that takes longer than a hand should wait (a power cut loses some milliseconds).
"""

import errno
import os
import struct
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from threading import Lock

from curvedesk.store.atomic import sync_folder
from curvedesk.store.flusher import Flusher

MAGIC = b"CDJOURN1"
_HEAD = struct.Struct("<I16s")


@dataclass(frozen=True, slots=True)
class Frames:
    """What a journal holds up to its first fault: payloads, and for each where it ends and its checksum."""

    payloads: tuple[bytes, ...]
    ends: tuple[tuple[int, bytes], ...]


def read_frames(path: Path) -> Frames:
    """Every whole frame in order; none where the file is no journal. Raises OSError where it cannot be read."""
    data = Path(path).read_bytes()
    payloads, ends = [], []
    at, seal = len(MAGIC), MAGIC
    while data.startswith(MAGIC) and at + _HEAD.size <= len(data):
        length, claimed = _HEAD.unpack_from(data, at)
        payload = data[at + _HEAD.size : at + _HEAD.size + length]
        seal = _seal(seal, payload)
        if len(payload) != length or seal != claimed:
            break
        at += _HEAD.size + length
        payloads.append(payload)
        ends.append((at, seal))
    return Frames(tuple(payloads), tuple(ends))


def _seal(before: bytes, payload: bytes) -> bytes:
    digest = blake2b(before, digest_size=16)
    digest.update(payload)
    return digest.digest()


class JournalFile:
    """A journal open for writing. Frames that are not known to be on the disk are kept, and written again with the
    next one after a fault."""

    def __init__(self, path: Path, *, end: tuple[int, bytes] | None = None) -> None:
        """A new file, or one that goes on behind the frame that ends at `end`. Raises OSError."""
        self.path = Path(path)
        self._safe_upto, self._last_seal = end or (0, MAGIC)
        self._kept: list[bytes] = [] if end else [MAGIC]  # behind `_safe_upto`, not yet flushed
        self._torn = True  # the file may hold something else behind `_safe_upto` than what is kept
        self._rewrites = 0
        self._fault: OSError | None = None
        self._lock = Lock()
        self._flusher = Flusher(self._flush)
        self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        self._begin()

    def append(self, payload: bytes) -> None:
        """Write one frame, and again whatever a fault kept from the disk before.

        Raises OSError; the frame is kept then and goes with the next one, or with `retry`.
        """
        self._last_seal = _seal(self._last_seal, payload)
        frame = _HEAD.pack(len(payload), self._last_seal) + payload
        with self._lock:
            self._kept.append(frame)
            self._catch_up(frame)
        self._flusher.ask()

    def retry(self) -> None:
        """Write again what a fault kept from the disk. Raises OSError."""
        with self._lock:
            self._catch_up(b"")
        self._flusher.ask()

    @property
    def size(self) -> int:
        """Bytes of the journal when all is written."""
        with self._lock:
            return self._safe_upto + sum(map(len, self._kept))

    @property
    def fault(self) -> OSError | None:
        """What went wrong while flushing, behind the back of the last `append`."""
        with self._lock:
            return self._fault

    def close(self) -> None:
        """Flush and let go of the file. Raises OSError."""
        self._flusher.stop()
        try:
            with self._lock:
                self._catch_up(b"")
            os.fsync(self._handle)
        finally:
            os.close(self._handle)

    def _begin(self) -> None:
        new = self._safe_upto == 0
        try:
            self.retry()
            if new:
                sync_folder(self.path.parent)
        except OSError:
            self._flusher.stop()
            os.close(self._handle)
            if new:
                self.path.unlink(missing_ok=True)
            raise

    def _catch_up(self, frame: bytes) -> None:
        """Write `frame` behind the rest, or all that is kept where something went wrong before."""
        if self._fault is not None or self._torn:
            frame = b"".join(self._kept)
            self._rewrites += 1
            self._torn, self._fault = True, None
            self._write(frame, at=self._safe_upto)
        else:
            self._torn = True
            self._write(frame, at=None)
        self._torn = False

    def _write(self, data: bytes, *, at: int | None) -> None:
        if os.fstat(self._handle).st_nlink == 0:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.path))
        if at is not None:
            os.lseek(self._handle, at, os.SEEK_SET)
        view = memoryview(data)
        while view:
            view = view[os.write(self._handle, view) :]
        if at is not None:  # only now: frames written again are the same bytes, so a fault on the way loses none
            os.ftruncate(self._handle, at + len(data))

    def _flush(self) -> None:
        """What the thread does; edits go on meanwhile."""
        with self._lock:
            count, rewrites = len(self._kept), self._rewrites
        fault = None
        try:
            os.fsync(self._handle)
        except OSError as error:
            fault = error
        with self._lock:
            if fault is not None:
                self._fault = fault
            elif rewrites == self._rewrites and not self._torn:
                self._safe_upto += sum(map(len, self._kept[:count]))
                del self._kept[:count]
