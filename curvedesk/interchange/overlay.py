"""The overlay picture: every exported curve in colour over the paled scan, for the eye to judge."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import DigitisedLog, TracedCurve
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.sheet import Style
from curvedesk.interchange.legend import Colour, Picture, colour_of, legend_strip
from curvedesk.store.atomic import replacing

DPI = 200.0
MOST_ROWS = 8_000
MARGIN_ROWS = 100  # paper shown above and below the exported depths
INK = 0.45  # how much of the scan's darkness stays
BAND_PX, BAND_SHARE = 9, 0.22
DASHES_PX = {Style.DASHED: (14.0, 7.0), Style.DOTTED: (3.0, 5.0)}  # pen down, pen up
SHIFT = 5  # cv2's fixed point: 1/32 px


class Raster(Protocol):
    """As much of a scan as the overlay needs."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def dpi(self) -> float: ...
    def read(self, x0: int, y0: int, x1: int, y1: int, *, scale: float = 1.0) -> Picture: ...


@dataclass(frozen=True, slots=True)
class Window:
    """Scan rows [y0, y1) shown at `scale`."""

    y0: int
    y1: int
    scale: float

    def place(self, x_px: FloatArray, y_px: FloatArray) -> FloatArray:
        """Picture coordinates (n, 2) of scan pixels."""
        return np.column_stack([(x_px + 0.5) * self.scale - 0.5, (y_px - self.y0 + 0.5) * self.scale - 0.5])


def write_overlay(scan: Raster, log: DigitisedLog, path: Path) -> tuple[Path, ...]:
    """Write the exported depths of the scan with all curves as PNG at 200 dpi (or the scan's own, if coarser).

    Up to 8,000 rows go to `path`, more to pieces `NAME-01.png`, `NAME-02.png`, ...; returns what was written.
    Raises ExportError.
    """
    paths = overlay_paths(scan, log, path)
    with ExitStack() as stack:
        put_overlay(scan, log, [stack.enter_context(replacing(target)) for target in paths])
    return paths


def overlay_paths(scan: Raster, log: DigitisedLog, path: Path) -> tuple[Path, ...]:
    """What the pieces of the overlay are called."""
    pieces = sum(1 for _ in _windows(scan, log))
    if pieces == 1:
        return (path,)
    return tuple(path.with_name(f"{path.stem}-{i:02d}{path.suffix}") for i in range(1, pieces + 1))


def put_overlay(scan: Raster, log: DigitisedLog, parts: Sequence[Path]) -> None:
    """Write each piece of the overlay to its file of `parts`, as many as `overlay_paths` says."""
    for window, part in zip(_windows(scan, log), parts, strict=True):
        width = scan.width * window.scale
        picture = np.concatenate([legend_strip(log, window.y0, window.y1, width), draw(scan, log, window)])
        _, png = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        part.write_bytes(png.tobytes())


def _windows(scan: Raster, log: DigitisedLog) -> Iterator[Window]:
    scale = min(1.0, DPI / scan.dpi)
    x_px = np.array([0.0, scan.width - 1.0])
    margin = MARGIN_ROWS / scale
    first = max(0, int(log.sheet.y_at(x_px, log.sheet.depth.top).min() - margin))
    last = min(scan.height, int(log.sheet.y_at(x_px, log.sheet.depth.bottom).max() + margin))
    first, last = (first, last) if last > first else (0, scan.height)
    pieces = int(np.ceil((last - first) * scale / MOST_ROWS))
    bounds = np.linspace(first, last, pieces + 1).astype(int).tolist()
    for y0, y1 in pairwise(bounds):
        yield Window(y0, y1, scale)


def draw(scan: Raster, log: DigitisedLog, window: Window) -> Picture:
    """One piece of the overlay, RGB (rows, columns, 3)."""
    gray = scan.read(0, window.y0, scan.width, window.y1, scale=window.scale)
    paled = (255 - INK * (255 - gray.astype(np.float32))).astype(np.uint8)
    picture = np.repeat(paled[:, :, None], 3, axis=2)
    for i, curve in enumerate(log.curves):
        colour = colour_of(i)
        strokes = [stroke for line in curve.traced for stroke in _pen_strokes(line, window)]
        _paint_band(picture, strokes, colour)
        style = curve.traced[0].spec.style if curve.traced else Style.SOLID
        exact = [dash for stroke in strokes for dash in dashes(stroke, style)]
        cv2.polylines(picture, _fixed(exact), isClosed=False, color=colour, lineType=cv2.LINE_AA, shift=SHIFT)
    return picture


def _paint_band(picture: Picture, strokes: list[FloatArray], colour: Colour) -> None:
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.polylines(mask, _fixed(strokes), isClosed=False, color=1, thickness=BAND_PX, shift=SHIFT)
    under = mask.astype(bool)
    mixed = (1 - BAND_SHARE) * picture[under] + BAND_SHARE * np.array(colour)
    picture[under] = mixed.astype(np.uint8)


def _pen_strokes(line: TracedCurve, window: Window) -> Iterator[FloatArray]:
    """The line's pieces within the window, broken where the pen leaves the track and re-enters."""
    for piece in line.pieces():
        x, y, turn = line.x_px[piece], line.y_px[piece], line.turn[piece]
        near = (y > window.y0 - MARGIN_ROWS) & (y < window.y1 + MARGIN_ROWS)
        breaks = np.flatnonzero((np.diff(turn) != 0) | (np.diff(near.astype(np.int8)) != 0)) + 1
        for run in np.split(np.arange(len(x)), breaks):
            if near[run[0]]:
                yield window.place(x[run], y[run])


def dashes(stroke: FloatArray, style: Style) -> list[FloatArray]:
    """The stroke (n, 2) cut as its pen draws."""
    if style is Style.SOLID or len(stroke) < 2:
        return [stroke]
    down, up = DASHES_PX[style]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    starts = np.arange(0.0, along[-1], down + up)
    return [_cut(stroke, along, start, min(start + down, along[-1])) for start in starts.tolist()]


def _cut(stroke: FloatArray, along: FloatArray, start: float, stop: float) -> FloatArray:
    first, last = np.searchsorted(along, start, "right"), np.searchsorted(along, stop, "left")
    ends = [[np.interp(at, along, stroke[:, k]) for k in (0, 1)] for at in (start, stop)]
    return np.concatenate([ends[:1], stroke[first:last], ends[1:]])


def _fixed(strokes: list[FloatArray]) -> list[NDArray[np.int32]]:
    return [np.round(stroke * (1 << SHIFT)).astype(np.int32).reshape(-1, 1, 2) for stroke in strokes]
