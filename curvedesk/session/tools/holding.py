"""What the tools have in common that take hold of a thing and drag it."""

from abc import ABC, abstractmethod
from typing import Protocol

from curvedesk.session.commands import Command
from curvedesk.session.tools.base import NOTHING, Idle, Look, Preview, Situation, ToolEvent, ToolResult


class Hold(Protocol):
    """A thing in hand."""

    def place(self, now: Situation, event: ToolEvent) -> tuple[float, float]:
        """x_px, y_px of it as it is, where the pointer could take it."""

    def preview(self, now: Situation, event: ToolEvent) -> Preview:
        """How it would be with the pointer here."""

    def command(self, now: Situation, event: ToolEvent) -> Command | None:
        """Leave it here; None where it is no longer there. Raises CurveDeskError where it cannot be."""


class Holding(Idle, ABC):
    """Shows what could be held, then how it would be; subclasses say when it is taken and let go."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._hold: Hold | None = None

    @abstractmethod
    def near(self, now: Situation, event: ToolEvent) -> Hold | None:
        """What a press here would take hold of."""

    def move(self, event: ToolEvent) -> ToolResult:
        """Drag; without the button, show what could be held."""
        now = self.look()
        if self._hold is not None:
            return ToolResult(self._hold.preview(now, event))
        hold = self.near(now, event)
        return NOTHING if hold is None else ToolResult(Preview(marks=(hold.place(now, event),)))

    def cancel(self) -> bool:
        """Let everything be where it was."""
        was, self._hold = self._hold is not None, None
        return was
