"""The curves to be exported, drawn again: from their values back through scales and sheet to the paper's pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import DigitisedLog
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.scales import IntArray, WrapKind
from curvedesk.domain.sheet import Style, Track
from curvedesk.interchange.ink import Ink, to_ink
from curvedesk.interchange.table import columns_of, specs_of

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Redrawn:
    """One curve at the log's depths, (m,) each, NaN where it has no value.

    `fraction` across its track on scale `turn`, `whole` the same unrolled (turns laid end to end); `x_px`, `y_px`
    at 200 dpi in the ink's box; `scan_y_px` in the scan. `asked`: where the sheet says the curve exists. `row_px`: how
    many 200 dpi rows a sample takes; `track` (m,) the index of its track in the sheet, `width_px` the track's width.
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
    track: NDArray[np.int8]
    width_px: float
    row_px: float

    @property
    def there(self) -> Flags:
        """Where it has a value that its scale can hold."""
        return np.isfinite(self.fraction)


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
    row_px = _row_px(y_px)
    style = specs[0].style if specs else Style.SOLID
    return Redrawn(
        curve.mnemonic, style, wraps, asked, fraction, turn, whole, x_px, y_px, scan_y, track_of, max(widths), row_px
    )


def _width(track: Track, y_px: FloatArray) -> float:
    return float(np.median(track.right_at(y_px) - track.left_at(y_px)))


def _row_px(y_px: FloatArray) -> float:
    steps = np.diff(y_px[np.isfinite(y_px)])
    return max(0.01, float(np.median(steps))) if steps.size else 1.0
