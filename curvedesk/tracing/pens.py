"""All pens of one track: each traced on its own evidence, aware of what the others explain."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from curvedesk.domain.scales import WrapKind
from curvedesk.domain.sheet import CurveSpec, Style
from curvedesk.tracing.axis import Axis, unroll
from curvedesk.tracing.constraints import CERTAIN, UNSAID, Bounds
from curvedesk.tracing.evidence import Weights, ink_of, level_ridges, tables
from curvedesk.tracing.identity import untangle
from curvedesk.tracing.paper import Paper, paper_of
from curvedesk.tracing.path import GAP, Costs, Floats, Path, Prices, cheapest
from curvedesk.tracing.refine import Line, refine

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
FORBIDDEN = np.float32(1000.0)
_MOST_TURNS = 8
_HOME_ROWS, _HOME_PX = 1000, 40
AWAY_COST = np.float32(2.0)
_SWEEPS = 2
_RIM = 128  # evidence under which the end of a piece is the blur of its last rows
_CAP_ROWS = 3  # the round end of a stroke reaches half its width beyond the pen's last point
# Cable tension, cable speed, bit size: pens that run straight down for hundreds of feet. A swing is another curve's.
CALM_CURVES = frozenset({"TENS", "LTEN", "CTEN", "HTEN", "TTEN", "TENSION", "CS", "CSPD", "LSPD", "SPEED", "BS", "BIT"})
CALM_WEIGHTS = {"over_ink": 0.3, "over_paper": 3.0, "along_ridge": 0.0}


@dataclass(slots=True)
class Pen:
    """One curve being traced: its evidence, what binds it, and once traced its path along its axis."""

    spec: CurveSpec
    own: Bytes
    under: Bytes
    along: Bytes
    ridges: Mask
    bounds: Bounds
    weights: Weights
    bands: Mask | None = None
    away: Mask | None = None
    shared: Mask | None = None
    foreign: Mask | None = None
    axis: Axis | None = None
    path: Path | None = None


def trace_pens(
    specs: Sequence[CurveSpec],
    solid: Bytes,
    dashed: Bytes,
    bounds: Sequence[Bounds],
    *,
    gray: Bytes | None = None,
    width: int,
    weights: Weights | None = None,
    prices: Prices | None = None,
) -> list[Line]:
    """The line of every curve of `specs` in a strip; `solid`, `dashed` (rows, columns) probabilities 0..255.

    With the paper's own `gray` (rows, columns), pens of one class are told apart by their ink, and black bands in which
    strokes ran together are passed as ink.
    """
    weights, prices = weights or Weights(), prices or Prices()
    paper = None if gray is None else paper_of(gray)
    pens = [pen_of(spec, solid, dashed, bound, weights, paper=paper) for spec, bound in zip(specs, bounds, strict=True)]
    calm_first = sorted(pens, key=lambda pen: not is_calm(pen.spec))
    for _ in range(_SWEEPS if len(pens) > 1 else 1):
        for pen in calm_first:
            others = [p for p in pens if p is not pen]
            pen.shared = explained(others, solid.shape)
            pen.foreign = explained([p for p in others if is_calm(p.spec)], solid.shape)
            _trace(pen, width, prices)
    if gray is not None:
        _tell_apart(pens, gray)
    return [line_of(pen) for pen in pens]


def line_of(pen: Pen) -> Line:
    """The sub-pixel line of a traced pen."""
    assert pen.path is not None and pen.axis is not None
    ink = np.maximum(pen.own, pen.under)
    return refine(_trimmed(pen.path, pen.axis, ink), pen.axis, ink)


def _trimmed(path: Path, axis: Axis, ink: Bytes) -> Path:
    """The path without the rows at the ends of its pieces where the pen has stopped: a stroke's round end is not a way.

    Where the ink goes on beyond a piece (a range or a stroke of the analyst ended it) nothing is taken away.
    """
    there = path.left != GAP
    keep = there.copy()
    bounds = np.flatnonzero(np.diff(there.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    for start, stop in bounds.tolist():
        rows = np.arange(start, stop)
        columns = axis.column[path.entered[rows]], axis.column[path.left[rows]]
        dark = np.flatnonzero(np.maximum(ink[rows, columns[0]], ink[rows, columns[1]]) >= _RIM)
        if start > 0 and ink[start - 1, columns[0][0]] < _RIM:
            keep[start : start + (dark[0] if dark.size else 0) + _CAP_ROWS] = False
        if stop < len(ink) and ink[stop, columns[1][-1]] < _RIM:
            keep[max(start, start + (dark[-1] + 1 if dark.size else 0) - _CAP_ROWS) : stop] = False
    return Path(np.where(keep & there, path.entered, GAP), np.where(keep & there, path.left, GAP))


def _tell_apart(pens: Sequence[Pen], gray: Bytes) -> None:
    """Exchange stretches of like pens that traded places; rows that strokes or ranges bind stay as they are."""
    for one, other in combinations(pens, 2):
        plain = all(p.spec.scale.wrap.kind is WrapKind.NONE and not is_calm(p.spec) for p in (one, other))
        alike = (one.spec.style is Style.SOLID) == (other.spec.style is Style.SOLID)
        if plain and alike and one.path and other.path:
            bound = _bound_rows(one.bounds, len(gray)) | _bound_rows(other.bounds, len(gray))
            styles = one.spec.style, other.spec.style
            one.path, other.path = untangle(one.path, other.path, gray, styles, bound=bound)


def _bound_rows(bounds: Bounds, rows: int) -> Mask:
    """Rows in which somebody said where the curve is or that it is not."""
    drawn = np.zeros(rows, bool) if bounds.drawn is None else np.logical_or.reduce(bounds.drawn, axis=1)
    return np.asarray(drawn if bounds.absent is None else drawn | bounds.absent)


def is_calm(spec: CurveSpec) -> bool:
    """Whether a curve of this name runs straight by its nature."""
    return spec.mnemonic.upper() in CALM_CURVES


def pen_of(
    spec: CurveSpec, solid: Bytes, dashed: Bytes, bounds: Bounds, weights: Weights, *, paper: Paper | None = None
) -> Pen:
    """A pen not yet traced, on `solid` and `dashed` probabilities (rows, columns) and what the paper says of them."""
    own, under, along = ink_of(solid, dashed, spec.style, weights)
    if bounds.erased is not None:
        own[bounds.erased] = under[bounds.erased] = along[bounds.erased] = 0
    if bounds.drawn is not None:
        own[bounds.drawn] = np.maximum(own[bounds.drawn], CERTAIN)
    ridges = level_ridges(np.maximum(own, under))
    if paper is not None:
        ridges &= ~paper.bare
    if is_calm(spec):
        return Pen(spec, own, under, under, ridges, bounds, replace(weights, **CALM_WEIGHTS), away=_off_home(own))
    return Pen(spec, own, under, along, ridges, bounds, weights, None if paper is None else paper.bands)


def _off_home(own: Bytes) -> Mask:
    """Pixels far from where, in each stretch of rows, ink stands straightest: a calm pen does not go there."""
    away = np.ones(own.shape, bool)
    for start in range(0, len(own), _HOME_ROWS):
        window = own[max(0, start - _HOME_ROWS // 2) : start + 3 * _HOME_ROWS // 2]
        straight = uniform_filter1d(window.mean(axis=0), 9, mode="constant")
        home = int(np.argmax(straight))
        away[start : start + _HOME_ROWS, max(0, home - _HOME_PX) : home + _HOME_PX + 1] = False
    return away


def _trace(pen: Pen, width: int, prices: Prices) -> None:
    """Trace on as many back-up scales as the pen turns out to use."""
    kind = pen.spec.scale.wrap.kind
    low, high = (0, 0) if kind is WrapKind.NONE else (-1 if kind is WrapKind.ADD else 0, 1)
    if kind is not WrapKind.NONE:
        said = said_turns(pen.bounds)
        low, high = min(low, *said, 0), max(high, *said, 0)
    while True:
        pen.axis = unroll(pen.spec.scale, width, turns=range(low, high + 1))
        pen.path = _walk(pen, pen.axis, prices)
        if kind is WrapKind.NONE or high - low >= _MOST_TURNS:
            return
        used = pen.path.left[pen.path.left != GAP]
        above = bool((used >= _enough(pen.axis, high, kind)).any())
        below = kind is WrapKind.ADD and low > -2 and bool((pen.axis.turn[used] == low).any())
        if not above and not below:
            return
        low, high = low - below, high + 2 * above


def said_turns(bounds: Bounds) -> list[int]:
    """The back-up scales that strokes name, as far as there may be so many."""
    named = [] if bounds.turns is None else np.unique(bounds.turns[bounds.turns != UNSAID]).tolist()
    return [turn for turn in named if abs(turn) <= _MOST_TURNS]


def _enough(axis: Axis, high: int, kind: WrapKind) -> int:
    """The position from which on one more back-up scale may be wanted: a pen on the last of added scales may have had
    to leave out a turn; where scales multiply it shows by running to the far end."""
    start = int(np.argmax(axis.turn == high))
    size = axis.column.size
    return start if kind is WrapKind.ADD else size - max(4, (size - start) // 50)


def _walk(pen: Pen, axis: Axis, prices: Prices) -> Path:
    return cheapest(costs_of(pen, axis), len(pen.own), axis.column.size, prices, axis.seams)


def costs_of(pen: Pen, axis: Axis) -> Callable[[slice], Costs]:
    """What each row of the strip costs the pen along `axis`, band by band."""
    weights = pen.weights
    stand_table, travel_table = tables(weights)

    def costs(band: slice) -> Costs:
        own, reward = pen.own[band], np.where(pen.ridges[band], np.float32(weights.along_ridge), np.float32(0))
        for mask, factor, most in (
            (pen.shared, weights.shared, weights.along_shared),
            (pen.foreign, weights.foreign, 0.0),
        ):
            if mask is not None:
                own = np.where(mask[band], (own * np.float32(factor)).astype(np.uint8), own)
                reward[mask[band]] = np.minimum(reward[mask[band]], most)
        evidence = np.maximum(own, pen.under[band])
        stand: Floats = stand_table[evidence]
        travel = travel_table[np.maximum(evidence, pen.along[band])]
        if pen.bands is not None:
            np.minimum(travel, np.float32(weights.over_band), out=travel, where=pen.bands[band])
        travel = np.where(reward > 0, -reward, travel)
        if axis.seams:
            _no_gain_by_laps(travel, axis)
        gap = np.full(len(evidence), weights.gap, np.float32)
        if pen.away is not None:
            stand[pen.away[band]] += AWAY_COST
        if pen.bounds.erased is not None:
            stand[pen.bounds.erased[band]] = FORBIDDEN
            travel[pen.bounds.erased[band]] = FORBIDDEN
        if pen.bounds.allowed is not None:
            inside = pen.bounds.allowed[band]
            bound = np.logical_or.reduce(inside, axis=1)
            stand[bound[:, None] & ~inside] = FORBIDDEN
            stand[inside] = np.minimum(stand[inside], stand_table[1])
            gap[bound] = FORBIDDEN
        if pen.bounds.absent is not None:
            stand[pen.bounds.absent[band]] = FORBIDDEN
            gap[pen.bounds.absent[band]] = 0
        leave = stand[:, axis.column] + axis.cost
        if pen.bounds.turns is not None:
            _keep_to(pen.bounds.turns[band], leave, axis)
        return Costs(leave, travel[:, axis.column], gap)

    return costs


def _keep_to(turns: NDArray[np.int32], leave: Floats, axis: Axis) -> None:
    """Forbid, in place, all other back-up scales than the one that was said, where it has the stroke's place at all."""
    for row in np.flatnonzero(turns != UNSAID).tolist():
        other = axis.turn != turns[row]
        if not other.all() and leave[row, ~other].min() < FORBIDDEN:
            leave[row, other] += FORBIDDEN


