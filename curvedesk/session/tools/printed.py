"""What is printed near the pointer: the depth line or the track border that a tie or an edge snaps to."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.imaging.gridlines import PrintedLine, nearest_horizontal, nearest_vertical
from curvedesk.session.tools.base import Situation, ToolEvent
from curvedesk.session.tools.drawing import scan_scale
from curvedesk.session.tools.traced import track_at

REACH = 10.0  # screen pixels
_LEAST_PX, _MOST_PX = 4.0, 24.0  # at 200 dpi, whatever the zoom
_ALONG_PX = 120.0  # of a line looked at to either side, at 200 dpi
_ROOM_PX = 14.0


def reach_px(now: Situation, event: ToolEvent) -> float:
    """How far from the pointer a printed line draws it, in scan pixels."""
    scale = scan_scale(now)
    return min(max(event.scan_px(REACH), _LEAST_PX * scale), _MOST_PX * scale)


def depth_line(now: Situation, event: ToolEvent) -> tuple[float, float] | None:
    """y_px at the pointer's column, and slope, of the printed depth line nearest to it."""
    scale, reach = scan_scale(now), reach_px(now, event)
    half = _ALONG_PX * scale
    left, right = event.x_px - half, event.x_px + half
    track = track_at(now, event.x_px, event.y_px)
    if track is not None:  # the lines of the next track may stand a little higher
        left = max(left, float(track.left_at(event.y_px)) + 3 * scale)
        right = min(right, float(track.right_at(event.y_px)) - 3 * scale)
    room = reach + _ROOM_PX * scale
    box = round(left), round(event.y_px - room), round(right), round(event.y_px + room)
    patch = _patch(now, box)
    if patch is None:
        return None
    line = nearest_horizontal(patch.gray, y_px=event.y_px - patch.y0, reach_px=reach)
    if line is None:
        return None
    return patch.y0 + _at(line, event.x_px - patch.x0, patch.gray.shape[1]), line.slope


def border_line(now: Situation, event: ToolEvent) -> float | None:
    """x_px at the pointer's row of the printed vertical line nearest to it."""
    scale, reach = scan_scale(now), reach_px(now, event)
    room, half = reach + _ROOM_PX * scale, _ALONG_PX * scale
    box = round(event.x_px - room), round(event.y_px - half), round(event.x_px + room), round(event.y_px + half)
    patch = _patch(now, box)
    if patch is None:
        return None
    line = nearest_vertical(patch.gray, x_px=event.x_px - patch.x0, reach_px=reach)
    return None if line is None else patch.x0 + _at(line, event.y_px - patch.y0, patch.gray.shape[0])


def _at(line: PrintedLine, along: float, length: int) -> float:
    return line.at_px + line.slope * (along - (length - 1) / 2)


@dataclass(frozen=True, slots=True)
class _Patch:
    gray: NDArray[np.uint8]
    x0: int
    y0: int


def _patch(now: Situation, box: tuple[int, int, int, int]) -> _Patch | None:
    """The paper in a box, cut to the scan; None where it is not at hand."""
    scan = now.project.scan
    if now.paper is None or scan is None:
        return None
    x0, y0 = max(0, box[0]), max(0, box[1])
    x1, y1 = min(scan.width, box[2]), min(scan.height, box[3])
    if x1 - x0 < 5 or y1 - y0 < 5:
        return None
    gray = now.paper(x0, y0, x1, y1)
    return None if gray is None else _Patch(gray, x0, y0)
