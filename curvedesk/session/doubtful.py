"""Where a stroke helps most: stretches the program is unsure of, ranked, each with a sentence in a geologist's words.

Four kinds of doubt: ink that was hardly seen, a gap that was bridged or left open, two like pens that meet, and a pen
that leaves its track. Stretches an analyst has spoken about already are not asked again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.project import CurveKey, curve_keys
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.strokes import Stroke, SwapStroke, curves_of, rows_of

# All lengths are 200 dpi pixels.
_LOW, _BRIDGED = 0.6, 0.25  # confidence below which a pen counts as hardly seen, and as not seen at all
_SMOOTH_PX, _LEAST_PX, _JOIN_PX, _LONGEST_PX = 15, 8, 40, 600
_NEAR_PX = 4.0
_RIM = 0.004  # share of the track's width
_ANSWERED = 0.6  # share of a stretch under strokes from which on it counts as answered
_SWAP_PX = 60.0
_WRAP_WEIGHT, _CROSS_WEIGHT, _RIM_WEIGHT, _GAP_WEIGHT = 12.0, 15.0, 0.3, 0.7

Mask = NDArray[np.bool_]
Rows = tuple[float, float]


class DoubtKind(StrEnum):
    """What is doubtful."""

    FAINT = "faint"
    BRIDGED = "bridged"
    OPEN = "open"
    CROSSING = "crossing"
    WRAP = "wrap"
    RIM = "rim"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A stretch worth a stroke: first and last y_px, their depths, the curves it is about, and how much it weighs."""

    rows: Rows
    depths: Rows
    kind: DoubtKind
    curves: tuple[CurveKey, ...]
    sentence: str
    score: float


@dataclass(frozen=True, slots=True)
class _Line:
    """One curve row by row: x_px and confidence at whole rows, NaN where it has no reading."""

    key: CurveKey
    name: str
    curve: TracedCurve
    first_row: int
    x_px: FloatArray
    sure: FloatArray

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.x_px)


def doubts(
    sheet: Sheet, curves: Mapping[CurveKey, TracedCurve], strokes: Iterable[Stroke] = (), *, most: int = 12
) -> tuple[Doubt, ...]:
    """The `most` doubtful stretches, the one where a stroke helps most first."""
    k = (sheet.dpi or 200.0) / 200.0
    names = {key: spec for key, (_track, spec) in curve_keys(sheet).items() if spec.digitize}
    lines = [_line(key, spec.mnemonic, curves[key]) for key, spec in names.items() if key in curves]
    lines = [line for line in lines if len(line.x_px)]
    said = list(strokes)
    found = [doubt for line in lines for doubt in _of_one(sheet, line, k)]
    found += [doubt for one, other in _like(sheet, lines) for doubt in _of_two(sheet, one, other, k)]
    asked = [doubt for doubt in found if not _answered(doubt, said, k)]
    return tuple(_apart(sorted(asked, key=lambda doubt: -doubt.score), most))


def mean_confidence(curve: TracedCurve) -> float | None:
    """Mean of a curve's confidence where it has a reading, None where it has none."""
    there = np.isfinite(curve.x_px)
    return float(curve.confidence[there].mean()) if there.any() else None


def step_from(found: Sequence[Doubt], current: int | None, *, by: int) -> int | None:
    """Place in the list of the next (by 1) or previous (by -1) doubt, round and round; None where there is none."""
    if not found:
        return None
    if current is None:
        return 0 if by > 0 else len(found) - 1
    return (current + by) % len(found)


