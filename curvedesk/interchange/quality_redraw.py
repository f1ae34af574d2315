"""The curves to be exported, drawn again: from their values back through scales and sheet to the paper's pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from curvedesk.domain.curve import DigitisedLog
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.scales import IntArray, WrapKind
from curvedesk.domain.sheet import Style, Track
from curvedesk.interchange.ink import Ink, to_ink
from curvedesk.interchange.table import columns_of, specs_of

Flags = NDArray[np.bool_]
SPIKE_SHARE, SPIKE_SAMPLES = 0.06, 4


@dataclass(frozen=True, slots=True, eq=False)
class Redrawn:
    """One curve at the log's depths, (m,) each, NaN where it has no value.

    `fraction` across its track on scale `turn`, `whole` the same with turns laid end to end; `x_px`, `y_px` at 200 dpi
    in the ink's box. `rows_px` there and `scan_y_px` in the scan are known without a value, too. `asked`: where the
    sheet says the curve exists; `track` the index of its track in the sheet, `width_px` that track's width; `row_px`
    how many 200 dpi rows a sample takes. `away`: how far, in widths of the track, a sample leaves the curve around it.
    """

    mnemonic: str
    style: Style
    wraps: Flags
    asked: Flags
    fraction: FloatArray
    turn: IntArray
    whole: FloatArray
    x_px: FloatArray
    y_px: FloatArray
    scan_y_px: FloatArray
    rows_px: FloatArray
    track: NDArray[np.int8]
    width_px: float
    row_px: float
    away: FloatArray

    @property
    def there(self) -> Flags:
        """Where it has a value that its scale can hold."""
        return np.isfinite(self.fraction)

    @property
    def far(self) -> Flags:
        """Samples so far from the curve around them that they may be spikes."""
        return self.there & (np.abs(self.away) > SPIKE_SHARE)

    def lies_in(self, number: int, here: slice) -> bool:
        """Whether some of these samples are asked for in the sheet's track of this number."""
        return bool((self.asked[here] & (self.track[here] == number)).any())


def redraw(log: DigitisedLog, ink: Ink) -> list[Redrawn]:
    """Every curve of the log as its file will say it, rounded as it will be."""
    return [_redrawn(log, index, column.values, ink) for index, column in enumerate(columns_of(log)[1:])]


def _redrawn(log: DigitisedLog, index: int, values: FloatArray, ink: Ink) -> Redrawn:
    curve, m = log.curves[index], len(log.depth)
    specs = specs_of(log, curve)
    fraction, whole, x_px, y_px, scan_y = np.full((5, m), np.nan)
    turn, track_of = np.zeros(m, np.int32), np.zeros(m, np.int8)
    wraps, asked = np.zeros(m, bool), np.zeros(m, bool)
    widths = [1.0]
    for number, track in enumerate(log.sheet.tracks):
        for spec in (spec for spec in track.curves if spec in specs and spec.digitize):
            here = np.flatnonzero(spec.covers(log.depth))
            if not here.size:
                continue
            f, n = spec.scale.place_of(values[here])
            x, y = log.sheet.pixel_at(track, np.nan_to_num(f, nan=0.5), log.depth[here])
            x = np.where(np.isfinite(f), x, np.nan)
            fraction[here], turn[here], scan_y[here], track_of[here] = f, n, y, number
            whole[here] = f + n if spec.scale.wrap.kind is WrapKind.ADD else f
            x_px[here], y_px[here] = to_ink(ink, x, y)
            wraps[here], asked[here] = spec.scale.wrap.kind is not WrapKind.NONE, True
            widths.append(_width(track, y) * ink.scale)
    rows_px = (scan_y - ink.y0_px + 0.5) * ink.scale - 0.5
    style = specs[0].style if specs else Style.SOLID
    return Redrawn(
        curve.mnemonic,
        style,
        wraps,
        asked,
        fraction,
        turn,
        whole,
        x_px,
        y_px,
        scan_y,
        rows_px,
        track_of,
        max(widths),
        _row_px(rows_px),
        _away(whole),
    )


def _width(track: Track, y_px: FloatArray) -> float:
    return float(np.median(track.right_at(y_px) - track.left_at(y_px)))


def _row_px(y_px: FloatArray) -> float:
    steps = np.diff(y_px[np.isfinite(y_px)])
    return max(0.01, float(np.median(steps))) if steps.size else 1.0


def _away(whole: FloatArray) -> FloatArray:
    if not np.isfinite(whole).any():
        return np.zeros(whole.shape)
    carried = _carried(whole)
    return np.asarray(carried - median_filter(carried, 2 * SPIKE_SAMPLES + 1, mode="nearest"))


def _carried(values: FloatArray) -> FloatArray:
    """The array with NaN replaced by the value before it (the first value at the start)."""
    known = np.isfinite(values)
    index = np.where(known, np.arange(len(values)), 0)
    index = np.maximum.accumulate(index)
    first = values[np.argmax(known)]
    return np.asarray(np.where(np.isfinite(values[index]), values[index], first))
