"""A click on a curve reads it on the next back-up scale there; the ink itself stays as it was traced."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.project import CurveKey
from curvedesk.domain.scales import ValueScale, WrapKind
from curvedesk.domain.strokes import MOST_TURN, CurveStroke
from curvedesk.domain.track import Track
from curvedesk.session.commands import AddStroke, Command, ReplaceStroke
from curvedesk.session.tools.base import NOTHING, Drawn, Idle, Preview, Situation, ToolEvent, ToolResult, scan_scale
from curvedesk.session.tools.drawing import PEN_WIDTH_PX, TOLERANCE_PX
from curvedesk.session.tools.lines import as_points, simplified
from curvedesk.session.tools.traced import curves_by_distance, track_at

REACH_PX = 30.0  # rows at 200 dpi above and below the click that are said to lie on the scale
_LEAST_TURN = -2


class BackUp(Idle):
    """One click for the next scale, with Shift for the one before; until then the scale is shown at the pointer."""

    def press(self, event: ToolEvent) -> ToolResult:
        """Say so."""
        now = self.look()
        step, refusal = _step(now, event)
        return ToolResult(say=refusal) if step is None else ToolResult(commands=(step.command(now, event),))

    def move(self, event: ToolEvent) -> ToolResult:
        """Show which stretch would be read between which values."""
        now = self.look()
        step, _ = _step(now, event)
        if step is None:
            return NOTHING
        drawn = Drawn("curve", as_points(step.line), PEN_WIDTH_PX * scan_scale(now), step.key)
        return ToolResult(Preview((drawn,), words=step.words()))


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """A stretch of a curve's line (n, 2), and the back-up scale it is to be read on."""

    key: CurveKey
    name: str
    scale: ValueScale
    line: FloatArray
    turn: int

    def words(self) -> str:
        """The curve and what its track is worth there."""
        ends = self.scale.value_at(np.array([0.0, 1.0]), self.turn)
        where = "its own scale" if self.turn == 0 else f"back-up {self.turn}"
        return f"{self.name} on {where}: {ends[0]:g} to {ends[1]:g}"

    def command(self, now: Situation, event: ToolEvent) -> Command:
        """A stroke along the line, in place of what was last said of the scale here."""
        line = simplified(self.line, tolerance_px=TOLERANCE_PX * scan_scale(now))
        stroke = CurveStroke(self.name, as_points(line), PEN_WIDTH_PX * scan_scale(now), self.turn)
        for key, known in reversed(list(now.project.strokes.items())):
            if isinstance(known, CurveStroke) and known.curve == self.name and known.turn is not None:
                rows = [y for _, y in known.points]
                if min(rows) <= event.y_px <= max(rows):
                    return ReplaceStroke(key, replace(known, turn=self.turn))
        return AddStroke(stroke)


def _step(now: Situation, event: ToolEvent) -> tuple[_Step | None, str]:
    """The stretch nearest to the pointer on its next scale, and why there is none."""
    track = track_at(now, event.x_px, event.y_px)
    near = [] if track is None else curves_by_distance(now, track, event.x_px, event.y_px)
    keys = [key for _, key in near if now.keys[key][1].scale.wrap.kind is not WrapKind.NONE]
    if track is None or not keys:
        return None, "Click on a curve that has a back-up scale; the sheet says which curves have one."
    spec = now.keys[keys[0]][1]
    if now.project.look(keys[0]).locked:
        return None, f"{spec.mnemonic} is locked; unlock it in the list of curves to correct it."
    line, turn = _stretch(now.project.curves[keys[0]], event, REACH_PX * scan_scale(now))
    turn += -1 if event.shift else 1
    least = 0 if spec.scale.wrap.kind is WrapKind.MULTIPLY else _LEAST_TURN
    if not least <= turn <= MOST_TURN:
        return None, f"{spec.mnemonic} has no scale {'before' if turn < least else 'after'} this one."
    line = line[_has_room(track, spec.scale, line, turn)]
    if len(line) < 2:
        return None, f"{spec.mnemonic} cannot be so far left on its next back-up scale."
    return _Step(keys[0], spec.mnemonic, spec.scale, line, turn), ""


def _stretch(curve: TracedCurve, event: ToolEvent, reach: float) -> tuple[FloatArray, int]:
    """The line (n, 2) around its point nearest to the pointer, as far as it stays on one scale, and that scale."""
    points = np.column_stack([curve.x_px, curve.y_px])
    away = np.hypot(points[:, 0] - event.x_px, 3 * (points[:, 1] - event.y_px))
    at = int(np.nanargmin(away))
    inside = (np.abs(points[:, 1] - points[at, 1]) <= reach) & (curve.turn == curve.turn[at])
    outside = np.flatnonzero(~inside)  # NaN rows too
    first = int(outside[outside < at].max(initial=-1)) + 1
    last = int(outside[outside > at].min(initial=len(points)))
    return points[first:last], int(curve.turn[at])


def _has_room(track: Track, scale: ValueScale, line: FloatArray, turn: int) -> NDArray[np.bool_]:
    """Points that the scale `turn` can show: a wider one begins where the one before it ended."""
    if scale.wrap.kind is not WrapKind.MULTIPLY or turn == 0:
        return np.ones(len(line), np.bool_)
    return np.asarray(track.fraction_at(*line.T) >= 1 / scale.wrap.factor)
