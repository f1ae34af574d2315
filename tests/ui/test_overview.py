"""The strip of the whole log: lanes, the part in sight, dragging, clicking, keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, NullStroke, SwapStroke, rows_of
from curvedesk.session.commands import AddStroke
from curvedesk.session.lanes import GOOD, NOTHING, WORST, confidence_lane, runs_of
from curvedesk.session.view import View
from curvedesk.ui.desk import Desk
from curvedesk.ui.overview import Overview
from tests.ui.canvas_desk import HEIGHT, curves, make_desk, sheet

Wait = Callable[..., None]
NO_KEYS = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(app: QApplication, tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    made.set_view(View(0, 0, 1.0, 600, 300))
    yield made
    made.close()


@pytest.fixture
def overview(desk: Desk, wait_until: Wait) -> Overview:
    made = Overview(desk)
    made.resize(96, 616)  # a strip of 600 pixels: four rows each
    made.show()
    wait_until(lambda: made._picture is not None)
    return made


def colour(overview: Overview, x: float, y: float) -> tuple[int, int, int]:
    return overview.grab().toImage().pixelColor(round(x), round(y)).toTuple()[:3]


def test_the_print_and_the_doubtful_stretch_are_where_they_are_on_the_log(overview: Overview) -> None:
    strip = overview.strip_rect
    assert sum(colour(overview, strip.center().x(), strip.top() + 1200 / 4)) < sum(
        colour(overview, strip.center().x(), strip.top() + 1500 / 4)
    )
    lane = strip.right() + 6
    red, green, _ = colour(overview, lane, strip.top() + 1050 / 4)
    assert red > 180 > green
    red, green, _ = colour(overview, lane, strip.top() + 1500 / 4)
    assert green > red


def test_a_click_brings_that_part_into_sight_and_a_drag_takes_it_along(overview: Overview, desk: Desk) -> None:
    QTest.mousePress(overview, LEFT, NO_KEYS, QPoint(30, 308))
    assert desk.view is not None
    assert desk.view.centre[1] == pytest.approx(1200, abs=6)
    QTest.mouseMove(overview, QPoint(30, 358))
    assert desk.view.centre[1] == pytest.approx(1400, abs=6)
    QTest.mouseRelease(overview, LEFT, NO_KEYS, QPoint(30, 358))
    QTest.mouseMove(overview, QPoint(30, 100))
    assert desk.view.centre[1] == pytest.approx(1400, abs=6)


def test_taking_hold_of_the_window_does_not_move_it(overview: Overview, desk: Desk) -> None:
    desk.set_view(View(0, 900, 1.0, 600, 300))
    corner = overview.window_rect().topLeft().toPoint() + QPoint(20, 5)
    QTest.mousePress(overview, LEFT, NO_KEYS, corner)
    assert desk.view is not None and desk.view.y0_px == 900


def test_dragging_past_the_end_stops_at_the_end(overview: Overview, desk: Desk) -> None:
    QTest.mousePress(overview, LEFT, NO_KEYS, QPoint(30, 612))
    assert desk.view is not None
    assert desk.view.rows[1] == pytest.approx(HEIGHT - 0.5)


def test_keys_move_the_part_in_sight(overview: Overview, desk: Desk) -> None:
    QTest.keyClick(overview, Qt.Key.Key_PageDown)
    assert desk.view is not None and desk.view.y0_px == pytest.approx(270, abs=1)
    QTest.keyClick(overview, Qt.Key.Key_End)
    assert desk.view.rows[1] == pytest.approx(HEIGHT - 0.5)
    QTest.keyClick(overview, Qt.Key.Key_Home)
    assert desk.view.y0_px == -0.5
    assert overview.focusPolicy() & Qt.FocusPolicy.TabFocus and overview.accessibleName()


def test_strokes_have_a_lane_of_their_own(overview: Overview, desk: Desk) -> None:
    strip = overview.strip_rect
    at = strip.right() + 6 + 2 * 3 + 2
    before = colour(overview, at, strip.top() + 2000 / 4)
    desk.execute(AddStroke(CurveStroke("GR", ((150.0, 1990.0), (150.0, 2010.0)))))
    assert colour(overview, at, strip.top() + 2000 / 4) != before
    desk.undo()
    assert colour(overview, at, strip.top() + 2000 / 4) == before


def test_the_lane_shows_the_curve_that_is_least_sure() -> None:
    lane = confidence_lane(curves(sheet()).values(), scan_height=HEIGHT, rows=240)
    assert runs_of(lane) == [(20, 100, GOOD), (100, 110, WORST), (110, 221, GOOD)]
    assert (lane[:20] == NOTHING).all()
    assert not runs_of(confidence_lane((), scan_height=HEIGHT, rows=240))


def test_every_stroke_has_rows() -> None:
    points = ((10.0, 50.0), (12.0, 40.0))
    strokes = (
        CurveStroke("GR", points), NotCurveStroke(points), NullStroke("GR", (40, 50)),
        AcceptStroke("GR", (40, 50)), SwapStroke(("A", "B"), 45),
    )  # fmt: skip
    assert np.array_equal([rows_of(stroke) for stroke in strokes], [(40, 50)] * 4 + [(45, 45)])
