"""The keys sheet: found by searching, changed by pressing, conflicts said in the line, remembered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from curvedesk.ui.desk import Desk
from curvedesk.ui.keys_sheet import KeyRow, KeysSheet
from curvedesk.ui.window import Window


@pytest.fixture
def keys(window: Window, app: QApplication) -> KeysSheet:
    """The sheet, open."""
    window.book.actions["shortcuts"].trigger()
    app.processEvents()
    return window.sheets.keys


def _row(keys: KeysSheet, name: str) -> KeyRow:
    return next(row for row in keys.rows if row.spec.id == name)


def _press(keys: KeysSheet, name: str, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> KeyRow:
    row = _row(keys, name)
    row.button.listen()
    QTest.keyClick(row.button, key, modifiers)
    return row


NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def test_every_action_is_on_the_sheet(keys: KeysSheet, window: Window) -> None:
    assert sorted(row.spec.id for row in keys.rows) == sorted(window.book.specs)


def test_searching_leaves_what_was_sought(keys: KeysSheet, app: QApplication) -> None:
    keys.search.setText("swap")
    app.processEvents()
    assert [row.spec.id for row in keys.rows if row.isVisible()] == ["tool_swap"]


def test_a_key_is_changed_by_pressing_another_and_remembered(keys: KeysSheet, window: Window) -> None:
    _press(keys, "tool_pen", Qt.Key.Key_F6, NONE)
    assert window.book.actions["tool_pen"].shortcut() == QKeySequence("F6")
    assert Window().book.key_of("tool_pen") == "F6"


def test_a_key_that_is_taken_is_refused_in_the_line(keys: KeysSheet, window: Window) -> None:
    row = _press(keys, "tool_pen", Qt.Key.Key_S, CTRL)
    assert row.fault.text() == "Ctrl+S is Save"
    assert window.book.key_of("tool_pen") == "P"
    assert window.book.key_of("save") == "Ctrl+S"


def test_escape_leaves_a_key_and_backspace_takes_it_away(keys: KeysSheet, window: Window) -> None:
    _press(keys, "grid", Qt.Key.Key_Escape, NONE)
    assert window.book.key_of("grid") == "G"
    row = _press(keys, "grid", Qt.Key.Key_Backspace, NONE)
    assert window.book.key_of("grid") == ""
    assert row.button.text() == "none"


def test_all_keys_go_back_to_what_they_were(keys: KeysSheet, window: Window) -> None:
    _press(keys, "grid", Qt.Key.Key_F7, NONE)
    keys._reset()
    assert window.book.key_of("grid") == "G"
    assert not window.settings.value.shortcuts


def test_escape_closes_the_sheet(keys: KeysSheet, app: QApplication) -> None:
    QTest.keyClick(keys.card, Qt.Key.Key_Escape)
    app.processEvents()
    assert not keys.isVisible()


def test_the_mask_is_hidden_while_its_key_is_held(window: Window, desk: Desk, app: QApplication) -> None:
    space = window.documents.current
    assert space is not None
    space.canvas.setFocus()
    for kind, shown in ((QEvent.Type.KeyPress, False), (QEvent.Type.KeyRelease, True)):
        app.sendEvent(space.canvas, QKeyEvent(kind, Qt.Key.Key_M, NONE, "m"))
        assert desk.flags.mask_shown is shown


def test_a_held_key_is_a_letter_in_a_field(window: Window, desk: Desk, app: QApplication) -> None:
    window.ask_depth()
    space = window.documents.current
    assert space is not None
    field = space.depth_field.field
    window.activateWindow()
    field.setFocus()
    app.processEvents()
    QTest.keyClicks(field, "m")
    assert field.text() == "m"
    assert desk.flags.mask_shown
