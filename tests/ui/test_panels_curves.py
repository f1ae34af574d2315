"""The list of tracks and curves, used by hand and by key."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from curvedesk.domain.project import curve_keys
from curvedesk.domain.scales import ScaleKind, WrapKind
from curvedesk.domain.strokes import CurveStroke
from curvedesk.domain.track import Style
from curvedesk.session.sheet_edits import spec_at
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.curve_row import CurveRow
from curvedesk.ui.panels.curves import CurvesPanel
from curvedesk.ui.panels.fields import TextField
from tests.ui.panel_desk import desk_over

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A log with curves in two tracks."""
    made = desk_over()
    yield made
    made.close()


@pytest.fixture
def panel(app: QApplication, desk: Desk, show: Callable[[QWidget], QWidget]) -> Iterator[CurvesPanel]:
    """The list, shown; it goes with the list of completions its fields own, before anybody sweeps up windows."""
    made = CurvesPanel(desk)
    made.resize(336, 900)
    show(made)
    yield made
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def row(panel: CurvesPanel, key: str) -> CurveRow:
    """A row that is there."""
    QApplication.processEvents()
    found = panel.row(key)
    assert found is not None, key
    return found


def keys(desk: Desk) -> list[str]:
    """Curves of the sheet in order."""
    assert desk.sheet is not None
    return list(curve_keys(desk.sheet))


def retype(field: TextField, text: str) -> None:
    """What a person does with a field."""
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()


def click(widget: CurveRow, x: int) -> None:
    """Press and release."""
    QTest.mouseClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(x, 16))
    QApplication.processEvents()


def test_rows_say_name_scale_key_and_how_sure(panel: CurvesPanel) -> None:
    shown = row(panel, "2/ILM").line
    assert (shown.digit, shown.name, shown.scale, shown.style) == ("4", "ILM", "0.2 to 2000 ohm·m", Style.DOTTED)
    assert shown.confidence == pytest.approx(0.82, abs=0.01)
    assert not row(panel, "2/TENS").line.exported


def test_a_click_chooses_the_curve_and_the_choice_made_elsewhere_shows(panel: CurvesPanel, desk: Desk) -> None:
    click(row(panel, "2/ILD"), 150)
    assert desk.active_curve == "2/ILD"
    desk.set_active("1/CALI")
    assert row(panel, "1/CALI").line.active and not row(panel, "2/ILD").line.active


def test_the_dot_hides_and_undo_shows_again(panel: CurvesPanel, desk: Desk) -> None:
    click(row(panel, "1/GR"), 28)
    assert not desk.document.project.look("1/GR").visible
    assert not row(panel, "1/GR").line.shown
    desk.undo()
    assert row(panel, "1/GR").line.shown


def test_a_scale_is_typed_and_the_traced_line_follows(panel: CurvesPanel, desk: Desk) -> None:
    panel.edit("1/GR")
    retype(panel.editor.right, "200")
    assert desk.sheet is not None and spec_at(desk.sheet, "1/GR").scale.right == 200
    assert desk.document.project.curves["1/GR"].spec.scale.right == 200
    assert row(panel, "1/GR").line.scale == "0 to 200 gAPI"
    assert desk.document.history.undo_label == "GR scale"


def test_a_scale_that_cannot_be_is_told_below_the_fields_and_changes_nothing(panel: CurvesPanel, desk: Desk) -> None:
    panel.edit("1/GR")
    panel.editor.kind.picked.emit(ScaleKind.LOG.value)
    assert "greater than 0 on a log scale" in panel.editor.fault.text()
    assert not panel.editor.fault.isHidden()
    assert desk.sheet is not None and spec_at(desk.sheet, "1/GR").scale.kind is ScaleKind.LINEAR
    assert panel.editor.kind.currentData() == "linear"
    retype(panel.editor.left, "nonsense")
    assert panel.editor.left.property("wrong")


def test_escape_takes_back_what_was_typed(panel: CurvesPanel, desk: Desk) -> None:
    panel.edit("1/GR")
    field = panel.editor.right
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "77")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "150"
    assert not desk.document.history.can_undo


def test_typing_is_not_overwritten_by_a_change_elsewhere(panel: CurvesPanel, desk: Desk) -> None:
    panel.edit("1/GR")
    panel.activateWindow()
    field = panel.editor.unit
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "AP")
    click(row(panel, "2/ILD"), 28)
    panel.refresh(panel.listens)
    assert field.text() == "AP"


