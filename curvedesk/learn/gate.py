"""Better or keep: what a new model must show on strokes it never saw before it replaces the old one."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.sheet import Sheet, Track
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NullStroke, Stroke, rows_of
from curvedesk.learn.spoken import Points, walked

EVERY = 4
GAP_PX = 24.0  # rows at 200 dpi around what is held out of which training hears nothing either
WORST = 0.25  # of the track's width: farther is as bad as not found
LOST_PCT = 98 * WORST  # of the track: so far off, a pen was not found
SURER = 0.01  # of the ink, that a model must give such a pen more to be called surer
REPLAY_LOSS = 0.01
GRAIN_PX = 0.5  # at 200 dpi, of a mean over a stroke
_SWAPPED_PX = 3.0
_RIGHT_PX = 1.0  # at 200 dpi: so near to a line that was accepted is right; the old model's own line is not the truth
_FEW = 4

Rows = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Split:
    """What is learnt from and what judges; `closed` are rows of the scan (y_px) that training must not hear of."""

    learn: tuple[Stroke, ...]
    judge: tuple[Stroke, ...]
    closed: tuple[Rows, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One model's figures: held-out curve error in % of the track, identity swaps, replay F1 at 2 px.

    `grain_pct`: errors that differ by no more are the same, as no hand draws more exactly. `share`: of the ink in the
    rows held out, other pens aside, that the model gives the pen.
    """

    error_pct: float
    swaps: int
    replay: float
    grain_pct: float = 0.0
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the new model is adopted, and the sentence that says which number decided."""

    adopted: bool
    sentence: str
    before: Judgement
    after: Judgement


def split(strokes: Sequence[Stroke], *, dpi: float, doubted: Collection[int] = ()) -> Split:
    """Every fourth curve stroke or interval judges; of fewer than four, half of the longest one; those in the places
    `doubted` never do.

    They are counted by depth, intervals before strokes, so that of few the fourth is a stroke: where the old model was
    right no other can be better.
    """
    trusted = [s for place, s in enumerate(strokes) if _tells(s) and place not in doubted]
    telling = sorted(trusted, key=lambda s: (isinstance(s, CurveStroke), rows_of(s)[0]))
    rest = [s for s in strokes if s not in trusted]
    gap = GAP_PX * dpi / 200.0
    if len(telling) >= _FEW:
        judge = tuple(telling[EVERY - 1 :: EVERY])
        learn = [s for s in strokes if s not in judge]
    elif telling:
        longest = max(telling, key=lambda s: rows_of(s)[1] - rows_of(s)[0])
        first, second = _halved(longest)
        judge = (second,)
        learn = [first if s is longest else s for s in telling] + rest
    else:
        judge, learn = (), list(strokes)
    closed = tuple((rows_of(s)[0] - gap, rows_of(s)[1] + gap) for s in judge)
    return Split(tuple(learn), judge, closed)


def _tells(stroke: Stroke) -> bool:
    return isinstance(stroke, CurveStroke | AcceptStroke | NullStroke)


def _halved(stroke: Stroke) -> tuple[Stroke, Stroke]:
    """The upper and the lower half, by depth."""
    first, last = rows_of(stroke)
    middle = (first + last) / 2
    if isinstance(stroke, CurveStroke):
        points = np.asarray(stroke.points, float)
        points = points if len(points) > 2 else walked(points)
        upper, lower = points[points[:, 1] <= middle], points[points[:, 1] > middle]
        halves = [tuple((float(x), float(y)) for x, y in half) for half in (upper, lower)]
        if all(halves):
            return replace(stroke, points=halves[0]), replace(stroke, points=halves[1])
        return stroke, stroke
    assert isinstance(stroke, AcceptStroke | NullStroke)
    return replace(stroke, rows=(first, middle)), replace(stroke, rows=(middle, last))


Traced = Callable[[Sheet], Sequence[TracedCurve]]


def held_out_error(
    judge: Sequence[Stroke], reference: Sequence[TracedCurve], sheet: Sheet, trace: Traced, *, dpi: float = 200.0
) -> tuple[float, int, float]:
    """Mean error of held-out strokes in % of the track, how many follow another curve, and the grain of such errors.

    `trace` takes the sheet cut to a stretch of depth and gives the curves that a model finds there with the held-out
    strokes unbound; `reference` are the curves an accepted interval was said of, where it does not keep its own lines.
    """
    errors, swaps, grains = [], 0, []
    for stroke in judge:
        found = trace(_around(sheet, stroke))
        error, swapped = _error_of(stroke, reference, sheet, found, dpi / 200.0)
        errors.append(error)
        swaps += swapped
        grains.append(_grain(stroke, sheet, dpi / 200.0))
    return _pct(errors), swaps, _pct(grains)


def _pct(shares: Sequence[float]) -> float:
    return 100 * float(np.mean(shares)) if shares else 0.0


def _grain(stroke: Stroke, sheet: Sheet, scale: float) -> float:
    """Of the track's width."""
    assert isinstance(stroke, CurveStroke | AcceptStroke | NullStroke)
    track = next((t for t, spec in sheet.curves() if spec.mnemonic == stroke.curve), None)
    return 0.0 if track is None else GRAIN_PX * scale / _width(track, rows_of(stroke))


