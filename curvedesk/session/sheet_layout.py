"""Where new parts of a sheet go, what they are called, and where a curve goes that is moved by one place."""

import numpy as np

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.project import CurveKey
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.track import CurveSpec
from curvedesk.session.sheet_edits import find_curve, set_edge, track_number

LEAST_ROOM_PX, BESIDE_PX = 64, 8.0


def room_for_track(sheet: Sheet, *, width: float, height: float) -> tuple[FloatArray, FloatArray]:
    """Borders (2, 2) of a new track on a scan of this size: right of the last one as far as the paper goes, else in
    the middle of the paper, to be dragged into place."""
    last = max((float(track.right[:, 0].max()) for track in sheet.tracks), default=0.05 * width)
    free = width - last > LEAST_ROOM_PX
    left, right = (last + BESIDE_PX, width - BESIDE_PX) if free else (0.45 * width, 0.55 * width)
    return np.array([[left, 0.0], [left, height]]), np.array([[right, 0.0], [right, height]])


def free_mnemonic(sheet: Sheet, name: str) -> str:
    """`name`, with a number where a curve of the sheet is called so already."""
    taken = {spec.mnemonic for _track, spec in sheet.curves()}
    names = (name if n == 1 else f"{name}{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def place_beside(sheet: Sheet, key: CurveKey, step: int) -> tuple[str, int] | None:
    """Track and place one up (-1) or down (1) of a curve's, past the end into the next track; None at the very ends.

    Raises SheetError where there is no such curve.
    """
    number, place = find_curve(sheet, key)
    if 0 <= place + step < len(sheet.tracks[number].curves):
        return sheet.tracks[number].name, place + step
    if not 0 <= number + step < len(sheet.tracks):
        return None
    target = sheet.tracks[number + step]
    return target.name, 0 if step > 0 else len(target.curves)


def shifted_edge(sheet: Sheet, name: str, side: str, *, to_px: float, row_px: float) -> Sheet:
    """The sheet with a border moved sideways as a whole, so that it passes x `to_px` at row `row_px`."""
    track = sheet.tracks[track_number(sheet, name)]
    edge, at = (track.left, track.left_at) if side == "left" else (track.right, track.right_at)
    points = edge.copy()
    points[:, 0] += to_px - float(at(row_px))
    return set_edge(sheet, name, side=side, points=points)


def what_changed(old: CurveSpec, new: CurveSpec) -> str:
    """What an edit of a curve is called in the history: the weightiest of its changes."""
    changes = (
        (old.mnemonic != new.mnemonic, f"(was {old.mnemonic})"),
        (old.scale.wrap != new.scale.wrap, "back-up scale"),
        (old.scale != new.scale, "scale"),
        (old.unit != new.unit, "unit"),
        (old.style != new.style, "pen"),
        (old.digitize != new.digitize, "exported" if new.digitize else "not exported"),
    )
    return next((text for changed, text in changes if changed), "depths")