def test_a_renamed_curve_keeps_its_line_its_strokes_and_stays_in_hand(panel: CurvesPanel, desk: Desk) -> None:
    panel.edit("1/GR")
    retype(panel.editor.name, "grd")
    assert keys(desk)[0] == "1/GRD" == desk.active_curve
    project = desk.document.project
    assert "1/GRD" in project.curves and "1/GR" not in project.curves
    assert isinstance(project.strokes["s1"], CurveStroke) and project.strokes["s1"].curve == "GRD"
    assert panel.opened == "1/GRD"


def test_a_backup_scale_asks_for_its_factor(panel: CurvesPanel, desk: Desk) -> None:
    panel.edit("1/CALI")
    assert panel.editor.factor_box.isHidden()
    panel.editor.wrap.picked.emit(WrapKind.MULTIPLY.value)
    QApplication.processEvents()
    assert not panel.editor.factor_box.isHidden()
    retype(panel.editor.factor, "5")
    assert desk.sheet is not None and spec_at(desk.sheet, "1/CALI").scale.wrap.factor == 5


def test_a_pen_is_kept_home_restyled_bounded_and_recoloured(panel: CurvesPanel, desk: Desk) -> None:
    panel.edit("1/CALI")
    panel.editor.exported.click()
    panel.editor.style_of_pen.picked.emit(Style.DOTTED.value)
    retype(panel.editor.depth_from, "14,150")
    panel.editor.colour.picked.emit("#56B4E9")
    assert desk.sheet is not None
    cali = spec_at(desk.sheet, "1/CALI")
    assert (cali.digitize, cali.style, cali.depth_from) == (False, Style.DOTTED, 14150)
    assert desk.document.project.look("1/CALI").colour == "#56B4E9"
    panel.editor.depth_from.selectAll()
    QTest.keyClick(panel.editor.depth_from, Qt.Key.Key_Backspace)
    QTest.keyClick(panel.editor.depth_from, Qt.Key.Key_Return)
    assert desk.sheet is not None and spec_at(desk.sheet, "1/CALI").depth_from is None


def test_an_odd_scale_is_given_as_a_table(panel: CurvesPanel, desk: Desk) -> None:
    panel.edit("1/CALI")
    panel.editor.kind.picked.emit(ScaleKind.TABLE.value)
    QApplication.processEvents()
    assert not panel.editor.table.isHidden()
    panel.activateWindow()
    panel.editor.table.setFocus()
    panel.editor.table.selectAll()
    for line in ("0 6", "0.5 8", "1 16"):
        QTest.keyClicks(panel.editor.table, line)
        QTest.keyClick(panel.editor.table, Qt.Key.Key_Return)
    panel.editor.name.setFocus()
    assert desk.sheet is not None
    assert spec_at(desk.sheet, "1/CALI").scale.table == ((0, 6), (0.5, 8), (1, 16))


def test_the_open_fields_follow_the_curve_in_hand(panel: CurvesPanel, desk: Desk) -> None:
    panel.edit("1/GR")
    desk.set_active("2/SFL")
    row(panel, "2/SFL")
    assert panel.editor.name.text() == "SFL"
    panel.edit("2/SFL")
    assert panel.editor.isHidden()


def test_curves_move_by_key_within_and_into_the_next_track(panel: CurvesPanel, desk: Desk) -> None:
    desk.set_active("1/GR")
    alt = Qt.KeyboardModifier.AltModifier
    QTest.keyClick(row(panel, "1/GR"), Qt.Key.Key_Down, alt)
    assert keys(desk)[:2] == ["1/CALI", "1/GR"]
    QTest.keyClick(row(panel, "1/GR"), Qt.Key.Key_Down, alt)
    assert keys(desk)[:2] == ["1/CALI", "2/GR"]
    assert desk.active_curve == "2/GR"
    assert "2/GR" in desk.document.project.curves
    desk.undo()
    desk.undo()
    assert keys(desk)[:2] == ["1/GR", "1/CALI"]


