"""Journals in the user's data folder: one file for each document that has edits which are not saved."""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from curvedesk.domain.errors import CurveDeskError
from curvedesk.session.record_codec import decode
from curvedesk.session.records import Record
from curvedesk.store.journal import JournalFile, read_frames
from curvedesk.store.locations import data_dir
from curvedesk.store.lock import Lock, acquire, holder_of

FORMAT, VERSION = "curvedesk-journal", 1
_SAVE = b"SAVE"  # begins a note; an edit begins with the length of its head, which is never that large


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The first frame. `base` is the digest of the saved state that the edits follow, "" where nothing was saved."""

    path: str
    base: str
    title: str
    at: str
    format: str = FORMAT
    version: int = VERSION


def journals_dir() -> Path:
    """Where journals lie: on the user's own disk, so that a project on a slow, full or vanished drive has one too."""
    return data_dir() / "journals"


@dataclass(slots=True)
class OpenJournal:
    """A journal this process writes."""

    file: JournalFile
    lock: Lock
    edits: int = 0

    @property
    def name(self) -> str:
        """What a saved project calls it."""
        return self.file.path.stem

    def append(self, payload: bytes) -> None:
        """One edit more. Raises OSError; it is kept for the next try."""
        self.edits += 1
        self.file.append(payload)

    def note_save(self, target: Path) -> None:
        """The project is about to be saved at `target`: whether it was, the file there will say. Raises OSError."""
        self.append(_SAVE + str(target).encode())

    def close(self) -> None:
        """Let go of it, for a recovery later. Raises OSError."""
        try:
            self.file.close()
        finally:
            self.lock.release()

    def discard(self) -> None:
        """Its edits are saved, or not wanted."""
        with suppress(OSError):
            self.file.close()
        with suppress(OSError):
            self.file.path.unlink()
        self.lock.release()


def begin(head: JournalHead) -> OpenJournal:
    """A new journal. Raises OSError."""
    folder = journals_dir()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{secrets.token_hex(8)}.journal"
    lock = acquire(path.with_suffix(".lock"))
    try:
        file = JournalFile(path)
    except OSError:
        lock.release()
        raise
    journal = OpenJournal(file, lock)
    try:
        file.append(json.dumps(asdict(head)).encode())
    except OSError:
        journal.discard()
        raise
    return journal


@contextmanager
def taken(path: Path) -> Iterator[Callable[[int, tuple[int, bytes]], OpenJournal]]:
    """Nobody else takes this journal meanwhile; yields what opens it for writing on behind an edit that ends there.

    Raises InUseError where a running program has it, OSError where the disk does not take a lock.
    """
    lock = acquire(path.with_suffix(".lock"))
    opened: list[OpenJournal] = []

    def go_on(edits: int, end: tuple[int, bytes]) -> OpenJournal:
        opened.append(OpenJournal(JournalFile(path, end=end), lock, edits))
        return opened[0]

    try:
        yield go_on
    finally:
        if not opened:
            lock.release()


@dataclass(frozen=True, slots=True)
class FoundJournal:
    """A journal as it lies on the disk: its head, the edits' bytes, and where head and each edit end."""

    path: Path
    head: JournalHead
    payloads: tuple[bytes, ...]
    ends: tuple[tuple[int, bytes], ...]

    @property
    def changed_at(self) -> datetime:
        """When the last edit was written."""
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)

    def records(self, skip: int = 0) -> Iterator[Record | None]:
        """Edits in order, None for a note, up to the first that cannot be read."""
        with suppress(CurveDeskError):
            for payload in self.payloads[skip:]:
                yield None if payload.startswith(_SAVE) else decode(payload)

    def places(self) -> list[Path]:
        """Where the document was saved, or was about to be."""
        noted = [payload[len(_SAVE) :].decode(errors="replace") for payload in self.payloads if payload[:4] == _SAVE]
        return [Path(each) for each in (self.head.path, *noted) if each]


def found_journals() -> list[FoundJournal]:
    """Journals that no running program writes, newest first; those that cannot be read are left alone."""
    found = []
    for path in journals_dir().glob("*.journal"):
        if holder_of(path.with_suffix(".lock")) is None:
            journal = find(path)
            if journal is not None:
                found.append(journal)
    return sorted(found, key=lambda journal: journal.changed_at, reverse=True)


def find(path: Path) -> FoundJournal | None:
    """The journal at `path`, None where it cannot be read or was begun by a newer version."""
    try:
        frames = read_frames(path)
        head = JournalHead(**json.loads(frames.payloads[0]))
        if not all(isinstance(text, str) for text in (head.path, head.base, head.title, head.at)):
            return None
    except (OSError, ValueError, TypeError, IndexError):
        return None
    if head.format != FORMAT or head.version != VERSION:
        return None
    return FoundJournal(path, head, frames.payloads[1:], frames.ends)


def remove(path: Path) -> None:
    """A journal that is of no use any more, with its lock."""
    for each in (path, path.with_suffix(".lock")):
        with suppress(OSError):
            each.unlink()
