"""The logged passes of a page: each with its tracks, its depth column, and the depth scale read off it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from curvedesk.registration.atlas import BAND_PX, Atlas, opened
from curvedesk.registration.chain import Chain, joined_on
from curvedesk.registration.depth import DepthScale, tie
from curvedesk.registration.dividing import Rows, divide
from curvedesk.registration.drift import Stretch, part_of, stretches
from curvedesk.registration.levels import Levels, read_levels
from curvedesk.registration.numbers import find_blobs, read_numbers
from curvedesk.registration.page import F64, IsCancelled, Page, check_cancelled
from curvedesk.registration.progression import find_chains, short_chains
from curvedesk.registration.tracks import Layout, lay_out

_LEAST_ROWS = 640
_MOST_TRIED = 4
_ENOUGH = 0.5  # of a stretch's rows: a chain over so much of it is the one, no other column is asked
_SILENT_PX = 44
_CALM_PX = 21
_LEVEL = 0.3  # of the grid that a level line inks
_FAR_GAPS = 1.5
_RUN_PX = 11  # a stroke is not so thick
_INKED = 90


@dataclass(frozen=True, slots=True, eq=False)
class LogPass:
    """One pass of a log: rows `top_px` to `bottom_px`, its geometry, and its depths where they could be read.

    `column_px`: the depth column (x0, x1) in the stretch's profile, None where none gave numbers. `beside`: other
    numbers of that column above or below this pass's own, and the rows of each.
    """

    stretch: Stretch
    levels: Levels
    layout: Layout
    top_px: float
    bottom_px: float
    column_px: tuple[float, float] | None
    scale: DepthScale | None
    beside: tuple[tuple[Chain, Rows], ...] = ()

    @property
    def worth(self) -> float:
        """How much it offers: paper over which numbers were read; without any, a little for its length."""
        length = self.bottom_px - self.top_px
        if self.scale is None:
            return 0.001 * length
        return self.scale.chain.sureness * self.scale.chain.span_px

    def shift_at(self, y_px: F64) -> F64:
        """Sideways shift of the print at rows of the page."""
        middles = (self.stretch.first + np.arange(len(self.stretch.shift_px)) + 0.5) * BAND_PX - 0.5
        return np.asarray(np.interp(y_px, middles, self.stretch.shift_px))


def find_passes(page: Page, atlas: Atlas, *, cancelled: IsCancelled | None = None) -> list[LogPass]:
    """Logged passes of a page, the one that offers most first; empty where nothing looks like a log."""
    long = [s for s in stretches(atlas.columns) if (s.last - s.first) * BAND_PX >= _LEAST_ROWS]
    tried = sorted(long, key=lambda s: s.first - s.last)[:_MOST_TRIED]
    found = [p for s in tried if (p := _pass_of(page, atlas, s, cancelled)) is not None]
    if all(p.scale is None for p in found):
        found += _below_tables(page, atlas, tried, cancelled)
    return sorted(found, key=lambda p: -p.worth)


def _pass_of(page: Page, atlas: Atlas, stretch: Stretch, cancelled: IsCancelled | None) -> LogPass | None:
    check_cancelled(cancelled)
    levels = read_levels(atlas.rows, stretch, cancelled=cancelled)
    layout = lay_out(stretch, levels, width_px=page.width)
    return _read_pass(page, stretch, levels, layout, cancelled) if layout.strips else None


def _below_tables(page: Page, atlas: Atlas, tried: list[Stretch], cancelled: IsCancelled | None) -> list[LogPass]:
    """Passes of stretches in which tables stand in one frame with the log: their lines run through its depth column, so
    that its tracks show only in the half that holds no table. Those alone whose depths were read so."""
    found = []
    for stretch in tried:
        middle = (stretch.first + stretch.last) // 2
        if (middle - stretch.first) * BAND_PX < _LEAST_ROWS:
            continue
        levels = read_levels(atlas.rows, stretch, cancelled=cancelled)
        for first, last in ((middle, stretch.last), (stretch.first, middle)):
            check_cancelled(cancelled)
            half = part_of(atlas.columns, stretch, first, last)
            layout = lay_out(half, read_levels(atlas.rows, half, cancelled=cancelled), width_px=page.width)
            one = _read_pass(page, stretch, levels, layout, cancelled) if layout.columns else None
            if one is not None and one.scale is not None:
                found.append(_to_last_levels(one, one.scale, atlas))
                break
    return found


def _to_last_levels(log: LogPass, scale: DepthScale, atlas: Atlas) -> LogPass:
    """A pass that ends, above its first tie and below its last, where its level lines do: the frame goes on. Its
    stretch is that part alone."""
    y0, rows = log.levels.y0, log.levels.rows
    first, last = (round(t.y_px) - y0 for t in (scale.ties[0], scale.ties[-1]))
    strong = float(np.percentile(rows[first:last], 95))
    lines = np.flatnonzero(rows > _LEVEL * strong)
    gaps = np.diff(lines)
    farthest = _FAR_GAPS * float(np.median(gaps[gaps > 3])) if (gaps > 3).any() else 0.0
    breaks = np.flatnonzero(gaps > max(farthest, _CALM_PX))
    ends = np.concatenate([[0], lines[breaks], lines[-1:]]), np.concatenate([lines[:1], lines[breaks + 1], [len(rows)]])
    top = max((int(v) for v in ends[1] if v <= first), default=0)
    bottom = min((int(v) for v in ends[0] if v >= last), default=len(rows))
    top, bottom = max(int(log.top_px), y0 + top), min(int(log.bottom_px), y0 + bottom)
    own = part_of(atlas.columns, log.stretch, top // BAND_PX, min(-(-bottom // BAND_PX), log.stretch.last))
    return replace(log, stretch=own, top_px=float(top), bottom_px=float(bottom))


def _read_pass(page: Page, stretch: Stretch, levels: Levels, layout: Layout, cancelled: IsCancelled | None) -> LogPass:
    y0, height = levels.y0, len(levels.rows)
    empty = LogPass(stretch, levels, layout, y0, y0 + height, None, None)
    found = _chains(page, empty, cancelled)
    if found is None:
        top, bottom = _extent(page, empty, y0 + height / 2, y0 + height / 2)
        return LogPass(stretch, levels, layout, top, bottom, None, None)
    (best, *rest), column = found
    chain, others = joined_on(best, rest)
    scale = tie(chain, levels, np.full(height, (column[0] + column[1]) / 2))
    top, bottom = _extent(page, empty, scale.ties[0].y_px, scale.ties[-1].y_px)
    own, *parts = divide(_ruled_share(page, empty) * _has_levels(levels), chain, others, y0=y0, extent=(top, bottom))
    beside = tuple((other, rows) for other, rows in zip(others, parts, strict=True) if rows is not None)
    top, bottom = own or (top, bottom)
    return LogPass(stretch, levels, layout, top, bottom, column, scale, beside)


def _chains(
    page: Page, empty: LogPass, cancelled: IsCancelled | None
) -> tuple[list[Chain], tuple[float, float]] | None:
    """The chains of the depth column, the best first, and the column; None where no column has one."""
    best: tuple[list[Chain], tuple[float, float]] | None = None
    y0, height = empty.levels.y0, len(empty.levels.rows)
    shift = empty.shift_at(np.arange(y0, y0 + height, dtype=np.float64))
    for x0, x1 in empty.layout.columns:
        blobs = find_blobs(page, x0 + shift, x1 + shift, y0, cancelled)
        numerals = read_numbers(page, blobs, cancelled)
        chains = find_chains(numerals)
        chains += short_chains(numerals, chains[0]) if chains else []
        if chains and (best is None or _offers(chains[0]) > _offers(best[0][0])):
            best = chains, (x0, x1)
        if best is not None and best[0][0].span_px > _ENOUGH * height and best[0][0].sureness > 4:
            break
    return best


def _offers(chain: Chain) -> float:
    return chain.sureness * chain.span_px


def _extent(page: Page, log: LogPass, first_px: float, last_px: float) -> tuple[float, float]:
    """Rows from which to which the print's vertical lines run without a break, around the rows given."""
    y0, height = log.levels.y0, len(log.levels.rows)
    share = _ruled_share(page, log)
    start, end = (int(np.clip(v - y0, 0, height - 1)) for v in (first_px, last_px))
    ruled = share >= 0.4 * float(np.median(share[start : end + 1]))
    top, bottom = start, end
    while top > 0 and ruled[max(0, top - _SILENT_PX) : top].any():
        top = int(max(0, top - _SILENT_PX) + np.flatnonzero(ruled[max(0, top - _SILENT_PX) : top])[0])
    while bottom < height - 1 and ruled[bottom + 1 : bottom + 1 + _SILENT_PX].any():
        bottom = int(bottom + 1 + np.flatnonzero(ruled[bottom + 1 : bottom + 1 + _SILENT_PX])[-1])
    return float(y0 + top), float(y0 + bottom)


