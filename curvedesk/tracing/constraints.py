"""Strokes as hard constraints: where in a row a curve may run, where it has no reading, which ink is no curve."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from curvedesk.domain.errors import StrokesError
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.scales import WrapKind
from curvedesk.domain.strokes import CurveStroke, NotCurveStroke, NullStroke, Points, Stroke, SwapStroke
from curvedesk.tracing.strip import MARGIN_PX, Strip

Mask = NDArray[np.bool_]
CERTAIN = 170  # evidence that a stroke lends to the paper under its middle: ink nearby wins, emptiness does not
UNSAID = np.iinfo(np.int32).min
_SLACK_PX = 1.0


@dataclass(slots=True)
class Bounds:
    """What binds one curve, in strip pixels; None where nobody said anything.

    `allowed` (rows, columns): in rows with any, only there. `drawn` (rows, columns): the strokes' middle lines.
    `absent` (rows,): no reading. `erased` (rows, columns): no curve here, whatever the ink. `turns` (rows,): on which
    back-up scale, UNSAID where nobody said.
    """

    allowed: Mask | None = None
    drawn: Mask | None = None
    absent: Mask | None = None
    erased: Mask | None = None
    turns: NDArray[np.int32] | None = None


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


def swaps_of(strip: Strip, strokes: Iterable[Stroke]) -> Swaps:
    """The swap strokes among the curves of one track, put in order of rows.

    Where a curve has several entries, the one for the depths of each row changes places. Raises StrokesError where a
    swap joins two tracks.
    """
    specs = strip.track.curves
    swaps = sorted((s for s in strokes if isinstance(s, SwapStroke) and _is_here(strip, s)), key=lambda s: s.from_row)
    if not swaps:
        return Swaps((-np.inf,), (tuple(range(len(specs))),))
    starts = (-np.inf, *sorted({s.from_row for s in swaps} | set(_range_ends(strip))))
    names = []
    for start, end in pairwise((*starts, np.inf)):
        active = _active(strip, _middle(start, end))
        order = list(range(len(specs)))
        for swap in swaps:
            if swap.from_row <= start and set(swap.curves) <= set(active):
                exchange = dict(
                    zip((active[n] for n in swap.curves), (active[n] for n in swap.curves[::-1]), strict=True)
                )
                order = [exchange.get(n, n) for n in order]
        names.append(tuple(order))
    return Swaps(starts, tuple(names))


def _middle(start_px: float, end_px: float) -> float:
    """A row between two of which at most one is infinite."""
    if np.isinf(start_px):
        return end_px - 1
    return start_px + 1 if np.isinf(end_px) else (start_px + end_px) / 2


def _is_here(strip: Strip, swap: SwapStroke) -> bool:
    """Whether both curves of a swap are in this track."""
    wanted = set(swap.curves)
    if not any(wanted <= {spec.mnemonic for spec in track.curves} for track in strip.sheet.tracks):
        raise StrokesError(f"the swap of {' and '.join(swap.curves)} joins two tracks; curves swap within one track")
    return wanted <= {spec.mnemonic for spec in strip.track.curves}


def _range_ends(strip: Strip) -> list[float]:
    """Rows in the middle of the track at which entries of its curves begin or end."""
    ends = [d for spec in strip.track.curves for d in (spec.depth_from, spec.depth_to) if d is not None]
    return [float(y) for y in strip.sheet.pixel_at(strip.track, 0.5, np.array(ends))[1]] if ends else []


def _active(strip: Strip, y_px: float) -> dict[str, int]:
    """The entry of each curve that holds at a row."""
    depth = strip.sheet.depth_at(strip.track.x_at(0.5, y_px), y_px)
    return {spec.mnemonic: i for i, spec in enumerate(strip.track.curves) if spec.covers(depth)}


@dataclass(slots=True)
class _Builder:
    strip: Strip
    bounds: list[Bounds]
    swaps: Swaps
    erased: Mask | None = field(default=None)

    def blank(self) -> Mask:
        return np.zeros((self.strip.rows, self.strip.columns), bool)

    def curve(self, curve: int, stroke: CurveStroke) -> None:
        x, y = dense(stroke.points)
        covered = self.strip.track.curves[curve].covers(self.strip.sheet.depth_at(x, y))
        for start, end, pen in self.swaps.pen_of(curve):
            here = (y >= start) & (y < end) & covered
            if here.any():
                self._bind(pen, x[here], y[here], stroke.width_px, stroke.turn)

    def _bind(self, pen: int, x: FloatArray, y: FloatArray, width_px: float, turn: int | None) -> None:
        u, v = self.strip.from_scan(x, y)
        wraps = self.strip.track.curves[pen].scale.wrap.kind is not WrapKind.NONE
        low, high = (MARGIN_PX, MARGIN_PX + self.strip.width - 1) if wraps else (0, self.strip.columns - 1)
        u, bounds = np.clip(u, low, high), self.bounds[pen]  # a pen cannot be bound to where its scale has no place
        bounds.allowed = self.blank() if bounds.allowed is None else bounds.allowed
        bounds.drawn = self.blank() if bounds.drawn is None else bounds.drawn
        _paint(bounds.allowed, u, v, across=width_px / 2 * self.strip.scale, down=0.0)
        _paint(bounds.drawn, u, v, across=0.0, down=0.0)
        if wraps and turn is not None:
            bounds.turns = np.full(self.strip.rows, UNSAID, np.int32) if bounds.turns is None else bounds.turns
            rows = np.rint(v).astype(int)
            bounds.turns[rows[(rows >= 0) & (rows < self.strip.rows)]] = turn

    def null(self, curve: int, stroke: NullStroke) -> None:
        """Rows that are null right across the track; those of a tilted sheet that are so in part are cut later."""
        track, sides = self.strip.track, np.array([[0.0], [1.0]])
        for start, end, pen in self.swaps.pen_of(curve):
            rows = np.clip(np.asarray(stroke.rows, np.float64), start, end)
            if rows[1] > rows[0]:
                _, v = self.strip.from_scan(track.x_at(sides, rows[None]), rows[None])
                row = np.arange(self.strip.rows)
                self.silence(pen, (row >= v[:, 0].max()) & (row <= v[:, 1].min()))

    def outside(self, curve: int) -> None:
        """No reading at depths that the curve's entry is not for."""
        v = np.arange(self.strip.rows, dtype=np.float64)
        outside = ~self.strip.track.curves[curve].covers(self.strip.depth_at(v))
        if not outside.any():
            return
        _, y = self.strip.to_scan(np.full(v.shape, self.strip.columns / 2), v)
        for start, end, pen in self.swaps.pen_of(curve):
            self.silence(pen, outside & (y >= start) & (y < end))

    def silence(self, pen: int, rows: Mask) -> None:
        absent = self.bounds[pen].absent
        self.bounds[pen].absent = rows if absent is None else absent | rows

    def not_curve(self, stroke: NotCurveStroke) -> None:
        self.erased = self.blank() if self.erased is None else self.erased
        u, v = self.strip.from_scan(*dense(stroke.points))
        reach = stroke.width_px / 2 * self.strip.scale
        _paint(self.erased, u, v, across=reach, down=reach)


