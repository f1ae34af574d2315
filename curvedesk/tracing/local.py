"""After a stroke: only the rows around it are traced anew, spliced into the lines that are there.

The curves concerned are held to their present lines (place and back-up scale) where the window ends; where they would
rather go on elsewhere, or do not come back to their old lines, the window grows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.sheet import Sheet, Track
from curvedesk.domain.strokes import NullStroke, Stroke
from curvedesk.tracing.binding import joined, silenced, within
from curvedesk.tracing.constraints import Bounds, Swaps, bounds_of, swaps_of
from curvedesk.tracing.differences import changed_rows, difference
from curvedesk.tracing.held import hold_accepted
from curvedesk.tracing.pens import line_of
from curvedesk.tracing.refine import Line
from curvedesk.tracing.spans import ALL_PENS, Span, merged, reaches, rows_px, spans_of
from curvedesk.tracing.splice import (
    NOWHERE,
    Cuts,
    Placed,
    cuts_between,
    first_below,
    gap,
    in_gap,
    none,
    part_of_line,
    placed,
    spliced,
)
from curvedesk.tracing.strip import Strip, strip_of
from curvedesk.tracing.track import Evidence, called, obedient, on_scan, straightened
from curvedesk.tracing.window import GoOn, Rows, always, part_of, rows_of

MARGINS = (40, 120, 360)  # strip rows around a stroke; the last one is held to the present lines at any price
FAR_MARGINS = (360, 1500, 6000)  # the same where a back-up scale was named, which may be wrong for long
_DRAFT_MARGIN = 20
_DRAFT_ROWS = 200  # in a draft the lines are only bound to a stroke of more rows, whatever the ink


@dataclass(frozen=True, slots=True)
class Retraced:
    """What a change of strokes did to one track: the new lines by number of the curve in the track, and the rows
    (y_px) between which anything differs; both empty where nothing does."""

    curves: Mapping[int, TracedCurve]
    rows: tuple[float, float] | None
    traced_rows: int = 0


@dataclass(slots=True)
class _Work:
    """One track on its way from the strokes that were to those that are."""

    strip: Strip
    strokes: Sequence[Stroke]
    swaps: Swaps
    lines: list[Line]
    locked: frozenset[int]
    is_draft: bool
    go_on: GoOn
    traced_rows: int = 0

    @property
    def track(self) -> Track:
        """The track that is worked on."""
        return self.strip.track


def retrace(
    sheet: Sheet,
    track: Track,
    evidence: Evidence | None,
    lines: Sequence[TracedCurve],
    *,
    dpi: float,
    before: Sequence[Stroke],
    after: Sequence[Stroke],
    locked: Collection[int] = (),
    draft: bool = False,
    go_on: GoOn = always,
) -> Retraced:
    """The lines of `track` (one for each of its curves) after its strokes changed from `before` to `after`.

    Strokes added, removed or replaced count, of every kind. Without `evidence` nothing is traced: lines are bound to
    the strokes that were added, whatever the ink, which is also how a log is drawn by hand. Curves numbered in
    `locked` stay as they are. Points off the rows that were traced anew stay the very same numbers. A `draft` is there
    at once: only the pens that strokes speak of, in the smallest window, held to the present lines where it ends.
    `go_on` is asked now and then while rows are traced. Raises AbandonedError where it says no, StrokesError where a
    swap joins two tracks.
    """
    changed = difference(before, after)
    if not track.curves or not changed:
        return Retraced({}, None)
    strip = strip_of(sheet, track, dpi=dpi)
    was, now = swaps_of(strip, before), swaps_of(strip, after)
    old = [Line(line.x_px, line.y_px, line.turn, line.confidence) for line in lines]
    kept = frozenset(locked)
    work = _Work(strip, after, now, _renamed(track, old, was, now, kept), kept, draft, go_on)
    _silence(work, difference(after, before, only=True))
    for span in merged(spans_of(strip, now, after, changed, renamed=was != now), margin=MARGINS[0]):
        if evidence is None or (draft and span.last - span.first > _DRAFT_ROWS):
            _bind(work, span)
        else:
            _trace(work, evidence, span)
    new = {i: line for i, line in enumerate(work.lines) if line is not old[i] and i not in work.locked}
    rows = [changed_rows(old[i], line) for i, line in new.items()]
    curves = {i: replace(lines[i], x_px=n.u, y_px=n.v, turn=n.turn, confidence=n.confidence) for i, n in new.items()}
    return Retraced(curves, (min(r[0] for r in rows), max(r[1] for r in rows)) if rows else None, work.traced_rows)


def _renamed(track: Track, lines: Sequence[Line], was: Swaps, now: Swaps, locked: frozenset[int]) -> list[Line]:
    """The lines under their new names: stretches change places, no pen is traced."""
    found = list(lines)
    starts = sorted({*was.from_px, *now.from_px})
    for curve in range(len(lines)):
        sources = [_names(was, s)[_names(now, s).index(curve)] for s in starts]
        if set(sources) == {curve} or locked & {curve, *sources}:
            continue
        parts = []
        for start, end, source in zip(starts, [*starts[1:], np.inf], sources, strict=True):
            part = within(lines[source], start, end) if len(starts) > 1 else lines[source]
            alike = track.curves[source].scale.wrap == track.curves[curve].scale.wrap
            parts.append(part if alike else part._replace(turn=np.zeros_like(part.turn)))
        found[curve] = joined(parts)
    return found


def _names(swaps: Swaps, row: float) -> tuple[int, ...]:
    """Who is called what at a row: the curve of each pen."""
    return swaps.names[int(np.searchsorted(swaps.from_px, row, "right")) - 1]


def _silence(work: _Work, added: Sequence[Stroke]) -> None:
    """New null intervals need no tracing: the line falls silent."""
    for stroke in added:
        if isinstance(stroke, NullStroke):
            for curve, spec in enumerate(work.track.curves):
                if spec.mnemonic == stroke.curve and curve not in work.locked:
                    work.lines[curve] = silenced(work.lines[curve], *stroke.rows)


def _bind(work: _Work, span: Span) -> None:
    """Let the lines keep to the strokes of a span, without looking at any ink."""
    first, stop = max(0, int(span.first) - MARGINS[0]), min(work.strip.rows, int(span.last) + MARGINS[0] + 1)
    strip = part_of(work.strip, first, stop)
    strokes = _strokes_in(strip, work)
    for curve in set(range(len(work.lines))) - work.locked:
        seen = placed(strip, work.lines[curve])
        a, b = (first_below(seen, row) for row in (-0.5, strip.rows - 0.5))
        parts = [part_of_line(seen.line, slice(*ends)) for ends in ((0, a), (a, b), (b, None))]
        bent = obedient(strip, curve, parts[1], strokes)
        if bent is not parts[1]:
            gaps = [gap() if in_gap(seen, row) else none() for row in (-0.5, strip.rows - 0.5)]
            work.lines[curve] = joined([parts[0], gaps[0], bent, gaps[1], parts[2]])


def _trace(work: _Work, evidence: Evidence, span: Span) -> None:
    """Trace a span anew in the smallest window in which the curves come back to their present lines."""
    margins = (FAR_MARGINS if span.is_far else MARGINS)[1 if span.is_wide else 0 :]
    if work.is_draft:
        margins = (_DRAFT_MARGIN,)
    for margin in margins:
        first = max(0, int(np.floor(span.first)) - margin)
        stop = min(work.strip.rows, int(np.ceil(span.last)) + margin + 1)
        last = margin == margins[-1] or stop - first == work.strip.rows
        if _trace_rows(work, evidence, span, slice(first, stop), hard=last):
            work.traced_rows += stop - first
            return


def _trace_rows(work: _Work, evidence: Evidence, span: Span, rows: slice, *, hard: bool) -> bool:
    """Trace these rows; False where the curves are not back on their lines at the ends (never if `hard`)."""
    strip = part_of(work.strip, rows.start, rows.stop)
    near = _near(strip, work)
    seen = [placed(strip, line) for line in work.lines]
    scene = _scene(near, evidence, seen, free=(rows.start == 0, rows.stop == work.strip.rows), narrow=work.is_draft)
    scene.go_on = work.go_on
    first, kept = _begin(near, scene, span), _pens_called(near.swaps, work.locked)
    walked, met = scene.walk(first, kept, hard=hard, spreads=not work.is_draft)
    if not met and not hard:
        return False
    found: dict[int, Line] = {}
    for curve in _concerned(near.swaps, walked) - work.locked:
        line = _read(near, scene, curve, walked)
        cuts = _cut(seen[curve], placed(strip, line), scene, hard=hard)
        if cuts is None:
            return False
        if cuts != NOWHERE:
            found[curve] = spliced(seen[curve], placed(strip, line), cuts)
    for curve, line in found.items():
        work.lines[curve] = line
    return True


@dataclass(frozen=True, slots=True)
class _Near:
    """What bears on a window: the strokes and renamings in its rows."""

    strip: Strip
    strokes: Sequence[Stroke]
    swaps: Swaps
    bounds: Sequence[Bounds]


def _strokes_in(strip: Strip, work: _Work) -> list[Stroke]:
    low, high = rows_px(strip)
    return [stroke for stroke in work.strokes if reaches(stroke, low, high)]


def _near(strip: Strip, work: _Work) -> _Near:
    low, high = rows_px(strip)
    strokes = _strokes_in(strip, work)
    ends = (*work.swaps.from_px[1:], np.inf)
    here = [i for i, (a, b) in enumerate(zip(work.swaps.from_px, ends, strict=True)) if a <= high and b > low]
    starts = (-np.inf, *(work.swaps.from_px[i] for i in here[1:]))
    swaps = Swaps(starts, tuple(work.swaps.names[i] for i in here))
    return _Near(strip, strokes, swaps, bounds_of(strip, strokes, swaps))


def _scene(near: _Near, evidence: Evidence, seen: Sequence[Placed], *, free: tuple[bool, bool], narrow: bool) -> Rows:
    """The window's pens on their present lines, held where the analyst accepted them; see `rows_of`."""
    strip = near.strip
    solid, dashed, gray = straightened(strip, evidence)
    edges = [0, *(_row_at(strip, y) for y in near.swaps.from_px[1:]), strip.rows]
    stretches = [slice(a, b) for a, b in pairwise(edges)]
    present = [
        [(rows, seen[names[pen]]) for rows, names in zip(stretches, near.swaps.names, strict=True)]
        for pen in range(len(seen))
    ]
    scene = rows_of(strip, solid, dashed, near.bounds, present, gray=gray, free=free, narrow=narrow)
    for pen, parts in zip(scene.pens, _parts(near.swaps, stretches, len(seen)), strict=True):
        for rows, curve in parts:
            hold_accepted(strip, pen, strip.track.curves[curve].mnemonic, near.strokes, rows)
    return scene


