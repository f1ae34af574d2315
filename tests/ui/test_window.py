"""The window as a user meets it: opening, saving, closing, and what it says when something goes wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NullStroke, dump_strokes
from curvedesk.session.commands import AddStroke
from curvedesk.session.files import close_document, save_project
from curvedesk.session.recent import recent_files
from curvedesk.session.recovery import recoverable
from curvedesk.ui.banner import Banner
from curvedesk.ui.desk import Desk
from curvedesk.ui.messages import Message
from curvedesk.ui.starting import Starting
from curvedesk.ui.top_bar import STEPS
from curvedesk.ui.window import Window
from curvedesk.ui.workspace import Workspace
from tests.ui.window_making import draw_curves, open_sample

REPO = Path(__file__).resolve().parents[2]
STROKE = AddStroke(CurveStroke("GR", ((300.0, 1500.0), (310.0, 1510.0))))
Wait = Callable[..., None]


def _space(window: Window) -> Workspace:
    assert window.documents.current is not None
    return window.documents.current


def _banner(window: Window, text: str) -> Banner:
    """The banner whose sentence has this text."""
    space = window.documents.current
    shown = [*window.banners.shown, *(space.banners.shown if space is not None else [])]
    return next(banner for banner in shown if text in banner.message.text)


def _filled(window: Window) -> str:
    window.refresh()
    return next(name for name in STEPS if window.top_bar.steps[name].property("kind") == "primary")


def test_the_filled_button_is_the_next_sensible_step(
    window: Window, monkeypatch: pytest.MonkeyPatch, desk: Desk
) -> None:
    assert _filled(window) == "predict"
    draw_curves(desk)
    assert _filled(window) == "export"
    for _ in range(3):
        desk.execute(STROKE)
    assert _filled(window) == "improve"
    window.documents.discard(_space(window))
    assert _filled(window) == "open"


def test_a_scan_opens_with_the_sheet_that_lies_beside_it(window: Window, wait_until: Wait, sample: Path) -> None:
    desk = open_sample(window, wait_until, sample)
    assert desk.keys == ("1/GR", "1/CALI", "2/ILD", "2/SFL")
    assert desk.active_curve == "1/GR"
    wait_until(lambda: desk.pyramid is not None)
    assert not desk.can_undo or desk.document.history.undo_label != "Scan opened"


def test_only_looking_at_a_scan_is_closed_without_a_question(window: Window, desk: Desk) -> None:
    window.documents.close_current()
    assert window.desk is None


def test_work_is_not_closed_without_a_question(window: Window, desk: Desk) -> None:
    desk.execute(STROKE)
    window.documents.close_current()
    assert window.desk is desk
    banner = _banner(window, "changes that are not saved")
    banner.act_other()
    assert window.desk is None


def test_closing_the_window_asks_too_and_goes_on_after_saving(
    window: Window, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.execute(STROKE)
    window.close()
    assert window.isVisible()
    path = tmp_path / "log.curvedesk"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    _banner(window, "changes that are not saved").act()
    assert path.is_file()
    assert not window.isVisible()


def test_a_saved_log_says_when_it_was_saved(
    window: Window, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "log.curvedesk"), ""))
    desk.execute(STROKE)
    assert window.status.saved.text() == "Not saved yet"
    window.book.actions["save"].trigger()
    assert window.status.saved.text().startswith("Saved ")
    desk.execute(STROKE)
    assert (window.status.saved.text(), window.status.saved.property("role")) == ("Not saved", "warn")


def test_a_failed_save_is_loud_stays_dirty_and_offers_another_place(
    window: Window, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([(str(tmp_path / "gone" / "log.curvedesk"), ""), (str(tmp_path / "log.curvedesk"), "")])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: next(answers))
    desk.execute(STROKE)
    window.book.actions["save"].trigger()
    banner = _banner(window, "Not saved: ")
    assert banner.message.kind == "error"
    assert desk.document.is_dirty
    assert window.status.saved.property("role") == "warn"
    banner.act()
    assert not desk.document.is_dirty
    assert not _space(window).banners.shown


def test_a_project_opens_again_where_it_was_left(
    window: Window, wait_until: Wait, sample: Path, tmp_path: Path
) -> None:
    desk = open_sample(window, wait_until, sample)
    desk.execute(STROKE)
    path = tmp_path / "log.curvedesk"
    save_project(desk.document, path)
    window.documents.discard(_space(window))
    window.open_path(path)
    wait_until(lambda: window.desk is not None and window.desk.scan is not None)
    assert window.desk is not None
    assert len(window.desk.document.project.strokes) == 1


def test_a_scan_that_is_gone_is_asked_for_and_found(
    window: Window, wait_until: Wait, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_sample(window, wait_until, sample)
    path = tmp_path / "log.curvedesk"
    desk.execute(STROKE)
    save_project(desk.document, path)
    window.documents.discard(_space(window))
    elsewhere = tmp_path / "elsewhere" / "moved.tif"
    elsewhere.parent.mkdir()
    shutil.move(sample, elsewhere)
    window.open_path(path)
    wait_until(lambda: bool(_space(window).banners.shown))
    banner = _banner(window, "not where it was")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(elsewhere), ""))
    banner.act()
    wait_until(lambda: window.desk is not None and window.desk.scan is not None)
    assert not _space(window).banners.shown


def test_a_project_carries_its_scan_on_request_and_lets_go_of_it(
    window: Window, wait_until: Wait, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mailed" / "log.curvedesk"
    path.parent.mkdir()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    desk = open_sample(window, wait_until, sample)
    desk.execute(STROKE)
    window.refresh()
    action = window.book.actions["carry_scan"]
    action.trigger()
    window.refresh()
    assert action.isChecked()
    heavy = path.stat().st_size
    action.trigger()
    window.refresh()
    assert not action.isChecked()
    assert path.stat().st_size < heavy - sample.stat().st_size / 2
    action.trigger()
    window.documents.discard(_space(window))
    sample.unlink()
    window.open_path(path)
    wait_until(lambda: window.desk is not None and window.desk.scan is not None)
    assert not _space(window).banners.shown
    window.refresh()
    action.trigger()  # now it would be the only copy that is thrown away
    assert "nowhere but in this project" in _space(window).toast.text
    assert path.stat().st_size == pytest.approx(heavy, rel=0.02)


@pytest.mark.parametrize("name", ["a.tif", "b.sheet.json", "c.strokes.json", "d.curvedesk"])
def test_a_file_that_cannot_be_opened_is_one_sentence(
    window: Window, wait_until: Wait, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(b"[ no log")
    window.open_path(path)
    wait_until(lambda: bool(window.banners.shown))
    message = window.banners.shown[0].message
    assert message.kind == "error"
    assert name in message.text
    assert message.text.endswith(".")
    assert window.desk is None


def test_files_that_cannot_be_opened_are_said_once_and_are_not_among_the_recent(
    window: Window, wait_until: Wait, tmp_path: Path
) -> None:
    for name in ("one.tif", "two.tif"):
        (tmp_path / name).write_text("no picture")
    window.open_path(tmp_path / "one.tif")
    wait_until(lambda: window.banners.shown)
    window.documents.open_paths([tmp_path / "two.tif", tmp_path / "three.sheet.json"])
    wait_until(lambda: len(window.banners.shown) == 2)
    said = sorted(banner.message.text.rsplit("/", 1)[-1].split(":")[0] for banner in window.banners.shown)
    assert said == ["three.sheet.json", "two.tif"]
    assert recent_files() == ()


def test_the_recent_files_are_logs_not_what_was_laid_over_them(window: Window, wait_until: Wait, sample: Path) -> None:
    window.open_path(sample.with_name("scan.sheet.json"))
    wait_until(lambda: window.desk is not None and window.desk.sheet is not None)
    assert [Path(file.path).name for file in recent_files()] == ["scan.tif"]
    window.open_path(sample.with_name("scan.sheet.json"))
    assert [Path(file.path).name for file in recent_files()] == ["scan.tif"]


def test_strokes_of_curves_that_the_sheet_lacks_are_refused_as_the_command_line_does(
    window: Window, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "other.strokes.json"
    path.write_text(json.dumps(dump_strokes((AcceptStroke("NOPE", (100.0, 200.0)),))))
    window.open_path(path)
    assert not desk.document.project.strokes
    assert window.documents.current is not None
    (banner,) = window.documents.current.banners.shown
    assert "names the curve NOPE" in banner.message.text


def test_dropped_files_are_opened_and_others_are_not_taken(window: Window, desk: Desk, tmp_path: Path) -> None:
    strokes = tmp_path / "mine.strokes.json"
    strokes.write_text(json.dumps(dump_strokes((NullStroke("GR", (1200.0, 1300.0)),))), encoding="utf-8")
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(strokes)), QUrl.fromLocalFile(str(tmp_path / "letter.docx"))])
    copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPointF(5, 5), copy, dropped, button, Qt.KeyboardModifier.NoModifier))
    assert [type(stroke) for stroke in desk.document.project.strokes.values()] == [NullStroke]


def test_two_logs_are_two_tabs_and_keys_go_from_one_to_the_other(
    window: Window, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.ui.window_making import lay_out

    other = lay_out(window, monkeypatch)
    assert window.documents.tabs.isVisible()
    assert window.desk is other
    window.book.actions["next_tab"].trigger()
    assert window.desk is desk
    assert window.status.depth_text.text() == ""


def test_nothing_of_a_panel_ever_becomes_a_window_of_its_own(window: Window, desk: Desk, app: QApplication) -> None:
    draw_curves(desk)
    desk.execute(AddStroke(CurveStroke("GR", ((300.0, 1200.0), (302.0, 1230.0)))))
    for panel in ("model", "curves", "history"):
        desk.show_panel(panel)
        app.processEvents()
    assert [widget for widget in app.topLevelWidgets() if widget.isVisible()] == [window]


def test_a_line_said_above_does_not_move_the_paper_under_the_pointer(window: Window, desk: Desk) -> None:
    space = window.documents.current
    assert space is not None
    assert desk.view is not None
    canvas = space.canvas
    desk.set_view(desk.view.panned(down=400))
    canvas.point_at(QPointF(400, 300))
    place = canvas.mapTo(window, canvas.widget_at(300, desk.view.y0_px + 200))
    space.say(Message("The scan does not say its resolution.", "warn", topic="dpi"))
    QApplication.processEvents()
    assert canvas.y() > 0
    there = canvas.mapTo(window, canvas.widget_at(300, desk.view.y0_px + 200 - canvas.y() / desk.view.zoom))
    assert there.y() == pytest.approx(place.y(), abs=1.5)
    space.banners.take_back("dpi")


def test_the_right_column_folds_away_and_stays_away(window: Window, desk: Desk, app: QApplication) -> None:
    docks = _space(window).docks.by_id.values()
    window.book.actions["column"].trigger()
    app.processEvents()
    assert not any(dock.isVisible() for dock in docks)
    assert not Window().settings.value.column_shown
    window.book.actions["panel_quality"].trigger()
    app.processEvents()
    assert _space(window).docks.by_id["quality"].isVisible()


def test_the_cursor_is_read_in_the_sheets_own_units(window: Window, desk: Desk) -> None:
    draw_curves(desk)
    assert desk.sheet is not None
    column = float(desk.sheet.column_at(0.0))
    row = float(desk.sheet.y_at(column, 4500.0))
    desk.cursor_moved.emit(300.0, row)
    assert window.status.depth_text.text().startswith("4,500")
    assert window.status.depth_text.text().endswith(" ft")
    assert "GR 50" in window.status.values.text()
    desk.cursor_moved.emit(float("nan"), float("nan"))
    assert window.status.depth_text.text() == ""


@pytest.mark.parametrize(("typed", "there"), [("4500", True), (" 4,500.5 ft", True), ("deep", False)])
def test_going_to_a_depth_takes_what_people_type(window: Window, desk: Desk, typed: str, there: bool) -> None:
    window.ask_depth()
    box = _space(window).depth_field
    box.field.setText(typed)
    box.field.returnPressed.emit()
    assert box.isVisible() is not there
    if there:
        assert desk.view is not None
        assert desk.sheet is not None
        _x, y = desk.view.centre
        assert float(desk.sheet.depth_at(float(desk.sheet.column_at(y)), y)) == pytest.approx(4500.0, abs=1.0)


def test_what_a_crash_left_is_offered_and_comes_back(window: Window, desk: Desk, wait_until: Wait) -> None:
    desk.execute(STROKE)
    close_document(desk.document, keep=True)  # what a killed program leaves behind
    (found,) = recoverable()
    window.documents.discard(_space(window))
    Starting(window, []).open()
    _banner(window, "not saved when the program stopped").act()
    assert window.desk is not None
    assert len(window.desk.document.project.strokes) == 1
    assert found.edits == 3


def test_settings_of_a_newer_version_are_left_alone(curvedesk_home: Path, app: QApplication) -> None:
    path = curvedesk_home / "config" / "window.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"version": 99, "theme": "sepia"}', encoding="utf-8")
    window = Window()
    window.settings.change(theme="dark")
    assert path.read_text(encoding="utf-8") == '{"version": 99, "theme": "sepia"}'


def test_the_window_process_never_imports_torch(tmp_path: Path) -> None:
    code = (
        "import sys, time; from PySide6.QtWidgets import QApplication; app = QApplication([]);"
        "from curvedesk.ui.app import open_window; window = open_window(app, ['demo']);"
        "from curvedesk.ui.panels import PANELS; start = time.monotonic()\n"
        "while window.desk is None or window.desk.sheet is None:\n"
        "    app.processEvents(); assert time.monotonic() - start < 120\n"
        "for panel in PANELS: window.desk.show_panel(panel.id); app.processEvents()\n"
        "window.show_export(); app.processEvents()\n"
        "found = {'torch', 'curvedesk.learn', 'curvedesk.pipeline'} & set(sys.modules)\n"
        "window.engine and window.engine.shutdown(); sys.stdout.write(repr(found)); sys.stdout.flush()\n"
        "import os; os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=False)
    assert done.stdout == "set()", done.stderr


def test_what_a_desk_needs_is_loaded_and_set_aside_before_the_window_has_to_wait_for_it(sample: Path) -> None:
    script = f"""
import gc, sys
from pathlib import Path
from curvedesk.ui.opening import _read_ready
found, _ = _read_ready(Path({str(sample)!r}), 0)
there = set(sys.modules)
import curvedesk.ui.desk, curvedesk.ui.workspace
print(gc.get_freeze_count() > 4 * len(gc.get_objects()), end=" ")
print(sorted(name for name in set(sys.modules) - there if name.split(".")[0] in ("scipy", "cv2", "skimage", "lasio")))
found.close()
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "True []", done.stderr
