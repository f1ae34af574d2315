"""Pen and brush: freehand while the button is down, click by click with Enter at the end."""

from abc import ABC, abstractmethod

import numpy as np

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.strokes import CurveStroke, NotCurveStroke, Stroke
from curvedesk.session.commands import AddStroke
from curvedesk.session.tools.base import (
    DRAG,
    NOTHING,
    Drawn,
    Idle,
    Look,
    Preview,
    Situation,
    ToolEvent,
    ToolResult,
    scan_scale,
)
from curvedesk.session.tools.lines import as_points, resampled, simplified
from curvedesk.session.tools.snapping import REACH, Known, snapped

STEP = 3.0  # screen pixels between the points that are snapped
TOLERANCE_PX = 0.3  # what fewer points may cost, in scan pixels at 200 dpi
PEN_WIDTH_PX = 3.0


class Drawing(Idle, ABC):
    """A polyline that grows by dragging or by clicks; what it becomes is said by the tools below."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._fixed: list[tuple[float, float]] = []  # clicked corners, and dragged parts behind them
        self._marks: list[int] = []  # how many points there were before each click: what Backspace goes back to
        self._down: ToolEvent | None = None
        self._dragging = False

    @property
    def is_drawing(self) -> bool:
        """Whether something is half done."""
        return bool(self._fixed)

    def press(self, event: ToolEvent) -> ToolResult:
        """Begin, or set the next corner."""
        refusal = self.refusal()
        if refusal:
            return ToolResult(say=refusal)
        self._down, self._dragging = event, False
        if self._fixed and np.hypot(event.x_px - self._fixed[-1][0], event.y_px - self._fixed[-1][1]) < 1e-9:
            return self._shown(event)
        self._marks.append(len(self._fixed))
        self._fixed.append((event.x_px, event.y_px))
        return self._shown(event)

    def move(self, event: ToolEvent) -> ToolResult:
        """Draw on while pressed; else show where the next corner would lead."""
        if self._down is not None:
            away = np.hypot(event.x_px - self._down.x_px, event.y_px - self._down.y_px)
            self._dragging = self._dragging or bool(away > event.scan_px(DRAG))
            if self._dragging:
                self._fixed.append((event.x_px, event.y_px))
        return self._shown(event) if self._fixed else NOTHING

    def release(self, event: ToolEvent) -> ToolResult:
        """A drag is done with its release; a click waits for the next, or for Enter."""
        was_first, self._down = len(self._marks) == 1, None
        if not self._fixed:
            return NOTHING
        if self._dragging and was_first:
            self._dragging = False
            return self._done(event)
        self._dragging = False
        return self._shown(event)

    def key(self, name: str) -> ToolResult | None:
        """Enter ends a polyline, Backspace takes its last corner back."""
        if not self._fixed or self._down is not None:
            return None
        last = ToolEvent(*self._fixed[-1])
        if name in {"Return", "Enter"}:
            return self._done(last)
        if name not in {"Backspace", "Delete"}:
            return None
        del self._fixed[self._marks.pop() :]
        return self._shown(ToolEvent(*self._fixed[-1])) if self._fixed else NOTHING

    def cancel(self) -> bool:
        """Drop the whole line."""
        was = self.is_drawing
        self._fixed, self._marks, self._down, self._dragging = [], [], None, False
        return was

    def refusal(self) -> str:
        """Why nothing can be drawn; empty where it can."""
        return ""

    @abstractmethod
    def line(self, points: FloatArray, event: ToolEvent, now: Situation) -> FloatArray:
        """The line that the hand's way (n, 2) means."""

    @abstractmethod
    def stroke(self, points: FloatArray, now: Situation) -> Stroke:
        """The stroke of a finished line."""

    @abstractmethod
    def drawn(self, points: FloatArray, now: Situation) -> Drawn:
        """How the line is shown."""

    def _shown(self, event: ToolEvent) -> ToolResult:
        now = self.look()
        way = [*self._fixed] if self._down is not None else [*self._fixed, (event.x_px, event.y_px)]
        line = self.line(np.array(way), event, now)
        corners = tuple(self._fixed[i] for i in self._marks) if not self._dragging or len(self._marks) > 1 else ()
        return ToolResult(Preview((self.drawn(line, now),), marks=corners))

    def _done(self, event: ToolEvent) -> ToolResult:
        now = self.look()
        line = self.line(np.array(self._fixed), event, now)
        self.cancel()
        return ToolResult(
            commands=(AddStroke(self.stroke(simplified(line, tolerance_px=TOLERANCE_PX * scan_scale(now)), now)),)
        )


class Pen(Drawing):
    """The curve runs here. The line is drawn to the ink beside it; with Alt it stays where the hand went."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._known: Known = {}

    def cancel(self) -> bool:
        """See Drawing."""
        self._known = {}
        return super().cancel()

    def refusal(self) -> str:
        """See Situation.refusal."""
        return self.look().refusal()

    def line(self, points: FloatArray, event: ToolEvent, now: Situation) -> FloatArray:
        """The hand's way, on the ridge of the ink."""
        spec = now.active_spec
        if event.alt or spec is None:
            return points
        dense = resampled(points, step_px=max(1.0, event.scan_px(STEP)))
        return snapped(dense, spec, now.evidence, reach_px=event.scan_px(REACH), known=self._known)

    def stroke(self, points: FloatArray, now: Situation) -> Stroke:
        """A stroke of the active curve."""
        spec = now.active_spec
        assert spec is not None
        return CurveStroke(spec.mnemonic, as_points(points), PEN_WIDTH_PX * scan_scale(now))

    def drawn(self, points: FloatArray, now: Situation) -> Drawn:
        """In the active curve's colour."""
        return Drawn("curve", as_points(points), PEN_WIDTH_PX * scan_scale(now), now.active or "")


class Brush(Drawing):
    """Whatever ink lies under it is no curve; as wide as the wheel says."""

    def line(self, points: FloatArray, event: ToolEvent, now: Situation) -> FloatArray:  # noqa: ARG002
        """Where the hand went."""
        return points

    def stroke(self, points: FloatArray, now: Situation) -> Stroke:
        """A broad stroke of no curve."""
        return NotCurveStroke(as_points(points), now.width_px)

    def drawn(self, points: FloatArray, now: Situation) -> Drawn:
        """As broad as it is."""
        return Drawn("not_curve", as_points(points), now.width_px)
