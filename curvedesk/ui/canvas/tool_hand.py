"""The tool in hand: told where the pointer goes; what it answers becomes a preview, commands, a question or a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from curvedesk.domain.errors import CurveDeskError
from curvedesk.session.tools import TOOLS, Situation, Tool, ToolEvent, ToolResult, make_tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from curvedesk.session.calibration import Paper
    from curvedesk.tracing.track import Evidence
    from curvedesk.ui.desk import Desk

PAN = "pan"


class ToolHand(QObject):
    """One canvas' tool, made anew when another is chosen. `asked` carries a question the tool needs answered."""

    asked = Signal(object)  # Ask

    def __init__(
        self, desk: Desk, parent: QObject, *, evidence: Callable[[], Evidence | None], paper: Paper | None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._evidence = evidence
        self._paper = paper
        self._tool: Tool | None = None
        self.take()

    @property
    def is_pan(self) -> bool:
        """Whether the hand moves the paper."""
        return self._desk.tool == PAN

    @property
    def cursor(self) -> str:
        """The pointer's shape, in the words of ``ToolSpec``."""
        return next((spec.cursor for spec in TOOLS if spec.id == self._desk.tool), "")

    def take(self) -> None:
        """The desk's tool is another one now; what was half done is dropped."""
        self.cancel()
        self._tool = None if self.is_pan else make_tool(self._desk.tool, self._situation)

    def press(self, at: tuple[float, float], zoom: float, keys: Qt.KeyboardModifier) -> None:
        """The button went down at scan point `at`."""
        if self._tool is not None:
            self._answer(self._tool.press(_event(at, zoom, keys)))

    def move(self, at: tuple[float, float], zoom: float, keys: Qt.KeyboardModifier) -> None:
        """The pointer moved."""
        if self._tool is not None:
            self._answer(self._tool.move(_event(at, zoom, keys)))

    def release(self, at: tuple[float, float], zoom: float, keys: Qt.KeyboardModifier) -> None:
        """The button went up."""
        if self._tool is not None:
            self._answer(self._tool.release(_event(at, zoom, keys)))

    def key(self, name: str) -> bool:
        """Enter, Backspace or Delete; whether the tool had a use for it."""
        result = self._tool.key(name) if self._tool is not None else None
        if result is not None:
            self._answer(result)
        return result is not None

    def cancel(self) -> bool:
        """Drop what is half done; whether there was anything."""
        was = self._tool is not None and self._tool.cancel()
        if self._desk.preview is not None:
            self._desk.set_preview(None)
        return was

    def _situation(self) -> Situation:
        desk = self._desk
        return Situation(desk.document.project, desk.active_curve, desk.stroke_width_px, self._evidence(), self._paper)

    def _answer(self, result: ToolResult) -> None:
        if result.preview != self._desk.preview:
            self._desk.set_preview(result.preview)
        joins: int | None = None
        try:
            for command in result.commands:
                joins = self._desk.execute(command, joins=joins).entry
        except CurveDeskError as error:
            self._desk.say(str(error), kind="warn", topic="tool")
        if result.say:
            self._desk.say(result.say, topic="tool")
        if result.ask is not None:
            self.asked.emit(result.ask)


def _event(at: tuple[float, float], zoom: float, keys: Qt.KeyboardModifier) -> ToolEvent:
    held = Qt.KeyboardModifier
    return ToolEvent(
        *at, zoom, bool(keys & held.ShiftModifier), bool(keys & held.ControlModifier), bool(keys & held.AltModifier)
    )