def _no_gain_by_laps(travel: Floats, axis: Axis) -> None:
    """Make level ink that reaches from border to border, as a grid line does, worth no round trip over the seam."""
    lap = axis.column[axis.seams[-1] :]
    along = travel[:, lap]
    rewarded = along < 0
    gain = np.maximum(-along.sum(axis=1), 0) / np.maximum(rewarded.sum(axis=1), 1)
    travel[:, lap] += np.where(rewarded, gain[:, None], np.float32(0))


def explained(others: Sequence[Pen], shape: tuple[int, int]) -> Mask | None:
    """Pixels within a pen's width of the lines of other curves."""
    traced = [(p.path, p.axis) for p in others if p.path is not None and p.axis is not None]
    if not traced:
        return None
    mask = np.zeros(shape, np.uint8)
    for path, axis in traced:
        there = np.flatnonzero(path.left != GAP)
        low = np.minimum(path.entered, path.left)[there]
        count = np.abs(path.left - path.entered)[there] + 1
        rows = np.repeat(there, count)
        positions = np.arange(rows.size) - np.repeat(np.cumsum(count) - count, count) + np.repeat(low, count)
        mask[rows, axis.column[positions]] = 1
    return np.asarray(maximum_filter1d(maximum_filter1d(mask, 5, axis=0), 7, axis=1), bool)
