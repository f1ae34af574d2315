"""Which rows a change of strokes asks to be traced anew, and which pens."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.scales import WrapKind
from curvedesk.domain.sheet import CurveSpec, Track
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, NullStroke, Stroke, SwapStroke
from curvedesk.tracing.constraints import Swaps, dense
from curvedesk.tracing.strip import Strip
from curvedesk.tracing.track import is_readable

ALL_PENS = frozenset({-1})


@dataclass(frozen=True, slots=True)
class Span:
    """Strip rows to trace anew, and the pens to begin with (ALL_PENS: all)."""

    first: float
    last: float
    pens: frozenset[int]
    is_wide: bool = False  # a stroke that goes may have led the curves astray for farther than it is long
    is_far: bool = False  # a back-up scale was named, which holds to where the pen left it


def spans_of(
    strip: Strip, swaps: Swaps, strokes: Sequence[Stroke], changed: Sequence[Stroke], *, renamed: bool
) -> Iterator[Span]:
    """The rows that changed strokes, and the strokes of curves that changed names, ask to be traced anew."""
    again = [s for s in strokes if renamed and s not in changed and isinstance(s, CurveStroke | NullStroke)]
    swapped = {name for s in changed if isinstance(s, SwapStroke) for name in s.curves}
    for stroke in (*changed, *(s for s in again if s.curve in swapped)):
        match stroke:
            case CurveStroke():
                yield from _of_curve(strip, swaps, stroke, gone=stroke not in strokes)
            case NotCurveStroke():
                yield from _of_erased(strip, stroke, added=stroke in strokes)
            case NullStroke() if stroke not in strokes or stroke in again:
                yield from _of_null(strip, swaps, stroke)
            case _:
                pass


def _entries(track: Track, mnemonic: str) -> Iterator[tuple[int, CurveSpec]]:
    return ((i, spec) for i, spec in enumerate(track.curves) if spec.mnemonic == mnemonic)


def _of_curve(strip: Strip, swaps: Swaps, stroke: CurveStroke, *, gone: bool) -> Iterator[Span]:
    points = np.column_stack(dense(stroke.points))
    for curve, spec in _entries(strip.track, stroke.curve):
        here = points[is_readable(strip, spec, points)]
        if len(here):
            v = strip.from_scan(*here.T)[1]
            far = stroke.turn is not None and spec.scale.wrap.kind is not WrapKind.NONE
            yield Span(v.min(), v.max(), _pens(swaps, curve, here[:, 1]), gone, far)


def _of_erased(strip: Strip, stroke: NotCurveStroke, *, added: bool) -> Iterator[Span]:
    u, v = strip.from_scan(*dense(stroke.points))
    reach = stroke.width_px / 2 * strip.scale + 1
    inside = (u >= -reach) & (u <= strip.columns - 1 + reach) & (v >= -reach) & (v <= strip.rows - 1 + reach)
    if inside.any():
        yield Span(v[inside].min() - reach, v[inside].max() + reach, frozenset() if added else ALL_PENS, not added)


def _of_null(strip: Strip, swaps: Swaps, stroke: NullStroke) -> Iterator[Span]:
    for curve, _ in _entries(strip.track, stroke.curve):
        rows = np.asarray(stroke.rows)
        v = strip.from_scan(strip.track.x_at(np.array([[0.0], [1.0]]), rows[None]), rows[None])[1]
        if v.max() >= 0 and v.min() <= strip.rows - 1:
            first, last = np.clip([v.min(), v.max()], 0, strip.rows - 1)
            yield Span(first, last, _pens(swaps, curve, rows))


def _pens(swaps: Swaps, curve: int, y_px: FloatArray) -> frozenset[int]:
    """The pens that bear a curve's name between the rows of `y_px`."""
    low, high = y_px.min(), y_px.max()
    return frozenset(pen for start, end, pen in swaps.pen_of(curve) if start <= high and end > low)


def merged(spans: Iterable[Span], *, margin: int) -> list[Span]:
    """Spans whose windows would touch, as one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda s: s.first):
        if found and span.first - found[-1].last <= 2 * margin:
            last = found[-1]
            both = last.pens | span.pens
            wide, far = last.is_wide or span.is_wide, last.is_far or span.is_far
            found[-1] = Span(last.first, max(last.last, span.last), both, wide, far)
        else:
            found.append(span)
    return found


def rows_px(strip: Strip) -> tuple[float, float]:
    """The first and the last scan row (y_px) that a strip touches."""
    _, y = strip.to_scan(np.array([0.0, strip.columns - 1]), np.array([[0.0], [strip.rows - 1.0]]))
    return float(y.min()) - 1, float(y.max()) + 1


def reaches(stroke: Stroke, low_px: float, high_px: float) -> bool:
    """Whether a stroke says anything of the scan rows low..high."""
    if isinstance(stroke, SwapStroke):
        return True
    if isinstance(stroke, NullStroke | AcceptStroke):
        return stroke.rows[0] <= high_px and stroke.rows[1] >= low_px
    y, reach = [point[1] for point in stroke.points], stroke.width_px / 2 + 2
    return min(y) - reach <= high_px and max(y) + reach >= low_px
