"""Start of the window: shown first, everything heavy afterwards."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from curvedesk.ui.window import Window

SAMPLE = "demo"
ENGINE_AFTER_MS = 500
NO_SCREEN = "curvedesk: error: there is no screen here; use 'curvedesk digitize', or 'curvedesk demo --headless OUT'\n"


def main(arguments: Sequence[str]) -> int:
    """Open the window with these files; returns the exit status when it is closed."""
    if not has_screen():
        sys.stderr.write(NO_SCREEN)
        return 1
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(app, QApplication)
    window = open_window(app, arguments)
    status = app.exec()
    window.documents.opening.close()
    return status


def has_screen() -> bool:
    """Whether a window can appear: always on Windows and macOS, elsewhere where a display is named."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def open_window(app: QApplication, arguments: Sequence[str]) -> Window:
    """The window, shown, with what was asked for on its way; the engine is warmed half a second later."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QIcon

    from curvedesk import __version__
    from curvedesk.store.locations import bundled_resources_dir
    from curvedesk.ui.starting import Starting
    from curvedesk.ui.window import Window

    app.setApplicationName("CurveDesk")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("curvedesk")
    app.setWindowIcon(QIcon(str(bundled_resources_dir() / "desktop" / "curvedesk.svg")))
    window = Window()
    window.show()
    starting = Starting(window, [Path(word) for word in arguments if word != SAMPLE], sample=SAMPLE in arguments)
    # Partials, for a timer does not keep alive whose method it calls; the window, for one that is gone needs nothing.
    QTimer.singleShot(0, window, partial(starting.open))
    QTimer.singleShot(ENGINE_AFTER_MS, window, partial(starting.warm))
    return window
