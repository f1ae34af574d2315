"""The words of a whole log: title block, scale block that says what each pen means, numbers of the depth column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from curvedesk.synth import clutter
from curvedesk.synth.canvas import Layer, Warp, stroke, strokes, whole_width
from curvedesk.synth.pens import dashes
from curvedesk.synth.plan import LogPlan, PlannedCurve, PlannedTrack, level_depths

SCALE_LINE_PX = 58.0
_TITLES = ("INDUCTION ELECTRICAL LOG", "RADIOACTIVITY LOG", "SONIC LOG - GAMMA RAY", "ELECTRIC LOG")


@dataclass(frozen=True, slots=True)
class Press:
    """What prints words and rules on one layer, in 200 dpi pixels of straight paper."""

    rng: np.random.Generator
    layer: Layer
    scale: float
    warp: Warp
    face: clutter.Face

    def word(self, text: str, x_px: float, y_px: float, *, height_px: float, turn: int = 0) -> None:
        """A word centred there."""
        at = self.warp(np.array([[x_px, y_px]]))
        clutter.write(self.layer, text, at, height_px=height_px, scale=self.scale, face=self.face, turn=turn)

    def rule(self, *corners: tuple[float, float], width_px: float) -> None:
        """A line through the corners."""
        width = whole_width(self.rng, width_px, self.scale)
        stroke(self.layer, self.warp(np.array(corners, np.float64)), scale=self.scale, width=width)

    def box(self, x0: float, y0: float, x1: float, y1: float, *, width_px: float) -> None:
        """A frame."""
        self.rule((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0), width_px=width_px)


def draw_header(press: Press, plan: LogPlan, well: Mapping[str, str]) -> None:
    """Title block above the scale block."""
    rng, bottom = press.rng, scale_block_top(plan) - 25
    x0, x1 = plan.tracks[0].x0_px, plan.tracks[-1].x1_px
    press.box(x0, 20.0, x1, bottom, width_px=3)
    press.word(_TITLES[int(rng.integers(len(_TITLES)))], (x0 + x1) / 2, 60, height_px=30)
    pitch = (bottom - 110) / max(len(well), 1)
    for i, (key, value) in enumerate(well.items()):
        y = 110 + pitch * (i + 0.5)
        press.word(key, x0 + 80, y, height_px=min(18, pitch * 0.5))
        press.word(value, x0 + 430, y, height_px=min(24, pitch * 0.6))
        press.rule((x0, y + pitch / 2), (x0 + 760, y + pitch / 2), width_px=1.2)
        press.word(clutter.phrase(rng), rng.uniform(x0 + 850, x1 - 150), y, height_px=15)


def scale_block_top(plan: LogPlan) -> float:
    """First row of the scale block."""
    return plan.top_px - SCALE_LINE_PX * max(len(track.curves) for track in plan.tracks) - 20


def draw_scale_block(press: Press, plan: LogPlan) -> None:
    """Per curve: its name, the values at the borders, and a sample of its stroke."""
    top = scale_block_top(plan)
    for track in plan.tracks:
        press.box(track.x0_px, top, track.x1_px, plan.top_px, width_px=2)
        for i, curve in enumerate(track.curves):
            _scale_line(press, track, curve, top + SCALE_LINE_PX * (i + 0.7))
    press.word("DEPTH", plan.column_px, (top + plan.top_px) / 2, height_px=16)


def _scale_line(press: Press, track: PlannedTrack, curve: PlannedCurve, y: float) -> None:
    service = curve.service
    press.word(f"{service.title} ({service.unit})", (track.x0_px + track.x1_px) / 2, y - 25, height_px=15)
    press.word(f"{service.left:g}", track.x0_px + 30, y - 12, height_px=13)
    press.word(f"{service.right:g}", track.x1_px - 35, y - 12, height_px=13)
    line = press.warp(np.array([[track.x0_px + 4, y], [track.x1_px - 4, y]]))
    width = whole_width(press.rng, min(curve.pen.width_px, 4), press.scale)
    parts = dashes(press.rng, line, curve.pen.dash, by_time=False) if curve.pen.dashed else [line]
    strokes(press.layer, parts, scale=press.scale, width=width)


def draw_depth_numbers(press: Press, plan: LogPlan) -> None:
    """On heavy lines, upright or turned either way."""
    turn, height = int(press.rng.choice([0, 0, 0, 1, 3])), press.rng.uniform(15, 24)
    last = -np.inf
    for depth, weight in level_depths(plan):
        y = float(plan.row_of(np.array(depth)))
        if weight == 2 and y - last > 90:
            last = y
            press.word(f"{depth:.0f}", plan.column_px, y, height_px=height, turn=turn)
