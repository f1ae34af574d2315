"""Edits, saves, crashes and a disk that fails anywhere, in any order: no finished edit is lost, no file is damaged."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from curvedesk.domain.errors import ProjectError
from curvedesk.domain.project import Project
from curvedesk.session.document import Document
from curvedesk.session.files import close_document, new_document, open_project, save_project
from curvedesk.session.journal import journals_dir
from curvedesk.session.recovery import recover, recoverable
from curvedesk.store import atomic, journal
from curvedesk.store.flusher import Flusher
from tests.session.project_makers import next_commands, same

CODES = [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EACCES]

FAULTS = st.none() | st.tuples(st.integers(0, 9), st.integers(1, 6), st.sampled_from(CODES))


class Disk:
    """The system for journal and atomic writes: from the n-th call on, some calls fail; a write fails half way."""

    def __init__(self) -> None:
        self.left = -1
        self.failing = 0
        self.code = errno.EIO

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def fault(self) -> None:
        """One more call."""
        self.left -= 1
        if -self.failing <= self.left < 0:
            raise OSError(self.code, os.strerror(self.code))

    def write(self, handle: int, data: memoryview) -> int:
        try:
            self.fault()
        except OSError:
            os.write(handle, data[: len(data) // 2])
            raise
        return os.write(handle, data)

    def fsync(self, handle: int) -> None:
        self.fault()
        os.fsync(handle)

    def open(self, *args: Any) -> int:
        self.fault()
        return os.open(*args)


class FilesMachine(RuleBasedStateMachine):
    """The model: the state that was saved last, and the newest state that the program called safe."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.home = os.environ.get("CURVEDESK_HOME")
        os.environ["CURVEDESK_HOME"] = str(self.folder / "home")
        self.path = self.folder / "log.curvedesk"
        self.disk = Disk()
        self.kept = (journal.os, atomic.os, Path.replace, zipfile.ZipFile.writestr, Flusher.ask)
        self._patch()
        self.document: Document = new_document()
        self.saved: Project | None = None
        self.safe = Project()
        self.later: list[Project] = []  # done after it, while the disk refused; may be there or not

    def _patch(self) -> None:
        disk, (_, _, replace, writestr, _) = self.disk, self.kept
        journal.os = atomic.os = disk  # type: ignore[attr-defined, assignment]

        def faulty_replace(path: Path, target: Path) -> Path:
            disk.fault()
            return replace(path, target)

        def faulty_writestr(file: zipfile.ZipFile, *args: Any, **kwargs: Any) -> None:
            disk.fault()
            writestr(file, *args, **kwargs)

        Path.replace = faulty_replace  # type: ignore[method-assign, assignment]
        zipfile.ZipFile.writestr = faulty_writestr  # type: ignore[method-assign]
        Flusher.ask = lambda flusher: None  # type: ignore[method-assign]  # a rule of its own instead of a thread

    def _break(self, fault: tuple[int, int, int] | None) -> None:
        """Soon, for a while."""
        if fault is not None:
            self.disk.left, self.disk.failing, self.disk.code = fault

    @rule(data=st.data(), fault=FAULTS)
    def edit(self, data: st.DataObject, fault: tuple[int, int, int] | None) -> None:
        """A command."""
        self._break(fault)
        self.document.execute(data.draw(next_commands(self.document.project)))
        self._acknowledge()

    @rule(back=st.booleans())
    def step(self, back: bool) -> None:
        """Undo or redo."""
        self.document.undo() if back else self.document.redo()
        self._acknowledge()

    @rule()
    def check(self) -> None:
        """The window looks every few seconds."""
        self.document.check()
        self._acknowledge()

    def _acknowledge(self) -> None:
        self.later.append(self.document.project)
        if not self.document.problem:
            self.safe, self.later = self.document.project, []

    @rule()
    def flush(self) -> None:
        """What the thread does behind the back."""
        opened = getattr(self.document.keeper, "_journal", None)
        if opened is not None:
            opened.file._flush()

    @rule(fault=FAULTS)
    def save(self, fault: tuple[int, int, int] | None) -> None:
        """A save that may fail."""
        self._break(fault)
        dirty = self.document.is_dirty
        try:
            save_project(self.document, self.path)
        except ProjectError as refused:
            assert "\n" not in str(refused)
            assert self.document.is_dirty == dirty
            self._maybe_there_all_the_same()
        else:
            assert not self.document.is_dirty
            self.saved = self.safe = self.document.project
            self.later = []

    def _maybe_there_all_the_same(self) -> None:
        """Where flushing the folder failed the new file is in place, but nobody vouches for it: either is right."""
        if self.path.exists():
            there = open_project(self.path, read_only=True).project
            if same(there, self.document.project):
                self.saved = self.safe = self.document.project
            self.later = []

    @precondition(lambda self: self.saved is not None)
    @rule()
    def save_and_open(self) -> None:
        """The next morning, on a disk that works."""
        self.disk.left, self.disk.failing = -1, 0
        self.save(fault=None)
        close_document(self.document)
        self.document = open_project(self.path)
        assert same(self.document.project, self.saved or Project())

    @rule()
    def crash(self) -> None:
        """Killed: the files stay as they are, the next start recovers what is offered."""
        frozen = self.folder / "frozen"
        journals_dir().mkdir(parents=True, exist_ok=True)
        shutil.copytree(journals_dir(), frozen)
        self.disk.left, self.disk.failing = -1, 0
        close_document(self.document)
        shutil.rmtree(journals_dir())
        frozen.rename(journals_dir())
        for lock in journals_dir().glob("*.lock"):
            lock.unlink()  # of a process that is gone
        self._start_again()

    def _start_again(self) -> None:
        offered = recoverable()
        assert len(offered) <= 1
        if offered:
            self.document = recover(offered[0])
        else:
            self.document = open_project(self.path) if self.saved is not None else new_document()
        assert any(same(self.document.project, state) for state in (self.safe, *self.later))
        self.safe, self.later = self.document.project, []

    @invariant()
    def the_file_is_what_was_saved_last(self) -> None:
        """Whole, or not there at all; and nothing half written beside it."""
        if self.saved is None:
            assert not self.path.exists()
        else:
            assert same(open_project(self.path, read_only=True).project, self.saved)
        assert not list(self.folder.glob(".*part*"))

    def teardown(self) -> None:
        self.disk.left, self.disk.failing = -1, 0
        close_document(self.document)
        journal.os, atomic.os, Path.replace, zipfile.ZipFile.writestr, Flusher.ask = self.kept  # type: ignore
        if self.home is not None:
            os.environ["CURVEDESK_HOME"] = self.home
        shutil.rmtree(self.folder)


PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
TestFiles = FilesMachine.TestCase
TestFiles.settings = settings(max_examples=15, stateful_step_count=20, deadline=None, phases=PHASES)
