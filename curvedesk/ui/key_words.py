"""Keys as people read them, and keys as they press them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

LONE_MODIFIERS = {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr}


def shown_keys(keys: str) -> tuple[str, ...]:
    """Each of the keys parted by ";", in the system's own writing."""
    native = QKeySequence.SequenceFormat.NativeText
    return tuple(QKeySequence(key).toString(native) for key in keys.split(";") if key)


def pressed_key(event: QKeyEvent) -> str:
    """What was pressed, as a shortcut's text; empty for a modifier alone."""
    if Qt.Key(event.key()) in LONE_MODIFIERS or event.key() == 0:
        return ""
    modifiers = event.modifiers()
    if event.text() and not event.text().isalnum() and event.text().isprintable():
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier  # "?" says its Shift itself
    modifiers &= ~Qt.KeyboardModifier.KeypadModifier
    return QKeySequence(event.key() | modifiers.value).toString(QKeySequence.SequenceFormat.PortableText)
