"""Menus of the list of curves: adding from presets, and what can be done with a track or a curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from curvedesk.domain.presets import Preset, grouped, range_shown, unit_shown
from curvedesk.ui.theme import icon

OTHER = "Another curve"


def fill_presets(menu: QMenu, taken: Sequence[str], add: Callable[[str], object]) -> None:
    """Presets by group, each calling ``add`` with its mnemonic; an empty one for any other curve."""
    for group, presets in grouped().items():
        sub = menu.addMenu(group)
        for preset in presets:
            action = sub.addAction(_preset_text(preset))
            action.setToolTip(preset.title)
            action.setEnabled(preset.mnemonic not in taken)
            action.triggered.connect(partial(_call, add, preset.mnemonic))
    menu.addSeparator()
    menu.addAction(icon("plus"), OTHER).triggered.connect(partial(_call, add, ""))


def popup(parent: QWidget, entries: Sequence[tuple[str, str, Callable[[], object] | None]]) -> QMenu:
    """A menu of (text, icon, what it does); no text is a line between, nothing to do is greyed out."""
    menu = QMenu(parent)
    for text, name, run in entries:
        if not text:
            menu.addSeparator()
            continue
        action = menu.addAction(icon(name), text) if name else menu.addAction(text)
        action.setEnabled(run is not None)
        if run is not None:
            action.triggered.connect(partial(_call, run))
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _preset_text(preset: Preset) -> str:
    return f"{preset.mnemonic}\t{range_shown(preset.scale)} {unit_shown(preset.unit)}"


def _call(run: Callable[..., object], *args: object) -> None:
    run(*(arg for arg in args if not isinstance(arg, bool)))