def test_a_curve_is_dragged_to_another_place(panel: CurvesPanel, desk: Desk) -> None:
    start = row(panel, "2/SFL")
    target = row(panel, "2/ILD")
    y = target.mapToGlobal(QPoint(0, 2)).y() - start.mapToGlobal(QPoint(0, 0)).y()
    QTest.mousePress(start, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(150, 16))
    QTest.mouseMove(start, QPoint(150, -30))
    QTest.mouseMove(start, QPoint(150, y))
    assert panel.findChild(QWidget, "drop_line") is not None
    QTest.mouseRelease(start, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(150, y))
    assert keys(desk)[2:5] == ["2/SFL", "2/ILD", "2/ILM"]


def _action(menu: QMenu, text: str) -> QAction:
    menus = [menu, *menu.findChildren(QMenu)]
    return next(action for one in menus for action in one.actions() if action.text().startswith(text))


def test_a_preset_is_added_to_the_track_of_the_curve_in_hand(panel: CurvesPanel, desk: Desk) -> None:
    desk.set_active("1/GR")
    panel.add_menu.aboutToShow.emit()
    assert not _action(panel.add_menu, "CALI\t").isEnabled()
    _action(panel.add_menu, "SP\t").trigger()
    assert "1/SP" in keys(desk) and desk.active_curve == "1/SP"
    assert row(panel, "1/SP").line.scale == "−80 to 20 mV"


def test_an_empty_curve_takes_everything_from_the_preset_of_its_name(panel: CurvesPanel, desk: Desk) -> None:
    panel.add_menu.aboutToShow.emit()
    _action(panel.add_menu, "Another curve").trigger()
    QApplication.processEvents()
    assert panel.opened == "1/CURVE"
    retype(panel.editor.name, "DT")
    assert desk.sheet is not None
    added = spec_at(desk.sheet, "1/DT")
    assert (added.unit, added.scale.left, added.scale.right) == ("US/F", 140, 40)
    assert not panel.editor.reversed_note.isHidden()


def test_a_curve_taken_out_comes_back_with_its_line(panel: CurvesPanel, desk: Desk) -> None:
    QTest.keyClick(row(panel, "1/GR"), Qt.Key.Key_Delete)
    assert "1/GR" not in keys(desk) and "1/GR" not in desk.document.project.curves
    desk.undo()
    assert "1/GR" in desk.document.project.curves


def test_a_track_is_added_named_and_taken_out(panel: CurvesPanel, desk: Desk) -> None:
    panel.hand.add_track()
    assert desk.sheet is not None and [track.name for track in desk.sheet.tracks] == ["1", "2", "3"]
    panel.naming.ask("3")
    retype(panel.naming.field, "1")
    assert "already" in panel.naming.fault.text()
    retype(panel.naming.field, "Porosity")
    assert panel.naming.isHidden()
    QApplication.processEvents()
    assert [block.title.text() for block in panel.blocks.widgets()] == ["Track 1", "Track 2", "Porosity"]


def test_the_doubtful_places_lead_there(
    panel: CurvesPanel, desk: Desk, wait_until: Callable[..., None], app: QApplication
) -> None:
    wait_until(lambda: desk.places.found)
    app.processEvents()
    shown = panel.doubts.list.widgets()
    assert [one.place.sentence for one in shown][:2] == [d.sentence for d in desk.places.found[:2]]
    QTest.mouseClick(shown[1], LEFT)
    assert desk.places.current == 1 and desk.active_curve == "2/ILM"
    assert panel.doubts.list.widgets()[1].place.current


def test_refreshing_keeps_the_rows_the_focus_and_the_scroll(panel: CurvesPanel, desk: Desk, app: QApplication) -> None:
    panel.resize(336, 300)
    app.processEvents()
    panel.verticalScrollBar().setValue(60)
    before, kept = row(panel, "1/CALI"), panel.verticalScrollBar().value()
    panel.activateWindow()
    before.setFocus()
    panel.verticalScrollBar().setValue(kept)
    click(row(panel, "1/GR"), 28)
    assert row(panel, "1/CALI") is before
    assert panel.verticalScrollBar().value() == kept > 0


def test_a_panel_that_is_hidden_catches_up_when_it_is_shown(panel: CurvesPanel, desk: Desk) -> None:
    panel.hide()
    panel.add_curve("1", "SP")
    panel.show()
    assert row(panel, "1/SP").line.name == "SP"
