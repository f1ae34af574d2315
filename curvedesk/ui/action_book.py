"""Qt's actions made from the specs, with the user's own keys; asked anew whenever something changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from curvedesk.ui.actions import ActionSpec
from curvedesk.ui.theme import icon

if TYPE_CHECKING:
    from curvedesk.ui.window import Window


class _Run:
    """Runs a spec on the window; a plain object, so that no lambda holds the window."""

    def __init__(self, spec: ActionSpec, window: Window) -> None:
        self._spec, self._window = spec, window

    def __call__(self, _checked: bool = False) -> None:
        self._spec.run(self._window)
        self._window.book.refresh()


class ActionBook(QObject):
    """``actions`` by id. Actions marked ``on_canvas`` listen on the canvases given to ``attach`` only."""

    refreshed = Signal()
    keys_changed = Signal()

    def __init__(self, window: Window, specs: Iterable[ActionSpec], keys: dict[str, str]) -> None:
        super().__init__(window)
        self._window = window
        self.specs = {spec.id: spec for spec in specs}
        self._keys = {name: text for name, text in keys.items() if name in self.specs}
        self.actions: dict[str, QAction] = {}
        self._runs: list[_Run] = []
        for spec in self.specs.values():
            self.actions[spec.id] = self._made(spec)

    def _made(self, spec: ActionSpec) -> QAction:
        action = QAction(icon(spec.icon), spec.text, self._window) if spec.icon else QAction(spec.text, self._window)
        action.setObjectName(spec.id)
        action.setCheckable(spec.checked is not None)
        run = _Run(spec, self._window)
        self._runs.append(run)
        action.triggered.connect(run)
        if spec.on_canvas:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        elif not spec.released:
            self._window.addAction(action)
        self._dress(spec, action)
        return action

    def attach(self, canvas: QWidget) -> None:
        """Let a canvas hear the keys that elsewhere have their usual meaning (Tab, Enter)."""
        for spec in self.specs.values():
            if spec.on_canvas:
                canvas.addAction(self.actions[spec.id])

    def key_of(self, name: str) -> str:
        """The keys of an action, parted by ";": the user's, else the one it came with."""
        return self._keys.get(name, self.specs[name].shortcut)

    def rebind(self, name: str, keys: str) -> None:
        """Give an action other keys; the same as at first forgets what the user chose."""
        if keys == self.specs[name].shortcut:
            self._keys.pop(name, None)
        else:
            self._keys[name] = keys
        self._dress(self.specs[name], self.actions[name])
        self.keys_changed.emit()

    def rebound(self) -> dict[str, str]:
        """What differs from the keys things came with."""
        return dict(self._keys)

    def owner_of(self, key: str) -> str | None:
        """Which action has this key already."""
        wanted = QKeySequence(key)
        for name in self.specs:
            if any(QKeySequence(one) == wanted for one in self.key_of(name).split(";") if one):
                return name
        return None

    def refresh(self) -> None:
        """Ask every spec whether it can be done now."""
        for name, spec in self.specs.items():
            action = self.actions[name]
            action.setEnabled(bool(spec.enabled(self._window)))
            if spec.checked is not None:
                action.setChecked(bool(spec.checked(self._window)))
        self.refreshed.emit()

    def _dress(self, spec: ActionSpec, action: QAction) -> None:
        keys = [QKeySequence(key) for key in self.key_of(spec.id).split(";") if key]
        if spec.released is None:  # a held key is heard by HeldKeys, which sees it come and go
            action.setShortcuts(keys)
        shown = keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        tip = spec.tip or spec.text.replace("...", "").replace("&", "")
        action.setToolTip(f"{tip} ({shown})" if shown else tip)
