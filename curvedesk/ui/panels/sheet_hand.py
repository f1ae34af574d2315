"""What a person does to tracks and curves: every edit one command, and what cannot be is said in the window."""

from __future__ import annotations

from dataclasses import replace

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.presets import spec_of
from curvedesk.domain.project import CurveKey, Look
from curvedesk.domain.scales import ValueScale
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.track import CurveSpec
from curvedesk.session import sheet_edits
from curvedesk.session.commands import SetLook, SetSheet
from curvedesk.session.sheet_layout import free_mnemonic, place_beside, room_for_track, what_changed
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.base import Panel

NEW_NAME = "CURVE"
PAPER_PX = (1700, 1000)  # where the scan is not there to be asked


class SheetHand:
    """Edits for one panel; keys of curves may change, so edits give the new key back."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._desk: Desk = panel.desk

    @property
    def sheet(self) -> Sheet:
        """The sheet as it is; asked for only where there is one."""
        sheet = self._desk.document.project.sheet
        assert sheet is not None
        return sheet

    def as_it_is(self, key: CurveKey) -> tuple[CurveSpec, Look]:
        """A curve and its look."""
        return sheet_edits.spec_at(self.sheet, key), self._desk.document.project.look(key)

    def add_curve(self, track: str, mnemonic: str) -> CurveKey | None:
        """A curve more in a track: a preset, or one to be filled in; it is in hand then."""
        spec = spec_of(mnemonic) or CurveSpec(free_mnemonic(self.sheet, NEW_NAME), "", ValueScale(0.0, 100.0))
        added = self._panel.edit_sheet(lambda s: sheet_edits.add_curve(s, track, spec), f"{spec.mnemonic} added")
        if not self.tell(added):
            return None
        last = len(self.sheet.tracks[sheet_edits.track_number(self.sheet, track)].curves) - 1
        key = sheet_edits.key_at(self.sheet, track, last)
        self._desk.set_active(key)
        return key

    def remove_curve(self, key: CurveKey) -> None:
        """Take a curve out of the sheet; undo brings it back with its line."""
        self.tell(self._panel.edit_sheet(lambda s: sheet_edits.remove_curve(s, key), f"{name_of(key)} taken out"))

    def set_spec(self, key: CurveKey, spec: CurveSpec) -> tuple[CurveKey, CurveDeskError | None]:
        """Another name, scale or pen of a curve; its key afterwards, and why it cannot be."""
        number, place = sheet_edits.find_curve(self.sheet, key)
        label = f"{spec.mnemonic} {what_changed(sheet_edits.spec_at(self.sheet, key), spec)}"
        was_active = self._desk.active_curve == key
        error = self._panel.edit_sheet(lambda s: sheet_edits.replace_curve(s, key, spec), label, keeps_places=True)
        if error is not None:
            return key, error
        renamed = sheet_edits.key_at(self.sheet, self.sheet.tracks[number].name, place)
        if was_active:
            self._desk.set_active(renamed)
        return renamed, None

    def move_curve(self, key: CurveKey, *, track: str, at: int) -> CurveKey:
        """To another place of the list, another track maybe; its key there."""
        sheet = self.sheet
        try:
            edited = sheet_edits.move_curve(sheet, key, track=track, at=at)
        except CurveDeskError as error:
            self.tell(error)
            return key
        place = min(at, len(edited.tracks[sheet_edits.track_number(edited, track)].curves) - 1)
        to = sheet_edits.key_at(edited, track, place)
        names = sheet_edits.renames(sheet, edited, moved=key, to=to)
        was_active = self._desk.active_curve == key
        if not self.tell(self._panel.send(SetSheet(edited, f"{name_of(key)} moved", renames=names))):
            return key
        if was_active:
            self._desk.set_active(to)
        return to

    def move_by(self, key: CurveKey, step: int) -> CurveKey:
        """One place up or down, past the end into the next track; its key there."""
        to = place_beside(self.sheet, key, step)
        return key if to is None else self.move_curve(key, track=to[0], at=to[1])

    def set_look(self, key: CurveKey, look: Look, label: str = "Look of a curve") -> None:
        """Another colour, shown or hidden, locked."""
        self.tell(self._panel.send(SetLook(key, look, label)))

    def toggle_shown(self, key: CurveKey) -> None:
        """Show or hide a curve."""
        look = self._desk.document.project.look(key)
        words = "hidden" if look.visible else "shown"
        self.set_look(key, replace(look, visible=not look.visible), f"{name_of(key)} {words}")

    def toggle_locked(self, key: CurveKey) -> None:
        """Keep a curve as it is, or let it follow strokes again."""
        look = self._desk.document.project.look(key)
        words = "unlocked" if look.locked else "locked"
        self.set_look(key, replace(look, locked=not look.locked), f"{name_of(key)} {words}")

    def add_track(self) -> None:
        """A track more where the paper has room, to be dragged into place."""

        scan = self._desk.scan
        width, height = (scan.width, scan.height) if scan is not None else PAPER_PX

        def added(sheet: Sheet) -> Sheet:
            left, right = room_for_track(sheet, width=width, height=height)
            return sheet_edits.add_track(sheet, sheet_edits.free_track_name(sheet), left=left, right=right)

        self.tell(self._panel.edit_sheet(added, "Track added"))

    def rename_track(self, name: str, new: str) -> CurveDeskError | None:
        """Another name of a track; curves and strokes follow."""
        label = f"Track {name} is called {new}"
        return self._panel.edit_sheet(lambda s: sheet_edits.rename_track(s, name, new), label, keeps_places=True)

    def move_track(self, name: str, at: int) -> None:
        """To another place of the list."""
        self.tell(self._panel.edit_sheet(lambda s: sheet_edits.move_track(s, name, at=at), f"Track {name} moved"))

    def remove_track(self, name: str) -> None:
        """Take a track and its curves out; undo brings them back."""
        self.tell(self._panel.edit_sheet(lambda s: sheet_edits.remove_track(s, name), f"Track {name} taken out"))

    def tell(self, error: CurveDeskError | None) -> bool:
        """Say why something cannot be; whether it could."""
        if error is not None:
            self._desk.say(str(error), kind="warn", topic="sheet")
        return error is None


def name_of(key: CurveKey) -> str:
    """The mnemonic in a curve's key."""
    return key.split("/")[-1]
