"""After a crash: which documents have edits that were never saved, and getting them back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from curvedesk.domain.errors import CurveDeskError, ProjectError
from curvedesk.domain.strokes import Stroke
from curvedesk.session.autosave import AutoSave
from curvedesk.session.document import Document
from curvedesk.session.files import close_document, new_document, open_project
from curvedesk.session.history import DEFAULT_LIMIT
from curvedesk.session.journal import FoundJournal, find, found_journals, remove, taken
from curvedesk.session.project_parts import Head, read_head
from curvedesk.session.steps import GONE
from curvedesk.store.project_zip import open_parts


class Found(StrEnum):
    """How the edits found stand to the project file they belong to."""

    READY = "ready"  # the file is as it was; or the document was never saved
    MISSING = "missing"  # the file is not where it was: `recover(found, at=...)` takes its new place
    OTHER = "other"  # the file was changed since: its edits are not applied to it, only `strokes_of` can be had


@dataclass(frozen=True, slots=True)
class Recoverable:
    """Edits that were not saved. `path` is None for a document that never was."""

    journal: Path
    path: Path | None
    title: str
    at: datetime
    edits: int
    found: Found


def recoverable(path: Path | None = None) -> tuple[Recoverable, ...]:
    """Documents with edits that were not saved, newest first; those of one project only if `path` is given.

    Journals whose every edit is saved are cleared away meanwhile.
    """
    wanted = None if path is None else str(Path(path).absolute())
    found = [_judged(journal) for journal in found_journals() if wanted in {None, journal.head.path}]
    return tuple(each for each in found if each is not None)


def recover(
    found: Recoverable,
    *,
    at: Path | None = None,
    into: Document | None = None,
    history_bytes: int = DEFAULT_LIMIT,
) -> Document:
    """The document as it was before the crash, dirty, still journalled. `at`: where the project file lies now.

    `into`: the project is open in this window already, as it was saved; the edits are done there, and it is returned.
    Raises InUseError where the project is open elsewhere; ProjectError, one sentence, where it is another state.
    """
    journal = _read(found.journal)
    head = journal.head
    if into is not None:
        _refuse_edited(into)
        _replayed(into, journal)
        into.announce("Work found again")
        return into
    if head.path:
        document = open_project(at or Path(head.path), history_bytes=history_bytes)
    else:
        document = new_document(history_bytes=history_bytes)
        document.mark_unsaved()
    try:
        return _replayed(document, journal)
    except BaseException:
        close_document(document)
        raise


def forget(found: Recoverable) -> None:
    """The analyst does not want these edits."""
    remove(found.journal)


def strokes_of(found: Recoverable) -> tuple[Stroke, ...]:
    """Strokes among the edits, for a project that went on without them: they can be imported like a file of strokes."""
    strokes: dict[str, Stroke] = {}
    for record in _read(found.journal).records():
        for key, value in (record.step.keyed.get("strokes", {}) if record else {}).items():
            if value is GONE:
                strokes.pop(key, None)
            else:
                strokes[key] = value
    return tuple(strokes.values())


def _judged(journal: FoundJournal) -> Recoverable | None:
    head = journal.head
    path = Path(head.path) if head.path else None
    edits, found = len(journal.payloads), Found.READY
    covered = max((_covered(_head_of(each), journal) for each in journal.places()), default=0)
    if path is not None and not covered:
        saved = _head_of(path)
        found = Found.MISSING if saved is None else Found.READY if saved.digest == head.base else Found.OTHER
    edits -= covered
    if not edits:
        remove(journal.path)
        return None
    return Recoverable(journal.path, path, head.title, journal.changed_at, edits, found)


def _covered(saved: Head | None, journal: FoundJournal) -> int:
    """How many of the edits the project file has already: a crash came between saving and clearing up."""
    if saved is None or saved.covers.get("journal") != journal.path.stem:
        return 0
    edits = saved.covers.get("edits")
    return min(edits, len(journal.payloads)) if isinstance(edits, int) else 0


def _head_of(path: Path) -> Head | None:
    try:
        with open_parts(path) as parts:
            return read_head(parts)[0]
    except CurveDeskError:
        return None


def _read(path: Path) -> FoundJournal:
    journal = find(path)
    if journal is None:
        raise ProjectError(f"{path}: cannot be read any more; the edits in it are lost")
    return journal


def _refuse_edited(document: Document) -> None:
    if document.is_dirty or document.history.can_redo:
        raise ProjectError(f"{document.path}: has new edits already; close it without saving, then keep the old ones")


def _replayed(document: Document, journal: FoundJournal) -> Document:
    keeper = document.keeper
    assert isinstance(keeper, AutoSave)
    saved = _head_of(document.path) if document.path else None
    skip = _covered(saved, journal)
    if journal.head.base != keeper.base.digest and not skip:
        raise ProjectError(f"{document.path}: was changed since these edits were made; they cannot be put on top of it")
    done = None
    try:
        with taken(journal.path) as go_on:
            done = skip + _replay(document, journal, skip)
            keeper.adopt(go_on(done, journal.ends[done]))
    except OSError as fault:  # the work is shown all the same, and what was found stays where it is
        if done is None:
            _replay(document, journal, skip)
        keeper.lose(fault)
    return document


def _replay(document: Document, journal: FoundJournal, skip: int) -> int:
    """How many edits could be done again; they are in the journal already, so nobody is told to keep them."""
    keeper, document.keeper = document.keeper, None
    done = 0
    for record in journal.records(skip):
        try:
            if record is not None:
                document.replay(record)
        except (CurveDeskError, ValueError):
            break
        done += 1
    lost = len(journal.payloads) - skip - done
    if lost:
        document.notices += (f"The last {lost} edits could not be read; everything before them is there",)
    document.keeper = keeper
    return done
