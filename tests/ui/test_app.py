"""How the system meets the program: its icon, its entry in menus, and the files it opens."""

from __future__ import annotations

import configparser
import gc
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import shiboken6
from PySide6.QtCore import QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from curvedesk import __main__ as roles
from curvedesk.session.files import SUFFIX
from curvedesk.store.locations import bundled_resources_dir
from curvedesk.ui import app as app_module
from curvedesk.ui.app import open_window
from curvedesk.ui.window import Window

DESKTOP = bundled_resources_dir() / "desktop"
Wait = Callable[..., None]


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """None is started, not even after the test."""
    monkeypatch.setattr(Window, "start_engine", lambda *_: None)
    monkeypatch.setattr(app_module, "ENGINE_AFTER_MS", 100_000_000)


@pytest.fixture
def entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # keys of an entry have capitals
    parser.read(DESKTOP / "curvedesk.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


def test_the_window_has_an_icon_of_its_own_in_every_size(app: QApplication) -> None:
    window = open_window(app, [])
    for side in (16, 48, 256):
        image = window.windowIcon().pixmap(QSize(side, side)).toImage()
        colours = {image.pixelColor(x, image.height() // 2).name() for x in range(image.width())}
        assert "#1a66e0" in colours, side
        assert len(colours) > 3, side
    window.close()


def test_projects_are_opened_by_a_double_click(entry: configparser.SectionProxy) -> None:
    assert entry["Exec"] == "curvedesk %F"
    kinds = ET.parse(DESKTOP / "curvedesk.xml").getroot()
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    (kind,) = kinds.findall(f"{space}mime-type")
    assert kind.attrib["type"] in entry["MimeType"].split(";")
    (pattern,) = kind.findall(f"{space}glob")
    assert pattern.attrib["pattern"] == f"*{SUFFIX}"
    assert (DESKTOP / f"{entry['Icon']}.svg").is_file()


@pytest.mark.parametrize("words", [["/home/me/a log.curvedesk"], ["C:\\a.tif", "C:\\b.tif"], ["a.curvedesk"]])
def test_files_given_by_the_file_manager_open_the_window(words: Sequence[str]) -> None:
    assert roles.role_of(words) is roles._window


def test_every_file_given_is_opened(app: QApplication, sample: Path, wait_until: Wait, tmp_path: Path) -> None:
    other = tmp_path / "other.tif"
    other.write_bytes(sample.read_bytes() + b"\0")  # another digest, so another log
    window = app_module.open_window(app, [str(sample), str(other)])
    wait_until(lambda: len(window.documents.spaces) == 2)
    assert {space.desk.scan.info.path for space in window.documents.spaces if space.desk.scan} == {sample, other}
    window.documents.opening.close()
    for space in list(window.documents.spaces):
        window.documents.discard(space)
    window.close()


@pytest.mark.parametrize("closed", [False, True])
def test_the_engine_is_warmed_for_a_window_that_is_there_and_for_no_other(
    app: QApplication, monkeypatch: pytest.MonkeyPatch, wait_until: Wait, closed: bool
) -> None:
    warmed: list[object] = []

    def warm(self: Window) -> None:
        warmed.append(self)

    monkeypatch.setattr(Window, "start_engine", warm)
    monkeypatch.setattr(app_module, "ENGINE_AFTER_MS", 50)
    window = open_window(app, [])
    if closed:
        shiboken6.delete(window)
    gc.collect()  # whoever else knew of what is to come is forgotten
    if closed:
        QTest.qWait(150)
        assert warmed == []
    else:
        wait_until(lambda: warmed)
        assert warmed == [window]
        window.close()
