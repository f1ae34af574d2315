"""Crops for training others: one track's width of reviewed paper, with what its pens drew and what is not known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import DigitisedLog, TracedCurve
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.sheet import Sheet, Style, Track
from curvedesk.interchange.log import UNSURE
from curvedesk.interchange.overlay import DPI, Raster
from curvedesk.interchange.planned import lines_of
from curvedesk.interchange.review import Interval, reviewed_at, reviewed_intervals

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
MOST_ROWS, LEAST_ROWS = 512, 64
RIM_PX = 4.0  # paper shown beyond a track's borders
BAND_PX, UNKNOWN_PX = 3, 13
SHIFT = 5  # cv2's fixed point: 1/32 px
SOLID, DASHED = 1, 2


@dataclass(frozen=True, slots=True)
class Place:
    """A box of the scan, [x0, x1) by [y0, y1) in its pixels, of one track, shown at `scale`."""

    track: Track
    x0: int
    y0: int
    x1: int
    y1: int
    scale: float

    def to_crop(self, x_px: FloatArray, y_px: FloatArray) -> FloatArray:
        """Crop pixels (n, 2) of scan pixels."""
        s = self.scale
        return np.column_stack([(x_px - self.x0 + 0.5) * s - 0.5, (y_px - self.y0 + 0.5) * s - 0.5])


@dataclass(frozen=True, slots=True, eq=False)
class LabelledCurve:
    """One pen in a crop: its name, style, and the band of 3 px it covers (h, w)."""

    name: str
    style: Style
    band: Mask

    @property
    def category(self) -> int:
        """1 for a solid pen, 2 for a dashed or dotted one."""
        return SOLID if self.style is Style.SOLID else DASHED


@dataclass(frozen=True, slots=True, eq=False)
class LabelCrop:
    """`image` gray (h, w), `known` (h, w): where the label can be relied upon, and the pens in it."""

    image: Bytes
    known: Mask
    curves: tuple[LabelledCurve, ...]

    @property
    def mask(self) -> Bytes:
        """Class of each pixel (h, w): 0 background, 1 solid, 2 dashed or dotted; a solid pen lies on top."""
        made = np.zeros(self.image.shape, np.uint8)
        for curve in sorted(self.curves, key=lambda curve: -curve.category):
            made[curve.band] = curve.category
        return made


def crops_of(scan: Raster, log: DigitisedLog, *, everything: bool = False) -> Iterator[LabelCrop]:
    """Crops of the reviewed stretches, or of the whole log where `everything`; those without a pen are left out."""
    for place in places_of(scan, log, everything=everything):
        made = _crop(scan, log, place, everything=everything)
        if any(curve.band.any() for curve in made.curves):
            yield made


def places_of(scan: Raster, log: DigitisedLog, *, everything: bool = False) -> Iterator[Place]:
    """Where to crop: each track's reviewed stretches, joined where they meet, cut into pieces of up to 512 rows."""
    scale = DPI / scan.dpi
    for track in log.sheet.tracks:
        whole = [(log.sheet.depth.top, log.sheet.depth.bottom)]
        asked = whole if everything else _reviewed(log, track)
        for y0, y1 in _joined(_rows(log.sheet, track, asked), least=LEAST_ROWS / scale):
            yield from _pieces(scan, track, (max(0, y0), min(scan.height, y1)), scale)


def _reviewed(log: DigitisedLog, track: Track) -> list[Interval]:
    wanted = [spec.mnemonic for spec in track.curves if spec.digitize]
    return [interval for name in wanted for interval in reviewed_intervals(log.sheet, name, log.strokes)]


def _rows(sheet: Sheet, track: Track, asked: Sequence[Interval]) -> Iterator[Interval]:
    """Rows of depth intervals over the whole width of a track, within the exported depths."""
    for top, bottom in asked:
        ends = np.clip([top, bottom], sheet.depth.top, sheet.depth.bottom)
        if ends[1] > ends[0] or top == bottom:
            y_px = np.concatenate([sheet.pixel_at(track, fraction, ends)[1] for fraction in (0.0, 1.0)])
            yield float(y_px.min()), float(y_px.max())


