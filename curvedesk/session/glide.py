"""A short way from one view to another: where it is at a given time, and nothing about clocks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from curvedesk.session.view import View

DURATION_MS = 170.0
FARTHEST_SCREENS = 1.5  # from farther away only the last part is shown: nobody wants to see a thousand feet rush by


@dataclass(frozen=True, slots=True)
class Glide:
    """From `start` to `goal` in `duration_ms`, slowing down towards the end."""

    start: View
    goal: View
    duration_ms: float = DURATION_MS

    def at(self, elapsed_ms: float) -> View:
        """The view so long after the start; `goal` itself, exactly, when the time is over."""
        if self.is_over(elapsed_ms):
            return self.goal
        share = 1.0 - (1.0 - max(elapsed_ms, 0.0) / self.duration_ms) ** 3
        zoom = self.start.zoom * (self.goal.zoom / self.start.zoom) ** share
        left, top = (_between(a, b, share) for a, b in zip(self.start.centre, self.goal.centre, strict=True))
        return replace(self.goal, zoom=zoom).centred_on(left, top)

    def is_over(self, elapsed_ms: float) -> bool:
        """Whether the goal is reached."""
        return elapsed_ms >= self.duration_ms


def glide_to(start: View, goal: View, *, duration_ms: float = DURATION_MS) -> Glide:
    """The way from `start`, or from near the goal if that is far away."""
    start = start.resized(goal.width, goal.height)
    reach = FARTHEST_SCREENS * goal.height / goal.zoom
    away = start.centre[1] - goal.centre[1]
    if abs(away) > reach or not 0.25 < start.zoom / goal.zoom < 4.0:
        near = goal.centre[1] + min(max(away, -reach), reach) / 3
        start = goal.centred_on(y_px=near)
    return Glide(start, goal, duration_ms)


def _between(a: float, b: float, share: float) -> float:
    return a + (b - a) * share
