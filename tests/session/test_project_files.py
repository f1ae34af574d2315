"""Projects on the disk: everything comes back, a failing save harms nothing, a damaged file is one sentence."""

from __future__ import annotations

import errno
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from curvedesk.domain.errors import CurveDeskError, ProjectError
from curvedesk.domain.project import Project, curve_keys
from curvedesk.domain.strokes import NullStroke
from curvedesk.session import extras, recovery
from curvedesk.session.commands import ActivateModel, AddStroke, OpenScan, RelocateScan, ReplaceCurves, SetSheet
from curvedesk.session.document import Document
from curvedesk.session.files import close_document, new_document, open_project, save_project
from curvedesk.session.project_parts import relative_to
from curvedesk.session.scan_search import ScanState, find_scan
from curvedesk.session.view_state import ViewState
from curvedesk.store import atomic
from curvedesk.store.digest import sha256_of
from curvedesk.store.lock import InUseError
from tests.session.project_makers import SCAN, curve_of, filled, same, sheet_of


@pytest.fixture
def open_documents() -> Iterator[list[Document]]:
    """Documents to be closed at the end."""
    documents: list[Document] = []
    yield documents
    for document in documents:
        close_document(document)


@pytest.fixture
def saved(tmp_path: Path, open_documents: list[Document]) -> Document:
    document = Document(filled())
    save_project(document, tmp_path / "one.curvedesk")
    open_documents.append(document)
    return document


def _again(document: Document) -> Document:
    """Close it and open its file."""
    assert document.path is not None
    close_document(document)
    again = open_project(document.path)
    close_document(again)
    return again


def test_everything_comes_back_to_the_last_bit(saved: Document) -> None:
    saved.view_state = ViewState(1.5, -2.0, 0.25, "quality", "1/GR", {"mask": True, "opacity": 0.4})
    save_project(saved)
    again = _again(saved)
    assert same(again.project, saved.project)
    assert again.view_state == saved.view_state
    assert again.saved_at == saved.saved_at
    assert not again.is_dirty
    assert not again.notices
    gap = again.project.curves["1/GR"]
    assert np.isnan(gap.x_px[20:22]).all()
    assert gap.x_px.tobytes() == saved.project.curves["1/GR"].x_px.tobytes()


def test_an_empty_document_can_be_saved(tmp_path: Path) -> None:
    document = new_document()
    save_project(document, tmp_path / "empty")
    assert document.path == tmp_path / "empty.curvedesk"
    assert same(_again(document).project, Project())


def test_the_history_survives_a_save_in_the_middle_of_it(saved: Document) -> None:
    sheet = saved.project.sheet
    assert sheet is not None
    saved.execute(AddStroke(NullStroke("GR", (1.0, 2.0))))
    saved.execute(SetSheet(sheet_of("ILD")))
    saved.execute(SetSheet(sheet_of("ILD", "GR")))
    saved.execute(ReplaceCurves({"1/GR": curve_of(sheet_of("ILD", "GR"), "1/GR", 9)}))
    end = saved.project
    saved.go_to(2)
    save_project(saved)
    again = _again(saved)
    assert [entry.label for entry in again.history.entries] == [entry.label for entry in saved.history.entries]
    assert again.history.position == 2
    again.go_to(4)
    assert same(again.project, end)
    again.go_to(0)
    assert same(again.project, filled())


def test_a_change_after_opening_gets_an_entry_of_its_own(saved: Document) -> None:
    saved.execute(ActivateModel("m2"))
    save_project(saved)
    again = _again(saved)
    change = again.execute(ActivateModel("m3"))
    assert change.entry not in {entry.id for entry in again.history.entries[:-1]}


def test_the_scan_travels_with_the_project_on_request(
    tmp_path: Path, saved: Document, open_documents: list[Document]
) -> None:
    scan = tmp_path / "logs" / "a.tif"
    scan.parent.mkdir()
    scan.write_bytes(b"paper" * 999)
    saved.execute(OpenScan(replace(SCAN, path=str(scan), sha256=sha256_of(scan))))
    save_project(saved, include_scan=True)
    scan.unlink()
    again = _again(saved)
    found = find_scan(again)
    assert (found.state, found.path is not None) == (ScanState.CARRIED, True)
    assert found.path is not None
    assert found.path.read_bytes() == b"paper" * 999
    far = tmp_path / "far" / "two.curvedesk"
    far.parent.mkdir()
    open_documents.append(again)
    save_project(again, far)  # the copy goes on with it although the scan is gone
    assert find_scan(open_project(far, read_only=True)).state is ScanState.CARRIED


