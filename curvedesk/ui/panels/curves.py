"""Tracks and curves: what each curve is called, how it is scaled and drawn, how sure it is, and where to help it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.presets import spec_of
from curvedesk.domain.project import CurveKey, Look, curve_keys
from curvedesk.domain.scales import ValueScale
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.track import CurveSpec
from curvedesk.session import sheet_edits
from curvedesk.session.changes import ChangeKind
from curvedesk.session.commands import SetLook, SetSheet
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
from curvedesk.ui.panels.tracks import SurenessOf, TrackBlock, TrackLines, track_lines
from curvedesk.ui.parts import button

NEW_NAME = "CURVE"


class CurvesPanel(Panel):
    """The list by track, the fields of one curve, the doubtful places and the training."""

    listens = frozenset({ChangeKind.SHEET, ChangeKind.CURVES, ChangeKind.LOOKS, ChangeKind.STROKES})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.opened: CurveKey = ""
        self._sureness = SurenessOf()
        self.nothing = Section()
        self.nothing.add(note("No tracks yet. Read the sheet off the paper, open one, or start by hand in Sheet."))
        self.blocks: Rows[TrackLines, TrackBlock] = Rows(key=_name, make=self._block, update=TrackBlock.show_track)
        self.editor = CurveEditor(self._as_it_is, self._set_spec, self._set_look)
        self.editor.remove_asked.connect(self.remove_curve)
        self.editor.hide()
        self.naming = NameField(self._rename_track)
        self.add_button = QPushButton("Add a curve")
        self.add_menu = QMenu(self.add_button)
        self.add_menu.aboutToShow.connect(self._fill_add_menu)
        self.add_button.setMenu(self.add_menu)
        self.adding = Section()
        self.adding.add(self.naming, line(self.add_button, button("Add a track", self.add_track, kind="quiet")))
        self.doubts = DoubtsSection(desk)
        self.improve = ImproveSection(desk)
        for part in (self.nothing, self.blocks, self.adding, self.doubts, self.improve):
            self.column.addWidget(part)
        self._drop_line = DropLine(self._inside)
        desk.active_changed.connect(self._follow_active)

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
        """A curve more in a track: a preset, or one to be filled in."""
        spec = spec_of(mnemonic) or CurveSpec(self._free_name(), "", ValueScale(0.0, 100.0))
        error = self.edit_sheet(lambda sheet: sheet_edits.add_curve(sheet, track, spec), f"{spec.mnemonic} added")
        if error is not None:
            self.desk.say(str(error), kind="warn", topic="sheet")
            return
        sheet = self._sheet()
        last = len(sheet.tracks[sheet_edits.track_number(sheet, track)].curves) - 1
        key = sheet_edits.key_at(sheet, track, last)
        self.desk.set_active(key)
        if not mnemonic:
            self.edit(key)

    def remove_curve(self, key: CurveKey) -> None:
        """Take a curve out of the sheet; undo brings it back with its line."""
        self._tell(self.edit_sheet(lambda s: sheet_edits.remove_curve(s, key), f"{key.split('/')[-1]} taken out"))

    def add_track(self) -> None:
        """A track more where the paper has room, to be dragged into place."""

        def added(sheet: Sheet) -> Sheet:
            left, right = _room(sheet, self.desk)
            return sheet_edits.add_track(sheet, sheet_edits.free_track_name(sheet), left=left, right=right)

        self._tell(self.edit_sheet(added, "Track added"))

    def move_curve(self, key: CurveKey, *, track: str, at: int) -> None:
        """To another place of the list, another track maybe."""
        sheet = self._sheet()
        try:
            edited = sheet_edits.move_curve(sheet, key, track=track, at=at)
            place = min(at, len(edited.tracks[sheet_edits.track_number(edited, track)].curves) - 1)
            to = sheet_edits.key_at(edited, track, place)
            names = sheet_edits.renames(sheet, edited, moved=key, to=to)
        except CurveDeskError as error:
            self._tell(error)
            return
        was_active = self.desk.active_curve == key
        self._tell(self.send(SetSheet(edited, f"{key.split('/')[-1]} moved", renames=names)))
        if was_active:
            self.desk.set_active(to)
        self._refresh_now()

    def _sheet(self) -> Sheet:
        sheet = self.desk.document.project.sheet
        assert sheet is not None
        return sheet

    def _refresh_now(self) -> None:
        self.refresh(frozenset({ChangeKind.LOOKS}))

    def _free_name(self) -> str:
        taken = {spec.mnemonic for _track, spec in self._sheet().curves()}
        names = (NEW_NAME if n == 1 else f"{NEW_NAME}{n}" for n in range(1, len(taken) + 2))
        return next(name for name in names if name not in taken)

    def _block(self, track: TrackLines) -> TrackBlock:
        rows: Rows[CurveLine, CurveRow] = Rows(key=_key, make=self._row, update=CurveRow.show_line)
        made = TrackBlock(track, rows)
        made.menu_asked.connect(self._track_menu)
        return made

    def _row(self, curve: CurveLine) -> CurveRow:
        row = CurveRow(curve)
        row.chosen.connect(self.desk.set_active)
        row.edit_asked.connect(self.edit)
        row.show_asked.connect(self._toggle_shown)
        row.lock_asked.connect(self._toggle_locked)
        row.remove_asked.connect(self.remove_curve)
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
        self.editor.show_curve(self.opened, depth_unit=self._sheet().depth.unit)
        block = next(b for b in self.blocks.widgets() if b.list.widget_of(self.opened) is not None)
        block.list.show_below(row, self.editor)
        self.editor.show()

    def _close_editor(self) -> None:
        self.opened = ""
        self.editor.hide()
        self.editor.setParent(self._inside)

    def _follow_active(self, key: str) -> None:
        if self.opened and key and key != self.opened:
            self.opened = key
        self.wake(frozenset({ChangeKind.LOOKS}))

    def _as_it_is(self, key: CurveKey) -> tuple[CurveSpec, Look]:
        return sheet_edits.spec_at(self._sheet(), key), self.desk.document.project.look(key)

    def _set_spec(self, key: CurveKey, spec: CurveSpec) -> CurveDeskError | None:
        number, place = sheet_edits.find_curve(self._sheet(), key)
        label = f"{spec.mnemonic} {_what_changed(sheet_edits.spec_at(self._sheet(), key), spec)}"
        was_active = self.desk.active_curve == key
        error = self.edit_sheet(lambda s: sheet_edits.replace_curve(s, key, spec), label, keeps_places=True)
        if error is None:
            renamed = sheet_edits.key_at(self._sheet(), self._sheet().tracks[number].name, place)
            self.opened = renamed if self.opened == key else self.opened
            self.editor.key = renamed
            if was_active:
                self.desk.set_active(renamed)
        return error

    def _set_look(self, key: CurveKey, look: Look, label: str = "Look of a curve") -> None:
        self._tell(self.send(SetLook(key, look, label)))

    def _toggle_shown(self, key: CurveKey) -> None:
        look = self.desk.document.project.look(key)
        name = key.split("/")[-1]
        self._set_look(key, replace(look, visible=not look.visible), f"{name} {'hidden' if look.visible else 'shown'}")

    def _toggle_locked(self, key: CurveKey) -> None:
        look = self.desk.document.project.look(key)
        name = key.split("/")[-1]
        self._set_look(key, replace(look, locked=not look.locked), f"{name} {'unlocked' if look.locked else 'locked'}")

    def _move_by(self, key: CurveKey, step: int) -> None:
        sheet = self._sheet()
        number, place = sheet_edits.find_curve(sheet, key)
        inside = 0 <= place + step < len(sheet.tracks[number].curves)
        beside = number if inside else number + step
        if 0 <= beside < len(sheet.tracks):
            target = sheet.tracks[beside]
            at = place + step if inside else (0 if step > 0 else len(target.curves))
            self.move_curve(key, track=target.name, at=at)
            moved = self.row(self.desk.active_curve or key)
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
        number, place = sheet_edits.find_curve(self._sheet(), key)
        here = self._sheet().tracks[number].name == slot.track
        at = slot.at - 1 if here and slot.at > place else slot.at
        if not (here and at == place):
            self.move_curve(key, track=slot.track, at=at)

    def _fill_add_menu(self) -> None:
        active = self.desk.active_curve
        sheet = self._sheet()
        known = curve_keys(sheet)
        track = known[active][0].name if active in known else sheet.tracks[0].name if sheet.tracks else ""
        self.add_menu.clear()
        taken = [spec.mnemonic for _key, (_track, spec) in known.items()]
        if track:
            fill_presets(self.add_menu, taken, partial(self.add_curve, track))
        else:
            self.add_menu.addAction("Add a track first").setEnabled(False)

    def _track_menu(self, name: str, at: QToolButton) -> None:
        sheet = self._sheet()
        number = sheet_edits.track_number(sheet, name)
        menu = popup(
            self,
            (
                ("Rename", "", partial(self.naming.ask, name)),
                ("Move up", "up", partial(self._move_track, name, number - 1) if number else None),
                ("Move down", "down", partial(self._move_track, name, number + 1)),
                ("", "", None),
                ("Take this track out", "trash", partial(self._remove_track, name)),
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
                ("Hide" if look.visible else "Show", "eye", partial(self._toggle_shown, key)),
                ("Unlock" if look.locked else "Lock", "lock", partial(self._toggle_locked, key)),
                ("Move up", "up", partial(self._move_by, key, -1)),
                ("Move down", "down", partial(self._move_by, key, 1)),
                ("", "", None),
                ("Take this curve out", "trash", partial(self.remove_curve, key)),
            ),
        )
        menu.popup(at)

    def _rename_track(self, name: str, new: str) -> CurveDeskError | None:
        return self.edit_sheet(
            lambda s: sheet_edits.rename_track(s, name, new), f"Track {name} is called {new}", keeps_places=True
        )

    def _move_track(self, name: str, at: int) -> None:
        self._tell(self.edit_sheet(lambda s: sheet_edits.move_track(s, name, at=at), f"Track {name} moved"))

    def _remove_track(self, name: str) -> None:
        self._tell(self.edit_sheet(lambda s: sheet_edits.remove_track(s, name), f"Track {name} taken out"))

    def _tell(self, error: CurveDeskError | None) -> None:
        if error is not None:
            self.desk.say(str(error), kind="warn", topic="sheet")


def _name(track: TrackLines) -> str:
    return track.name


def _key(curve: CurveLine) -> str:
    return curve.key


def _what_changed(old: CurveSpec, new: CurveSpec) -> str:
    """What an edit of a curve is called in the history."""
    changes = (
        (old.mnemonic != new.mnemonic, f"(was {old.mnemonic})"),
        (old.scale.wrap != new.scale.wrap, "back-up scale"),
        (old.scale != new.scale, "scale"),
        (old.unit != new.unit, "unit"),
        (old.style != new.style, "pen"),
        (old.digitize != new.digitize, "exported" if new.digitize else "not exported"),
    )
    return next((text for changed, text in changes if changed), "depths")


def _room(sheet: Sheet, desk: Desk) -> tuple[FloatArray, FloatArray]:
    """Borders of a new track: right of the last one as far as the paper goes, else in the middle of the last one."""
    width = desk.scan.width if desk.scan is not None else 1700
    height = float(desk.scan.height if desk.scan is not None else 1000)
    last = max((float(track.right[:, 0].max()) for track in sheet.tracks), default=0.05 * width)
    left, right = (last + 8.0, width - 8.0) if width - last > 64 else (0.45 * width, 0.55 * width)
    return np.array([[left, 0.0], [left, height]]), np.array([[right, 0.0], [right, height]])
