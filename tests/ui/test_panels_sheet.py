"""The sheet and the header in the window: ties, ends, borders, what a proposal asks, fields of the header."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QWidget

from curvedesk.domain.sheet import Sheet, load_sheet
from curvedesk.imaging import open_scan
from curvedesk.session.commands import SetSheet
from curvedesk.ui.desk import Desk
from curvedesk.ui.docks import LEAST_PX
from curvedesk.ui.messages import Message
from curvedesk.ui.panels.fields import TextField, number_of
from curvedesk.ui.panels.sheet import SheetPanel
from curvedesk.ui.panels.ties import DEPTH, OFF_PX, REMOVE
from curvedesk.ui.panels.well import WellPanel
from tests.ui.panel_desk import desk_over, project, proposed, sheet

LEFT = Qt.MouseButton.LeftButton
Show = Callable[[QWidget], QWidget]


@pytest.fixture
def desk(app: QApplication) -> Iterator[Desk]:
    """A log whose third tie is four rows off."""
    made = desk_over()
    yield made
    made.close()


@pytest.fixture
def panel(desk: Desk, show: Show) -> SheetPanel:
    """The sheet's panel, shown."""
    made = SheetPanel(desk)
    made.resize(336, 900)
    show(made)
    return made


def now(desk: Desk) -> Sheet:
    """The sheet as it is."""
    QApplication.processEvents()
    assert desk.sheet is not None
    return desk.sheet


def retype(field: TextField, text: str) -> None:
    """What a person does with a field."""
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ({"minor": {"every": 2, "px": 8.0}, "heavy": {"every": 10, "px": 40.0}}, True),
        ({"minor": {"every": "two"}}, False),
        ({"minor": 2}, False),
        ("every two feet", False),
    ],
    ids=["read", "words", "number", "text"],
)
def test_how_the_print_is_ruled_stands_beside_its_scale(
    panel: SheetPanel, desk: Desk, lines: object, said: bool
) -> None:
    assert not panel.ruled.isVisible()
    found = replace(now(desk), extra={**now(desk).extra, "page": {"depth_lines": lines}})
    desk.execute(SetSheet(found, "Read the sheet"))
    QApplication.processEvents()
    assert panel.ruled.isVisible() == said
    if said:
        assert panel.ruled.text() == "Ruled: a line every 2 ft (8 px), heavier every 10 ft."


def test_a_tie_that_is_off_stands_out_and_is_put_right_by_typing(panel: SheetPanel, desk: Desk) -> None:
    model = panel.ties
    assert model.data(model.index(2, OFF_PX)) == "+4.0"
    assert model.data(model.index(2, DEPTH)) == "14,200"
    assert model.setData(model.index(2, 1), "2,100")
    assert now(desk).depth.ties[2, 0] == 2100
    assert model.data(model.index(2, OFF_PX)) == "0"
    desk.undo()
    assert now(desk).depth.ties[2, 0] == 2104


def test_a_cell_is_typed_with_the_keyboard(panel: SheetPanel, desk: Desk) -> None:
    view = panel.ties_view
    view.setCurrentIndex(panel.ties.index(4, DEPTH))
    view.edit(panel.ties.index(4, DEPTH))
    editor = view.findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == "14290"
    editor.setText("14291.5")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert now(desk).depth.ties[4, 1] == 14291.5


def test_a_contradiction_is_refused_in_one_sentence(panel: SheetPanel, desk: Desk) -> None:
    said: list[Message] = []
    desk.message.connect(said.append)
    assert not panel.ties.setData(panel.ties.index(2, DEPTH), "14300")
    assert "deeper downwards" in said[0].text and said[0].kind == "warn"
    assert not desk.document.history.can_undo


def test_delete_and_the_bin_take_a_tie_out(panel: SheetPanel, desk: Desk) -> None:
    panel.ties_view.setCurrentIndex(panel.ties.index(1, DEPTH))
    QTest.keyClick(panel.ties_view, Qt.Key.Key_Delete)
    assert len(now(desk).depth.ties) == 4
    place = panel.ties_view.visualRect(panel.ties.index(0, REMOVE)).center()
    QTest.mouseClick(panel.ties_view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, place)
    assert now(desk).depth.ties[0, 1] == 14200


