"""What a crash left of a saved project comes back: into the open one, from another place, or at least its strokes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from curvedesk.domain.project import ScanRef
from curvedesk.domain.strokes import CurveStroke
from curvedesk.session.commands import ActivateModel, AddStroke, OpenScan
from curvedesk.session.files import close_document, new_document, open_project, save_project
from curvedesk.session.recovery import recoverable
from curvedesk.ui.banner import Banner
from curvedesk.ui.desk import Desk
from curvedesk.ui.starting import Starting
from curvedesk.ui.window import Window


def stroke(y_px: float) -> AddStroke:
    """One like any other."""
    return AddStroke(CurveStroke("GR", ((300.0, y_px), (310.0, y_px + 10))))


@pytest.fixture
def crashed(window: Window, desk: Desk, tmp_path: Path) -> Path:
    """A project saved with one stroke; a second one was drawn when the program was killed."""
    path = tmp_path / "log.curvedesk"
    desk.execute(stroke(1500.0))
    save_project(desk.document, path)
    desk.execute(stroke(1700.0))
    close_document(desk.document, keep=True)
    window.documents.discard(window.documents.spaces[0])
    return path


def offers(window: Window) -> list[Banner]:
    """The banners that offer something back."""
    space = window.documents.current
    shown = [*window.banners.shown, *(space.banners.shown if space is not None else [])]
    return [banner for banner in shown if "not saved when the program stopped" in banner.message.text]


def strokes_of(window: Window) -> list[float]:
    """Rows at which the strokes in front begin."""
    assert window.desk is not None
    strokes = window.desk.document.project.strokes.values()
    return [one.points[0][1] for one in strokes if isinstance(one, CurveStroke)]


def test_a_project_that_is_opened_at_the_start_takes_the_edits_itself(window: Window, crashed: Path) -> None:
    Starting(window, [crashed]).open()
    assert strokes_of(window) == [1500.0]
    (offer,) = offers(window)
    offer.act()
    assert len(window.documents.spaces) == 1
    assert strokes_of(window) == [1500.0, 1700.0]
    assert window.desk is not None and window.desk.document.is_dirty
    assert not offers(window)


def test_a_project_that_was_moved_is_asked_for(window: Window, crashed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = crashed.with_name("renamed.curvedesk")
    crashed.rename(elsewhere)
    Starting(window, []).open()
    answers = iter(["", str(elsewhere)])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (next(answers), ""))
    offers(window)[0].act()
    (again,) = offers(window)  # thought better of it: nothing is lost
    again.act()
    assert strokes_of(window) == [1500.0, 1700.0]


def test_a_project_that_was_saved_again_since_gets_the_strokes(window: Window, crashed: Path) -> None:
    other = open_project(crashed)
    other.execute(stroke(2000.0))
    save_project(other)
    close_document(other)
    Starting(window, []).open()
    (offer,) = offers(window)
    assert "only the strokes" in offer.message.text
    offer.act()
    assert strokes_of(window) == [1500.0, 2000.0, 1700.0]
    assert not recoverable(crashed) or recoverable(crashed)[0].edits == 1  # its own new edit alone
    assert window.desk is not None
    window.desk.undo()
    assert strokes_of(window) == [1500.0, 2000.0]


def test_edits_in_a_document_that_went_on_are_offered_again_with_a_reason(window: Window, crashed: Path) -> None:
    Starting(window, [crashed]).open()
    assert window.desk is not None
    window.desk.execute(stroke(1900.0))
    offers(window)[0].act()
    space = window.documents.current
    assert space is not None
    (banner,) = space.banners.shown
    assert "new edits already" in banner.message.text
    window.desk.undo()
    assert recoverable()


class Keeper:
    """Counts how often it was asked."""

    def __init__(self) -> None:
        self.checks = 0

    def record(self, record: object) -> None:
        """Nothing to keep."""

    def check(self) -> None:
        """Once more."""
        self.checks += 1

    def close(self, *, keep: bool) -> None:
        """Nothing to end."""


def test_every_few_seconds_the_disk_is_asked_whether_it_has_everything(window: Window, desk: Desk) -> None:
    close_document(desk.document)
    desk.document.keeper = keeper = Keeper()
    window.documents._checking.timeout.emit()
    assert keeper.checks == 1
    assert window.documents._checking.isActive()


def test_many_logs_are_offered_in_one_line_all_together_or_one_by_one(window: Window) -> None:
    for number in range(3):
        document = new_document()
        document.execute(OpenScan(ScanRef(f"/scans/log{number}.tif", f"{number}" * 64, 0, 100, 100, 200.0)))
        document.execute(ActivateModel("curvenet-4"))
        close_document(document, keep=True)
    Starting(window, []).open()
    (offer,) = offers(window)
    assert offer.message.text.startswith("3 logs had changes")
    offer.act_other()
    assert len(offers(window)) == 3
    for one in offers(window):
        one.dismiss()
    Starting(window, []).open()
    offers(window)[0].act()
    assert len(window.documents.spaces) == 3
