"""Keeps a document's edits on the disk as they happen, and says so when the disk does not take them."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.project import Project
from curvedesk.session.document import Document
from curvedesk.session.journal import JournalHead, OpenJournal, begin, journals_dir
from curvedesk.session.project_parts import read_head
from curvedesk.session.record_codec import encode
from curvedesk.session.records import Record, Whole
from curvedesk.session.steps import difference
from curvedesk.store.atomic import remedy
from curvedesk.store.lock import Lock
from curvedesk.store.project_zip import open_parts

MAX_JOURNAL = 1 << 30  # beyond this the journal begins anew with the whole project


@dataclass(frozen=True, slots=True)
class Base:
    """The saved state that edits follow: file and digest, both empty where nothing was saved."""

    path: str = ""
    digest: str = ""


class AutoSave:
    """The keeper of one document. `lock` is that of its project file, None where it is open for reading only."""

    def __init__(self, document: Document, base: Base, lock: Lock | None) -> None:
        self.base = base
        self.lock = lock
        self._document = document
        self._journal: OpenJournal | None = None
        self.ours: set[str] = {base.digest}  # saved states that are this document's, a failed save's too
        self._lost = False  # the journal lacks something that the document has
        document.keeper = self

    @property
    def covered(self) -> dict[str, object]:
        """What a save takes over from the journal: its name and how many edits."""
        return {"journal": self._journal.name, "edits": self._journal.edits} if self._journal else {}

    def record(self, record: Record) -> None:
        """See `Keeper`."""
        try:
            self._keep(record)
        except OSError as fault:
            self._tell(fault)
        else:
            self._document.set_problem("")

    def check(self) -> None:
        """See `Keeper`."""
        journal = self._journal
        try:
            if self._lost:
                self._begin_anew()
            elif journal is not None and (self._document.problem or journal.file.fault is not None):
                journal.file.retry()
        except OSError as fault:
            self._tell(fault)
        else:
            self._document.set_problem("")

    def adopt(self, journal: OpenJournal) -> None:
        """A journal that was found: its edits are those of the document now, and it goes on."""
        self._journal = journal

    def lose(self, fault: OSError) -> None:
        """The document has edits that are in no journal of this process; the next edit or check keeps them."""
        self._lost = True
        self._tell(fault)

    def saving(self, target: Path) -> None:
        """The document is about to be saved at `target`."""
        if self._journal is not None and str(target) != self.base.path:
            with suppress(OSError):  # then a crash in the next moment offers what is saved already; nothing is lost
                self._journal.note_save(target)

    def rebase(self, base: Base, lock: Lock | None) -> None:
        """Everything is saved: the next edit begins a new journal. The lock of another file is given back."""
        if self.lock is not None and self.lock is not lock:
            self.lock.release()
        self.base, self.lock, self._lost = base, lock, False
        self.ours = {base.digest}
        if self._journal is not None:
            self._journal.discard()
            self._journal = None
        self._document.set_problem("")

    def close(self, *, keep: bool) -> None:
        """See `Keeper`."""
        if self._journal is not None:
            try:
                self._journal.close() if keep and self._document.is_dirty else self._journal.discard()
            except OSError as fault:
                self._tell(fault)
            self._journal = None
        if self.lock is not None:
            self.lock.release()
            self.lock = None
        self._document.keeper = None

    def _keep(self, record: Record) -> None:
        if self._lost or (self._journal is not None and self._journal.file.size > MAX_JOURNAL):
            self._begin_anew()  # the document has this record's edit already
            return
        payload = encode(record)
        if self._journal is None:
            self._lost = True
            self._journal = begin(self._head())
            self._lost = False
        try:
            self._journal.append(payload)
        except FileNotFoundError:  # somebody deleted it
            self._begin_anew()

    def _begin_anew(self) -> None:
        """A new journal with all there is; the history before it is lost to a recovery, the work is not."""
        self._lost = True
        whole = difference(Project(), self._document.project)
        number = max(self._document.history.last_done, 1)
        payload = encode(Whole(number, "Work found again", datetime.now(UTC), whole))
        journal = begin(self._head())
        try:
            journal.append(payload)
        except OSError:
            journal.discard()
            raise
        old, self._journal, self._lost = self._journal, journal, False
        if old is not None:
            old.discard()

    def _head(self) -> JournalHead:
        scan = self._document.project.scan
        title = Path(self.base.path or (scan.path if scan else "")).name
        at = datetime.now(UTC).isoformat(timespec="seconds")
        return JournalHead(self.base.path, self._digest_there(), title, at)

    def _digest_there(self) -> str:
        """Which of our own saved states the file holds: a save that failed at its last word has replaced it."""
        if len(self.ours) > 1 and self.base.path:
            with suppress(CurveDeskError), open_parts(Path(self.base.path)) as parts:
                there = read_head(parts)[0].digest
                return there if there in self.ours else self.base.digest
        return self.base.digest

    def _tell(self, fault: OSError) -> None:
        self._document.set_problem(
            f"Your last edits are not on the disk yet: {journals_dir()}: {remedy(fault)}. "
            "They stay in this window, and the next edit tries again"
        )
