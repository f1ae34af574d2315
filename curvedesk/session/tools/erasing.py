"""The eraser: strokes under it go, or lose the part under it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.project import Project
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, NullStroke, Stroke, SwapStroke
from curvedesk.session.stroke_commands import ImportStrokes
from curvedesk.session.tools.base import GRAB, NOTHING, Drawn, Idle, Look, Preview, Situation, ToolEvent, ToolResult
from curvedesk.session.tools.lines import as_points, resampled, runs_of, simplified, to_line
from curvedesk.session.tools.traced import track_at

_SHORTEST_PX = 4.0  # what is left of a stroke below this length goes too
_STEP_PX = 0.5


@dataclass(frozen=True, slots=True)
class EraseStrokes:
    """Strokes without what was erased of them: each id gives way to its rest (none: it goes), more rests are added."""

    rests: Mapping[str, tuple[Stroke, ...]]
    merge_key: str = ""

    @property
    def label(self) -> str:
        """How many."""
        return "Stroke erased" if len(self.rests) == 1 else f"{len(self.rests)} strokes erased"

    def apply(self, project: Project) -> Project:
        """Ids that are gone meanwhile are left out. Raises StrokesError where a rest could not be read from a file."""
        kept: dict[str, Stroke] = {}
        more: list[Stroke] = []
        for key, stroke in project.strokes.items():
            rest = self.rests.get(key, (stroke,))
            kept |= {key: rest[0]} if rest else {}
            more += rest[1:]
        return ImportStrokes(more).apply(replace(project, strokes=kept))


class Eraser(Idle):
    """Dragged over strokes; what will go is shown at once and goes with the release."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._way: list[tuple[float, float]] = []

    def press(self, event: ToolEvent) -> ToolResult:
        """Begin."""
        self._way = [(event.x_px, event.y_px)]
        return self._shown(event)

    def move(self, event: ToolEvent) -> ToolResult:
        """Erase on."""
        if not self._way:
            return NOTHING
        self._way.append((event.x_px, event.y_px))
        return self._shown(event)

    def release(self, event: ToolEvent) -> ToolResult:
        """What lay under the way is gone."""
        if not self._way:
            return NOTHING
        now = self.look()
        rests = self._rests(now, event)
        self._way = []
        if not rests:
            return ToolResult(say="No stroke lies there; the eraser takes strokes away, the brush (N) takes ink away.")
        return ToolResult(commands=(EraseStrokes(rests),))

    def cancel(self) -> bool:
        """Let everything be."""
        was, self._way = bool(self._way), []
        return was

    def _shown(self, event: ToolEvent) -> ToolResult:
        now = self.look()
        way = Drawn("erase", as_points(np.array(self._way)), now.width_px)
        return ToolResult(Preview((way,), hidden=frozenset(self._rests(now, event))))

    def _rests(self, now: Situation, event: ToolEvent) -> dict[str, tuple[Stroke, ...]]:
        way = resampled(np.array(self._way), step_px=max(1.0, now.width_px / 4))
        found = {}
        for key, stroke in now.project.strokes.items():
            rest = _rest(stroke, way, now, event)
            if rest != (stroke,):
                found[key] = rest
        return found


def _rest(stroke: Stroke, way: FloatArray, now: Situation, event: ToolEvent) -> tuple[Stroke, ...]:
    """What the eraser leaves of a stroke."""
    reach = now.width_px / 2
    match stroke:
        case CurveStroke() | NotCurveStroke():
            return _cut_line(stroke, way, reach)
        case NullStroke() | AcceptStroke():
            here = _over(now, way, stroke.curve)
            return _cut_rows(stroke, way[here, 1], reach) if here.any() else (stroke,)
        case SwapStroke():
            here = _over(now, way, *stroke.curves)
            near = np.abs(way[here, 1] - stroke.from_row) <= max(reach, event.scan_px(GRAB))
            return () if near.any() else (stroke,)


def _cut_line(stroke: CurveStroke | NotCurveStroke, way: FloatArray, reach: float) -> tuple[Stroke, ...]:
    corners = np.array(stroke.points)
    broad = stroke.width_px / 2 if isinstance(stroke, NotCurveStroke) else 0.0
    low, high = corners.min(0) - reach - broad, corners.max(0) + reach + broad
    way = way[((way >= low) & (way <= high)).all(axis=1)]
    if not len(way):
        return (stroke,)
    dense = resampled(corners, step_px=_STEP_PX)
    gone = np.min([np.hypot(*(dense - point).T) for point in way], axis=0) <= reach + broad
    if not gone.any() and to_line(way, corners).min() > reach + broad:
        return (stroke,)
    parts = [simplified(dense[run], tolerance_px=0.05) for run in runs_of(~gone)]
    long = [part for part in parts if np.hypot(*np.diff(part, axis=0).T).sum() >= _SHORTEST_PX]
    return tuple(replace(stroke, points=as_points(part)) for part in long)


def _cut_rows(stroke: NullStroke | AcceptStroke, rows: FloatArray, reach: float) -> tuple[Stroke, ...]:
    first, last = stroke.rows
    low, high = float(rows.min()) - reach, float(rows.max()) + reach
    if high <= first or low >= last:
        return (stroke,)
    parts = ((first, min(low, last)), (max(high, first), last))
    return tuple(replace(stroke, rows=rows) for rows in parts if rows[1] - rows[0] >= _SHORTEST_PX)


def _over(now: Situation, way: FloatArray, *names: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Points of the way in a track that holds the curves."""
    inside = np.zeros(len(way), bool)
    for i, (x, y) in enumerate(way.tolist()):
        track = track_at(now, x, y)
        inside[i] = track is not None and set(names) <= {spec.mnemonic for spec in track.curves}
    return inside
