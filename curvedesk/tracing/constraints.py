"""Strokes as hard constraints: where in a row a curve may run, where it has no reading, which ink is no curve."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.errors import StrokesError
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.sheet import CurveSpec
from curvedesk.domain.strokes import CurveStroke, NotCurveStroke, NullStroke, Points, Stroke, SwapStroke
from curvedesk.tracing.strip import Strip

Mask = NDArray[np.bool_]
CERTAIN = 170  # evidence that a stroke lends to the paper under its middle: ink nearby wins, emptiness does not
_SLACK_PX = 1.0


@dataclass(slots=True)
class Bounds:
    """What binds one curve, in strip pixels; None where nobody said anything.

    `allowed` (rows, columns): in rows with any, only there. `drawn` (rows, columns): the strokes' middle lines.
    `absent` (rows,): no reading. `erased` (rows, columns): no curve here, whatever the ink.
    """

    allowed: Mask | None = None
    drawn: Mask | None = None
    absent: Mask | None = None
    erased: Mask | None = None


@dataclass(frozen=True, slots=True)
class Swaps:
    """Who is called what from which row down: `names[i]` are the names of the pens 0..n-1 from `from_px[i]` on."""

    from_px: tuple[float, ...]
    names: tuple[tuple[int, ...], ...]

    def pen_of(self, curve: int) -> list[tuple[float, float, int]]:
        """Row ranges and the pen that is called `curve` in each."""
        ends = (*self.from_px[1:], np.inf)
        spans = zip(self.from_px, ends, self.names, strict=True)
        return [(start, end, names.index(curve)) for start, end, names in spans]


def swaps_of(specs: Sequence[CurveSpec], strokes: Iterable[Stroke]) -> Swaps:
    """The swap strokes among the curves of one track, put in order of rows."""
    index = {spec.mnemonic: i for i, spec in enumerate(specs)}
    swaps = sorted((s for s in strokes if isinstance(s, SwapStroke)), key=lambda s: s.from_row)
    from_px, names = [-np.inf], [tuple(range(len(specs)))]
    for swap in swaps:
        if not set(swap.curves) & set(index):
            continue
        if not set(swap.curves) <= set(index):
            raise StrokesError(
                f"the swap of {' and '.join(swap.curves)} joins two tracks; curves swap within one track"
            )
        a, b = (index[name] for name in swap.curves)
        exchange = {a: b, b: a}
        from_px.append(swap.from_row)
        names.append(tuple(exchange.get(n, n) for n in names[-1]))
    return Swaps(tuple(from_px), tuple(names))


@dataclass(slots=True)
class _Builder:
    strip: Strip
    bounds: list[Bounds]
    swaps: Swaps
    erased: Mask | None = field(default=None)

    def blank(self) -> Mask:
        return np.zeros((self.strip.rows, self.strip.columns), bool)

    def curve(self, curve: int, stroke: CurveStroke) -> None:
        x, y = _dense(stroke.points)
        for start, end, pen in self.swaps.pen_of(curve):
            here = (y >= start) & (y < end)
            if here.any():
                self._bind(self.bounds[pen], x[here], y[here], stroke.width_px)

    def _bind(self, bounds: Bounds, x: FloatArray, y: FloatArray, width_px: float) -> None:
        u, v = self.strip.from_scan(x, y)
        bounds.allowed = self.blank() if bounds.allowed is None else bounds.allowed
        bounds.drawn = self.blank() if bounds.drawn is None else bounds.drawn
        _paint(bounds.allowed, u, v, across=width_px / 2 * self.strip.scale, down=0.0)
        _paint(bounds.drawn, u, v, across=0.0, down=0.0)

    def null(self, curve: int, stroke: NullStroke) -> None:
        track = self.strip.track
        middle = np.asarray(stroke.rows, np.float64)
        tilt = np.array([0.0, 1.0])
        for start, end, pen in self.swaps.pen_of(curve):
            rows = np.clip(middle, start, end)
            if rows[1] <= rows[0]:
                continue
            _, v = self.strip.from_scan(track.x_at(tilt[:, None], rows[None]), rows[None])
            bounds = self.bounds[pen]
            bounds.absent = np.zeros(self.strip.rows, bool) if bounds.absent is None else bounds.absent
            low, high = int(np.floor(v.min())), int(np.ceil(v.max()))
            bounds.absent[max(low, 0) : max(high + 1, 0)] = True

    def not_curve(self, stroke: NotCurveStroke) -> None:
        self.erased = self.blank() if self.erased is None else self.erased
        u, v = self.strip.from_scan(*_dense(stroke.points))
        reach = stroke.width_px / 2 * self.strip.scale
        _paint(self.erased, u, v, across=reach, down=reach)


def bounds_of(strip: Strip, specs: Sequence[CurveSpec], strokes: Sequence[Stroke], swaps: Swaps) -> list[Bounds]:
    """What `strokes` say of each pen of one track, in strip pixels.

    A later stroke does not undo an earlier one: where two `curve` strokes share a row, either place will do.
    """
    build = _Builder(strip, [Bounds() for _ in specs], swaps)
    for stroke in strokes:
        if isinstance(stroke, NotCurveStroke):
            build.not_curve(stroke)
            continue
        for i, spec in enumerate(specs):
            if isinstance(stroke, CurveStroke) and stroke.curve == spec.mnemonic and _within(strip, spec, stroke):
                build.curve(i, stroke)
            elif isinstance(stroke, NullStroke) and stroke.curve == spec.mnemonic:
                build.null(i, stroke)
    depth = strip.depth_at(np.arange(strip.rows, dtype=np.float64))
    for spec, bounds in zip(specs, build.bounds, strict=True):
        bounds.erased = build.erased
        outside = ~spec.covers(depth)
        if outside.any():
            bounds.absent = outside if bounds.absent is None else bounds.absent | outside
    return build.bounds


def _within(strip: Strip, spec: CurveSpec, stroke: CurveStroke) -> bool:
    """Whether the stroke lies in the depths this entry of its curve is for (a curve may have several)."""
    x, y = np.asarray(stroke.points, np.float64).T
    return bool(spec.covers(strip.sheet.depth_at(x, y)).any())


def _dense(points: Points) -> tuple[FloatArray, FloatArray]:
    """The stroke's polyline with a point each quarter pixel."""
    p = np.asarray(points, np.float64)
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(p, axis=0).T))])
    at = np.linspace(0, length[-1], int(4 * length[-1]) + 1)
    return np.interp(at, length, p[:, 0]), np.interp(at, length, p[:, 1])


def _paint(mask: Mask, u: FloatArray, v: FloatArray, *, across: float, down: float) -> None:
    """Set what lies within `across` columns and `down` rows of the points."""
    rows, columns = mask.shape
    reach = int(np.ceil(across + _SLACK_PX if across else 0))
    offsets = np.arange(-reach, reach + 1)
    offsets = offsets[np.abs(offsets) <= across + _SLACK_PX]
    for step in range(-round(down), round(down) + 1):
        r, c = np.rint(v).astype(int) + step, np.rint(u).astype(int)[:, None] + offsets
        inside = ((r >= 0) & (r < rows))[:, None] & (c >= 0) & (c < columns)
        mask[np.broadcast_to(r[:, None], c.shape)[inside], c[inside]] = True