def _has_levels(levels: Levels) -> F64:
    """(h,) 1 near level lines as far apart as they usually are, 0 where they stop: paper between two parts has upright
    lines alone."""
    lines = np.flatnonzero(levels.rows > _LEVEL)
    gaps = np.diff(lines)
    gaps = gaps[gaps > 3]
    if len(gaps) < 10:
        return np.ones(len(levels.rows))
    away = cv2.distanceTransform((levels.rows <= _LEVEL).astype(np.uint8)[:, None], cv2.DIST_L1, 3)[:, 0]
    return np.asarray(away <= max(_CALM_PX, _FAR_GAPS * float(np.median(gaps))), np.float64)


def _ruled_share(page: Page, log: LogPass) -> F64:
    """(h,) of the vertical lines, how many run through each row, averaged over some rows. The strokes of a scale block
    cross all their places, but run along none."""
    y0, height = log.levels.y0, len(log.levels.rows)
    rows = np.arange(height)
    shift = log.shift_at((y0 + rows).astype(np.float64))
    strong = sorted(log.layout.lines, key=lambda line: -line.strength)[:16]
    inked = np.zeros((height, max(1, len(strong))), np.uint8)
    for k, line in enumerate(strong):
        at = np.clip(np.rint(line.x_px + shift).astype(int), 1, page.width - 2)
        part = page.ink[y0 : y0 + height]
        inked[:, k] = np.maximum(np.maximum(part[rows, at - 1], part[rows, at]), part[rows, at + 1]) > _INKED
    share = opened(inked, vertical=True, run_px=_RUN_PX).mean(axis=1, dtype=np.float64)
    return np.convolve(share, np.ones(_CALM_PX) / _CALM_PX, mode="same")
