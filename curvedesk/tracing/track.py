"""One track: from probabilities on the scan to traced curves in scan pixels, strokes obeyed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.scales import WrapKind
from curvedesk.domain.sheet import CurveSpec, Sheet, Track
from curvedesk.domain.strokes import CurveStroke, NotCurveStroke, NullStroke, Stroke
from curvedesk.tracing.accepted import spelled_out
from curvedesk.tracing.binding import bound, joined, silenced, within
from curvedesk.tracing.constraints import Swaps, bounds_of, dense, swaps_of
from curvedesk.tracing.erasing import clear_of
from curvedesk.tracing.pens import trace_pens
from curvedesk.tracing.refine import Line
from curvedesk.tracing.standing import straight_solid
from curvedesk.tracing.strip import Strip, Window, straighten, strip_of

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The network's answer (2, H, W), solid and dashed, 0..255, the paper itself (H, W), both at 200 dpi, and where on
    the scan they lie."""

    probability: Bytes
    gray: Bytes
    window: Window


def trace_track(
    sheet: Sheet, track: Track, evidence: Evidence, *, dpi: float, strokes: Sequence[Stroke] = ()
) -> list[TracedCurve]:
    """Every curve of `track`, those not to be digitised included, since they must not be taken for a wanted one.

    Raises StrokesError where a swap joins two tracks.
    """
    if not track.curves:
        return []
    strip, strokes = strip_of(sheet, track, dpi=dpi), spelled_out(strokes)
    solid, dashed, gray = straightened(strip, evidence)
    swaps = swaps_of(strip, strokes)
    bounds = bounds_of(strip, strokes, swaps)
    lines = trace_pens(track.curves, solid, dashed, bounds, gray=gray, width=strip.width)
    pens = [on_scan(strip, line) for line in lines]
    named = (called(curve, track, pens, swaps) for curve in range(len(pens)))
    traced = [obedient(strip, curve, line, strokes) for curve, line in enumerate(named)]
    return [TracedCurve(spec, track.name, *line) for spec, line in zip(track.curves, traced, strict=True)]


def straightened(strip: Strip, evidence: Evidence) -> tuple[Bytes, Bytes, Bytes]:
    """Solid and dashed probabilities, standing pens included, and the paper itself in a strip (rows, columns)."""
    solid, dashed = evidence.probability
    return (
        straight_solid(strip, solid, evidence.gray, evidence.window),
        straighten(strip, dashed, evidence.window),
        straighten(strip, evidence.gray, evidence.window, outside=255),
    )


def on_scan(strip: Strip, line: Line) -> Line:
    """A line of the strip in scan pixels."""
    x, y = strip.to_scan(line.u, line.v)
    return Line(x, y, line.turn, line.confidence)


def called(curve: int, track: Track, pens: Sequence[Line], swaps: Swaps) -> Line:
    """The curve's line, put together from the pens that bear its name in each stretch of rows."""
    wrap, parts = track.curves[curve].scale.wrap, []
    for start, end, pen in swaps.pen_of(curve):
        line = pens[pen] if np.isinf([start, end]).all() else within(pens[pen], start, end)
        alike = track.curves[pen].scale.wrap == wrap
        parts.append(line if alike else line._replace(turn=np.zeros_like(line.turn)))
    return joined(parts)


def obedient(strip: Strip, curve: int, line: Line, strokes: Sequence[Stroke]) -> Line:
    """The curve's line, bound to its strokes and silent where it has no reading."""
    spec = strip.track.curves[curve]
    for stroke in strokes:
        if isinstance(stroke, NotCurveStroke):
            line = clear_of(line, np.column_stack(dense(stroke.points)), reach_px=stroke.width_px / 2)
    for stroke in strokes:
        if isinstance(stroke, CurveStroke) and stroke.curve == spec.mnemonic:
            points = np.column_stack(dense(stroke.points))
            points = points[is_readable(strip, spec, points)]
            turn = None if spec.scale.wrap.kind is WrapKind.NONE else stroke.turn
            line = bound(line, points, width_px=stroke.width_px, turn=turn) if len(points) else line
    for stroke in strokes:
        if isinstance(stroke, NullStroke) and stroke.curve == spec.mnemonic:
            line = silenced(line, *stroke.rows)
    return line


def is_readable(strip: Strip, spec: CurveSpec, points: FloatArray) -> NDArray[np.bool_]:
    """Which points of a stroke lie in this track's strip and in the depths of this entry of the curve."""
    u, v = strip.from_scan(*points.T)
    across = (u >= 0) & (u <= strip.columns - 1)
    return np.asarray(across & (v >= 0) & (v <= strip.rows - 1) & spec.covers(strip.depth_at(v)))
