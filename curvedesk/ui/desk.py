"""The desk: one open document in the window. Everything in the window reads it and sends it what the user wants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from curvedesk.domain.project import curve_keys
from curvedesk.session.changes import Change, ChangeKind
from curvedesk.session.view import View
from curvedesk.ui.background import Background
from curvedesk.ui.before import Before
from curvedesk.ui.desk_jobs import Jobs
from curvedesk.ui.desk_places import Places
from curvedesk.ui.desk_retrace import Following
from curvedesk.ui.desk_scan import PyramidBuild
from curvedesk.ui.flags import Flags
from curvedesk.ui.looking import show_log
from curvedesk.ui.messages import Kind, Message
from curvedesk.ui.saving import SCAN_OPENED

if TYPE_CHECKING:
    from curvedesk.domain.project import CurveKey
    from curvedesk.domain.sheet import Sheet
    from curvedesk.imaging import Scan
    from curvedesk.imaging.pyramid import Pyramid
    from curvedesk.session.commands import Command
    from curvedesk.session.document import Document
    from curvedesk.session.jobs import JobState

DEFAULT_STROKE_PX = 3.0


class Desk(QObject):
    """Holds the document, the scan and what is seen of them; keeps no project data of its own."""

    changed = Signal(object)  # Change: kinds, ids, rows
    scan_changed = Signal()  # another scan, or its pyramid is ready
    view_changed = Signal()
    tool_changed = Signal(str)
    active_changed = Signal(str)
    flags_changed = Signal()
    preview_changed = Signal()  # what the tool draws while the button is down
    job_changed = Signal()
    saved_changed = Signal()
    cursor_moved = Signal(float, float)  # x_px, y_px of the scan; NaN when it leaves
    places_changed = Signal()
    place_reached = Signal(float, float)  # rows y0_px, y1_px reached by key: pulse once
    panel_wanted = Signal(str)  # id of a panel to show
    message = Signal(object)  # Message

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.scan: Scan | None = None
        self.pyramid: Pyramid | None = None
        self.view: View | None = None
        self.tool = "pan"
        self.stroke_width_px = DEFAULT_STROKE_PX
        self.active_curve: CurveKey | None = None
        self.flags = Flags()
        self.before = Before(document)
        self.preview: Any = None
        self.job: JobState | None = None
        self.save_fault = ""  # why the last save did not succeed
        self.background = Background(self)
        self.building = PyramidBuild(self)
        self._forget = (document.subscribe(self._hear), document.subscribe_problems(self._hear_problem))
        self.places = Places(self)
        self.jobs = Jobs(self)
        self.following = Following(self)
        self._had_sheet = self.sheet is not None
        self._choose_some_curve()

    @property
    def sheet(self) -> Sheet | None:
        """What the paper means, where that is known."""
        return self.document.project.sheet

    @property
    def keys(self) -> tuple[CurveKey, ...]:
        """Keys of all curves in the order of the sheet: key 1 of the keyboard is the first."""
        return tuple(curve_keys(self.sheet)) if self.sheet else ()

    def on_paper(self, x_px: float) -> float:
        """The nearest column of the scan."""
        return min(max(x_px, -0.5), self.scan.width - 0.5) if self.scan is not None else x_px

    def show_scan(self, scan: Scan) -> None:
        """These are the pixels of the document's scan; the pyramid follows from a thread."""
        self.scan, self.pyramid = scan, None
        self.building.start(scan)
        self.scan_changed.emit()

    def execute(self, command: Command, *, joins: int | None = None) -> Change:
        """Do it as one step of the history, or as part of the step ``joins``. Raises CurveDeskError."""
        return self.document.execute(command, joins=joins)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back; that a scan was opened is none."""
        history = self.document.history
        return history.can_undo and not (history.position == 1 and history.undo_label == SCAN_OPENED)

    def undo(self) -> None:
        """Take the last step back."""
        if not self.can_undo:
            return
        self._say_change(self.document.undo(), "Taken back: ", "Redo", self.redo)

    def redo(self) -> None:
        """Do again what was taken back."""
        self._say_change(self.document.redo(), "Done again: ", "Undo", self.undo)

    def _say_change(self, change: Change | None, words: str, way_back: str, back: Callable[[], object]) -> None:
        if change is not None:
            self.say(f"{words}{change.label}", action_text=way_back, action=back, topic="undo")

    def set_view(self, view: View) -> None:
        """Show this part of the scan."""
        if self.scan is not None:
            view = view.clamped(self.scan.width, self.scan.height)
        if view != self.view:
            self.view = view
            self.view_changed.emit()

    def go_to_rows(self, y0_px: float, y1_px: float) -> None:
        """Show these rows in the middle of the canvas."""
        if self.view is not None:
            self.set_view(self.view.showing_rows(y0_px, y1_px))

    def set_tool(self, tool: str) -> None:
        """Take this tool in hand."""
        if tool != self.tool:
            self.tool = tool
            self.tool_changed.emit(tool)

    def set_stroke_width(self, width_px: float) -> None:
        """Width of strokes to come, in scan pixels."""
        width_px = min(max(width_px, 1.0), 200.0)
        if width_px != self.stroke_width_px:
            self.stroke_width_px = width_px
            self.tool_changed.emit(self.tool)

    def set_active(self, key: CurveKey | None) -> None:
        """The curve that strokes speak of."""
        if key != self.active_curve:
            self.active_curve = key
            self.active_changed.emit(key or "")

    def set_flags(self, **changes: Any) -> None:
        """Show or hide: the names of ``Flags``."""
        flags = replace(self.flags, **changes)
        if flags != self.flags:
            self.flags = flags
            self.flags_changed.emit()

    def set_preview(self, preview: Any) -> None:
        """What the tool draws while it is used; None when it is done."""
        self.preview = preview
        self.preview_changed.emit()

    def set_job(self, job: JobState | None) -> None:
        """What runs now, and how far it is."""
        self.job = job
        self.job_changed.emit()

    def set_save_fault(self, sentence: str) -> None:
        """Why the last save did not succeed; empty where it did."""
        self.save_fault = sentence
        self.saved_changed.emit()

    def show_panel(self, panel: str) -> None:
        """Bring a panel to the front."""
        self.panel_wanted.emit(panel)

    def say(
        self,
        text: str,
        *,
        kind: Kind = "info",
        detail: str = "",
        action_text: str = "",
        action: Callable[[], object] | None = None,
        other_text: str = "",
        other: Callable[[], object] | None = None,
        topic: str = "",
    ) -> None:
        """Show a line to the user; see ``Message``."""
        self.message.emit(Message(text, kind, detail, action_text, action, other_text, other, topic))

    def close(self) -> None:
        """Let go of document, scan and threads."""
        for forget in self._forget:
            forget()
        self.following.close()
        self.jobs.close()
        self.background.close()
        self.building.cancel()
        if self.scan is not None:
            self.scan.close()

    def _hear(self, change: Change) -> None:
        if ChangeKind.SHEET in change.kinds:
            self._choose_some_curve()
            if not self._had_sheet:
                show_log(self)
            self._had_sheet = self.sheet is not None
        self.before.hear(change)
        self.changed.emit(change)
        self.saved_changed.emit()

    def _hear_problem(self, sentence: str) -> None:
        """The disk does not take the edits, or takes them again."""
        if sentence:
            self.say(f"{sentence}.", kind="error", topic="journal")
        self.saved_changed.emit()

    def _choose_some_curve(self) -> None:
        """A curve that is no longer in the sheet cannot stay in hand."""
        if self.active_curve not in self.keys:
            self.set_active(self.keys[0] if self.keys else None)
