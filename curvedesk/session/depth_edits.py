"""What an analyst does to the depths of a sheet: ties, unit, ends and step, and how well the ties agree."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from curvedesk.domain.depth import DepthAxis
from curvedesk.domain.errors import SheetError
from curvedesk.domain.fields import Fields
from curvedesk.domain.polyline import FloatArray, frozen_array
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.sheet_fields import dump_depth, parse_depth
from curvedesk.domain.track import Track
from curvedesk.session.refit import read_ties, refitted, with_tie
from curvedesk.session.residuals import tie_residuals_px

SheetEdit = Callable[[Sheet], Sheet]
USUAL_SCALE = 240  # 1:240, five inches of paper to a hundred feet
_HAND_STEP_FT = 0.5
UNITS = ("FT", "M")


def sheet_by_hand(scan: str, *, width: int, height: int, dpi: float) -> Sheet:
    """A sheet to start from by hand: two ties at the usual scale and one track, none of it sure.

    `width` and `height` in scan pixels. The ties lie a fifth from either end, the first at depth 0.
    """
    rows = np.array([0.2, 0.8]) * height
    feet = float(np.round((rows[1] - rows[0]) / dpi * USUAL_SCALE / 12)) or 1.0
    axis = DepthAxis("FT", np.array([[rows[0], 0.0], [rows[1], feet]]), None, 0.0, feet, _HAND_STEP_FT, confidence=0.0)
    left, right = ([[share * width, 0.0], [share * width, float(height)]] for share in (0.05, 0.4))
    track = Track("1", frozen_array(left), frozen_array(right), confidence=0.0)
    return Sheet(scan, dpi, {}, axis, (track,))


def add_tie(sheet: Sheet, *, y_px: float, depth: float, slope: float | None = None) -> Sheet:
    """The sheet with one tie more, `y_px` read at the ties' own column; the slope is the neighbours' if not given.

    Ties that were only read off the paper are moved along.
    """
    lean = float(sheet.depth.slope_at(y_px)) if slope is None else slope
    if read_ties(sheet.depth).any():
        return replace(sheet, depth=_checked(with_tie(sheet.depth, y_px=y_px, depth=depth, slope=lean)))
    return _with_ties(sheet, np.vstack([sheet.depth.ties, [y_px, depth, lean]]))


def move_tie(sheet: Sheet, number: int, *, y_px: float | None = None, depth: float | None = None) -> Sheet:
    """The sheet with tie `number` in another row or at another depth; those only read off the paper move along."""
    ties = sheet.depth.ties.copy()
    _refuse_number(ties, number)
    if read_ties(sheet.depth).any():
        y, d = (float(old) if new is None else new for old, new in zip(ties[number, :2], (y_px, depth), strict=True))
        return replace(sheet, depth=_checked(refitted(sheet.depth, number, y_px=y, depth=d)))
    ties[number, 0] = ties[number, 0] if y_px is None else y_px
    ties[number, 1] = ties[number, 1] if depth is None else depth
    return _with_ties(sheet, ties)


def remove_tie(sheet: Sheet, number: int) -> Sheet:
    """The sheet without tie `number`; two must stay."""
    _refuse_number(sheet.depth.ties, number)
    if len(sheet.depth.ties) <= 2:
        raise SheetError("Two ties must stay, or nothing would have a depth; move this one instead")
    return _with_ties(sheet, np.delete(sheet.depth.ties, number, axis=0))


def set_depth(
    sheet: Sheet,
    *,
    unit: str | None = None,
    top: float | None = None,
    bottom: float | None = None,
    step: float | None = None,
) -> Sheet:
    """The sheet with another unit, first or last exported depth or step; numbers stay, the unit only names them."""
    axis = sheet.depth
    new = replace(
        axis,
        unit=axis.unit if unit is None else unit,
        top=axis.top if top is None else top,
        bottom=axis.bottom if bottom is None else bottom,
        step=axis.step if step is None else step,
    )
    return replace(sheet, depth=_checked(new))


def residuals(axis: DepthAxis) -> FloatArray:
    """How far each tie lies from where its neighbours would put it, (n, 2): rows in px, and in depth; NaN under three.

    Ties hold exactly, so a fault shows only against the others: an inner tie is compared with the straight line
    between the ties above and below, an end one with the line through the two next to it.
    """
    ties = axis.ties
    if len(ties) < 3:
        return np.full((len(ties), 2), np.nan)
    off_px = tie_residuals_px(axis)
    depth_per_px = (ties[-1, 1] - ties[0, 1]) / (ties[-1, 0] - ties[0, 0])
    return np.column_stack([off_px, -off_px * depth_per_px])


def _refuse_number(ties: FloatArray, number: int) -> None:
    if not 0 <= number < len(ties):
        raise SheetError("That tie is not there any more; it may have been removed meanwhile")


def _with_ties(sheet: Sheet, ties: FloatArray) -> Sheet:
    order = np.argsort(ties[:, 0], kind="stable")
    return replace(sheet, depth=_checked(replace(sheet.depth, ties=ties[order])))


def _checked(axis: DepthAxis) -> DepthAxis:
    given = replace(axis, confidence=None)  # a person said so
    return parse_depth(Fields(dump_depth(given), "", "Depth", SheetError))