def test_a_scan_that_is_gone_cannot_be_carried(saved: Document) -> None:
    with pytest.raises(ProjectError, match="find the scan first"):
        save_project(saved, include_scan=True)


@pytest.mark.parametrize("place", ["same", "beside", "renamed", "relative"])
def test_a_scan_that_moved_is_found_by_its_content(
    tmp_path: Path, saved: Document, place: str, open_documents: list[Document]
) -> None:
    old = tmp_path / "scans" / "a.tif"
    old.parent.mkdir()
    old.write_bytes(b"paper")
    saved.execute(OpenScan(replace(SCAN, path=str(old), sha256=sha256_of(old))))
    save_project(saved)
    new = {"same": old, "beside": tmp_path / "a.tif", "renamed": tmp_path / "b.TIF", "relative": old}[place]
    if place == "relative":
        saved.execute(RelocateScan(replace(SCAN, path="Z:\\away\\a.tif", sha256=sha256_of(old))))
    old.rename(new)
    found = find_scan(saved)
    assert (found.path, found.question) == (new, "")
    assert found.state is (ScanState.SAME if place == "same" else ScanState.MOVED)


def test_a_scan_that_changed_is_asked_about_and_never_taken(tmp_path: Path, saved: Document) -> None:
    scan = tmp_path / "a.tif"
    scan.write_bytes(b"paper")
    saved.execute(OpenScan(replace(SCAN, path=str(scan), sha256=sha256_of(scan))))
    scan.write_bytes(b"other paper")
    found = find_scan(saved)
    assert found.state is ScanState.CHANGED
    assert found.question.startswith("a.tif is not the scan this project was made from")
    scan.unlink()
    assert find_scan(saved).state is ScanState.MISSING