def test_no_number_of_a_tie_is_cut_off_in_the_narrow_column(panel: SheetPanel, desk: Desk, app: QApplication) -> None:
    sheet = desk.document.project.sheet
    assert sheet is not None
    ties = sheet.depth.ties.copy()
    ties[:, 1] += 0.38
    desk.execute(SetSheet(replace(sheet, depth=replace(sheet.depth, ties=ties)), "Uneven depths"))
    panel.resize(LEAST_PX, 640)
    app.processEvents()
    view = panel.ties_view
    metrics = view.fontMetrics()
    for row in range(panel.ties.rowCount()):
        for column in range(REMOVE):
            text = str(panel.ties.data(panel.ties.index(row, column)))
            assert metrics.horizontalAdvance(text) + 8 <= view.columnWidth(column), (text, column)


def test_a_click_on_a_tie_goes_there(panel: SheetPanel, desk: Desk) -> None:
    place = panel.ties_view.visualRect(panel.ties.index(3, DEPTH)).center()
    QTest.mouseClick(panel.ties_view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, place)
    assert desk.view is not None and desk.view.centre[1] == pytest.approx(3100, abs=1)


def test_a_tie_is_typed_for_the_row_in_view(panel: SheetPanel, desk: Desk) -> None:
    assert desk.view is not None
    desk.set_view(desk.view.centred_on(y_px=1500.0))
    retype(panel.tie_here.typed, "14,170")
    added = now(desk).depth.ties[2]
    assert added[:2].tolist() == pytest.approx([1500, 14170], abs=0.5)
    assert panel.tie_here.typed.text() == ""
    retype(panel.tie_here.typed, "99")
    assert "deeper downwards" in panel.tie_here.fault.text()


def test_ends_step_and_unit_are_typed_and_checked(panel: SheetPanel, desk: Desk) -> None:
    retype(panel.fields.step, "0.25")
    panel.fields.unit.picked.emit("M")
    axis = now(desk).depth
    assert (axis.step, axis.unit) == (0.25, "M")
    retype(panel.fields.bottom, "14000")
    assert "must lie below top" in panel.fields.fault.text()
    assert panel.fields.bottom.property("wrong")
    assert now(desk).depth.bottom == 14290


def test_a_border_typed_moves_as_a_whole(panel: SheetPanel, desk: Desk) -> None:
    row = panel.border_rows.widget_of("1")
    assert row is not None
    retype(row.left, "90.3")
    left = now(desk).tracks[0].left
    assert left[:, 0].tolist() == pytest.approx([90, 94], abs=0.1)


def test_the_grid_box_and_the_key_show_the_same(panel: SheetPanel, desk: Desk) -> None:
    panel.grid.click()
    assert desk.flags.grid
    desk.set_flags(grid=False)
    assert not panel.grid.isChecked()


def test_a_proposal_is_accepted_part_by_part_and_undone(app: QApplication, show: Show) -> None:
    desk = desk_over(project(proposed()))
    panel = SheetPanel(desk)
    show(panel)
    assert [row.part.path for row in panel.parts.widgets()] == ["depth", "well.WELL", "well.COMP"]
    depth = panel.parts.widget_of("depth")
    assert depth is not None and depth.sure.text() == "81%"
    depth.accept.click()
    app.processEvents()
    assert [row.part.path for row in panel.parts.widgets()] == ["well.WELL", "well.COMP"]
    panel._accept_all()
    app.processEvents()
    assert panel.asked.isHidden()
    desk.undo()
    app.processEvents()
    assert len(panel.parts.widgets()) == 2
    desk.close()


def test_what_the_reading_could_not_tell_is_said_until_all_is_confirmed(app: QApplication, show: Show) -> None:
    said = [
        "No scale could be read for track 2; type its curves.",
        "Between 5250 and 5300 ft the scan has 300 rows too",
    ]
    desk = desk_over(project(replace(proposed(), extra={"warnings": said})))
    panel = SheetPanel(desk)
    show(panel)
    assert [text.text() for text in panel.warned.findChildren(QLabel)] == said
    panel._accept_all()
    app.processEvents()
    assert panel.asked.isHidden()
    desk.close()


@pytest.mark.parametrize("odd", [None, "a text", 5, [1, None]])
def test_warnings_that_are_none_hide_nothing_and_break_nothing(app: QApplication, show: Show, odd: object) -> None:
    desk = desk_over(project(replace(proposed(), extra={"warnings": odd})))
    panel = SheetPanel(desk)
    show(panel)
    assert panel.warned.isHidden()
    assert not panel.asked.isHidden()
    desk.close()


