"""A scan without a sheet is read by itself: parts show as they are found, the analyst goes first, turned scans can be
turned."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QInputDialog, QPushButton

from curvedesk.domain.sheet import Sheet, dump_sheet, load_sheet
from curvedesk.protocol.jobs import RegisterJob
from curvedesk.protocol.messages import Preview, Result
from curvedesk.registration.templates import templates
from curvedesk.session.commands import SetSheet
from curvedesk.store.locations import bundled_resources_dir
from curvedesk.ui.banner import Banner
from curvedesk.ui.desk import Desk
from curvedesk.ui.messages import Message
from curvedesk.ui.window import Window
from tests.ui.window_making import IdleEngine, desk_of

Wait = Callable[..., None]


@pytest.fixture
def sheet() -> Sheet:
    return load_sheet(bundled_resources_dir() / "sample" / "scan.sheet.json")


@pytest.fixture
def desk(window: Window, sample: Path, wait_until: Wait) -> Desk:
    """The sample, opened by a person who has no sheet of it."""
    (sample.parent / "scan.sheet.json").unlink()
    window.open_path(sample)
    wait_until(lambda: window.desk is not None and window.desk.view is not None)
    return desk_of(window)


def engine_of(window: Window) -> IdleEngine:
    engine = desk_of(window).jobs.engines.engine
    assert isinstance(engine, IdleEngine)
    return engine


def result(folder: Path, sheet: Sheet) -> Result:
    path = folder / "read.json"
    path.write_text(json.dumps(dump_sheet(sheet)))
    return Result("job-1", {"sheet": str(path)})


def test_a_scan_without_a_sheet_is_read_as_soon_as_it_is_open(window: Window, desk: Desk) -> None:
    (job,) = engine_of(window).jobs
    assert isinstance(job, RegisterJob)
    assert desk.job is not None
    assert desk.job.kind == "register"


def test_parts_are_shown_as_they_are_found_and_gone_once_the_sheet_is_there(
    window: Window, desk: Desk, sheet: Sheet, tmp_path: Path
) -> None:
    engine, proposals = engine_of(window), desk.jobs.proposals
    engine.event.emit(Preview("job-1", "part", {"name": "tracks", "confidence": 0.97}))
    engine.event.emit(Preview("job-1", "part", {"name": "depth", "confidence": 0.9, "sheet": dump_sheet(sheet)}))
    assert proposals.text == "Tracks 97%, Depths 90%"
    before = desk_picture(window)
    assert proposals.sheet is not None
    assert not has_sheet(desk)  # nothing is taken over yet
    engine.event.emit(result(tmp_path, sheet))
    assert has_sheet(desk)
    assert not proposals.text
    assert desk_picture(window) != before
    desk.undo()
    assert not has_sheet(desk)


def has_sheet(desk: Desk) -> bool:
    return desk.sheet is not None


def desk_picture(window: Window) -> bytes:
    QApplication.processEvents()
    image = window.grab().toImage()
    return bytes(image.constBits())


def test_the_analyst_who_was_quicker_is_not_disturbed(window: Window, desk: Desk, sheet: Sheet, tmp_path: Path) -> None:
    heard: list[Message] = []
    desk.message.connect(heard.append)
    desk.execute(SetSheet(sheet, "Sheet by hand"))
    assert desk.job is None, "nothing that nobody asked for keeps the analyst waiting"
    heard.clear()
    engine_of(window).event.emit(result(tmp_path, replace(sheet, tracks=sheet.tracks[:1])))
    assert desk.sheet is not None
    assert len(desk.sheet.tracks) == len(sheet.tracks)
    assert heard == []


def test_a_scan_that_lies_upside_down_is_turned_by_one_click(
    window: Window, desk: Desk, sheet: Sheet, sample: Path, wait_until: Wait
) -> None:
    engine_of(window).event.emit(result(sample.parent, replace(sheet, tracks=(), extra={"turn": 180})))
    assert desk.sheet is None
    (space,) = window.documents.spaces
    (turn,) = [b for b in space.banners.findChildren(Banner) if b.message.topic == "turn"]
    assert "upside down" in turn.message.text
    turn.act()
    wait_until(lambda: len(window.documents.spaces) == 2)
    assert sample.with_name("scan.turned.tif").is_file()
    assert sample.is_file()


def test_a_confirmed_sheet_is_saved_as_a_form_from_the_panel(
    window: Window, desk: Desk, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.execute(SetSheet(sheet, "Sheet by hand"))
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("County form", True))
    desk.show_panel("sheet")
    QApplication.processEvents()
    (save,) = [b for b in window.findChildren(QPushButton) if b.text() == "Save as a form…"]
    save.click()
    own = [form for form in templates() if form.own]
    assert [form.name for form in own] == ["County form"]
    assert own[0].picture is not None
