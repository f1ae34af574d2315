"""The system's own file dialogs; the last folder is remembered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from curvedesk.ui.kinds import FILTERS

if TYPE_CHECKING:
    from curvedesk.ui.window import Window


def ask_files(window: Window) -> list[Path]:
    """Files to open; none where the user thought better of it."""
    names, _kind = QFileDialog.getOpenFileNames(window, "Open", window.settings.value.folder, ";;".join(FILTERS))
    return _remembered(window, [Path(name) for name in names])


def ask_file(window: Window, title: str, kinds: str) -> Path | None:
    """One file to open."""
    name, _kind = QFileDialog.getOpenFileName(window, title, window.settings.value.folder, kinds)
    return next(iter(_remembered(window, [Path(name)] if name else [])), None)


def ask_where(window: Window, title: str, proposed: Path, kinds: str) -> Path | None:
    """Where to write."""
    name, _kind = QFileDialog.getSaveFileName(window, title, str(proposed), kinds)
    return next(iter(_remembered(window, [Path(name)] if name else [])), None)


def _remembered(window: Window, paths: list[Path]) -> list[Path]:
    if paths:
        window.settings.change(folder=str(paths[0].parent))
    return paths
