"""Which part of a scan a sheet speaks of: what the network is shown."""

import numpy as np

from curvedesk.domain.errors import SheetError
from curvedesk.domain.sheet import Sheet
from curvedesk.tracing.strip import ANALYSIS_DPI

Box = tuple[int, int, int, int]
_MARGIN_PX = 48  # at 200 dpi: what the network sees around the tracks
_STEP_X_PX, _STEP_Y_PX = 32, 128  # of the scan: a border that is moved a little asks for the same box again


def logged_box(sheet: Sheet, *, dpi: float, width: int, height: int) -> Box:
    """The box (x0, y0, x1, y1) of the tracks from top to bottom depth on a scan of so many pixels, a margin around it.

    Its sides lie on a coarse raster, so that the network's answer stays of use when a tie or border is corrected.

    Raises SheetError where the sheet has no tracks or does not lie on the scan.
    """
    if not sheet.tracks:
        raise SheetError("the sheet has no tracks, so there is nothing to digitise; add one with its edges and curves")
    ends = np.array([sheet.depth.top, sheet.depth.bottom])
    corners = [sheet.pixel_at(track, f, ends) for track in sheet.tracks for f in (0.0, 1.0)]
    y = np.concatenate([c[1] for c in corners])
    rows = np.linspace(y.min(), y.max(), 200)
    x = np.concatenate([edge for t in sheet.tracks for edge in (t.left_at(rows), t.right_at(rows))])
    margin = _MARGIN_PX * dpi / ANALYSIS_DPI
    x0, x1 = _side(float(x.min()) - margin, float(x.max()) + margin, step=_STEP_X_PX, size=width)
    y0, y1 = _side(float(y.min()) - margin, float(y.max()) + margin, step=_STEP_Y_PX, size=height)
    if x1 - x0 < 2 or y1 - y0 < 2:
        raise SheetError(
            f"the sheet's tracks lie at rows {y.min():.0f} to {y.max():.0f}, off the scan of {width} x "
            f"{height} pixels; is it the sheet of another scan?"
        )
    return x0, y0, x1, y1


def _side(low: float, high: float, *, step: int, size: int) -> tuple[int, int]:
    """From low to high on multiples of `step` around them, cut to 0..size."""
    first, last = np.floor(low / step) * step, np.ceil((high + 1) / step) * step
    return int(np.clip(first, 0, size)), int(np.clip(last, 0, size))
