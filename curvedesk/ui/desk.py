"""The desk: one open document in the window. Everything in the window reads it and sends it what the user wants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from curvedesk.ui.flags import Flags
from curvedesk.ui.messages import Kind, Message

if TYPE_CHECKING:
    from curvedesk.domain.sheet import Sheet
    from curvedesk.imaging import Scan
    from curvedesk.imaging.pyramid import Pyramid
    from curvedesk.session.commands import Command
    from curvedesk.session.document import Change, Document
    from curvedesk.session.jobs import JobState
    from curvedesk.session.view import View
    from curvedesk.ui.engine_client import EngineClient

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
    message = Signal(object)  # Message

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.scan: Scan | None = None
        self.pyramid: Pyramid | None = None
        self.view: View | None = None
        self.tool = "pan"
        self.stroke_width_px = DEFAULT_STROKE_PX
        self.active_curve: str | None = None
        self.flags = Flags()
        self.preview: Any = None
        self.engine: EngineClient | None = None
        self.job: JobState | None = None
        self._forget = document.subscribe(self.changed.emit)

    @property
    def sheet(self) -> Sheet | None:
        """What the paper means, where that is known."""
        return self.document.project.sheet

    def execute(self, command: Command, *, joins: int | None = None) -> Change:
        """Do it as one step of the history, or as part of the step ``joins``."""
        return self.document.execute(command, joins=joins)

    def undo(self) -> None:
        """Take the last step back."""
        self.document.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.document.redo()

    def set_view(self, view: View) -> None:
        """Show this part of the scan."""
        if view != self.view:
            self.view = view
            self.view_changed.emit()

    def go_to_rows(self, y0_px: float, y1_px: float) -> None:
        """Show these rows in the middle of the canvas, at the zoom there is."""
        if self.view is not None:
            seen = self.view.height / self.view.zoom
            self.set_view(replace(self.view, y0_px=(y0_px + y1_px - seen) / 2))

    def go_to_depth(self, depth: float) -> None:
        """Show this depth in the middle of the canvas; nothing where no depth is known."""
        if self.sheet is not None:
            column = float(self.sheet.column_at(0.0))
            y_px = float(self.sheet.y_at(column, depth))
            self.go_to_rows(y_px, y_px)

    def set_tool(self, tool: str) -> None:
        """Take this tool in hand."""
        if tool != self.tool:
            self.tool = tool
            self.tool_changed.emit(tool)

    def set_active(self, key: str | None) -> None:
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

    def say(
        self,
        text: str,
        *,
        kind: Kind = "info",
        detail: str = "",
        action_text: str = "",
        action: Callable[[], object] | None = None,
        topic: str = "",
    ) -> None:
        """Show a line to the user."""
        self.message.emit(Message(text, kind, detail, action_text, action, topic=topic))

    def close(self) -> None:
        """Let go of document, scan and threads."""
        self._forget()
        if self.scan is not None:
            self.scan.close()
