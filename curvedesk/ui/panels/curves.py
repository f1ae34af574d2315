"""Tracks and curves: what each curve is called, how it is scaled and drawn, how sure it is, and where to help it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.project import CurveKey, curve_keys
from curvedesk.domain.track import CurveSpec
from curvedesk.session import sheet_edits
from curvedesk.session.changes import ChangeKind
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.base import Panel, Section, line, note
from curvedesk.ui.panels.curve_editor import CurveEditor
from curvedesk.ui.panels.curve_menus import fill_presets, popup
from curvedesk.ui.panels.curve_row import CurveLine, CurveRow
from curvedesk.ui.panels.doubts import DoubtsSection
from curvedesk.ui.panels.improve import ImproveSection
from curvedesk.ui.panels.naming import NameField
from curvedesk.ui.panels.reorder import DropLine, Slot, nearest, slots_of
from curvedesk.ui.panels.rows import Rows
from curvedesk.ui.panels.sheet_hand import SheetHand
from curvedesk.ui.panels.tracks import SurenessOf, TrackBlock, TrackLines, track_lines
from curvedesk.ui.parts import button

NEW_NAME = "CURVE"


NO_TRACKS = "No tracks yet. Read the sheet off the paper, open one, or start by hand in Sheet."
READING = "The sheet is being read: what is found appears over the paper and in Sheet, with how sure it is."


class CurvesPanel(Panel):
    """The list by track, the fields of one curve, the doubtful places and the training."""

    listens = frozenset({ChangeKind.SHEET, ChangeKind.CURVES, ChangeKind.LOOKS, ChangeKind.STROKES})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.opened: CurveKey = ""
        self.hand = SheetHand(self)
        self._sureness = SurenessOf()
        self.nothing = Section()
        self.none = note(NO_TRACKS)
        self.nothing.add(self.none)
        self.blocks: Rows[TrackLines, TrackBlock] = Rows(key=_name, make=self._block, update=TrackBlock.show_track)
        self.editor = CurveEditor(self.hand.as_it_is, self._set_spec, self.hand.set_look)
        self.editor.remove_asked.connect(self.hand.remove_curve)
        self.editor.hide()
        self.naming = NameField(self.hand.rename_track)
        self.add_button = QPushButton("Add a curve")
        self.add_menu = QMenu(self.add_button)
        self.add_menu.aboutToShow.connect(self._fill_add_menu)
        self.add_button.setMenu(self.add_menu)
        self.adding = Section()
        self.adding.add(self.naming, line(self.add_button, button("Add a track", self.hand.add_track, kind="quiet")))
        self.doubts = DoubtsSection(desk)
        self.improve = ImproveSection(desk)
        for part in (self.nothing, self.blocks, self.adding, self.doubts, self.improve):
            self.column.addWidget(part)
        self._drop_line = DropLine(self._inside)
        desk.active_changed.connect(self._follow_active)
        desk.job_changed.connect(self._follow_job)

    def refresh(self, kinds: frozenset[ChangeKind]) -> None:
        """The list, and the fields of the open curve."""
        project = self.desk.document.project
        if self.opened and (project.sheet is None or self.opened not in curve_keys(project.sheet)):
            self._close_editor()
        lines = track_lines(project, self._sureness, active=self.desk.active_curve, opened=self.opened)
        self.nothing.setVisible(project.sheet is None)
        self.adding.setVisible(project.sheet is not None)
        self.blocks.show_items(lines)
        self._show_editor()
        if kinds & {ChangeKind.SHEET, ChangeKind.CURVES, ChangeKind.STROKES}:
            self.doubts.refresh()
            self.improve.refresh()

    def row(self, key: CurveKey) -> CurveRow | None:
        """The row of a curve."""
        rows = (block.list.widget_of(key) for block in self.blocks.widgets())
        return next((row for row in rows if row is not None), None)

    def edit(self, key: CurveKey) -> None:
        """Open the fields of a curve below its row, or close them where they are open."""
        if self.opened == key:
            self._close_editor()
        else:
            self.opened = key
            self.desk.set_active(key)
        self._refresh_now()
        if self.opened == key:
            self.editor.name.setFocus()
            self.ensureWidgetVisible(self.editor, 0, 16)

    def add_curve(self, track: str, mnemonic: str) -> None:
        """A curve more in a track: a preset, or one whose fields open to be filled in."""
        key = self.hand.add_curve(track, mnemonic)
        if key is not None and not mnemonic:
            self.edit(key)

    def _refresh_now(self) -> None:
        self.refresh(frozenset({ChangeKind.LOOKS}))

    def _block(self, track: TrackLines) -> TrackBlock:
        rows: Rows[CurveLine, CurveRow] = Rows(key=_key, make=self._row, update=CurveRow.show_line)
        made = TrackBlock(track, rows)
        made.menu_asked.connect(self._track_menu)
        return made

    def _row(self, curve: CurveLine) -> CurveRow:
        row = CurveRow(curve)
        row.chosen.connect(self.desk.set_active)
        row.edit_asked.connect(self.edit)
        row.show_asked.connect(self.hand.toggle_shown)
        row.lock_asked.connect(self.hand.toggle_locked)
        row.remove_asked.connect(self.hand.remove_curve)
        row.menu_asked.connect(self._curve_menu)
        row.moved_by.connect(self._move_by)
        row.dragged.connect(self._drag)
        row.dropped.connect(self._drop)
        return row

    def _show_editor(self) -> None:
        row = self.row(self.opened) if self.opened else None
        if row is None:
            self.editor.hide()
            return
        self.editor.show_curve(self.opened, depth_unit=self.hand.sheet.depth.unit)
        block = next(b for b in self.blocks.widgets() if b.list.widget_of(self.opened) is not None)
        block.list.show_below(row, self.editor)
        self.editor.show()

    def _close_editor(self) -> None:
        self.opened = ""
        self.editor.hide()
        self.editor.setParent(self._inside)

    def _follow_job(self) -> None:
        job = self.desk.job
        self.none.setText(READING if job is not None and job.kind == "register" else NO_TRACKS)

    def _follow_active(self, key: str) -> None:
        if self.opened and key and key != self.opened:
            self.opened = key
        self.wake(frozenset({ChangeKind.LOOKS}))

    def _set_spec(self, key: CurveKey, spec: CurveSpec) -> CurveDeskError | None:
        renamed, error = self.hand.set_spec(key, spec)
        self.opened = renamed if self.opened == key else self.opened
        self.editor.key = renamed
        return error

    def _move_by(self, key: CurveKey, step: int) -> None:
        to = self.hand.move_by(key, step)
        self._refresh_now()
        moved = self.row(to)
        if moved is not None:
            moved.setFocus()

    def _slot_at(self, y: int) -> Slot | None:
        blocks = self.blocks.widgets()
        slots = [slot for block in blocks for slot in slots_of(block.name, block.list.widgets(), block.head)]
        return nearest(slots, y)

    def _drag(self, _key: CurveKey, y: int) -> None:
        slot = self._slot_at(y)
        if slot is not None:
            self._drop_line.show_at(slot)

    def _drop(self, key: CurveKey, y: int) -> None:
        self._drop_line.hide()
        slot = self._slot_at(y)
        if slot is None:
            return
        number, place = sheet_edits.find_curve(self.hand.sheet, key)
        here = self.hand.sheet.tracks[number].name == slot.track
        at = slot.at - 1 if here and slot.at > place else slot.at
        if not (here and at == place):
            self.hand.move_curve(key, track=slot.track, at=at)

    def _fill_add_menu(self) -> None:
        active = self.desk.active_curve
        sheet = self.hand.sheet
        known = curve_keys(sheet)
        track = known[active][0].name if active in known else sheet.tracks[0].name if sheet.tracks else ""
        self.add_menu.clear()
        taken = [spec.mnemonic for _key, (_track, spec) in known.items()]
        if track:
            fill_presets(self.add_menu, taken, partial(self.add_curve, track))
        else:
            self.add_menu.addAction("Add a track first").setEnabled(False)

    def _track_menu(self, name: str, at: QToolButton) -> None:
        sheet = self.hand.sheet
        number = sheet_edits.track_number(sheet, name)
        menu = popup(
            self,
            (
                ("Rename", "", partial(self.naming.ask, name)),
                ("Move up", "up", partial(self.hand.move_track, name, number - 1) if number else None),
                ("Move down", "down", partial(self.hand.move_track, name, number + 1)),
                ("", "", None),
                ("Take this track out", "trash", partial(self.hand.remove_track, name)),
            ),
        )
        adding = QMenu("Add a curve", menu)
        fill_presets(adding, [spec.mnemonic for _t, spec in sheet.curves()], partial(self.add_curve, name))
        menu.insertMenu(menu.actions()[0], adding)
        menu.popup(at.mapToGlobal(QPoint(0, at.height())))

    def _curve_menu(self, key: CurveKey, at: QPoint) -> None:
        look = self.desk.document.project.look(key)
        menu = popup(
            self,
            (
                ("Edit", "settings", partial(self.edit, key)),
                ("Hide" if look.visible else "Show", "eye", partial(self.hand.toggle_shown, key)),
                ("Unlock" if look.locked else "Lock", "lock", partial(self.hand.toggle_locked, key)),
                ("Move up", "up", partial(self._move_by, key, -1)),
                ("Move down", "down", partial(self._move_by, key, 1)),
                ("", "", None),
                ("Take this curve out", "trash", partial(self.hand.remove_curve, key)),
            ),
        )
        menu.popup(at)


def _name(track: TrackLines) -> str:
    return track.name


def _key(curve: CurveLine) -> str:
    return curve.key
