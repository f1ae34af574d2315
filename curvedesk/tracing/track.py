"""One track: from probabilities on the scan to traced curves in scan pixels, strokes obeyed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.sheet import Sheet, Track
from curvedesk.domain.strokes import Stroke
from curvedesk.tracing.constraints import Swaps, bounds_of, swaps_of
from curvedesk.tracing.pens import trace_pens
from curvedesk.tracing.refine import Line
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
    strip = strip_of(sheet, track, dpi=dpi)
    solid, dashed = (straighten(strip, p, evidence.window) for p in evidence.probability)
    swaps = swaps_of(track.curves, strokes)
    bounds = bounds_of(strip, track.curves, strokes, swaps)
    gray = straighten(strip, evidence.gray, evidence.window, outside=255)
    lines = trace_pens(track.curves, solid, dashed, bounds, gray=gray, width=strip.width)
    pens = [_on_scan(strip, line) for line in lines]
    return [_called(curve, track, pens, swaps) for curve in range(len(pens))]


def _on_scan(strip: Strip, line: Line) -> Line:
    x, y = strip.to_scan(line.u, line.v)
    return Line(x, y, line.turn, line.confidence)


def _called(curve: int, track: Track, pens: Sequence[Line], swaps: Swaps) -> TracedCurve:
    """The curve's line, put together from the pens that bear its name in each stretch of rows."""
    spec = track.curves[curve]
    parts: list[Line] = []
    for start, end, pen in swaps.pen_of(curve):
        line = pens[pen]
        here = (line.v >= start) & (line.v < end) | ~np.isfinite(line.v)
        same_wrap = track.curves[pen].scale.wrap == spec.scale.wrap
        parts.append(_cut(line if same_wrap else line._replace(turn=np.zeros_like(line.turn)), here))
    return TracedCurve(spec, track.name, *(np.concatenate(column) for column in zip(*parts, strict=True)))


def _cut(line: Line, here: NDArray[np.bool_]) -> Line:
    """The points `here`, with a break where the rest was."""
    u, v = line.u.copy(), line.v.copy()
    u[~here], v[~here] = np.nan, np.nan
    edge = here | np.concatenate([here[1:], [False]])
    return Line(u[edge], v[edge], line.turn[edge], line.confidence[edge])
