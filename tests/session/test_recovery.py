"""After a crash at any moment the next start finds every finished edit, and never puts one where it does not belong."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from curvedesk.domain.errors import ProjectError
from curvedesk.domain.strokes import NullStroke
from curvedesk.session import autosave
from curvedesk.session import journal as journal_module
from curvedesk.session.changes import Change, ChangeKind
from curvedesk.session.commands import ActivateModel, AddStroke, ImportStrokes, OpenScan, RemoveStrokes, ReplaceCurves
from curvedesk.session.document import Document
from curvedesk.session.files import close_document, new_document, open_project, save_project
from curvedesk.session.journal import journals_dir
from curvedesk.session.recovery import Found, forget, recover, recoverable, strokes_of
from curvedesk.store.journal import read_frames
from curvedesk.store.lock import InUseError
from tests.session.project_makers import EVERY_KIND, SCAN, curve_of, filled, same

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def document(tmp_path: Path) -> Iterator[Document]:
    document = Document(filled())
    save_project(document, tmp_path / "one.curvedesk")
    yield document
    close_document(document)


def _crash(document: Document) -> None:
    """What a killed process leaves: its files as they are, locks that nobody holds."""
    close_document(document, keep=True)


def _edit(document: Document) -> None:
    sheet = document.project.sheet
    assert sheet is not None
    stroke = document.execute(AddStroke(NullStroke("GR", (1.0, 2.0))))
    document.execute(ReplaceCurves({"1/GR": curve_of(sheet, "1/GR", 77)}), joins=stroke.entry)
    document.execute(ActivateModel("m2"))
    document.undo()
    document.execute(RemoveStrokes(["s2"]))
    document.undo()


def test_edits_come_back_with_their_history(document: Document) -> None:
    _edit(document)
    _crash(document)
    (found,) = recoverable()
    assert (found.path, found.title, found.found) == (document.path, "one.curvedesk", Found.READY)
    again = recover(found)
    assert same(again.project, document.project)
    assert [entry.label for entry in again.history.entries] == [entry.label for entry in document.history.entries]
    assert again.history.position == document.history.position
    assert again.is_dirty
    again.go_to(0)
    assert same(again.project, filled())
    close_document(again)


def test_a_recovered_document_is_journalled_on(document: Document) -> None:
    _edit(document)
    _crash(document)
    again = recover(recoverable()[0])
    again.execute(ActivateModel("m9"))
    _crash(again)
    once_more = recover(recoverable()[0])
    assert once_more.project.model_id == "m9"
    assert same(once_more.project, again.project)
    save_project(once_more)
    _crash(once_more)
    assert recoverable() == ()


def test_a_document_that_was_never_saved_comes_back() -> None:
    document = new_document()
    document.execute(OpenScan(SCAN))
    document.execute(ImportStrokes(EVERY_KIND))
    _crash(document)
    (found,) = recoverable()
    assert (found.path, found.title, found.edits) == (None, "one.tif", 2)
    again = recover(found)
    assert same(again.project, document.project)
    assert again.is_dirty
    assert again.path is None
    close_document(again)
    assert recoverable() == ()


def test_what_is_open_now_is_not_offered(document: Document) -> None:
    _edit(document)
    assert recoverable() == ()


def test_edits_of_one_project_can_be_asked_for(document: Document, tmp_path: Path) -> None:
    _edit(document)
    _crash(document)
    assert len(recoverable(tmp_path / "one.curvedesk")) == 1
    assert recoverable(tmp_path / "two.curvedesk") == ()


def test_edits_that_are_not_wanted_are_gone(document: Document) -> None:
    _edit(document)
    _crash(document)
    forget(recoverable()[0])
    assert recoverable() == ()
    assert not list(journals_dir().iterdir())


def test_a_clean_close_leaves_nothing(document: Document) -> None:
    _edit(document)
    close_document(document)
    assert not list(journals_dir().iterdir())


def test_edits_are_never_put_on_a_file_that_was_changed_since(document: Document) -> None:
    assert document.path is not None
    _edit(document)
    _crash(document)
    other = open_project(document.path)
    save_project(other)
    close_document(other)
    before = document.path.read_bytes()
    (found,) = recoverable()
    assert found.found is Found.OTHER
    with pytest.raises(ProjectError, match="was changed since these edits were made"):
        recover(found)
    assert document.path.read_bytes() == before
    assert strokes_of(found) == (NullStroke("GR", (1.0, 2.0)), EVERY_KIND[1])
    close_document(open_project(document.path))  # the lock was given back


def test_a_project_that_was_moved_is_recovered_at_its_new_place(document: Document, tmp_path: Path) -> None:
    assert document.path is not None
    _edit(document)
    _crash(document)
    new = tmp_path / "new.curvedesk"
    document.path.rename(new)
    (found,) = recoverable()
    assert found.found is Found.MISSING
    with pytest.raises(ProjectError, match="does not exist"):
        recover(found)
    again = recover(found, at=new)
    assert same(again.project, document.project)
    close_document(again)


def test_a_project_that_is_open_elsewhere_is_not_recovered_twice(document: Document) -> None:
    _edit(document)
    _crash(document)
    again = recover(recoverable()[0])
    with pytest.raises(InUseError):
        recover(_stale(document))
    close_document(again)


def _stale(document: Document) -> object:
    from datetime import UTC, datetime

    from curvedesk.session.recovery import Recoverable

    journal = next(journals_dir().glob("*.journal"))
    return Recoverable(journal, document.path, "", datetime.now(UTC), 1, Found.READY)


@pytest.mark.parametrize("first", [True, False])
def test_a_crash_between_saving_and_clearing_up_offers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: bool
) -> None:
    document = new_document()
    if not first:
        save_project(document, tmp_path / "a.curvedesk")
    document.execute(OpenScan(SCAN))
    aside = tmp_path / "aside"
    rebase = autosave.AutoSave.rebase

    def crash_here(self: autosave.AutoSave, *args: object) -> None:
        for path in journals_dir().glob("*.journal"):
            shutil.copy(path, aside)
            name = path
        rebase(self, *args)  # type: ignore[arg-type]
        shutil.copy(aside, name)

    monkeypatch.setattr(autosave.AutoSave, "rebase", crash_here)
    save_project(document, tmp_path / "a.curvedesk")
    close_document(document)
    assert len(list(journals_dir().glob("*.journal"))) == 1
    assert recoverable() == ()
    assert not list(journals_dir().glob("*.journal"))


def test_a_project_that_was_opened_first_takes_the_edits_where_it_is(document: Document) -> None:
    assert document.path is not None
    _edit(document)
    _crash(document)
    opened = open_project(document.path)
    heard: list[Change] = []
    opened.subscribe(heard.append)
    (found,) = recoverable()
    assert recover(found, into=opened) is opened
    assert same(opened.project, document.project)
    assert heard[-1].kinds == set(ChangeKind)
    opened.execute(ActivateModel("m9"))
    _crash(opened)
    again = recover(recoverable()[0])
    assert same(again.project, opened.project)
    close_document(again)


def test_a_project_with_new_edits_does_not_take_old_ones_on_top(document: Document) -> None:
    assert document.path is not None
    _edit(document)
    _crash(document)
    opened = open_project(document.path)
    opened.execute(ActivateModel("m9"))
    (found,) = recoverable()
    with pytest.raises(ProjectError, match="has new edits already"):
        recover(found, into=opened)
    assert opened.project.model_id == "m9"
    close_document(opened)
    assert len(recoverable()) == 1


def test_work_is_shown_even_where_its_journal_cannot_be_written_on(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    _edit(document)
    _crash(document)
    (found,) = recoverable()

    def refuse(*_args: object, **_more: object) -> None:
        raise OSError(errno.EROFS, "read-only")

    for name in ("JournalFile", "acquire"):
        with monkeypatch.context() as patch:
            patch.setattr(journal_module, name, refuse)
            again = recover(found)
        assert same(again.project, document.project)
        assert "not on the disk yet" in again.problem
        again.check()
        assert again.problem == ""
        close_document(again)


def test_a_journal_cut_at_any_byte_gives_every_edit_that_was_finished(tmp_path: Path) -> None:
    document = new_document()
    states = [document.project]
    for stroke in EVERY_KIND:
        document.execute(AddStroke(stroke))
        states.append(document.project)
    document.undo()
    states.append(document.project)
    _crash(document)
    (found,) = recoverable()
    whole = found.journal.read_bytes()
    ends = [end for end, _ in read_frames(found.journal).ends]
    assert ends[-1] == len(whole)
    for cut in range(len(whole) + 1):
        found.journal.write_bytes(whole[:cut])
        finished = sum(end <= cut for end in ends) - 1
        offered = recoverable()
        assert len(offered) == (finished > 0)
        if cut % 7 == 0 and offered:
            again = recover(offered[0])
            assert same(again.project, states[finished])
            close_document(again, keep=True)
        found.journal.with_suffix(".lock").unlink(missing_ok=True)


def test_a_journal_with_a_damaged_edit_gives_what_came_before_and_goes_on(tmp_path: Path) -> None:
    document = new_document()
    for stroke in EVERY_KIND[:3]:
        document.execute(AddStroke(stroke))
    _crash(document)
    (found,) = recoverable()
    content = bytearray(found.journal.read_bytes())
    content[-1] ^= 1
    found.journal.write_bytes(content)
    again = recover(found)
    assert tuple(again.project.strokes.values()) == EVERY_KIND[:2]
    again.execute(AddStroke(EVERY_KIND[3]))
    _crash(again)
    last = recover(recoverable()[0])
    assert tuple(last.project.strokes.values()) == (*EVERY_KIND[:2], EVERY_KIND[3])
    close_document(last)


CHILD = """
import sys
from pathlib import Path
from curvedesk.domain.strokes import CurveStroke
from curvedesk.session.changes import Change, ChangeKind
from curvedesk.session.commands import AddStroke, RemoveStrokes
from curvedesk.session.files import open_project, save_project
document = open_project(Path(sys.argv[1]))
for number in range(100_000):
    points = tuple((float(number), float(i)) for i in range(50))
    document.execute(AddStroke(CurveStroke("GR", points)))
    if number % 5 == 4:
        document.undo()
    if number % 40 == 39:
        save_project(document)
    sys.stdout.write(f"{len(document.project.strokes)}\\n")
    sys.stdout.flush()
"""


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize("edits", [1, 38, 41, 83])
def test_a_process_killed_while_editing_loses_no_finished_edit(document: Document, edits: int) -> None:
    assert document.path is not None
    close_document(document)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(document.path)], cwd=REPO, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    seen = [int(child.stdout.readline()) for _ in range(edits)]
    time.sleep(0.003 * (edits % 5))
    child.send_signal(signal.SIGKILL)
    rest, _ = child.communicate()
    seen += [int(line) for line in rest.splitlines()]
    offered = recoverable()
    again = recover(offered[0]) if offered else open_project(document.path)
    count = len(again.project.strokes)
    assert count in {seen[-1], seen[-1] + 1, seen[-1] - 1}  # the edit that was just being made
    assert tuple(again.project.strokes.values())[:6] == EVERY_KIND
    again.go_to(0)
    save_project(again)
    close_document(again)
    close_document(open_project(document.path))
