"""Keys that act while they are held: down runs the action, up takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
)

if TYPE_CHECKING:
    from curvedesk.ui.window import Window

WRITING = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox, QPushButton)


class HeldKeys(QObject):
    """Listens to the whole application, but never takes a key from a field that is written in."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._held: str | None = None
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down and up of held keys, and the loss of the window's focus, which counts as up."""
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._down(event)
        if kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            return self._up(event)
        if kind == QEvent.Type.ApplicationDeactivate and self._held:
            self._let_go()
        return super().eventFilter(watched, event)

    def _down(self, event: QKeyEvent) -> bool:
        name = self._action_of(event)
        if name is None or isinstance(QApplication.focusWidget(), WRITING):
            return False
        spec = self._window.book.specs[name]
        if not event.isAutoRepeat() and self._held is None and spec.enabled(self._window):
            self._held = name
            spec.run(self._window)
        return True

    def _up(self, event: QKeyEvent) -> bool:
        if self._held is None or event.isAutoRepeat() or self._action_of(event) != self._held:
            return False
        self._let_go()
        return True

    def _let_go(self) -> None:
        name, self._held = self._held, None
        released = self._window.book.specs[name].released if name else None
        if released is not None and self._window.desk is not None:
            released(self._window)

    def _action_of(self, event: QKeyEvent) -> str | None:
        pressed = QKeySequence(event.keyCombination())
        for name, spec in self._window.book.specs.items():
            if spec.released is not None and pressed in map(QKeySequence, self._window.book.key_of(name).split(";")):
                return name
        return None
