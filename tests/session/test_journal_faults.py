"""A disk that refuses: told at once, the work goes on in the window, and the next edit brings it all to the disk."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from curvedesk.domain.errors import ProjectError
from curvedesk.domain.strokes import NullStroke
from curvedesk.session import autosave
from curvedesk.session.commands import ActivateModel, AddStroke
from curvedesk.session.document import Document
from curvedesk.session.files import close_document, new_document, save_project
from curvedesk.session.journal import journals_dir
from curvedesk.session.recovery import recover, recoverable
from curvedesk.store import atomic, flusher, journal
from tests.session.project_makers import EVERY_KIND, filled, same


class FaultyOs:
    """The system, in which chosen calls of the journal fail; a failing write writes a part first."""

    def __init__(self) -> None:
        self.fails: dict[str, int] = {}  # call -> errno

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def _maybe(self, name: str) -> None:
        if name in self.fails:
            raise OSError(self.fails[name], os.strerror(self.fails[name]))

    def write(self, handle: int, data: memoryview) -> int:
        if "write" in self.fails:
            os.write(handle, data[: len(data) // 2])
        self._maybe("write")
        return os.write(handle, data)

    def fsync(self, handle: int) -> None:
        self._maybe("fsync")
        os.fsync(handle)

    def open(self, *args: Any) -> int:
        self._maybe("open")
        return os.open(*args)

    def ftruncate(self, handle: int, size: int) -> None:
        self._maybe("ftruncate")
        os.ftruncate(handle, size)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FaultyOs:
    system = FaultyOs()
    monkeypatch.setattr(journal, "os", system)
    monkeypatch.setattr(flusher, "PAUSE_S", 0.0)
    return system


@pytest.fixture
def document() -> Iterator[Document]:
    document = new_document()
    yield document
    close_document(document)


def _stroke(number: float) -> AddStroke:
    return AddStroke(NullStroke("GR", (number, number + 1.0)))


def _left_by_a_kill(document: Document) -> Document:
    """What the next start makes of the files as they are now."""
    files = {path: path.read_bytes() for path in journals_dir().glob("*.journal")}
    close_document(document)
    for path, content in files.items():
        path.write_bytes(content)
    (found,) = recoverable()
    return recover(found)


def _left_by_a_kill_now(document: Document) -> Document:
    """The same, of a document whose journal may be torn: closing it would mend that."""
    files = {path: path.read_bytes() for path in journals_dir().glob("*.journal")}
    close_document(document)
    for path in journals_dir().glob("*"):
        path.unlink()
    for path, content in files.items():
        path.write_bytes(content)
    (found,) = recoverable()
    return recover(found)


@pytest.mark.parametrize("call", ["write", "open", "ftruncate"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.ENOTCONN])
@pytest.mark.parametrize("edits_before", [0, 2])
def test_a_fault_is_told_at_once_and_mended_by_the_next_edit(
    document: Document, disk: FaultyOs, call: str, code: int, edits_before: int
) -> None:
    told: list[str] = []
    document.subscribe_problems(told.append)
    for number in range(edits_before):
        document.execute(_stroke(number))
    disk.fails = {call: code}
    for number in range(3):
        document.execute(_stroke(10.0 + number))
    if call == "open" and edits_before:
        assert not told  # it was open before
    elif call != "ftruncate" or not edits_before:
        assert len(told) == 1
        assert "not on the disk yet" in told[0]
        assert "\n" not in told[0]
    assert document.is_dirty
    assert len(document.project.strokes) == edits_before + 3
    disk.fails = {}
    document.execute(_stroke(20.0))
    assert document.problem == ""
    again = _left_by_a_kill(document)
    assert same(again.project, document.project)
    close_document(again)


def test_a_disk_that_takes_again_is_noticed_without_an_edit(document: Document, disk: FaultyOs) -> None:
    document.execute(_stroke(1.0))
    disk.fails = {"write": errno.ENOSPC}
    document.execute(_stroke(2.0))
    document.check()
    assert "the disk is full; free some space" in document.problem
    disk.fails = {}
    document.check()
    assert document.problem == ""
    again = _left_by_a_kill(document)
    assert len(again.project.strokes) == 2
    close_document(again)


def test_a_second_fault_while_edits_are_written_again_loses_none_that_was_finished(
    document: Document, disk: FaultyOs
) -> None:
    for number in range(4):
        document.execute(_stroke(number))
    finished = document.project
    disk.fails = {"write": errno.EACCES}
    document.execute(_stroke(10.0))  # torn
    document.check()  # written again from the start, and torn half way there
    disk.fails = {}
    again = _left_by_a_kill_now(document)
    assert same(again.project, finished)
    close_document(again)


def test_edits_after_a_save_that_failed_at_its_last_word_are_found_again(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.curvedesk"
    document.execute(_stroke(1.0))
    save_project(document, path)
    document.execute(_stroke(2.0))
    save_project(document, path)  # no journal is left, so the next save takes none over

    def no_flush(folder: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(folder))

    with monkeypatch.context() as broken:
        broken.setattr(atomic, "sync_folder", no_flush)
        with pytest.raises(ProjectError):
            save_project(document, path)  # the file is another one now, but nobody vouches for it
    document.execute(_stroke(3.0))
    again = _left_by_a_kill_now(document)
    assert len(again.project.strokes) == 3
    close_document(again)


def test_a_flush_that_fails_behind_the_back_is_told_and_written_again(document: Document, disk: FaultyOs) -> None:
    document.execute(_stroke(1.0))
    keeper = document.keeper
    assert isinstance(keeper, autosave.AutoSave)
    opened = keeper._journal
    assert opened is not None
    disk.fails = {"fsync": errno.EIO}
    opened.file._flush()
    assert opened.file.fault is not None
    disk.fails = {"write": errno.EIO}
    document.check()
    assert document.problem
    disk.fails = {}
    document.execute(_stroke(2.0))
    assert document.problem == ""
    assert opened.file.fault is None
    again = _left_by_a_kill(document)
    assert len(again.project.strokes) == 2
    close_document(again)


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX: an open file cannot be deleted on Windows")
def test_a_deleted_journal_begins_anew_with_everything(document: Document) -> None:
    for number in range(3):
        document.execute(_stroke(number))
    next(journals_dir().glob("*.journal")).unlink()
    document.execute(_stroke(7.0))
    document.undo()
    document.undo()
    document.execute(ActivateModel("m"))
    document.go_to(0)
    document.go_to(3)
    assert document.problem == ""
    again = _left_by_a_kill(document)
    assert same(again.project, document.project)
    close_document(again)


def test_a_journal_that_grew_too_large_begins_anew(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autosave, "MAX_JOURNAL", 3000)
    for number in range(40):
        document.execute(_stroke(number))
        if number % 3 == 2:
            document.undo()
    (path,) = journals_dir().glob("*.journal")
    assert path.stat().st_size < 6000
    again = _left_by_a_kill(document)
    assert same(again.project, document.project)
    close_document(again)


def test_a_home_that_cannot_be_written_does_not_stop_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: Document
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("CURVEDESK_HOME", str(blocked))
    document.execute(AddStroke(EVERY_KIND[0]))
    assert "the folder is a file" in document.problem
    save_project(document, tmp_path / "a.curvedesk")
    assert document.problem == ""
    assert not document.is_dirty


def test_a_project_without_a_journal_yet_has_nothing_to_check(tmp_path: Path) -> None:
    document = Document(filled())
    document.check()
    save_project(document, tmp_path / "a.curvedesk")
    document.check()
    assert document.problem == ""
    close_document(document)
    close_document(document)
