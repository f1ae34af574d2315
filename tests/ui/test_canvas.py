"""The canvas as a user meets it: what is where, what the wheel and the keys do, what is painted anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from curvedesk.domain.strokes import AcceptStroke, CurveStroke
from curvedesk.session.commands import AddStroke, RemoveStrokes, SetLook, SetSheet
from curvedesk.session.view import View
from curvedesk.ui.canvas import Canvas
from curvedesk.ui.canvas.inks import GRID
from curvedesk.ui.canvas.papers import Papers
from curvedesk.ui.canvas.ruler import RULER_PX
from curvedesk.ui.desk import Desk
from curvedesk.ui.theme import theme
from tests.ui.canvas_desk import HEIGHT, WIDTH, make_desk, sheet

Wait = Callable[..., None]
NO_KEYS = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def desk(app: QApplication, tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.close()


@pytest.fixture
def canvas(desk: Desk, wait_until: Wait) -> Iterator[Canvas]:
    made = Canvas(desk)
    made.resize(800, 600)
    made.show()
    settled(made, wait_until)
    yield made
    made.close_threads()


def settled(canvas: Canvas, wait_until: Wait) -> None:
    QApplication.processEvents()
    wait_until(canvas.is_settled)
    QApplication.processEvents()


def picture(canvas: Canvas) -> NDArray[np.uint8]:
    """What is on the screen: (h, w, 3)."""
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def wheel(canvas: Canvas, at: QPoint, notches: float, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    spot, turn = QPointF(at), QPoint(0, round(120 * notches))
    idle, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(spot, canvas.mapToGlobal(spot), QPoint(), turn, idle, keys, phase, False)
    QApplication.sendEvent(canvas, event)


def test_a_scan_opens_as_wide_as_the_canvas_from_its_top(canvas: Canvas) -> None:
    left, right = canvas.widget_at(-0.5, 0).x(), canvas.widget_at(WIDTH - 0.5, 0).x()
    assert RULER_PX <= left < RULER_PX + 16 and 800 - 16 < right <= 800
    assert canvas.shown.rows[0] == pytest.approx(-0.5, abs=1)


def test_the_print_appears_where_the_scan_says(canvas: Canvas, desk: Desk, wait_until: Wait) -> None:
    desk.set_flags(curves=False)
    desk.go_to_rows(1000, 1400)
    settled(canvas, wait_until)
    seen = picture(canvas)
    column = round(canvas.widget_at(275, 0).x())
    dark = np.flatnonzero(seen[:, column].max(axis=1) < 90)
    expected = [canvas.widget_at(0, y).y() for y in (1195.5, 1203.5)]
    assert abs(dark[0] - expected[0]) <= 1 and abs(dark[-1] + 1 - expected[1]) <= 1


def test_a_curve_is_painted_in_its_colour_where_it_runs(canvas: Canvas, desk: Desk, wait_until: Wait) -> None:
    desk.go_to_rows(600, 800)
    settled(canvas, wait_until)
    x, y = canvas.widget_at(150, 700).toTuple()
    near = picture(canvas)[round(y), round(x) - 1 : round(x) + 2].astype(int)
    assert np.abs(near - [0xD5, 0x5E, 0x00]).max(axis=1).min() < 60
    desk.execute(SetLook("1/GR", replace(desk.document.project.look("1/GR"), visible=False)))
    assert picture(canvas)[round(y), round(x)].min() > 240


def test_the_wheel_scrolls_with_ctrl_it_zooms_to_the_cursor_and_with_shift_it_goes_sideways(
    canvas: Canvas, desk: Desk
) -> None:
    at = QPoint(400, 300)
    top = desk.view.y0_px if desk.view else 0.0
    wheel(canvas, at, -3)
    assert desk.view is not None and desk.view.y0_px > top
    before, zoom = canvas.scan_at(QPointF(at)), desk.view.zoom
    wheel(canvas, at, 2, Qt.KeyboardModifier.ControlModifier)
    assert desk.view.zoom == pytest.approx(zoom * 1.25**2)
    assert np.allclose(canvas.scan_at(QPointF(at)), before, atol=1.0)
    left = desk.view.x0_px
    wheel(canvas, at, -1, Qt.KeyboardModifier.ShiftModifier)
    assert desk.view.x0_px > left


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_dragging_the_paper_takes_it_along(canvas: Canvas, desk: Desk, button: Qt.MouseButton) -> None:
    desk.set_view(replace(desk.view or View(), y0_px=500.0))
    held = canvas.scan_at(QPointF(400, 300))
    QTest.mousePress(canvas, button, NO_KEYS, QPoint(400, 300))
    QTest.mouseMove(canvas, QPoint(400, 250))
    QTest.mouseMove(canvas, QPoint(400, 180))
    QTest.mouseRelease(canvas, button, NO_KEYS, QPoint(400, 180))
    assert np.allclose(canvas.scan_at(QPointF(400, 180)), held, atol=1.0)


def test_space_held_pans_with_any_tool_in_hand(canvas: Canvas, desk: Desk) -> None:
    desk.set_view(replace(desk.view or View(), y0_px=500.0))
    desk.set_tool("pen")
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, NO_KEYS, QPoint(300, 300))
    QTest.mouseMove(canvas, QPoint(300, 200))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NO_KEYS, QPoint(300, 200))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert desk.view is not None and desk.view.y0_px > 500
    assert not desk.document.project.strokes


def test_arrows_pages_home_and_end_move_the_paper(canvas: Canvas, desk: Desk) -> None:
    def top_after(key: Qt.Key) -> float:
        QTest.keyClick(canvas, key)
        assert desk.view is not None
        return desk.view.y0_px

    start = desk.view.y0_px if desk.view else 0.0
    down, page = top_after(Qt.Key.Key_Down), top_after(Qt.Key.Key_PageDown)
    assert start < down < page
    assert top_after(Qt.Key.Key_PageUp) == pytest.approx(down)
    top_after(Qt.Key.Key_End)
    assert canvas.shown.rows[1] == pytest.approx(HEIGHT, abs=2)
    assert top_after(Qt.Key.Key_Home) == pytest.approx(-0.5, abs=1)


def test_a_drag_with_the_pen_becomes_a_stroke_of_the_active_curve(canvas: Canvas, desk: Desk) -> None:
    desk.go_to_rows(600, 800)
    desk.set_active("1/GR")
    desk.set_tool("pen")
    way = [canvas.widget_at(120 + i, 650 + 10 * i).toPoint() for i in range(8)]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, NO_KEYS, way[0])
    for at in way[1:]:
        QTest.mouseMove(canvas, at)
    assert desk.preview is not None
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NO_KEYS, way[-1])
    (stroke,) = desk.document.project.strokes.values()
    assert isinstance(stroke, CurveStroke) and stroke.curve == "GR"
    assert abs(stroke.points[0][1] - 650) < 2 and abs(stroke.points[-1][1] - 720) < 2
    assert desk.preview is None


def test_escape_drops_a_stroke_that_is_half_done(canvas: Canvas, desk: Desk) -> None:
    desk.set_tool("pen")
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, NO_KEYS, QPoint(300, 300))
    QTest.mouseMove(canvas, QPoint(310, 340))
    assert canvas.cancel_gesture()
    assert desk.preview is None
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NO_KEYS, QPoint(310, 340))
    assert not desk.document.project.strokes


def test_a_tablet_pen_draws_whatever_its_pressure(canvas: Canvas, desk: Desk) -> None:
    desk.go_to_rows(600, 800)
    desk.set_tool("not_curve")
    device = QPointingDevice.primaryPointingDevice()
    for kind, step, pressure in (
        (QEvent.Type.TabletPress, 0, 0.9),
        (QEvent.Type.TabletMove, 20, 0.01),
        (QEvent.Type.TabletMove, 40, 0.5),
        (QEvent.Type.TabletRelease, 40, 0.0),
    ):
        at = canvas.widget_at(150, 700) + QPointF(0, step)
        event = QTabletEvent(
            kind, device, at, canvas.mapToGlobal(at), pressure, 0.0, 0.0, 0.0, 0.0, 0.0, NO_KEYS,
            Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton,
        )  # fmt: skip
        QApplication.sendEvent(canvas, event)
        assert event.isAccepted()
    assert len(desk.document.project.strokes) == 1


def test_the_status_hears_the_pixel_under_the_cursor_and_that_it_left(canvas: Canvas, desk: Desk) -> None:
    heard: list[tuple[float, float]] = []
    desk.cursor_moved.connect(lambda x, y: heard.append((x, y)))
    QTest.mouseMove(canvas, QPoint(400, 300))
    assert heard[-1] == canvas.scan_at(QPointF(400, 300))
    QTest.mouseMove(canvas, QPoint(10, 300))
    assert np.isnan(heard[-1]).all()


def test_an_accepted_stretch_is_tinted_and_taken_back_by_undo(canvas: Canvas, desk: Desk) -> None:
    desk.go_to_rows(600, 800)
    x, y = (round(v) for v in canvas.widget_at(220, 700).toTuple())
    plain = picture(canvas)[y, x]
    desk.execute(AddStroke(AcceptStroke("GR", (650.0, 750.0))))
    red, green, blue = picture(canvas)[y, x].astype(int)
    assert green > red + 8 and green > blue
    desk.undo()
    assert (picture(canvas)[y, x] == plain).all()


def test_only_the_changed_rows_are_painted_again(canvas: Canvas, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.go_to_rows(600, 800)
    canvas.grab()
    painted: list[tuple[float, float]] = []
    paper = Papers.paint  # the lowest layer: painted wherever anything is
    monkeypatch.setattr(Papers, "paint", lambda self, p, frame: (painted.append(frame.rows), paper(self, p, frame)))
    desk.execute(AddStroke(CurveStroke("GR", ((150.0, 690.0), (160.0, 710.0)))))
    canvas.grab()
    assert painted and all(660 < top < 690 and 710 < bottom < 740 for top, bottom in painted)
    painted.clear()
    desk.execute(RemoveStrokes(("s1",)))
    canvas.grab()
    assert painted and all(bottom - top < 80 for top, bottom in painted)


def test_a_picture_put_together_by_scrolling_equals_one_painted_at_once(
    canvas: Canvas, desk: Desk, wait_until: Wait
) -> None:
    desk.set_flags(grid=True)
    desk.set_view((desk.view or View()).zoomed_at(300, 200, 1.7))
    for down, right in ((37, 3), (-11, 40), (120, -25), (5, 0)):
        desk.set_view((desk.view or View()).panned(down=down, right=right))
        settled(canvas, wait_until)
        canvas.grab()
    scrolled = picture(canvas)
    canvas.repaints.everything()
    assert (np.abs(scrolled.astype(int) - picture(canvas)).max(axis=2) > 40).mean() < 1e-3


def test_the_grid_lies_on_the_sheets_own_lines_and_only_when_asked_for(canvas: Canvas, desk: Desk) -> None:
    desk.set_flags(curves=False)
    desk.go_to_rows(600, 800)
    x, y = (round(v) for v in canvas.widget_at(130, 700).toTuple())
    without = picture(canvas)[y - 2 : y + 3, x]
    desk.set_flags(grid=True)
    blue = int(GRID[5:7], 16)
    changed = picture(canvas)[y - 2 : y + 3, x].astype(int) - without
    assert (changed[:, 0] < -40).any() and blue > 200


def test_the_ruler_names_round_depths_level_with_the_print(canvas: Canvas, desk: Desk) -> None:
    desk.go_to_rows(700, 900)
    y = round(canvas.widget_at(0, 800).y())  # 1,030 ft
    ruler = picture(canvas)[y - 1 : y + 2, RULER_PX - 8 : RULER_PX - 1]
    assert (ruler.min(axis=2) < 200).all(axis=1).any()


def test_the_scales_stand_above_their_track_and_grow_with_the_sheet(canvas: Canvas, desk: Desk) -> None:
    top = canvas.paper_rect.top()
    assert top > 40
    x = round(canvas.widget_at(50, desk.view.y0_px if desk.view else 0).x())
    tick = picture(canvas)[top - 5 : top - 1, x - 1 : x + 2]
    assert (tick.min(axis=2) < 160).any()
    track = desk.sheet.tracks[0] if desk.sheet else None
    assert track is not None
    more = tuple(replace(track.curves[0], mnemonic=f"C{i}", unit=f"U{i}") for i in range(4))
    crowded = replace(sheet(), tracks=(replace(track, curves=more), sheet().tracks[1]))
    desk.execute(SetSheet(crowded, "Curves added"))
    assert canvas.paper_rect.top() > top
    assert desk.view is not None and desk.view.height == canvas.paper_rect.height()


def test_a_scan_without_a_sheet_has_a_ruler_in_inches_and_no_scales(
    app: QApplication, tmp_path: Path, wait_until: Wait
) -> None:
    desk = make_desk(tmp_path, with_sheet=False)
    canvas = Canvas(desk)
    canvas.resize(600, 400)
    canvas.show()
    settled(canvas, wait_until)
    assert canvas.paper_rect.top() == 0
    assert picture(canvas)[:, : RULER_PX - 10].min() < 120
    canvas.close_threads()
    desk.close()


def test_a_doubtful_place_reached_by_key_lights_up(canvas: Canvas, desk: Desk) -> None:
    desk.go_to_rows(600, 800)
    x, y = (round(v) for v in canvas.widget_at(275, 700).toTuple())
    before = picture(canvas)[y, x].astype(int)
    desk.place_reached.emit(680.0, 720.0)
    lit = picture(canvas)[y, x].astype(int)
    assert lit[0] < before[0] - 10
    assert canvas.pulse.rows == (680.0, 720.0)


def test_a_theme_changes_the_surround_and_keeps_the_view(canvas: Canvas, desk: Desk, wait_until: Wait) -> None:
    view = desk.view
    theme().choose("dark")
    settled(canvas, wait_until)
    assert picture(canvas)[5, 5].max() < 80
    assert desk.view == view


def test_the_canvas_can_be_reached_and_is_named(canvas: Canvas) -> None:
    assert canvas.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert canvas.accessibleName() and "Arrow keys" in canvas.accessibleDescription()


def test_while_the_size_changes_the_picture_is_stretched_about_the_pointer_and_then_painted_crisp(
    canvas: Canvas, desk: Desk, wait_until: Wait
) -> None:
    desk.set_flags(curves=False)
    canvas.set_view(canvas.shown.showing_rows(1000, 1400), gliding=False)
    settled(canvas, wait_until)
    stretching = canvas.picture.stretching
    for factor in (1.1, 1.1):
        canvas.set_view(canvas.shown.zoomed_at(300, 250, factor), gliding=False)
        seen = picture(canvas)
    assert stretching.now, "a hand that turns the wheel is not kept waiting"
    assert not canvas.is_settled()
    column = round(canvas.widget_at(275, 0).x())
    dark = np.flatnonzero(seen[canvas.paper_rect.top() :, column].max(axis=1) < 90) + canvas.paper_rect.top()
    expected = [canvas.widget_at(0, y).y() for y in (1195.5, 1203.5)]
    assert abs(dark[0] - expected[0]) <= 2 and abs(dark[-1] + 1 - expected[1]) <= 2
    settled(canvas, wait_until)
    assert not stretching.now
    crisp = picture(canvas)
    canvas.repaints.everything()
    settled(canvas, wait_until)
    assert np.array_equal(crisp, picture(canvas))


def test_where_nothing_of_the_log_is_in_sight_its_top_is_shown_when_its_sheet_comes(
    app: QApplication, tmp_path: Path, wait_until: Wait
) -> None:
    desk = make_desk(tmp_path, with_curves=False, with_sheet=False)
    canvas = Canvas(desk)
    canvas.resize(300, 160)
    canvas.show()
    settled(canvas, wait_until)
    canvas.set_view(replace(canvas.shown, zoom=1.0), gliding=False)
    assert canvas.shown.rows[1] < 200, "the header alone, above the first depth"
    desk.execute(SetSheet(sheet(), "Sheet"))
    settled(canvas, wait_until)
    top, bottom = canvas.shown.rows
    assert top < 200 < (top + bottom) / 2
    canvas.set_view(replace(canvas.shown, y0_px=900.0), gliding=False)
    desk.execute(SetSheet(replace(sheet(), dpi=201.0), "Sheet"))
    assert canvas.shown.y0_px == pytest.approx(900, abs=1), "nothing moves under the pointer"
    canvas.close_threads()
    desk.close()


def test_where_the_scan_is_gone_nothing_of_other_windows_shines_through(app: QApplication, tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    assert desk.scan is not None
    desk.scan.close()
    desk.scan, desk.pyramid = None, None
    canvas = Canvas(desk)
    canvas.resize(400, 300)
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.magenta)
    canvas.render(image)
    assert image.pixelColor(300, 200).name() == theme().tokens.sunken
    canvas.close_threads()
    desk.close()
