"""Is there ink where a curve is drawn again, and a pen's ink where it is not? Looked up in bands of the paper."""

from collections.abc import Sequence

import numpy as np

from curvedesk.domain.curve import DigitisedLog
from curvedesk.domain.polyline import FloatArray
from curvedesk.interchange.ink import Bytes, Ink
from curvedesk.interchange.quality_band import WIDE_ROWS, Band, InkFound
from curvedesk.interchange.quality_beside import Beside, look_beside
from curvedesk.interchange.quality_levels import Borders, Levels, levels_of
from curvedesk.interchange.quality_redraw import Redrawn

CHUNK = 4096  # samples looked at in one go
FAR_PX = 40
BETWEEN = 8  # places looked at between two samples that lie apart
INK_LEVEL = 0.4  # share of the way from paper to the darkest ink


def find(log: DigitisedLog, curves: Sequence[Redrawn], ink: Ink) -> list[InkFound]:
    """What the paper says about every redrawn curve."""
    m = len(log.depth)
    found = [_nothing(m) for _ in curves]
    for start in range(0, m, CHUNK):
        here = slice(start, min(start + CHUNK, m))
        band = _band(ink, curves, here)
        if band is None:
            continue
        for number, track in enumerate(log.sheet.tracks):
            pairs = [(c, t) for c, t in zip(curves, found, strict=True) if c.lies_in(number, here)]
            if not pairs:
                continue
            borders = Borders.of(log, ink, track, here)
            levels = levels_of(band, borders)
            for curve, told in pairs:
                _look_under(band, levels, curve, told, here)
            look_beside(Beside(log, ink, track, borders, here), band, pairs)
    return found


def _nothing(m: int) -> InkFound:
    none = np.zeros((3, m), bool)
    return InkFound(none[0], none[1], np.full(m, np.inf), np.ones(m), none[2])


def _band(ink: Ink, curves: Sequence[Redrawn], here: slice) -> Band | None:
    y = np.concatenate([curve.y_px[here] for curve in curves]) if curves else np.empty(0)
    y = y[np.isfinite(y)]
    if not y.size:
        return None
    height, _ = ink.shape
    first, last = max(0, int(y.min()) - 8), min(height, int(y.max()) + 9)
    if last <= first:
        return None
    gray = ink.rows(first, last)
    return Band.of(gray < _threshold(gray), first)


def _threshold(gray: Bytes) -> float:
    """Gray below which a pixel counts as ink."""
    some = gray[::16, ::8]
    dark, paper = np.percentile(some, [1, 60])
    return float(paper - INK_LEVEL * (paper - dark))


def _look_under(band: Band, levels: Levels, curve: Redrawn, told: InkFound, here: slice) -> None:
    x, y = curve.x_px[here], curve.y_px[here]
    told.near[here] = band.near(x, y)
    told.blind[here] = levels.on_line(x, y)
    missed = np.flatnonzero(np.isfinite(x) & ~told.near[here])
    told.away_px[here.start + missed] = _away(band, x[missed], y[missed])
    ahead = slice(here.start, min(here.stop + 1, len(curve.x_px)))
    x, y, turn = curve.x_px[ahead], curve.y_px[ahead], curve.turn[ahead]
    far = curve.far[ahead]
    apart = np.flatnonzero((far[:-1] | far[1:]) & (np.diff(turn) == 0))
    if apart.size:
        share = (np.arange(1, BETWEEN + 1) / (BETWEEN + 1))[:, None]
        between_x = x[apart] * (1 - share) + x[apart + 1] * share
        between_y = y[apart] * (1 - share) + y[apart + 1] * share
        seen = ~levels.on_line(between_x, between_y)
        inked = band.near(between_x, between_y, rows=WIDE_ROWS) & seen
        told.drawn[here.start + apart] = inked.sum(0) / np.maximum(seen.sum(0), 1)


def _away(band: Band, x_px: FloatArray, y_px: FloatArray) -> FloatArray:
    """Columns to the nearest ink in the row, infinite where there is none within FAR_PX."""
    shifts = np.arange(-FAR_PX, FAR_PX + 1)
    x, y = np.round(x_px).astype(np.intp), np.round(y_px).astype(np.intp)
    hit = band.at(x[:, None] + shifts, np.broadcast_to(y[:, None], (len(y), len(shifts))))
    return np.asarray(np.where(hit, np.abs(shifts).astype(np.float64), np.inf).min(1))