def _around(sheet: Sheet, stroke: Stroke, margin_px: float = 160.0) -> Sheet:
    """The sheet cut to the depths around a stroke."""
    first, last = rows_of(stroke)
    y = np.array([first - margin_px, last + margin_px])
    depth = sheet.depth.depth_of_level(y)
    top, bottom = max(float(depth[0]), sheet.depth.top), min(float(depth[1]), sheet.depth.bottom)
    if bottom - top < 2 * sheet.depth.step:
        return sheet
    return replace(sheet, depth=replace(sheet.depth, top=top, bottom=bottom))


def _error_of(
    stroke: Stroke, reference: Sequence[TracedCurve], sheet: Sheet, found: Sequence[TracedCurve], scale: float
) -> tuple[float, bool]:
    assert isinstance(stroke, CurveStroke | AcceptStroke | NullStroke)
    rows = rows_of(stroke)
    own = [line for line in found if line.spec.mnemonic == stroke.curve]
    if isinstance(stroke, NullStroke):
        covered = np.unique(np.rint(np.concatenate([_points(line, rows)[:, 1] for line in own] or [np.zeros(0)])))
        return WORST * min(1.0, covered.size / max(1.0, rows[1] - rows[0])), False
    wanted = _wanted(stroke, reference, rows)
    if not len(wanted):
        return 0.0, False
    track = next((t for t, spec in sheet.curves() if spec.mnemonic == stroke.curve), None)
    if track is None:
        return WORST, False
    away = _away(wanted, own, rows)
    beyond = np.maximum(away - _RIGHT_PX * scale, 0) if isinstance(stroke, AcceptStroke) else away
    error = float(np.minimum(beyond / _width(track, rows), WORST).mean())
    others = [
        _away(wanted, [line], rows) for line in found if line.spec.mnemonic != stroke.curve and line.track == track.name
    ]
    nearest = min((float(np.median(other)) for other in others), default=np.inf)
    mine = float(np.median(away))
    return error, bool(nearest + _SWAPPED_PX < mine)


def _wanted(stroke: CurveStroke | AcceptStroke, reference: Sequence[TracedCurve], rows: Rows) -> Points:
    if isinstance(stroke, CurveStroke):
        return walked(np.asarray(stroke.points, float))
    if stroke.lines:
        return np.concatenate([_within(walked(np.asarray(line, float)), rows) for line in stroke.lines])
    lines = [_points(line, rows) for line in reference if line.spec.mnemonic == stroke.curve]
    return np.concatenate(lines) if lines else np.zeros((0, 2))


def _points(line: TracedCurve, rows: Rows) -> Points:
    points = np.column_stack([line.x_px, line.y_px])
    pieces = [walked(points[piece]) for piece in line.pieces()]
    return _within(np.concatenate(pieces) if pieces else np.zeros((0, 2)), rows)


def _within(points: Points, rows: Rows) -> Points:
    return points[(points[:, 1] >= rows[0] - 1) & (points[:, 1] <= rows[1] + 1)]


def _away(wanted: Points, lines: Sequence[TracedCurve], rows: Rows) -> NDArray[np.float64]:
    wide = (rows[0] - 8, rows[1] + 8)
    there = np.concatenate([_points(line, wide) for line in lines] or [np.zeros((0, 2))])
    return np.asarray(cKDTree(there).query(wanted)[0]) if len(there) else np.full(len(wanted), np.inf)


def _width(track: Track, rows: Rows) -> float:
    y = np.array([sum(rows) / 2])
    return float((track.right_at(y) - track.left_at(y))[0])


def verdict(before: Judgement, after: Judgement) -> Verdict:
    """The rule: less error on what was held out, no more swaps, and nothing forgotten.

    Where both err alike, the one that gives the pen more of its rows' ink errs less elsewhere; where neither finds the
    pen at all, a hair of it is chance.
    """
    figures = f"error on strokes it has not seen {before.error_pct:.2f} % → {after.error_pct:.2f} % of the track"
    fallen, grain = before.error_pct - after.error_pct, before.grain_pct
    if fallen < -grain or (fallen <= 0 and not grain):
        return Verdict(False, f"The old model stays: {figures}, which is no better.", before, after)
    if fallen <= grain:
        figures += f", the same for any hand, and {before.share:.0%} → {after.share:.0%} of their rows' ink is theirs"
        if after.share <= before.share + (SURER if min(before.error_pct, after.error_pct) >= LOST_PCT else 0.0):
            return Verdict(False, f"The old model stays: {figures}, which is no better.", before, after)
    if after.swaps > before.swaps:
        return Verdict(
            False,
            f"The old model stays: it mixes up curves {after.swaps} times instead of {before.swaps}.",
            before,
            after,
        )
    lost = before.replay - after.replay
    if lost > REPLAY_LOSS:
        forgot = f"on other logs its score falls from {before.replay:.3f} to {after.replay:.3f}"
        return Verdict(False, f"The old model stays: {forgot}, more than {REPLAY_LOSS:g}.", before, after)
    return Verdict(
        True, f"The new model is better: {figures}; other logs {before.replay:.3f} → {after.replay:.3f}.", before, after
    )


def distrusted(count: int) -> Verdict:
    """The verdict where so many strokes, half of all or more, are doubted and nothing was learnt."""
    what = "a stroke is" if count == 1 else f"{count} strokes are"
    sentence = f"The old model stays: {what} doubted, half of what was drawn or more. Mend them, or draw others."
    nothing = Judgement(0.0, 0, 0.0)
    return Verdict(False, sentence, nothing, nothing)
