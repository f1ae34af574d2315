"""Tests of the window run without a screen, and whatever Qt complains about fails the test that made it complain."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import gc
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QEventLoop, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

BENIGN = (
    "This plugin does not support",  # the screenless platform has no clipboard, raise, or window opacity
    "QFont::",
    "Populating font family aliases took",
)


@pytest.fixture(scope="session")
def qt_application() -> QApplication:
    """The one QApplication of the run."""
    app = QApplication.instance() or QApplication(["curvedesk"])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    return app


@pytest.fixture
def app(qt_application: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[QApplication]:
    """The QApplication, with the theme on; Qt's warnings fail the test, and widgets are gone after it."""
    from curvedesk.ui.theme import theme

    complaints: list[str] = []

    def hear(kind: QtMsgType, _context: Any, text: str) -> None:
        if kind not in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg} and not text.startswith(BENIGN):
            complaints.append(text)

    def fell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        complaints.append("".join(traceback.format_exception(kind, error, trace)))

    previous = qInstallMessageHandler(hear)
    monkeypatch.setattr(sys, "excepthook", fell)  # what a slot raises ends there
    theme().choose("light")
    yield qt_application
    for widget in QApplication.topLevelWidgets():
        if widget.windowType() != Qt.WindowType.Popup:  # a popup goes with its owner; gone before it, Qt crashes
            widget.close()
            widget.deleteLater()
    _settle(qt_application)
    qInstallMessageHandler(previous)
    assert not complaints, complaints


def _settle(app: QApplication) -> None:
    app.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    app.processEvents()
    gc.collect()


@pytest.fixture
def wait_until(app: QApplication) -> Callable[..., None]:
    """``wait_until(condition, timeout_s)``: run the event loop until it holds; fails the test if it never does.

    A busy machine is slow, not wrong: the patience costs nothing where all is well.
    """

    def wait(condition: Callable[[], object], timeout_s: float = 120.0) -> None:
        until = monotonic() + timeout_s
        while not condition():
            assert monotonic() < until, "it did not happen in time"
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    return wait


@pytest.fixture
def show(app: QApplication) -> Callable[[QWidget], QWidget]:
    """Show a widget and let it paint once."""

    def shown(widget: QWidget) -> QWidget:
        widget.show()
        app.processEvents()
        return widget

    return shown


@pytest.fixture
def window(app: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty window of its own settings, with an engine that does nothing."""
    from tests.ui.window_making import make_window

    yield from make_window(monkeypatch)


@pytest.fixture(scope="session")
def toy_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights for the real engine."""
    from tests.ui.real_log import make_weights

    return make_weights(tmp_path_factory.mktemp("models"))


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of the bundled sample with its sheet beside it."""
    from curvedesk.store.locations import bundled_resources_dir

    folder = tmp_path / "logs"
    folder.mkdir()
    for name in ("scan.tif", "scan.sheet.json"):
        shutil.copy(bundled_resources_dir() / "sample" / name, folder / name)
    return folder / "scan.tif"


@pytest.fixture
def desk(window: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """White paper with the sample's sheet in the window, nothing predicted."""
    from tests.ui.window_making import lay_out

    return lay_out(window, monkeypatch)
