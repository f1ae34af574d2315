"""Depth ties: a click on a printed depth line, then its depth; ties that are there are dragged or deleted."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from curvedesk.domain.presets import unit_shown
from curvedesk.domain.sheet import Sheet
from curvedesk.session.commands import Command, SetSheet
from curvedesk.session.depth_edits import add_tie, move_tie, remove_tie
from curvedesk.session.tools.base import (
    GRAB,
    NOTHING,
    Ask,
    Drawn,
    Idle,
    Look,
    Preview,
    Situation,
    ToolEvent,
    ToolResult,
    attempted,
)
from curvedesk.session.tools.printed import depth_line

_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class TieAt:
    """Makes the tie of a line once its depth is known; `level_px` at the ties' own column."""

    sheet: Sheet
    level_px: float
    slope: float

    def __call__(self, depth: float) -> Command:
        """Raises SheetError, one sentence, where the depth does not fit between its neighbours."""
        sheet = add_tie(self.sheet, y_px=round(self.level_px, _DECIMALS), depth=depth, slope=self.slope)
        return SetSheet(sheet, f"Tie at {depth:,g} {unit_shown(self.sheet.depth.unit)}")


@dataclass(frozen=True, slots=True)
class TieHold:
    """A tie in hand, by its number."""

    number: int

    def place(self, now: Situation, event: ToolEvent) -> tuple[float, float]:
        """Where the tie's line is at the pointer's column."""
        assert now.project.sheet is not None
        return event.x_px, _row_at(now.project.sheet, self.number, event.x_px)

    def preview(self, now: Situation, event: ToolEvent) -> Preview:
        """The tie's line at the pointer."""
        assert now.project.sheet is not None
        y, slope = snapped_line(now, event)
        depth = now.project.sheet.depth.ties[self.number, 1]
        return Preview((_across(now.project.sheet, event.x_px, y, slope),), words=f"{depth:,g}")

    def command(self, now: Situation, event: ToolEvent) -> Command | None:
        """The sheet with the tie in its new row."""
        sheet = now.project.sheet
        if sheet is None or self.number >= len(sheet.depth.ties):
            return None
        y, _ = snapped_line(now, event)
        slope = float(sheet.depth.ties[self.number, 2])
        level = level_of(sheet, event.x_px, y, slope)
        depth = sheet.depth.ties[self.number, 1]
        return SetSheet(move_tie(sheet, self.number, y_px=round(level, _DECIMALS)), f"Tie at {depth:,g} moved")


