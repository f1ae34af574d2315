"""The top of a log: title block with rules and words, and the scale block that says what each pen means."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from curvedesk.synth import clutter
from curvedesk.synth.canvas import Layer, Points, Warp, stroke, strokes, whole_width
from curvedesk.synth.pens import dashes
from curvedesk.synth.plan import LogPlan, PlannedCurve, PlannedTrack, level_depths

SCALE_LINE_PX = 58.0


def draw_header(
    rng: np.random.Generator, layer: Layer, plan: LogPlan, well: Mapping[str, str], *, scale: float, warp: Warp
) -> None:
    """Title block above the scale block."""
    face, bottom = clutter.Face.random(rng), scale_block_top(plan) - 25
    x0, x1 = plan.tracks[0].x0_px, plan.tracks[-1].x1_px
    _box(layer, (x0, 20.0, x1, bottom), width=whole_width(rng, 3, scale), scale=scale, warp=warp)
    title = str(rng.choice(["INDUCTION ELECTRICAL LOG", "RADIOACTIVITY LOG", "SONIC LOG - GAMMA RAY", "ELECTRIC LOG"]))
    _text(layer, title, ((x0 + x1) / 2, 60), 30, face, scale, warp)
    pitch = (bottom - 110) / max(len(well), 1)
    for i, (key, value) in enumerate(well.items()):
        y = 110 + pitch * (i + 0.5)
        _text(layer, key, (x0 + 80, y), min(18, pitch * 0.5), face, scale, warp)
        _text(layer, value, (x0 + 430, y), min(24, pitch * 0.6), face, scale, warp)
        line = np.array([[x0, y + pitch / 2], [x0 + 760, y + pitch / 2]])
        stroke(layer, warp(line), scale=scale, width=whole_width(rng, 1.2, scale))
        _text(layer, clutter.phrase(rng), (rng.uniform(x0 + 850, x1 - 150), y), 15, face, scale, warp)


def scale_block_top(plan: LogPlan) -> float:
    """First row of the scale block."""
    return plan.top_px - SCALE_LINE_PX * max(len(track.curves) for track in plan.tracks) - 20


def draw_scale_block(rng: np.random.Generator, layer: Layer, plan: LogPlan, *, scale: float, warp: Warp) -> None:
    """Per curve: its name, the values at the borders, and a sample of its stroke."""
    face, top = clutter.Face.random(rng), scale_block_top(plan)
    for track in plan.tracks:
        _box(
            layer,
            (track.x0_px, top, track.x1_px, plan.top_px),
            width=whole_width(rng, 2, scale),
            scale=scale,
            warp=warp,
        )
        for i, curve in enumerate(track.curves):
            _scale_line(rng, layer, track, curve, top + SCALE_LINE_PX * (i + 0.7), face, scale, warp)
    _text(layer, "DEPTH", (plan.column_px, (top + plan.top_px) / 2), 16, face, scale, warp)


def _scale_line(
    rng: np.random.Generator, layer: Layer, track: PlannedTrack, curve: PlannedCurve, y: float, face: clutter.Face,
    scale: float, warp: Warp,
) -> None:  # fmt: skip
    service = curve.service
    middle = (track.x0_px + track.x1_px) / 2
    _text(layer, f"{service.title} ({service.unit})", (middle, y - 22), 15, face, scale, warp)
    _text(layer, f"{service.left:g}", (track.x0_px + 35, y - 16), 14, face, scale, warp)
    _text(layer, f"{service.right:g}", (track.x1_px - 40, y - 16), 14, face, scale, warp)
    line = warp(np.array([[track.x0_px + 4, y], [track.x1_px - 4, y]]))
    width = whole_width(rng, min(curve.pen.width_px, 4), scale)
    parts = dashes(rng, line, curve.pen.dash, by_time=False) if curve.pen.dashed else [line]
    strokes(layer, parts, scale=scale, width=width)


def draw_depth_numbers(rng: np.random.Generator, layer: Layer, plan: LogPlan, *, scale: float, warp: Warp) -> None:
    """The numbers of the depth column, on heavy lines."""
    face, turn, height = clutter.Face.random(rng), int(rng.choice([0, 0, 0, 1, 3])), rng.uniform(15, 24)
    last = -np.inf
    for depth, weight in level_depths(plan):
        y = float(plan.row_of(np.array(depth)))
        if weight == 2 and y - last > 90:
            last = y
            at = warp(np.array([[plan.column_px, y]]))
            clutter.write(layer, f"{depth:.0f}", at, height_px=height, scale=scale, face=face, turn=turn)


def _text(
    layer: Layer, text: str, at: tuple[float, float], height_px: float, face: clutter.Face, scale: float, warp: Warp
) -> None:
    clutter.write(layer, text, warp(np.array([at])), height_px=height_px, scale=scale, face=face)


def _box(layer: Layer, corners: tuple[float, float, float, float], *, width: int, scale: float, warp: Warp) -> None:
    x0, y0, x1, y1 = corners
    path: Points = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]])
    stroke(layer, warp(path), scale=scale, width=width)
