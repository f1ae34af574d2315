"""Opening, saving and closing projects: one file, replaced whole; locked while it is open; journalled between saves."""

from datetime import UTC, datetime
from pathlib import Path

from curvedesk.domain.errors import ProjectError
from curvedesk.session.autosave import AutoSave, Base
from curvedesk.session.document import Document
from curvedesk.session.extras import masks_parts, scan_part
from curvedesk.session.history import DEFAULT_LIMIT
from curvedesk.session.project_parts import digest_of, document_parts, read_document, read_head, relative_to
from curvedesk.store.lock import InUseError, Lock, acquire
from curvedesk.store.project_zip import HEAD, open_parts, write_parts

SUFFIX = ".curvedesk"


def new_document(*, history_bytes: int = DEFAULT_LIMIT) -> Document:
    """An empty document that was never saved; its edits are journalled from the first on."""
    document = Document(history_bytes=history_bytes)
    AutoSave(document, Base(), None)
    return document


def open_project(
    path: Path, *, read_only: bool = False, take_over: bool = False, history_bytes: int = DEFAULT_LIMIT
) -> Document:
    """The document in a project file, as it was saved; `recovery.recoverable(path)` says what came after.

    Raises InUseError where another window has it open (open it `read_only`, or `take_over` from a machine that is
    gone), and ProjectError, one sentence, where it cannot be read. A read-only document saves under another name.
    """
    path = Path(path).absolute()
    lock = None if read_only else lock_project(path, take_over=take_over)
    try:
        with open_parts(path) as parts:
            document, head = read_document(parts, history_bytes=history_bytes)
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    document.read_only = read_only
    document.scan_relative, document.scan_member = head.scan_relative, head.scan_member
    document.mark_saved(path, head.saved_at)
    AutoSave(document, Base(str(path), head.digest), lock)
    return document


def save_project(
    document: Document,
    path: Path | None = None,
    *,
    include_scan: bool | None = None,
    include_masks: bool = False,
    overwrite: bool = False,
) -> None:
    """Save, under a new name if `path` says so; afterwards the document is clean and its journal gone.

    `include_scan`: carry a copy of the scan (None: as before). `include_masks`: carry the network's answer.
    `overwrite`: even where the file was changed by somebody else since it was opened.
    Raises ProjectError, one sentence: the old file is then as it was, the document stays dirty and journalled.
    """
    keeper = _keeper(document)
    target = _target(document, path)
    same = document.path is not None and target == document.path
    if same and not overwrite:
        _refuse_changed(target, keeper.ours)
    lock = keeper.lock if same and keeper.lock is not None else lock_project(target)
    try:
        digest, at = _write(document, target, keeper, include_scan=include_scan, include_masks=include_masks)
    except BaseException:
        if lock is not keeper.lock and lock is not None:
            lock.release()
        raise
    document.mark_saved(target, at)
    document.read_only = False
    keeper.rebase(Base(str(target), digest), lock)


def close_document(document: Document, *, keep: bool = False) -> None:
    """End of a document: its lock is given back. `keep` what was not saved for a recovery at the next start."""
    if document.keeper is not None:
        document.keeper.close(keep=keep)


def lock_project(path: Path, *, take_over: bool = False) -> Lock | None:
    """The lock beside a project; None in a folder that cannot be written, where nothing can be saved either.

    Raises InUseError, one sentence that names the project and who has it.
    """
    try:
        return acquire(path.with_name(f".{path.name}.lock"), take_over=take_over)
    except InUseError as held:
        raise InUseError(f"{path.name}: {held}", held.holder) from held
    except OSError:
        return None


def _keeper(document: Document) -> AutoSave:
    keeper = document.keeper
    if not isinstance(keeper, AutoSave):
        keeper = AutoSave(document, Base(), None)  # a document that was made in memory
    return keeper


def _target(document: Document, path: Path | None) -> Path:
    if path is None and (document.path is None or document.read_only):
        raise ProjectError("the project has no file of its own yet; choose where to save it")
    target = Path(path or document.path or "").absolute()
    if document.read_only and target == document.path:
        raise ProjectError(f"{target}: is open for reading only; save it under another name")
    return target if target.suffix else target.with_name(target.name + SUFFIX)


def _refuse_changed(path: Path, ours: set[str]) -> None:
    """A project that somebody else saved meanwhile is never lost silently."""
    if not path.exists():
        return
    try:
        with open_parts(path) as parts:
            now = read_head(parts)[0].digest
    except ProjectError:
        return  # damaged meanwhile: what is saved now can only be better
    if now not in ours:
        raise ProjectError(f"{path}: was changed by somebody else since it was opened; save under another name")


def _write(
    document: Document, target: Path, keeper: AutoSave, *, include_scan: bool | None, include_masks: bool
) -> tuple[str, datetime]:
    at = datetime.now(UTC)
    keeper.saving(target)
    scan = document.project.scan
    wanted = bool(document.scan_member) if include_scan is None else include_scan
    with scan_part(document, wanted=wanted) as (member, extra):
        relative = relative_to(target, scan.path if scan else "")
        parts = document_parts(document, at=at, relative=relative, covers=keeper.covered, scan_member=member)
        head = parts[HEAD]
        assert isinstance(head, bytes)
        masks = masks_parts(document.project.prediction) if include_masks else {}
        keeper.ours.add(digest_of(head))  # a disk may fail when all but the last word is written
        write_parts(target, {**parts, **extra, **masks})
    document.scan_relative, document.scan_member = relative, member
    return digest_of(head), at