class Tie(Idle):
    """Click a depth line and say its depth; drag a tie; Delete takes the one under the pointer away."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._hold: TieHold | None = None
        self._from: ToolEvent | None = None
        self._at: ToolEvent | None = None

    def press(self, event: ToolEvent) -> ToolResult:
        """Take hold of a tie, or mark a line."""
        if self.look().project.sheet is None:
            return ToolResult(say="There is no sheet yet; read the sheet first, or begin one by hand.")
        self._hold, self._from, self._at = tie_near(self.look(), event), event, event
        return self._shown(event)

    def move(self, event: ToolEvent) -> ToolResult:
        """Show the line that a click would take."""
        self._at = event
        return self._shown(event) if self.look().project.sheet is not None else NOTHING

    def release(self, event: ToolEvent) -> ToolResult:
        """The tie is moved, or its depth is asked for."""
        hold, start, self._hold, self._from = self._hold, self._from, None, None
        now = self.look()
        sheet = now.project.sheet
        if start is None or sheet is None:
            return NOTHING
        if hold is None:
            return _question(now, sheet, event)
        if abs(event.y_px - start.y_px) < event.scan_px(2.0):
            return NOTHING
        return attempted(partial(hold.command, now, event))

    def key(self, name: str) -> ToolResult | None:
        """Delete takes the tie under the pointer away."""
        now = self.look()
        if name not in {"Delete", "Backspace"} or self._at is None or now.project.sheet is None:
            return None
        hold = tie_near(now, self._at)
        if hold is None:
            return None
        if len(now.project.sheet.depth.ties) <= 2:
            return ToolResult(say="Two ties must stay, or nothing would have a depth; move this one instead.")
        depth = now.project.sheet.depth.ties[hold.number, 1]
        return ToolResult(
            commands=(SetSheet(remove_tie(now.project.sheet, hold.number), f"Tie at {depth:,g} removed"),)
        )

    def cancel(self) -> bool:
        """Let the tie be where it was."""
        was, self._hold, self._from = self._from is not None, None, None
        return was

    def _shown(self, event: ToolEvent) -> ToolResult:
        now = self.look()
        assert now.project.sheet is not None
        if self._hold is not None:
            return ToolResult(self._hold.preview(now, event))
        near = tie_near(now, event)
        if near is not None and self._from is None:
            return ToolResult(Preview(marks=(near.place(now, event),), words="Drag to move, Delete to remove"))
        y, slope = snapped_line(now, event)
        return ToolResult(Preview((_across(now.project.sheet, event.x_px, y, slope),)))


def _question(now: Situation, sheet: Sheet, event: ToolEvent) -> ToolResult:
    y, slope = snapped_line(now, event)
    level = level_of(sheet, event.x_px, y, slope)
    offer = _round_depth(float(sheet.depth.depth_of_level(level)), sheet)
    ask = Ask("Depth of this line", sheet.depth.unit, event.x_px, y, offer, TieAt(sheet, level, slope))
    return ToolResult(Preview((_across(sheet, event.x_px, y, slope),)), ask=ask)


def _round_depth(depth: float, sheet: Sheet) -> float:
    """The depth that a printed line near this one is likely to have: a whole one, of tens if that is near."""
    per_px = abs(float(np.diff(sheet.depth.depth_of_level(np.array([0.0, 1.0])))[0]))
    for unit in (50.0, 10.0, 5.0, 2.0):
        if abs(depth - unit * round(depth / unit)) <= 4 * per_px:
            return unit * round(depth / unit)
    return float(round(depth, 1))


def snapped_line(now: Situation, event: ToolEvent) -> tuple[float, float]:
    """Row at the pointer's column and slope: of the printed line, or with Alt or without one, of the pointer."""
    sheet = now.project.sheet
    own = float(sheet.depth.slope_at(event.y_px)) if sheet else 0.0
    line = None if event.alt else depth_line(now, event)
    return (event.y_px, own) if line is None else line


def level_of(sheet: Sheet, x_px: float, y_px: float, slope: float) -> float:
    """Row at the ties' own column of a line through a pixel."""
    return y_px - slope * (x_px - float(sheet.column_at(y_px)))


def tie_near(now: Situation, event: ToolEvent) -> TieHold | None:
    """The tie whose line passes under the pointer, where it stands in the depth column or beside a track."""
    sheet = now.project.sheet
    if sheet is None:
        return None
    rows = np.array([_row_at(sheet, i, event.x_px) for i in range(len(sheet.depth.ties))])
    nearest = int(np.argmin(np.abs(rows - event.y_px)))
    beside = abs(event.x_px - float(sheet.column_at(event.y_px))) <= event.scan_px(4 * GRAB)
    near = abs(rows[nearest] - event.y_px) <= event.scan_px(GRAB)
    return TieHold(nearest) if near and beside else None


def _row_at(sheet: Sheet, number: int, x_px: float) -> float:
    """Row of a tie's line at a column."""
    y, _, slope = sheet.depth.ties[number]
    return float(y + slope * (x_px - float(sheet.column_at(y))))


def _across(sheet: Sheet, x_px: float, y_px: float, slope: float) -> Drawn:
    """A depth line right across the tracks."""
    ends = [float(v) for t in sheet.tracks for v in (t.left_at(y_px), t.right_at(y_px))] or [x_px - 100, x_px + 100]
    return Drawn("tie", tuple((x, y_px + slope * (x - x_px)) for x in (min(ends), max(ends))), 1.0)