def _line(key: CurveKey, name: str, curve: TracedCurve) -> _Line:
    there = np.isfinite(curve.y_px) & np.isfinite(curve.x_px)
    if not there.any():
        return _Line(key, name, curve, 0, np.empty(0), np.empty(0))
    row = np.round(curve.y_px[there]).astype(np.int64)
    first = int(row.min())
    x_px, sure = np.full((2, int(row.max()) - first + 1), np.nan)
    for piece in curve.pieces():
        y, order = curve.y_px[piece], np.argsort(curve.y_px[piece], kind="stable")
        rows = np.arange(int(np.round(y.min())), int(np.round(y.max())) + 1)
        x_px[rows - first] = np.interp(rows, y[order], curve.x_px[piece][order])
        sure[rows - first] = np.interp(rows, y[order], curve.confidence[piece][order])
    return _Line(key, name, curve, first, x_px, sure)


def _of_one(sheet: Sheet, line: _Line, k: float) -> Iterator[Doubt]:
    sure = np.nan_to_num(line.sure, nan=1.0)
    width = max(1, round(_SMOOTH_PX * k))
    low = np.convolve(np.pad(sure, width // 2, mode="edge"), np.ones(width) / width, "valid")[: len(sure)] < _LOW
    for start, stop in _runs(low & np.isfinite(line.sure), k):
        share = line.sure[start:stop]
        bridged = bool(np.nanmedian(share) < _BRIDGED)
        kind = DoubtKind.BRIDGED if bridged else DoubtKind.FAINT
        words = "ink faded, gap bridged" if bridged else "faint or crowded ink"
        yield _doubt(sheet, kind, (line,), (start, stop), words=words, score=float(np.nansum(1 - share)) / k)
    for start, stop in _runs(np.isnan(line.sure), k):
        words = "no ink: no reading here?"
        yield _doubt(sheet, DoubtKind.OPEN, (line,), (start, stop), words=words, score=_GAP_WEIGHT * (stop - start) / k)
    yield from _at_rim(sheet, line, k)
    yield from _wraps(sheet, line, k)


def _at_rim(sheet: Sheet, line: _Line, k: float) -> Iterator[Doubt]:
    track = next((t for t in sheet.tracks if t.name == line.curve.track), None)
    if track is None:
        return
    y_px = np.arange(line.first_row, line.last_row)
    fraction = track.fraction_at(line.x_px, y_px)
    with np.errstate(invalid="ignore"):
        pinned = (np.abs(fraction) < _RIM) | (np.abs(fraction - 1) < _RIM)
    for start, stop in _runs(pinned, k):
        words = "runs along the border: off its scale?"
        yield _doubt(sheet, DoubtKind.RIM, (line,), (start, stop), words=words, score=_RIM_WEIGHT * (stop - start) / k)


def _wraps(sheet: Sheet, line: _Line, k: float) -> Iterator[Doubt]:
    y_px, turn = line.curve.y_px, line.curve.turn
    with np.errstate(invalid="ignore"):
        leaps = np.flatnonzero((np.diff(turn) != 0) & np.isfinite(y_px[:-1]) & np.isfinite(y_px[1:]))
    marks = np.zeros(len(line.x_px), dtype=np.bool_)
    marks[np.clip(np.round(y_px[leaps]).astype(np.int64) - line.first_row, 0, len(marks) - 1)] = True
    for start, stop in _runs(marks, k, least_px=1):
        reach = slice(max(0, start - round(10 * k)), stop + round(10 * k))
        unsure = 1 - float(np.nanmean(line.sure[reach]))
        yield _doubt(
            sheet,
            DoubtKind.WRAP,
            (line,),
            (start, stop),
            words="leaves the scale: back-up?",
            score=_WRAP_WEIGHT * unsure,
        )


def _like(sheet: Sheet, lines: Sequence[_Line]) -> Iterator[tuple[_Line, _Line]]:
    """Pairs of pens that only their ink tells apart: one track, one style."""
    track_of = {key: (track.name, spec.style) for key, (track, spec) in curve_keys(sheet).items()}
    for one, other in combinations(lines, 2):
        if track_of[one.key] == track_of[other.key]:
            yield one, other


def _of_two(sheet: Sheet, one: _Line, other: _Line, k: float) -> Iterator[Doubt]:
    first, last = max(one.first_row, other.first_row), min(one.last_row, other.last_row)
    if last <= first:
        return
    a, b = (slice(first - line.first_row, last - line.first_row) for line in (one, other))
    apart = one.x_px[a] - other.x_px[b]
    sure = np.minimum(one.sure[a], other.sure[b])
    with np.errstate(invalid="ignore"):
        near = np.abs(apart) < _NEAR_PX * k
    for start, stop in _runs(near, k, least_px=2):
        before, after = apart[max(0, start - 1)], apart[min(stop, len(apart) - 1)]
        crossed = bool(before * after < 0)
        score = float(np.nansum(1 - sure[start:stop])) / k + _CROSS_WEIGHT * crossed
        words = "cross, order unclear" if crossed else "meet and part: order unclear"
        rows = (start + first - one.first_row, stop + first - one.first_row)
        yield _doubt(sheet, DoubtKind.CROSSING, (one, other), rows, words=words, score=score)


def _runs(mask: Mask, k: float, *, least_px: float = _LEAST_PX) -> Iterator[tuple[int, int]]:
    """Stretches of `mask`, near ones joined, short ones dropped, long ones cut so that one stroke can answer each."""
    bounds = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    if not len(bounds):
        return
    parted = np.flatnonzero(bounds[1:, 0] - bounds[:-1, 1] > _JOIN_PX * k)
    starts = bounds[np.concatenate([[0], parted + 1]), 0]
    stops = bounds[np.concatenate([parted, [len(bounds) - 1]]), 1]
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        if stop - start >= least_px * k:
            cuts = np.linspace(start, stop, 1 + max(1, round((stop - start) / (_LONGEST_PX * k))))
            yield from ((round(lo), round(hi)) for lo, hi in pairwise(cuts))


def _doubt(
    sheet: Sheet, kind: DoubtKind, lines: tuple[_Line, ...], run: tuple[int, int], *, words: str, score: float
) -> Doubt:
    rows = (float(lines[0].first_row + run[0]), float(lines[0].first_row + run[1] - 1))
    x_px = float(np.nan_to_num(lines[0].x_px[run[0]], nan=float(sheet.column_at(rows[0]))))
    top, bottom = (float(d) for d in sheet.depth_at(x_px, np.array(rows)))
    names = " and ".join(line.name for line in lines)
    return Doubt(rows, (top, bottom), kind, tuple(line.key for line in lines), f"{names} {words}", score)


def _answered(doubt: Doubt, strokes: Sequence[Stroke], k: float) -> bool:
    names = {key.split("/", 1)[1].split("#")[0] for key in doubt.curves}
    covered = 0.0
    for stroke in strokes:
        if isinstance(stroke, SwapStroke):
            if doubt.kind is DoubtKind.CROSSING and set(stroke.curves) == names:
                covered += _length(doubt.rows) * (_distance(stroke.from_row, doubt.rows) < _SWAP_PX * k)
        elif names & set(curves_of(stroke)):
            covered += _overlap(doubt.rows, rows_of(stroke))
    return covered >= _ANSWERED * _length(doubt.rows)


def _length(rows: Rows) -> float:
    return rows[1] - rows[0] + 1


def _distance(row: float, rows: Rows) -> float:
    return max(rows[0] - row, row - rows[1], 0.0)


def _overlap(one: Rows, other: Rows) -> float:
    return max(0.0, min(one[1], other[1]) - max(one[0], other[0]) + 1)


def _apart(ranked: Sequence[Doubt], most: int) -> Iterator[Doubt]:
    """The first `most` that do not lie over one another: two doubts of one place are one stroke."""
    taken: list[Doubt] = []
    for doubt in ranked:
        if len(taken) == most:
            return
        if all(_overlap(doubt.rows, other.rows) <= 0 or not set(doubt.curves) & set(other.curves) for other in taken):
            taken.append(doubt)
            yield doubt