def test_a_part_is_shown_with_the_paper_it_was_read_from(
    app: QApplication, show: Show, tmp_path: Path, wait_until: Callable[..., None]
) -> None:
    paper = np.full((400, 1000), 255, np.uint8)
    paper[105:145, 320:860] = 0
    assert cv2.imwrite(str(tmp_path / "scan.png"), paper)
    desk = desk_over(project(proposed()))
    with open_scan(tmp_path / "scan.png") as scan:
        desk.scan = scan
        panel = SheetPanel(desk)
        show(panel)
        company = panel.parts.widget_of("well.COMP")
        assert company is not None
        wait_until(lambda: not company.crop.isHidden())
        image = company.crop.pixmap().toImage()
        assert image.pixelColor(image.width() // 2, image.height() // 2).lightness() < 20
        assert image.pixelColor(1, 1).lightness() > 240
        desk.background.close()
        desk.scan = None
    desk.close()


def test_a_sheet_is_started_by_hand_on_a_scan_alone(app: QApplication, show: Show, tmp_path: Path) -> None:
    assert cv2.imwrite(str(tmp_path / "scan.png"), np.full((400, 300), 255, np.uint8))
    desk = desk_over(project(None))
    with open_scan(tmp_path / "scan.png") as scan:
        desk.scan = scan
        panel = SheetPanel(desk)
        show(panel)
        assert not panel.start.isHidden()
        panel.by_hand.click()
        app.processEvents()
        assert panel.start.isHidden() and not panel.ties_part.isHidden()
        assert now(desk).scan == "scan.png"
        desk.scan = None
    desk.close()


def test_a_sheet_is_saved_and_opened_again(
    panel: SheetPanel, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = str(tmp_path / "a.sheet.json")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (target, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (target, ""))
    panel._save()
    assert load_sheet(Path(target)).well == sheet().well
    panel.ties.remove(0)
    panel._open()
    assert len(now(desk).depth.ties) == 5
    Path(target).write_text("{}")
    said: list[Message] = []
    desk.message.connect(said.append)
    panel._open()
    assert "format is missing" in said[0].text


def test_the_header_is_typed_with_what_is_odd_said_at_once(desk: Desk, show: Show) -> None:
    panel = WellPanel(desk)
    show(panel)
    api = panel.row("API")
    assert api is not None
    retype(api.field, "42-103")
    assert now(desk).well["API"] == "42-103"
    assert api.odd.text() == "An API number has 10, 12 or 14 digits, this has 5."
    retype(api.field, "42-103-30012")
    assert api.odd.isHidden()
    assert desk.document.history.undo_label == "API in the header"


def test_a_header_field_read_off_the_paper_is_accepted_or_corrected(app: QApplication, show: Show) -> None:
    desk = desk_over(project(proposed()))
    panel = WellPanel(desk)
    show(panel)
    well, company = panel.row("WELL"), panel.row("COMP")
    assert well is not None and company is not None
    assert company.sure.text() == "62%"
    well.accept.click()
    retype(company.field, "Blue Mesa")
    assert dict(now(desk).well_confidence) == {}
    assert well.accept.isHidden() and company.accept.isHidden()
    desk.close()


def test_a_field_no_standard_knows_is_added_below(desk: Desk, show: Show) -> None:
    panel = WellPanel(desk)
    show(panel)
    panel.name.setText("PERMIT")
    panel.value.setText("A-12")
    panel.add_field()
    assert now(desk).well["PERMIT"] == "A-12"
    assert panel.row("PERMIT") is not None
    panel.name.setText("TWO WORDS")
    panel.add_field()
    assert "LAS" in panel.fault.text()


@pytest.mark.parametrize(
    ("typed", "number"),
    [("14,170", 14170), ("14 170.5", 14170.5), ("0,5", 0.5), ("−12", -12), ("1,234,567", 1234567), ("x", None)],
)
def test_numbers_are_read_as_people_write_them(typed: str, number: float | None) -> None:
    assert number_of(typed) == number


def test_scrolling_over_a_list_of_choices_changes_nothing(panel: SheetPanel, desk: Desk) -> None:
    from PySide6.QtGui import QWheelEvent

    unit = panel.fields.unit
    event = QWheelEvent(QPoint(5, 5), unit.mapToGlobal(QPoint(5, 5)), QPoint(0, -120), QPoint(0, -120), LEFT, *_NO_KEYS)
    QApplication.sendEvent(unit, event)
    assert now(desk).depth.unit == "FT" and unit.currentData() == "FT"


_NO_KEYS = (Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
