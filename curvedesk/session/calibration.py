"""The print under a sheet: the printed line nearest to a pixel, to which ties and borders are drawn."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.sheet import Sheet
from curvedesk.imaging.gridlines import PrintedLine, nearest_horizontal, nearest_vertical

Paper = Callable[[int, int, int, int], NDArray[np.uint8] | None]
ALONG_PX = 64.0  # of a line looked at to either side, at 200 dpi
_ROOM_PX = 14.0


@dataclass(frozen=True, slots=True)
class Print:
    """The paper under a sheet. `paper(x0, y0, x1, y1)`: gray scan pixels (h, w), None where not at hand."""

    sheet: Sheet | None
    paper: Paper | None
    width: int
    height: int
    scale: float = 1.0  # scan pixels in a 200 dpi pixel

    def depth_line(self, x_px: float, y_px: float, *, reach_px: float) -> PrintedLine | None:
        """The printed depth line nearest to a pixel, `at_px` being its y_px at that column."""
        left, right = self._along(x_px, y_px)
        room = reach_px + _ROOM_PX * self.scale
        found = self._patch(left, y_px - room, right, y_px + room)
        if found is None:
            return None
        patch, x0, y0 = found
        return _moved(nearest_horizontal(patch, y_px=y_px - y0, reach_px=reach_px), y0, x_px - x0, patch.shape[1])

    def border(self, x_px: float, y_px: float, *, reach_px: float) -> PrintedLine | None:
        """The printed vertical line nearest to a pixel, `at_px` being its x_px at that row."""
        room, half = reach_px + _ROOM_PX * self.scale, ALONG_PX * self.scale
        found = self._patch(x_px - room, y_px - half, x_px + room, y_px + half)
        if found is None:
            return None
        patch, x0, y0 = found
        return _moved(nearest_vertical(patch, x_px=x_px - x0, reach_px=reach_px), x0, y_px - y0, patch.shape[0])

    def _along(self, x_px: float, y_px: float) -> tuple[float, float]:
        """How much of a depth line to look at: within one track, the lines of the next may stand otherwise."""
        left, right = x_px - ALONG_PX * self.scale, x_px + ALONG_PX * self.scale
        for track in self.sheet.tracks if self.sheet else ():
            low, high = float(track.left_at(y_px)), float(track.right_at(y_px))
            if low <= x_px <= high:
                return max(left, low + 3 * self.scale), min(right, high - 3 * self.scale)
        return left, right

    def _patch(self, x0: float, y0: float, x1: float, y1: float) -> tuple[NDArray[np.uint8], int, int] | None:
        left, top = max(0, round(x0)), max(0, round(y0))
        right, bottom = min(self.width, round(x1)), min(self.height, round(y1))
        if self.paper is None or right - left < 12 or bottom - top < 5:
            return None
        gray = self.paper(left, top, right, bottom)
        return None if gray is None else (gray, left, top)


def _moved(line: PrintedLine | None, start: int, along: float, length: int) -> PrintedLine | None:
    """A patch's line in pixels of the scan, read at a place along it."""
    return None if line is None else replace(line, at_px=start + line.at_px + line.slope * (along - (length - 1) / 2))