def bounds_of(strip: Strip, strokes: Sequence[Stroke], swaps: Swaps) -> list[Bounds]:
    """What `strokes` say of each pen of the strip's track, in strip pixels.

    A later stroke does not undo an earlier one: where two `curve` strokes share a row, either place will do.
    """
    specs = strip.track.curves
    build = _Builder(strip, [Bounds() for _ in specs], swaps)
    for stroke in strokes:
        if isinstance(stroke, NotCurveStroke):
            build.not_curve(stroke)
            continue
        for i, spec in enumerate(specs):
            if isinstance(stroke, CurveStroke) and stroke.curve == spec.mnemonic:
                build.curve(i, stroke)
            elif isinstance(stroke, NullStroke) and stroke.curve == spec.mnemonic:
                build.null(i, stroke)
    for i, bounds in enumerate(build.bounds):
        build.outside(i)
        bounds.erased = build.erased
    return build.bounds


def dense(points: Points) -> tuple[FloatArray, FloatArray]:
    """The stroke's polyline (n, 2) of x_px, y_px with a point at least each quarter pixel."""
    p = np.asarray(points, np.float64)
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(p, axis=0).T))])
    at = np.linspace(0, length[-1], int(np.ceil(4 * length[-1])) + 1)
    return np.interp(at, length, p[:, 0]), np.interp(at, length, p[:, 1])


def _paint(mask: Mask, u: FloatArray, v: FloatArray, *, across: float, down: float) -> None:
    """Set what lies within `across` columns and `down` rows of the points."""
    reach, deep = int(across + _SLACK_PX) if across else 0, round(down)
    r, c = np.rint(v).astype(int), np.rint(u).astype(int)
    near = (r >= -deep) & (r < mask.shape[0] + deep) & (c >= -reach) & (c < mask.shape[1] + reach)
    if not near.any():
        return
    r, c = r[near], c[near]
    top, left = int(r.min()) - deep, int(c.min()) - reach
    box = np.zeros((int(r.max()) + deep + 1 - top, int(c.max()) + reach + 1 - left), np.uint8)
    box[r - top, c - left] = 1
    box = maximum_filter1d(maximum_filter1d(box, 2 * deep + 1, axis=0), 2 * reach + 1, axis=1)
    there = mask[max(0, top) : top + box.shape[0], max(0, left) : left + box.shape[1]]
    there |= box[max(0, -top) :, max(0, -left) :][: there.shape[0], : there.shape[1]].astype(bool)
