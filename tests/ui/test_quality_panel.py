"""The quality panel: looks in a thread, lists the worst places, and goes there by click and key."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from curvedesk.domain.errors import ScanError
from curvedesk.domain.strokes import AcceptStroke
from curvedesk.session.commands import AddStroke
from curvedesk.session.document import Document
from curvedesk.session.view import View
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels import quality as panel_module
from curvedesk.ui.panels.quality import AT_ONCE, SHOWN, QualityPanel
from tests.session.test_quality import _spoiled
from tests.ui.panel_desk import desk_over, project

Wait = Callable[..., None]
Show = Callable[[QWidget], QWidget]


@pytest.fixture
def desk(app: QApplication) -> Iterator[Desk]:
    """The sample with GR off its ink for fifty feet."""
    spoiled, scan = _spoiled()
    made = Desk(Document(spoiled))
    made.scan, made.view = scan, View(0.0, 0.0, 1.0, 800, 600)
    yield made
    made.close()


@pytest.fixture
def panel(desk: Desk, show: Show, wait_until: Wait) -> QualityPanel:
    """Shown, and done looking."""
    made = QualityPanel(desk)
    made.resize(336, 800)
    show(made)
    wait_until(lambda: made.quality is not None)
    return made


def test_it_scores_every_curve_and_says_what_is_wrong(panel: QualityPanel) -> None:
    rows = {row.name.text(): row for row in panel.scores.widgets()}
    assert list(rows) == ["GR", "CALI", "ILD", "SFL"]
    assert "off ink" in rows["GR"].words.text()
    assert rows["GR"].clean.property("role") == "warn"
    assert rows["ILD"].clean.text() == "100.0 %"
    assert rows["ILD"].words.isHidden()
    assert panel.overall.text().endswith(" %")


def test_a_click_goes_to_the_worst_place(panel: QualityPanel, desk: Desk) -> None:
    reached: list[tuple[float, float]] = []
    desk.place_reached.connect(lambda y0, y1: reached.append((y0, y1)))
    first = panel.list.widgets()[0]
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    assert panel.quality is not None
    place = panel.quality.places[0]
    assert reached == [place.rows]
    assert desk.active_curve == "1/GR"
    assert desk.view is not None
    assert desk.view.y0_px == pytest.approx(sum(place.rows) / 2 - 300, abs=1)
    assert first.property("role") == "chosen"


def test_j_and_k_walk_through_the_list(panel: QualityPanel) -> None:
    assert panel.quality is not None
    count = len(panel.quality.places)
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_J)
    assert panel.current == 0
    QTest.keyClick(panel, Qt.Key.Key_K)
    assert panel.current == count - 1
    QTest.keyClick(panel, Qt.Key.Key_J)
    assert panel.current == 0


def test_many_places_come_a_few_at_a_time_so_that_the_window_is_not_held_up(
    panel: QualityPanel, monkeypatch: pytest.MonkeyPatch, wait_until: Wait
) -> None:
    assert panel.quality is not None
    many = replace(panel.quality, places=(*panel.quality.places,) * 60)
    panel._room = AT_ONCE
    made: list[int] = []
    make = panel.list._make
    monkeypatch.setattr(panel.list, "_make", lambda item: (made.append(item.number), make(item))[1])
    panel._take(many)
    assert len(made) <= AT_ONCE
    wait_until(lambda: len(panel.list.widgets()) == SHOWN)
    assert [row.place.number for row in panel.list.widgets()] == list(range(SHOWN))


def test_it_looks_again_after_a_stroke(panel: QualityPanel, desk: Desk, wait_until: Wait) -> None:
    before = panel.quality
    assert before is not None
    assert before.curves[0].clean < 0.97
    desk.execute(AddStroke(AcceptStroke("GR", (0.0, 4200.0))))
    wait_until(lambda: panel.quality is not before)
    assert panel.quality is not None
    assert panel.quality.curves[0].clean == 1.0
    assert panel.none.text() == "Every reading lies on its ink."


def test_it_never_looks_on_the_window_s_own_thread(
    desk: Desk, show: Show, wait_until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def assess(*_: Any) -> None:
        threads.append(threading.get_ident())

    monkeypatch.setattr(panel_module, "assess_project", assess)
    made = QualityPanel(desk)
    show(made)
    wait_until(lambda: threads)
    assert threading.get_ident() not in threads


def test_a_hidden_panel_does_not_look(desk: Desk, app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(panel_module, "assess_project", lambda *_: asked.append(1))
    made = QualityPanel(desk)
    desk.execute(AddStroke(AcceptStroke("GR", (0.0, 4200.0))))
    QTest.qWait(panel_module.WAIT_MS + 100)
    assert asked == []
    assert made.quality is None


def test_a_scan_that_cannot_be_read_is_said_with_a_way_on(
    desk: Desk, show: Show, wait_until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ScanError("scan.tif: it cannot be read; check the disk")

    monkeypatch.setattr(panel_module, "assess_project", fail)
    made = QualityPanel(desk)
    show(made)
    wait_until(lambda: not made.retry.isHidden())
    assert made.state.text() == "scan.tif: it cannot be read; check the disk"


def test_before_a_prediction_it_says_when_it_will_have_something(app: QApplication, show: Show) -> None:
    empty = desk_over(project(None))
    made = QualityPanel(empty)
    show(made)
    assert made.state.text() == "Shown when curves are predicted."
    assert made.worst.isHidden()
    empty.close()
