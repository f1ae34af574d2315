"""How well the sheet fits the print: ties and borders drawn to printed lines, and lines that deserve a tie."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.sheet import Sheet, Track
from curvedesk.imaging.gridlines import PrintedLine, nearest_horizontal, nearest_vertical
from curvedesk.session.depth_edits import move_tie, residuals

Paper = Callable[[int, int, int, int], NDArray[np.uint8] | None]
ALONG_PX = 64.0  # of a line looked at to either side, at 200 dpi
_ROOM_PX = 14.0
_PITCHES = (500.0, 250.0, 200.0, 100.0, 50.0, 25.0, 20.0, 10.0)  # of heavy lines, in feet or metres
_HEAVY = 0.6  # of the darkness of the lines that bear ties
_ENOUGH, _MOST_SUGGESTED = 4, 400


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


@dataclass(frozen=True, slots=True)
class TieCheck:
    """One tie: where its neighbours would put it (`off_px`, `off_depth`; NaN under three ties), and how far the
    nearest printed line is (`print_px`, NaN where none is near)."""

    number: int
    off_px: float
    off_depth: float
    print_px: float


def check_ties(paper: Print) -> list[TieCheck]:
    """Every tie against its neighbours and against the print."""
    if paper.sheet is None:
        return []
    off = residuals(paper.sheet.depth)
    levels = [_level_on_print(paper, float(y), reach_px=8 * paper.scale) for y, _, _ in paper.sheet.depth.ties]
    return [
        TieCheck(i, float(off[i, 0]), float(off[i, 1]), np.nan if level is None else level[0] - float(tie[0]))
        for i, (tie, level) in enumerate(zip(paper.sheet.depth.ties, levels, strict=True))
    ]


def snapped_ties(paper: Print, *, reach_px: float) -> Sheet | None:
    """The sheet with every tie on the printed line nearest to it, where one is within reach; None without a sheet.

    Raises SheetError where ties would trade places.
    """
    sheet = paper.sheet
    if sheet is None:
        return None
    for number, (y, _, _) in enumerate(sheet.depth.ties.tolist()):
        found = _level_on_print(paper, y, reach_px=reach_px)
        if found is not None:
            sheet = move_tie(sheet, number, y_px=round(found[0], 2))
    return sheet


def snapped_border(paper: Print, points: FloatArray, *, reach_px: float) -> FloatArray:
    """Points (n, 2) of a border on the printed line nearest to each, where one is within reach."""
    moved = points.copy()
    for i, (x, y) in enumerate(points.tolist()):
        line = paper.border(x, y, reach_px=reach_px)
        moved[i, 0] = x if line is None else line.at_px
    return moved


@dataclass(frozen=True, slots=True)
class SuggestedTie:
    """A heavy printed line between two ties: its row at the ties' own column, its depth, its slope."""

    y_px: float
    depth: float
    slope: float


def suggested_ties(paper: Print, *, reach_px: float) -> list[SuggestedTie]:
    """The heavy lines that bear no tie yet, of the widest pitch that the print has between the ties."""
    sheet = paper.sheet
    if sheet is None:
        return []
    known = [_level_on_print(paper, float(y), reach_px=reach_px) for y in sheet.depth.ties[:, 0]]
    dark = [line[2] for line in known if line is not None]
    least, best = _HEAVY * float(np.median(dark)) if dark else 0.0, list[SuggestedTie]()
    for pitch in _PITCHES:
        depths = _between_ties(sheet, pitch)
        if len(best) >= _ENOUGH or depths.size > _MOST_SUGGESTED:
            break
        found = [_suggested(paper, float(depth), reach_px, least) for depth in depths]
        good = [one for one in found if one is not None]
        best = good if 2 * len(good) >= len(found) and len(good) > len(best) else best
    return best


def _between_ties(sheet: Sheet, pitch: float) -> FloatArray:
    """Whole multiples of `pitch` between the first and the last tie that no tie has."""
    low, high = sheet.depth.ties[0, 1], sheet.depth.ties[-1, 1]
    depths = np.arange(np.ceil(low / pitch), np.floor(high / pitch) + 1) * pitch
    near = np.abs(depths[:, None] - sheet.depth.ties[None, :, 1]).min(axis=1, initial=np.inf)
    return np.asarray(depths[near > pitch / 4])


def _suggested(paper: Print, depth: float, reach_px: float, least: float) -> SuggestedTie | None:
    assert paper.sheet is not None
    level = float(paper.sheet.depth.level_of_depth(depth))
    found = _level_on_print(paper, level, reach_px=reach_px)
    return None if found is None or found[2] < least else SuggestedTie(found[0], depth, found[1])


def _level_on_print(paper: Print, level_px: float, *, reach_px: float) -> tuple[float, float, float] | None:
    """Row at the ties' own column, slope and darkness of the printed line nearest to a level: the middle of what the
    tracks say, each looked at in its own middle."""
    sheet = paper.sheet
    assert sheet is not None
    slope, column = float(sheet.depth.slope_at(level_px)), float(sheet.column_at(level_px))
    found = []
    for x in _columns(sheet.tracks, level_px):
        line = paper.depth_line(x, level_px + slope * (x - column), reach_px=reach_px)
        if line is not None and line.share >= 0.5:
            found.append((line.at_px - slope * (x - column), line.slope, line.strength))
    if not found:
        return None
    middle = sorted(found)[len(found) // 2]
    return middle[0], slope, float(np.median([one[2] for one in found]))


def _columns(tracks: tuple[Track, ...], y_px: float) -> list[float]:
    """Columns in which depth lines are looked for: a quarter and three quarters across each track."""
    return [float(track.x_at(share, y_px)) for track in tracks for share in (0.25, 0.75)]
