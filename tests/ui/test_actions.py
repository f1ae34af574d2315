"""Every action of the list: it can be done, by key too, and what it does is seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog

from curvedesk.session.tools import TOOLS
from curvedesk.store.locations import bundled_resources_dir
from curvedesk.ui.action_list import ACTIONS, GROUPS, TOOL_GROUPS, TOOL_ROWS
from curvedesk.ui.actions import ActionSpec
from curvedesk.ui.desk import Desk
from curvedesk.ui.looking import go_to_depth
from curvedesk.ui.theme import theme
from curvedesk.ui.window import Window
from tests.ui.window_making import draw_curves

LEADING_AWAY = ("open_sample", "guide", "close", "quit")


@pytest.fixture
def no_dialogs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user thinks better of it."""
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))


def do(window: Window, desk: Desk, spec: ActionSpec) -> None:
    """The action over curves, which can be done unless it needs something more."""
    draw_curves(desk)
    window.refresh()
    if spec.id not in {"redo", "improve", "predict", "read_sheet", "cancel_job"} and not spec.id.startswith("curve_"):
        assert window.book.actions[spec.id].isEnabled(), spec.id
    if spec.id == "menu":
        QTimer.singleShot(0, let_menu_go)  # it is shown until somebody closes it
    window.book.actions[spec.id].trigger()
    QApplication.processEvents()
    window.refresh()


def let_menu_go() -> None:
    """Close the menu that has opened."""
    popup = QApplication.activePopupWidget()
    assert popup is not None
    popup.close()


def test_a_sheet_is_not_read_twice_at_once(window: Window, desk: Desk) -> None:
    window.refresh()
    assert window.book.actions["read_sheet"].isEnabled()
    desk.jobs.read_sheet()
    window.refresh()
    assert not window.book.actions["read_sheet"].isEnabled()
    desk.set_job(None)
    window.refresh()
    assert window.book.actions["read_sheet"].isEnabled()


def test_every_action_can_be_done_over_an_open_log(window: Window, desk: Desk, no_dialogs: None) -> None:
    for spec in ACTIONS:
        if spec.id not in LEADING_AWAY:
            do(window, desk, spec)
            assert window.desk is desk, spec.id
            desk.set_job(None)
            while window.sheets.close_open():
                QApplication.processEvents()


@pytest.mark.parametrize("name", LEADING_AWAY)
def test_an_action_that_leads_away_from_the_log_can_be_done(
    window: Window, desk: Desk, no_dialogs: None, name: str
) -> None:
    do(window, desk, next(spec for spec in ACTIONS if spec.id == name))


def test_every_action_over_the_first_page_is_disabled_or_harmless(
    window: Window, app: QApplication, no_dialogs: None
) -> None:
    window.refresh()
    for spec in ACTIONS:
        if spec.id not in {"quit", "open_sample", "guide", "menu"}:
            window.book.actions[spec.id].trigger()
            app.processEvents()
    assert window.desk is None
    assert not window.book.actions["predict"].isEnabled()


def test_the_column_has_the_tools_there_are() -> None:
    assert tuple((tool.id, tool.name, tool.icon, tool.key, tool.tip) for tool in TOOLS) == TOOL_ROWS


def test_no_key_stands_for_two_actions() -> None:
    keys = Counter(QKeySequence(key).toString() for spec in ACTIONS for key in spec.shortcut.split(";") if key)
    assert [key for key, times in keys.items() if times > 1] == []


def test_every_action_has_words_a_group_and_an_icon_that_exists() -> None:
    for spec in ACTIONS:
        assert spec.text, spec.id
        assert spec.group in GROUPS, spec.id
        assert not spec.icon or (bundled_resources_dir() / "icons" / f"{spec.icon}.svg").is_file(), spec.id


def test_a_tool_is_taken_by_its_key(window: Window, desk: Desk) -> None:
    for name, _text, _icon, key, _tip in TOOL_ROWS:
        action = window.book.actions[f"tool_{name}"]
        assert action.shortcut() == QKeySequence(key)
        action.trigger()
        window.refresh()
        assert desk.tool == name
        assert action.isChecked()


def test_the_column_shows_tools_with_their_keys_in_tooltips(window: Window, desk: Desk) -> None:
    space = window.documents.current
    assert space is not None
    for name in TOOL_GROUPS[0]:
        assert f"({window.book.key_of(name)})" in window.book.actions[name].toolTip()


def test_number_keys_choose_curves_in_the_order_of_the_sheet(window: Window, desk: Desk) -> None:
    assert len(desk.keys) > 1
    for number, key in reversed(list(enumerate(desk.keys, 1))):
        window.book.actions[f"curve_{number}"].trigger()
        assert desk.active_curve == key


def test_themes_are_chosen_and_remembered(window: Window, app: QApplication) -> None:
    window.book.actions["theme_dark"].trigger()
    assert theme().tokens.name == "dark"
    again = Window()
    assert again.settings.value.theme == "dark"
    window.book.actions["theme_light"].trigger()
    assert theme().tokens.name == "light"


def test_zooming_keeps_the_middle_and_fitting_shows_the_whole_width(
    window: Window, desk: Desk, wait_until: Callable[..., None]
) -> None:
    go_to_depth(desk, 4500.0)
    assert desk.view is not None
    before = desk.view.centre
    window.book.actions["zoom_in"].trigger()
    assert desk.view.centre == pytest.approx(before, abs=1e-6)
    window.book.actions["fit_width"].trigger()
    left, right = desk.view.columns
    assert right - left == pytest.approx(1700, rel=0.02)


def test_saving_a_sheet_and_strokes_as_files_of_their_own(
    window: Window, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet, strokes = tmp_path / "a.sheet.json", tmp_path / "a.strokes.json"
    answers = iter([(str(sheet), ""), (str(strokes), "")])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: next(answers))
    window.book.actions["save_sheet"].trigger()
    window.book.actions["save_strokes"].trigger()
    from curvedesk.domain.sheet import load_sheet
    from curvedesk.domain.strokes import load_strokes

    assert len(load_sheet(sheet).tracks) == 2
    assert load_strokes(strokes) == ()


def test_the_export_can_be_closed_and_opened_again(window: Window, desk: Desk, app: QApplication) -> None:
    draw_curves(desk)
    for _ in range(2):
        window.show_export()
        app.processEvents()
        window.let_go()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        assert not window.sheets.close_open()
