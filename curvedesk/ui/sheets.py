"""What lies over the window: help, keys, export. Each is made when it is first wanted."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from shiboken6 import isValid

from curvedesk.ui.overlay import Overlay

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk
    from curvedesk.ui.help import HelpSheet
    from curvedesk.ui.keys_sheet import KeysSheet
    from curvedesk.ui.window import Window


class Sheets:
    """At most one is open; an export that was closed is gone."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._export: Overlay | None = None

    @cached_property
    def help(self) -> HelpSheet:
        """Help."""
        from curvedesk.ui.help import HelpSheet

        return HelpSheet(self._window)

    @cached_property
    def keys(self) -> KeysSheet:
        """Keys."""
        from curvedesk.ui.keys_sheet import KeysSheet

        return KeysSheet(self._window, self._window.book)

    def export(self, desk: Desk) -> None:
        """The export of a desk, made anew: it shows what there is now."""
        from curvedesk.ui.export_dialog import ExportDialog

        if self._export is not None and isValid(self._export):
            self._export.hide()
            self._export.deleteLater()
        folder = self._window.settings.value.folder
        self._export = ExportDialog(desk, self._window, folder=Path(folder) if folder else None)
        self._export.open()

    def close_open(self) -> bool:
        """Close the one that is open; False where none is."""
        made = [part for part in vars(self).values() if isinstance(part, Overlay) and isValid(part)]
        for part in made:
            if part.isVisible():
                part.close_sheet()
                return True
        return False
