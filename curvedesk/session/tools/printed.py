"""What is printed near the pointer: the depth line or the track border that a tie or an edge snaps to."""

from curvedesk.session.calibration import Print
from curvedesk.session.tools.base import Situation, ToolEvent, scan_scale

REACH = 10.0  # screen pixels
_LEAST_PX, _MOST_PX = 4.0, 24.0  # at 200 dpi, whatever the zoom


def reach_px(now: Situation, event: ToolEvent) -> float:
    """How far from the pointer a printed line draws it, in scan pixels."""
    scale = scan_scale(now)
    return min(max(event.scan_px(REACH), _LEAST_PX * scale), _MOST_PX * scale)


def depth_line(now: Situation, event: ToolEvent) -> tuple[float, float] | None:
    """y_px at the pointer's column, and slope, of the printed depth line nearest to it."""
    line = _print(now).depth_line(event.x_px, event.y_px, reach_px=reach_px(now, event))
    return None if line is None else (line.at_px, line.slope)


def border_line(now: Situation, event: ToolEvent) -> float | None:
    """x_px at the pointer's row of the printed vertical line nearest to it."""
    line = _print(now).border(event.x_px, event.y_px, reach_px=reach_px(now, event))
    return None if line is None else line.at_px


def _print(now: Situation) -> Print:
    scan = now.project.scan
    size = (scan.width, scan.height) if scan else (0, 0)
    return Print(now.project.sheet, now.paper, *size, scan_scale(now))