def test_masks_travel_on_request(
    saved: Document, tmp_path: Path, curvedesk_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    for name in extras.MASKS:
        (folder / name).write_bytes(name.encode() * 100)

    class Cache:
        """One answer, in a folder that may be emptied."""

        def __init__(self) -> None:
            self.folder = tmp_path / "cache"

        def find(self, name: str) -> Any:
            """Where it lies now."""
            for place in (self.folder / name, folder):
                if place.is_dir():
                    return type("Found", (), {"folder": place})
            return None

    monkeypatch.setattr(extras, "EvidenceCache", Cache)
    save_project(saved, include_masks=True)
    folder.rename(tmp_path / "elsewhere")
    assert extras.unpack_masks(saved)
    assert (tmp_path / "cache" / "e" / "gray.bin").read_bytes() == b"gray.bin" * 100


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_failing_save_is_one_sentence_and_the_old_file_stays(
    saved: Document, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    assert saved.path is not None
    before = saved.path.read_bytes()
    saved.execute(ActivateModel("m2"))

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr({"fsync": atomic.os, "replace": Path}[call], call, fail)
    with pytest.raises(ProjectError) as raised:
        save_project(saved)
    monkeypatch.undo()
    assert "\n" not in str(raised.value)
    assert "one.curvedesk" in str(raised.value)
    assert saved.path.read_bytes() == before
    assert saved.is_dirty
    save_project(saved)
    assert not saved.is_dirty
    assert _again(saved).project.model_id == "m2"


def test_a_folder_that_went_away_is_one_sentence(saved: Document) -> None:
    assert saved.path is not None
    away = saved.path.parent / "away" / "x.curvedesk"
    with pytest.raises(ProjectError, match="the folder does not exist"):
        save_project(saved, away)
    assert saved.path.name == "one.curvedesk"


def test_a_second_window_is_told_where_it_is_open_and_may_read(saved: Document) -> None:
    assert saved.path is not None
    with pytest.raises(InUseError, match=r"one\.curvedesk: is open in another window of this computer") as raised:
        open_project(saved.path)
    assert raised.value.holder.pid == os.getpid()
    reader = open_project(saved.path, read_only=True)
    reader.execute(ActivateModel("mine"))
    with pytest.raises(ProjectError, match="choose where to save it"):
        save_project(reader)
    with pytest.raises(ProjectError, match="for reading only"):
        save_project(reader, saved.path)
    save_project(reader, saved.path.with_name("two.curvedesk"))
    assert not reader.read_only
    close_document(reader)


def test_a_project_is_not_saved_over_one_that_is_open_elsewhere(saved: Document, tmp_path: Path) -> None:
    other = Document(filled())
    with pytest.raises(InUseError):
        save_project(other, saved.path)


def test_what_somebody_else_saved_meanwhile_is_not_lost(saved: Document, tmp_path: Path) -> None:
    assert saved.path is not None
    reader = open_project(saved.path, read_only=True)
    save_project(reader, tmp_path / "two.curvedesk")
    close_document(reader)
    (tmp_path / "two.curvedesk").replace(saved.path)
    saved.execute(ActivateModel("m2"))
    with pytest.raises(ProjectError, match="was changed by somebody else"):
        save_project(saved)
    save_project(saved, overwrite=True)
    assert _again(saved).project.model_id == "m2"


def test_a_new_name_frees_the_old_one(saved: Document, tmp_path: Path) -> None:
    first = saved.path
    assert first is not None
    save_project(saved, tmp_path / "two.curvedesk")
    close_document(open_project(first))
    with pytest.raises(InUseError):
        open_project(tmp_path / "two.curvedesk")


def _edited(path: Path, **changes: Any) -> None:
    """Rewrite members: bytes, a function of the JSON, or None to leave it out."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    for name, change in changes.items():
        if change is None:
            del parts[name]
        elif callable(change):
            obj = json.loads(parts[name])
            parts[name] = json.dumps(change(obj) or obj).encode()
        else:
            parts[name] = change
    with zipfile.ZipFile(path, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)


def _set(*keys: Any, to: Any) -> Any:
    def change(obj: Any) -> None:
        for key in keys[:-1]:
            obj = obj[key]
        obj[keys[-1]] = to

    return change


BAD: dict[str, Any] = {
    "no head": {"project.json": None},
    "no strokes": {"strokes.json": None},
    "no array": {"arrays/0.npy": None},
    "not JSON": {"project.json": b"{"},
    "a number that is none": {"project.json": b'{"format": "curvedesk-project", "version": NaN}'},
    "deep": {"project.json": b"[" * 100_000},
    "a list": {"project.json": b"[]"},
    "another format": {"project.json": _set("format", to="x")},
    "version 0": {"project.json": _set("version", to=0)},
    "version true": {"project.json": _set("version", to=True)},
    "no state": {"project.json": _set("state", to=None)},
    "state of a number": {"project.json": _set("state", to=5)},
    "an unknown field": {"project.json": _set("state", "whole", "x", to=1)},
    "a curve of a number": {"project.json": _set("state", "keyed", "curves", to={"1/GR": 3})},
    "an edit of nothing": {"project.json": _set("state", "keyed", "curves", "1/GR", "start", to=0)},
    "an array that is not there": {"project.json": _set("state", "keyed", "curves", "1/GR", "columns", 0, to=99)},
    "arrays that do not fit": {"project.json": _set("state", "keyed", "curves", "1/GR", "columns", 0, to=2)},
    "a negative array": {"project.json": _set("state", "keyed", "curves", "1/GR", "columns", 0, to=-1)},
    "a sheet that is not there": {"project.json": _set("state", "whole", "sheet", "sheet", to=7)},
    "a scan without width": {"project.json": _set("state", "whole", "scan", "width", to=0)},
    "a scan of words": {"project.json": _set("state", "whole", "scan", to="x")},
    "a look of words": {"project.json": _set("state", "keyed", "looks", "1/GR", "width_px", to="x")},
    "stroke ids that do not fit": {"project.json": _set("stroke_ids", to=["s1"])},
    "stroke ids of numbers": {"project.json": _set("stroke_ids", to=[1, 2, 3, 4, 5, 6])},
    "stroke ids twice": {"project.json": _set("stroke_ids", to=["s1"] * 6)},
    "no time": {"project.json": _set("saved_at", to="yesterday")},
    "arrays as words": {"project.json": _set("arrays", to="many")},
    "a billion arrays": {"project.json": _set("arrays", to=1e9)},
    "a stroke that is none": {"strokes.json": _set("strokes", 0, to={"kind": "x"})},
    "a sheet that is none": {"sheets/0.json": _set("depth", to=None)},
    "an array of objects": {
        "arrays/0.npy": b"\x93NUMPY\x01\x00\x76\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,)}"
    },
    "a cut array": {"arrays/0.npy": b"\x93NUMPY\x01\x00"},
    "an array of code": {"arrays/0.npy": b"\x93NUMPY\x01\x00\x10\x00__import__('os')"},
    "a way out": {"../evil": b"x"},
    "an absolute path": {"/etc/x": b"x"},
    "a back slash": {"scan/..\\x": b"x"},
    "a path of dots": {"scan/..": b"x"},
    "a stranger": {"readme.txt": b"x"},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD.keys())
def test_a_damaged_or_hostile_file_is_one_sentence(saved: Document, changes: dict[str, Any]) -> None:
    assert saved.path is not None
    close_document(saved)
    _edited(saved.path, **changes)
    with pytest.raises(CurveDeskError) as raised:
        open_project(saved.path)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400
    assert not list(saved.path.parent.glob(".*lock"))


def test_an_infinite_pen_is_refused(saved: Document) -> None:
    assert saved.path is not None
    bad = saved.project.curves["1/GR"].x_px.copy()
    bad[3] = np.inf
    from curvedesk.store.project_npy import dump_array

    _edited(saved.path, **{"arrays/0.npy": dump_array(bad)})
    with pytest.raises(ProjectError, match="infinite"):
        open_project(saved.path, read_only=True)


@pytest.mark.parametrize("cut", [0, 1, 10, 100, -1, -20, -200])
def test_a_file_that_was_cut_off_is_one_sentence(saved: Document, cut: int) -> None:
    assert saved.path is not None
    saved.path.write_bytes(saved.path.read_bytes()[:cut])
    with pytest.raises(ProjectError, match="damaged"):
        open_project(saved.path, read_only=True)


def test_a_flipped_bit_never_goes_unnoticed(saved: Document) -> None:
    assert saved.path is not None
    good = saved.path.read_bytes()
    for at in range(0, len(good), 997):
        saved.path.write_bytes(good[:at] + bytes([good[at] ^ 0x10]) + good[at + 1 :])
        try:
            opened = open_project(saved.path, read_only=True)
        except CurveDeskError as fault:
            assert "\n" not in str(fault)
        else:
            assert same(opened.project, saved.project)  # it hit a time or a name that nobody reads


def test_huge_claims_are_refused_before_anything_is_read(saved: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    assert saved.path is not None
    with zipfile.ZipFile(saved.path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("arrays/77.npy", b"\0" * (1 << 20))
    from curvedesk.store import project_zip

    monkeypatch.setattr(project_zip, "MAX_TOTAL", 1 << 20)
    with pytest.raises(ProjectError, match="claims more than"):
        open_project(saved.path, read_only=True)


def test_a_newer_form_is_refused_politely(saved: Document) -> None:
    assert saved.path is not None
    _edited(saved.path, **{"project.json": lambda head: {**head, "version": 99, "program": "CurveDesk 9.0"}})
    with pytest.raises(ProjectError, match=r"saved by CurveDesk 9\.0 in a newer form \(99\); update CurveDesk"):
        open_project(saved.path, read_only=True)


@pytest.mark.parametrize(
    "change",
    [
        _set("position", to=99),
        _set("entries", 0, "step", to=3),
        _set("entries", 0, "at", to="x"),
        _set("entries", to=None),
        _set("entries", 1, "step", "keyed", "curves", "1/GR", "stop", to=9999),
    ],
)
def test_a_history_that_cannot_be_read_is_left_out_and_said(saved: Document, change: Any) -> None:
    saved.execute(ActivateModel("m2"))
    curve = saved.project.curves["1/GR"]
    saved.execute(ReplaceCurves({"1/GR": replace(curve, turn=curve.turn + np.int32(curve.turn == 0))}))
    save_project(saved)
    assert saved.path is not None
    _edited(saved.path, **{"history.json": change})
    again = open_project(saved.path, read_only=True)
    assert same(again.project, saved.project)
    assert not again.history.entries
    assert "history" in again.notices[0]


def test_a_view_that_makes_no_sense_is_forgotten(saved: Document) -> None:
    assert saved.path is not None
    _edited(saved.path, **{"project.json": _set("view", "zoom", to="x")})
    assert open_project(saved.path, read_only=True).view_state == ViewState()


def test_there_is_no_way_to_a_scan_on_another_drive() -> None:
    assert relative_to(Path("/a/b/p.curvedesk"), "/a/c/s.tif") == "../c/s.tif"
    assert relative_to(Path("/a/b/p.curvedesk"), "") == ""


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="does not exist"):
        open_project(tmp_path / "none.curvedesk")
    assert not list(tmp_path.iterdir())


def test_saving_leaves_nothing_to_recover(saved: Document) -> None:
    saved.execute(ActivateModel("m2"))
    save_project(saved)
    close_document(saved, keep=True)
    assert recovery.recoverable() == ()


def test_every_curve_of_the_sheet_has_a_key() -> None:
    assert list(curve_keys(sheet_of("A", "B"))) == ["1/A", "1/B"]
