"""Rows of the active curve without a reading, and rows in which it is right: dragged over the depths."""

from abc import ABC, abstractmethod

import numpy as np

from curvedesk.domain.presets import unit_shown
from curvedesk.domain.strokes import NullStroke, Stroke
from curvedesk.session.accepting import accepted
from curvedesk.session.commands import AddStroke
from curvedesk.session.tools.base import DRAG, NOTHING, Idle, Look, Preview, Situation, ToolEvent, ToolResult


class Interval(Idle, ABC):
    """Rows from where the button went down to where it goes up."""

    kind = ""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._from: float | None = None

    def press(self, event: ToolEvent) -> ToolResult:
        """Begin at this row."""
        refusal = self.look().refusal()
        if refusal:
            return ToolResult(say=refusal)
        self._from = event.y_px
        return self._shown(event)

    def move(self, event: ToolEvent) -> ToolResult:
        """Show the rows so far."""
        return self._shown(event) if self._from is not None else NOTHING

    def release(self, event: ToolEvent) -> ToolResult:
        """The rows are done; a click without a drag says nothing."""
        first, self._from = self._from, None
        now = self.look()
        spec = now.active_spec
        if first is None or spec is None:
            return NOTHING
        if abs(event.y_px - first) < event.scan_px(DRAG):
            return ToolResult(say="Drag over the rows that are meant, from the first to the last.")
        rows = (round(min(first, event.y_px), 2), round(max(first, event.y_px), 2))
        return ToolResult(commands=(AddStroke(self.stroke(now, spec.mnemonic, rows)),))

    def cancel(self) -> bool:
        """Drop the rows."""
        was, self._from = self._from is not None, None
        return was

    @abstractmethod
    def stroke(self, now: Situation, curve: str, rows: tuple[float, float]) -> Stroke:
        """The stroke of finished rows."""

    def _shown(self, event: ToolEvent) -> ToolResult:
        now, first = self.look(), self._from
        assert first is not None
        rows = (min(first, event.y_px), max(first, event.y_px))
        return ToolResult(Preview(rows=rows, kind=self.kind, curve=now.active or "", words=_depths(now, event, rows)))


def _depths(now: Situation, event: ToolEvent, rows: tuple[float, float]) -> str:
    """The rows in the sheet's own depths."""
    sheet = now.project.sheet
    if sheet is None:
        return ""
    top, bottom = sorted(float(d) for d in np.atleast_1d(sheet.depth_at(event.x_px, np.array(rows))))
    return f"{top:,.1f} to {bottom:,.1f} {unit_shown(sheet.depth.unit)}"


class Null(Interval):
    """No reading."""

    kind = "null"

    def stroke(self, now: Situation, curve: str, rows: tuple[float, float]) -> Stroke:  # noqa: ARG002
        """See Interval."""
        return NullStroke(curve, rows)


class Accept(Interval):
    """The curve is right."""

    kind = "accept"

    def stroke(self, now: Situation, curve: str, rows: tuple[float, float]) -> Stroke:
        """See Interval."""
        return accepted(now.project, curve, rows)