def _parts(swaps: Swaps, stretches: Sequence[slice], pens: int) -> list[list[tuple[slice, int]]]:
    """Of each pen: its stretches of rows and the curve it is called there."""
    return [[(rows, names[p]) for rows, names in zip(stretches, swaps.names, strict=True)] for p in range(pens)]


def _row_at(strip: Strip, y_px: float) -> int:
    """The window's row at a scan row in the middle of the track."""
    v = strip.from_scan(strip.track.x_at(0.5, y_px), np.asarray(y_px))[1]
    return int(np.clip(np.rint(v), 0, strip.rows))


def _begin(near: _Near, scene: Rows, span: Span) -> set[int]:
    """The pens to begin with: those concerned, and those that run over what is no curve."""
    everyone = set(range(len(scene.pens)))
    if span.pens & ALL_PENS or len(near.swaps.names) > 1:
        return everyone
    return set(span.pens) | {i for i in everyone if scene.runs_over_erased(i)}


def _pens_called(swaps: Swaps, curves: frozenset[int]) -> set[int]:
    return {names.index(curve) for names in swaps.names for curve in curves}


def _concerned(swaps: Swaps, walked: set[int]) -> set[int]:
    """Curves of which every stretch in the window was traced."""
    curves = {names[pen] for names in swaps.names for pen in walked}
    return {c for c in curves if _pens_called(swaps, frozenset({c})) <= walked}


def _read(near: _Near, scene: Rows, curve: int, walked: set[int]) -> Line:
    """The curve's new line in the window, strokes obeyed, in scan pixels."""
    pens = [on_scan(near.strip, line_of(pen)) if i in walked else none() for i, pen in enumerate(scene.pens)]
    return obedient(near.strip, curve, called(curve, near.strip.track, pens, near.swaps), near.strokes)


def _cut(old: Placed, new: Placed, scene: Rows, *, hard: bool) -> Cuts | None:
    """Where the new stretch begins and ends; None where it does not meet the old line and need not yet."""
    cuts = cuts_between(old, new, scene.strip.rows, whole=scene.free)
    if cuts is None and hard:
        ends = 1.5, scene.strip.rows - 2.5
        return Cuts(*(None if free else row for row, free in zip(ends, scene.free, strict=True)))
    return cuts