def _joined(rows: Iterator[Interval], *, least: float) -> list[tuple[int, int]]:
    """Intervals of rows, each at least so many long, those that meet made one."""
    grown = [((a + b - least) / 2, (a + b + least) / 2) if b - a < least else (a, b) for a, b in rows]
    joined: list[tuple[int, int]] = []
    for first, last in sorted(grown):
        y0, y1 = int(np.floor(first)), int(np.ceil(last)) + 1
        if joined and y0 <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], y1))
        else:
            joined.append((y0, y1))
    return joined


def _pieces(scan: Raster, track: Track, rows: tuple[int, int], scale: float) -> Iterator[Place]:
    y0, y1 = rows
    if y1 - y0 < 2:
        return
    bounds = np.linspace(y0, y1, int(np.ceil((y1 - y0) * scale / MOST_ROWS)) + 1).astype(int).tolist()
    for top, bottom in pairwise(bounds):
        y_px = np.arange(top, bottom, dtype=np.float64)
        x0 = max(0, int(track.left_at(y_px).min() - RIM_PX / scale))
        x1 = min(scan.width, int(track.right_at(y_px).max() + RIM_PX / scale) + 1)
        if x1 - x0 > 1:
            yield Place(track, x0, top, x1, bottom, scale)


def _crop(scan: Raster, log: DigitisedLog, place: Place, *, everything: bool) -> LabelCrop:
    image = scan.read(place.x0, place.y0, place.x1, place.y1, scale=place.scale)
    known = np.ones(image.shape, bool)
    curves = []
    for line in lines_of(log):
        if line.track == place.track.name:
            band = painted(line, place, image.shape, BAND_PX)
            known &= ~_unknown(log, line, place, image.shape, everything=everything)
            if band.any():
                curves.append(LabelledCurve(line.spec.mnemonic, line.spec.style, band))
    return LabelCrop(image, known, tuple(curves))


def _unknown(log: DigitisedLog, line: TracedCurve, place: Place, shape: tuple[int, ...], *, everything: bool) -> Mask:
    """Where this pen may run otherwise: around its line where nobody looked, across the track where it has none."""
    at = log.sheet.depth_at(line.x_px, line.y_px)
    order = np.argsort(at, kind="stable")
    trusted = np.zeros(at.shape, bool)
    trusted[order] = reviewed_at(log.sheet, line.spec.mnemonic, log.strokes, at[order])
    trusted |= everything & (line.confidence >= UNSURE)
    doubted = painted(_only(line, ~trusted), place, shape, UNKNOWN_PX)
    y_px = (np.arange(shape[0]) + 0.5) / place.scale - 0.5 + place.y0
    middle = log.sheet.depth_at(place.track.x_at(0.5, y_px), y_px)
    seen = np.isfinite(line.x_px) & (line.y_px >= place.y0 - 1) & (line.y_px <= place.y1)
    drawn = np.zeros(shape[0], bool)
    rows = np.round((line.y_px[seen] - place.y0 + 0.5) * place.scale - 0.5).astype(int)
    for shift in (-1, 0, 1):
        drawn[np.clip(rows + shift, 0, shape[0] - 1)] = True
    missing = line.spec.covers(middle) & ~drawn
    missing &= ~reviewed_at(log.sheet, line.spec.mnemonic, log.strokes, middle)
    return doubted | missing[:, None]


def _only(line: TracedCurve, keep: Mask) -> TracedCurve:
    x_px = np.where(keep, line.x_px, np.nan)
    return TracedCurve(line.spec, line.track, x_px, line.y_px, line.turn, line.confidence)


def painted(line: TracedCurve, place: Place, shape: tuple[int, ...], width_px: int) -> Mask:
    """The band of a line in a crop of `shape`; broken at gaps and where the pen goes to another scale."""
    canvas = np.zeros(shape, np.uint8)
    margin = UNKNOWN_PX / place.scale
    for piece in line.pieces():
        x, y, turn = line.x_px[piece], line.y_px[piece], line.turn[piece]
        near = (y > place.y0 - margin) & (y < place.y1 + margin)
        breaks = np.flatnonzero((np.diff(turn) != 0) | (np.diff(near.astype(np.int8)) != 0)) + 1
        for run in np.split(np.arange(len(x)), breaks):
            if near[run[0]]:
                points = np.round(place.to_crop(x[run], y[run]) * (1 << SHIFT)).astype(np.int32)
                cv2.polylines(
                    canvas, [points.reshape(-1, 1, 2)], isClosed=False, color=1, thickness=width_px, shift=SHIFT
                )
    return canvas.astype(bool)
