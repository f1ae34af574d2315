"""What tests of the window need: a window, the sample in it, curves without a network, an engine that does nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import ScanRef, curve_keys
from curvedesk.domain.sheet import Sheet, load_sheet
from curvedesk.imaging import Colour, Polarity, Scan, ScanInfo
from curvedesk.protocol.jobs import Job
from curvedesk.session.commands import OpenScan, ReplaceCurves, SetSheet
from curvedesk.session.files import new_document
from curvedesk.store.locations import bundled_resources_dir
from curvedesk.ui.desk import Desk
from curvedesk.ui.desk_scan import PyramidBuild
from curvedesk.ui.saving import FOUND_BESIDE
from curvedesk.ui.window import Window

Wait = Callable[..., None]


class BlankScan(Scan):
    """White paper of the sample's size, without a file or a decoder."""

    def __init__(self, path: Path) -> None:
        self.info = ScanInfo(
            path=path,
            file_format="tiff",
            file_bytes=1,
            pages=1,
            page=0,
            width=1700,
            height=4200,
            bits=1,
            samples=1,
            compression="none",
            colour=Colour.BILEVEL,
            polarity=Polarity.MIN_IS_WHITE,
            dpi=(200.0, 200.0),
            dpi_assumed=False,
            orientation=1,
        )
        self._sha256 = "0" * 64

    def read(self, x0: int, y0: int, x1: int, y1: int, *, scale: float = 1.0) -> NDArray[np.uint8]:
        """White."""
        return np.full((round((y1 - y0) * scale), round((x1 - x0) * scale)), 255, np.uint8)

    def close(self) -> None:
        """Nothing is open."""


class IdleEngine(QObject):
    """Takes jobs and does none; tests speak for it through ``event``."""

    started = Signal()
    stopped = Signal(str)
    event = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.jobs: list[Job] = []
        self.cancelled: list[str] = []
        self.asked: list[str] = []

    def start(self) -> None:
        """Nothing to start."""

    def submit(self, job: Job) -> str:
        """Take it."""
        self.jobs.append(job)
        return f"job-{len(self.jobs)}"

    def cancel(self, job_id: str) -> None:
        """Remember that it was asked."""
        self.cancelled.append(job_id)

    def pause(self, job_id: str) -> None:
        """Remember that it was asked."""
        self.asked.append(f"pause {job_id}")

    def go_on(self, job_id: str) -> None:
        """Remember that it was asked."""
        self.asked.append(f"go on {job_id}")

    def enough(self, job_id: str) -> None:
        """Remember that it was asked."""
        self.asked.append(f"enough {job_id}")

    def look(self, job_id: str, y0_px: float, y1_px: float) -> None:
        """Nobody looks."""

    def shutdown(self) -> None:
        """Nothing to end."""

    def retire(self) -> None:
        """Nothing to end."""


def straight_curves(sheet: Sheet) -> dict[str, TracedCurve]:
    """A line down the middle of its track for every curve."""
    made = {}
    for key, (track, spec) in curve_keys(sheet).items():
        y = np.arange(900.0, 3900.0)
        x = np.asarray(track.x_at(0.5, y))
        sure = np.full(y.shape, 0.9, np.float32)
        made[key] = TracedCurve(spec, track.name, x, y, np.zeros(y.shape, np.int32), sure)
    return made


def draw_curves(desk: Desk) -> None:
    """As if they had been predicted."""
    assert desk.sheet is not None
    desk.execute(ReplaceCurves(straight_curves(desk.sheet)))


def desk_of(window: Window) -> Desk:
    """The desk in front, which must be there."""
    assert window.desk is not None
    return window.desk


def make_window(monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """A window with an engine that does nothing; it is closed without questions afterwards."""
    window = Window()
    engine = IdleEngine()
    monkeypatch.setattr(window, "engine", engine)
    monkeypatch.setattr(window, "start_engine", lambda: engine)
    window.resize(1440, 900)
    window.show()
    yield window
    window.documents.opening.close()
    for space in list(window.documents.spaces):
        window.documents.discard(space)
    window.close()


def lay_out(window: Window, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """White paper with the sample's sheet in front, at once and without a file."""
    monkeypatch.setattr(PyramidBuild, "start", lambda *_: None)
    scan = BlankScan(bundled_resources_dir() / "sample" / "scan.tif")
    document = new_document()
    document.execute(OpenScan(ScanRef(str(scan.info.path), "0" * 64, 0, scan.width, scan.height, 200.0)))
    document.execute(SetSheet(load_sheet(bundled_resources_dir() / "sample" / "scan.sheet.json"), FOUND_BESIDE))
    space = window.documents.add(document)
    space.desk.show_scan(scan)
    QApplication.processEvents()
    window.refresh()
    return space.desk


def open_sample(window: Window, wait: Wait, sample: Path) -> Desk:
    """The sample in front, with its sheet, shown once."""
    window.open_path(sample)
    wait(lambda: window.desk is not None and window.desk.sheet is not None and window.desk.view is not None)
    return desk_of(window)
