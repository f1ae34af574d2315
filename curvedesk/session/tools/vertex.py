"""Points taken hold of and moved: corners of strokes, and the traced line itself, whose neighbours follow."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.project import CurveKey
from curvedesk.domain.strokes import CurveStroke, NotCurveStroke
from curvedesk.session.commands import AddStroke, Command, ReplaceStroke
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
    scan_scale,
)
from curvedesk.session.tools.drawing import PEN_WIDTH_PX, TOLERANCE_PX
from curvedesk.session.tools.edges import edge_near
from curvedesk.session.tools.holding import Hold, Holding
from curvedesk.session.tools.lines import as_points, nearest_vertex, simplified
from curvedesk.session.tools.ties import tie_near
from curvedesk.session.tools.traced import near_rows

FOLLOW = 40.0  # screen pixels up and down the line that follow a dragged point
_LEAST_ROWS, _MOST_ROWS = 6.0, 400.0


@dataclass(frozen=True, slots=True)
class _StrokeHold:
    """A corner of a stroke."""

    id: str
    corner: int

    def place(self, now: Situation, event: ToolEvent) -> tuple[float, float]:  # noqa: ARG002
        """The corner."""
        stroke = now.project.strokes[self.id]
        assert isinstance(stroke, CurveStroke | NotCurveStroke)
        return stroke.points[self.corner]

    def preview(self, now: Situation, event: ToolEvent) -> Preview:
        """The stroke with its corner at the pointer."""
        stroke = self._moved(now, event)
        if stroke is None:
            return Preview()
        kind = "curve" if isinstance(stroke, CurveStroke) else "not_curve"
        key = next((k for k, (_, spec) in now.keys.items() if getattr(stroke, "curve", "") == spec.mnemonic), "")
        drawn = Drawn(kind, stroke.points, stroke.width_px, key)
        return Preview((drawn,), marks=stroke.points, hidden=frozenset({self.id}))

    def command(self, now: Situation, event: ToolEvent) -> Command | None:
        """The moved stroke."""
        stroke = self._moved(now, event)
        return None if stroke is None else ReplaceStroke(self.id, stroke)

    def _moved(self, now: Situation, event: ToolEvent) -> CurveStroke | NotCurveStroke | None:
        stroke = now.project.strokes.get(self.id)
        if not isinstance(stroke, CurveStroke | NotCurveStroke):
            return None
        points = list(stroke.points)
        points[self.corner] = (round(event.x_px, 2), round(event.y_px, 2))
        return replace(stroke, points=tuple(points))


@dataclass(frozen=True, slots=True)
class _LineHold:
    """A place on a traced line; what is dragged there becomes a stroke."""

    key: CurveKey
    x_px: float
    y_px: float
    follow_px: float

    def place(self, now: Situation, event: ToolEvent) -> tuple[float, float]:  # noqa: ARG002
        """The point of the line."""
        return self.x_px, self.y_px

    def preview(self, now: Situation, event: ToolEvent) -> Preview:
        """The bent line."""
        line = self._bent(now, event)
        drawn = Drawn("curve", as_points(line), PEN_WIDTH_PX * scan_scale(now), self.key)
        return Preview((drawn,), marks=((event.x_px, event.y_px),))

    def command(self, now: Situation, event: ToolEvent) -> Command | None:
        """A stroke along the bent line."""
        line = simplified(self._bent(now, event), tolerance_px=TOLERANCE_PX * scan_scale(now))
        name = now.keys[self.key][1].mnemonic
        return AddStroke(CurveStroke(name, as_points(line), PEN_WIDTH_PX * scan_scale(now)))

    def _bent(self, now: Situation, event: ToolEvent) -> FloatArray:
        """The line's points near the hold, moved with it, the less the farther they are."""
        curve = now.project.curves[self.key]
        points = near_rows(curve, self.y_px - self.follow_px, self.y_px + self.follow_px)
        held = np.array([self.x_px, self.y_px])
        points = np.vstack([points, held]) if len(points) else held[None]
        points = points[np.argsort(points[:, 1], kind="stable")]
        away = np.clip(np.abs(points[:, 1] - self.y_px) / self.follow_px, 0, 1)
        share = (0.5 + 0.5 * np.cos(np.pi * away))[:, None]
        return np.asarray(points + share * (np.array([event.x_px, event.y_px]) - held))


class Vertex(Holding):
    """Takes hold of the nearest thing that can be dragged: stroke, depth tie, border of a track, traced line."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._from: ToolEvent | None = None

    def near(self, now: Situation, event: ToolEvent) -> Hold | None:
        """Strokes before ties, ties before borders, borders before lines."""
        return _stroke_near(now, event) or tie_near(now, event) or edge_near(now, event) or _line_near(now, event)

    def press(self, event: ToolEvent) -> ToolResult:
        """Take hold."""
        now = self.look()
        self._hold, self._from = self.near(now, event), event
        if self._hold is None:
            return ToolResult(say="Take hold of a curve, a corner of a stroke, a depth tie or a track border.")
        if isinstance(self._hold, _LineHold) and now.project.look(self._hold.key).locked:
            name, self._hold = now.keys[self._hold.key][1].mnemonic, None
            return ToolResult(say=f"{name} is locked; unlock it in the list of curves to correct it.")
        return ToolResult(self._hold.preview(now, event))

    def release(self, event: ToolEvent) -> ToolResult:
        """Let go; a click without a drag changes nothing."""
        hold, start, self._hold = self._hold, self._from, None
        if hold is None or start is None or (event.x_px, event.y_px) == (start.x_px, start.y_px):
            return NOTHING
        return attempted(partial(hold.command, self.look(), event))


def _stroke_near(now: Situation, event: ToolEvent) -> _StrokeHold | None:
    found = []
    for key, stroke in now.project.strokes.items():
        if isinstance(stroke, CurveStroke | NotCurveStroke):
            corner, away = nearest_vertex(stroke.points, event.x_px, event.y_px)
            found.append((away, key, corner))
    if not found or min(found)[0] > event.scan_px(GRAB):
        return None
    _, key, corner = min(found)
    return _StrokeHold(key, corner)


def _line_near(now: Situation, event: ToolEvent) -> _LineHold | None:
    """The nearest visible line, the active curve's where several are in reach."""
    reach, found = event.scan_px(GRAB), []
    for key, curve in now.project.curves.items():
        points = near_rows(curve, event.y_px - reach, event.y_px + reach)
        if len(points) and key in now.keys and now.project.look(key).visible:
            at, away = nearest_vertex(points, event.x_px, event.y_px)
            found.append((key != now.active, away, key, points[at]))
    near = [one for one in found if one[1] <= reach]
    if not near:
        return None
    _, _, key, point = min(near, key=lambda one: one[:2])
    follow = float(np.clip(event.scan_px(FOLLOW), _LEAST_ROWS, _MOST_ROWS))
    return _LineHold(key, float(point[0]), float(point[1]), follow)
