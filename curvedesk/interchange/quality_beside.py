"""A pen's ink that no exported curve explains: what a gap in the export would be missing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from curvedesk.domain.curve import DigitisedLog, TracedCurve
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.sheet import Track
from curvedesk.interchange.ink import Ink, to_ink
from curvedesk.interchange.quality_band import Band, InkFound
from curvedesk.interchange.quality_levels import Borders
from curvedesk.interchange.quality_redraw import Redrawn
from curvedesk.interchange.review import Flags

GRID_ROWS_PX, GRID_SHARE, LEVEL_SHARE = 400.0, 0.22, 0.4
EXPLAINED_PX, BORDER_PX = 6.0, 4
WIDEST_SHARE = 0.25  # of a track: more loose ink in a row is a letter, a stain, a line


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """A track at some of the log's depths."""

    log: DigitisedLog
    ink: Ink
    track: Track
    borders: Borders
    here: slice


@dataclass(frozen=True, slots=True, eq=False)
class _Strip:
    """Ink without the grid, (n, W), a row a depth; its columns span `left` to `right` (n,) in the ink's box."""

    pen: Flags
    left: FloatArray
    right: FloatArray

    def between(self, low_px: FloatArray, high_px: FloatArray) -> Flags:
        """Columns from low to high (n,), a pen's width beyond included; none where NaN."""
        width = self.pen.shape[1]
        scale = width / np.maximum(self.right - self.left, 1e-6)
        first = np.nan_to_num((low_px - self.left) * scale - EXPLAINED_PX, nan=1e9)
        last = np.nan_to_num((high_px - self.left) * scale + EXPLAINED_PX, nan=-1e9)
        columns = np.arange(width)
        return np.asarray((columns >= first[:, None]) & (columns <= last[:, None]))


def look_beside(place: Beside, band: Band, pairs: Sequence[tuple[Redrawn, InkFound]]) -> None:
    """Fill `loose` of the curves of one track that have depths without a value."""
    here = place.here
    if not any(_lacks(curve, here) for curve, _ in pairs):
        return
    strip = _strip(place, band)
    others = [_column(place, line) for line in place.log.others if line.track == place.track.name]
    passed = [_passed(curve, here) for curve, _ in pairs] + [(x, x) for x in others]
    for low, high in passed:
        strip.pen[strip.between(low, high)] = False
    loose = strip.pen.any(1) & (strip.pen.mean(1) < WIDEST_SHARE)
    for curve, told in pairs:
        if _lacks(curve, here):
            told.loose[here] = loose | _goes_on(band, curve, passed, here)


def _lacks(curve: Redrawn, here: slice) -> bool:
    return bool((curve.asked & ~curve.there)[here].any())


def _goes_on(band: Band, curve: Redrawn, passed: Sequence[tuple[FloatArray, FloatArray]], here: slice) -> Flags:
    """Ink straight on from where the curve ends to where it begins again, which is not another curve's."""
    known = np.flatnonzero(curve.there)
    if known.size < 2:
        return np.zeros(here.stop - here.start, bool)
    index = np.arange(here.start, here.stop)
    x = np.interp(index, known, curve.x_px[known], left=np.nan, right=np.nan)
    y = np.interp(index, np.arange(len(curve.rows_px)), curve.rows_px)
    taken = [(x >= low - EXPLAINED_PX) & (x <= high + EXPLAINED_PX) for low, high in passed]
    return np.asarray(band.near(x, y) & ~curve.there[here] & ~np.any(taken, axis=0))


def _strip(place: Beside, band: Band) -> _Strip:
    borders = place.borders
    x0, x1, y0, y1 = borders.left_x, borders.right_x, borders.left_y, borders.right_y
    width = max(2 * BORDER_PX + 2, round(float(np.median(x1 - x0))))
    share = ((np.arange(width) + 0.5) / width)[None, :]
    x, y = (a[:, None] * (1 - share) + b[:, None] * share for a, b in ((x0, x1), (y0, y1)))
    ink = band.at(np.round(x).astype(np.intp), np.round(y).astype(np.intp))
    ink[:, :BORDER_PX] = ink[:, -BORDER_PX:] = False
    row_px = max(0.01, float(np.median(np.diff(y0)))) if len(y0) > 1 else 1.0
    return _Strip(without_grid(ink, max(3, round(GRID_ROWS_PX / row_px))), x0, x1)


def without_grid(ink: Flags, window: int) -> Flags:
    """Ink (n, W) without columns that have some for long and rows that are full of it: pens, letters, stains."""
    total = np.cumsum(np.vstack([np.zeros((1, ink.shape[1]), np.int32), ink]), axis=0, dtype=np.int32)
    rows = np.arange(len(ink))
    low, high = np.clip(rows - window // 2, 0, len(ink)), np.clip(rows + window // 2 + 1, 0, len(ink))
    line = (total[high] - total[low]) > GRID_SHARE * (high - low)[:, None]
    wide = line.copy()
    wide[:, 1:] |= line[:, :-1]
    wide[:, :-1] |= line[:, 1:]
    return np.asarray(ink & ~wide & (ink.mean(1) < LEVEL_SHARE)[:, None])


def _passed(curve: Redrawn, here: slice) -> tuple[FloatArray, FloatArray]:
    """Leftmost and rightmost column that the curve passes on its way from the sample before to the one after."""
    x = curve.x_px
    before, after = np.concatenate([x[:1], x[:-1]])[here], np.concatenate([x[1:], x[-1:]])[here]
    return np.fmin(np.fmin(before, after), x[here]), np.fmax(np.fmax(before, after), x[here])


def _column(place: Beside, line: TracedCurve) -> FloatArray:
    """Columns at which a pen that is not exported runs."""
    depth, seen = place.log.depth[place.here], np.isfinite(line.x_px)
    if not seen.any():
        return np.full(depth.shape, np.nan)
    at = place.log.sheet.depth_at(line.x_px[seen], line.y_px[seen])
    order = np.argsort(at, kind="stable")
    x_px = np.interp(depth, at[order], line.x_px[seen][order])
    return to_ink(place.ink, x_px, np.zeros(depth.shape))[0]
