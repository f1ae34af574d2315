"""Borders of tracks: their points are dragged, added by a click on the border, deleted; all snap to the print."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.sheet import Sheet
from curvedesk.session.commands import Command, SetSheet
from curvedesk.session.sheet_edits import set_edge
from curvedesk.session.tools.base import (
    GRAB,
    NOTHING,
    Drawn,
    Look,
    Preview,
    Situation,
    ToolEvent,
    ToolResult,
    attempted,
)
from curvedesk.session.tools.holding import Holding
from curvedesk.session.tools.lines import as_points, nearest_vertex
from curvedesk.session.tools.printed import border_line

_LEAST_GAP_PX = 1.0  # between two points of one border, down the paper
_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class EdgeHold:
    """A point of a border in hand; `point` None: a new one where the pointer is."""

    track: str
    side: str
    point: int | None

    def place(self, now: Situation, event: ToolEvent) -> tuple[float, float]:
        """Where it is now."""
        points = _points(now.project.sheet, self)
        if self.point is None:
            return float(np.interp(event.y_px, points[:, 1], points[:, 0])), event.y_px
        return float(points[self.point, 0]), float(points[self.point, 1])

    def preview(self, now: Situation, event: ToolEvent) -> Preview:
        """The border with the point at the pointer."""
        points = self.moved(now, event)
        return Preview((Drawn("edge", as_points(points), 1.0),), marks=as_points(points))

    def command(self, now: Situation, event: ToolEvent) -> Command | None:
        """The sheet with the border so."""
        if now.project.sheet is None:
            return None
        words = f"Border of track {self.track}"
        return SetSheet(set_edge(now.project.sheet, self.track, side=self.side, points=self.moved(now, event)), words)

    def moved(self, now: Situation, event: ToolEvent) -> FloatArray:
        """The border's points (n, 2) with this one at the pointer, on the print, between its neighbours."""
        points = _points(now.project.sheet, self)
        printed = None if event.alt else border_line(now, event)
        x = event.x_px if printed is None else printed
        number = int(np.searchsorted(points[:, 1], event.y_px)) if self.point is None else self.point
        rest = points if self.point is None else np.delete(points, self.point, axis=0)
        low = rest[number - 1, 1] + _LEAST_GAP_PX if number > 0 else -np.inf
        high = rest[number, 1] - _LEAST_GAP_PX if number < len(rest) else np.inf
        y = min(max(event.y_px, low), high)
        return np.insert(rest, number, np.round([x, y], _DECIMALS), axis=0)


class Edge(Holding):
    """Drag a point of a border, or the border itself, which gets a point there; Delete takes a point away."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._at: ToolEvent | None = None

    def near(self, now: Situation, event: ToolEvent) -> EdgeHold | None:
        """A point of a border before the border itself."""
        return edge_near(now, event) or edge_near(now, event, between=True)

    def press(self, event: ToolEvent) -> ToolResult:
        """Take hold of a point, or make one."""
        now = self.look()
        self._hold = self.near(now, event)
        if self._hold is None:
            return ToolResult(say="Press on the border of a track to move it; the sheet's panel adds tracks.")
        return ToolResult(self._hold.preview(now, event))

    def move(self, event: ToolEvent) -> ToolResult:
        """Drag, or show what could be held."""
        self._at = event
        return super().move(event)

    def release(self, event: ToolEvent) -> ToolResult:
        """The border stays so."""
        hold, self._hold = self._hold, None
        return NOTHING if hold is None else attempted(partial(hold.command, self.look(), event))

    def key(self, name: str) -> ToolResult | None:
        """Delete takes the point under the pointer away; two must stay."""
        now = self.look()
        hold = edge_near(now, self._at) if self._at is not None and name in {"Delete", "Backspace"} else None
        if hold is None or hold.point is None or now.project.sheet is None:
            return None
        points = _points(now.project.sheet, hold)
        if len(points) <= 2:
            return ToolResult(say="Two points must stay on a border; move this one instead.")
        rest = np.delete(points, hold.point, axis=0)
        sheet = set_edge(now.project.sheet, hold.track, side=hold.side, points=rest)
        return ToolResult(commands=(SetSheet(sheet, f"Border of track {hold.track}"),))


def edge_near(now: Situation, event: ToolEvent, *, between: bool = False) -> EdgeHold | None:
    """The point of a border under the pointer; with `between` a new one on the border itself."""
    sheet, found = now.project.sheet, []
    for track in sheet.tracks if sheet else ():
        for side, points in (("left", track.left), ("right", track.right)):
            if between:
                at = float((track.left_at if side == "left" else track.right_at)(event.y_px))
                found.append((abs(at - event.x_px), track.name, side, -1))
            else:
                number, away = nearest_vertex(points, event.x_px, event.y_px)
                found.append((away, track.name, side, number))
    if not found or min(found)[0] > event.scan_px(GRAB):
        return None
    _, name, side, number = min(found)
    return EdgeHold(name, side, None if number < 0 else number)


def _points(sheet: Sheet | None, hold: EdgeHold) -> FloatArray:
    assert sheet is not None
    track = next(t for t in sheet.tracks if t.name == hold.track)
    return track.left if hold.side == "left" else track.right
