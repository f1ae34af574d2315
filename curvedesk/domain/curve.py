"""Curves: the pen's line on paper, and the values read off it at given depths."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.scales import IntArray
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.strokes import Stroke
from curvedesk.domain.track import CurveSpec, Track

ConfidenceArray = NDArray[np.float32]
HALF_ROW_PX = 0.5  # ink found in a row covers half a row above and below its centre


@dataclass(frozen=True, slots=True, eq=False)
class TracedCurve:
    """The pen's line in full scan pixels, points in drawing order; a NaN row parts two pieces (a gap).

    `x_px`, `y_px` float64 (n,), `turn` int32 (n,), `confidence` float32 (n,) in 0..1; `track` is the track's name.
    """

    spec: CurveSpec
    track: str
    x_px: FloatArray
    y_px: FloatArray
    turn: IntArray
    confidence: ConfidenceArray

    def pieces(self) -> Iterator[slice]:
        """Runs of consecutive points without a gap."""
        solid = np.isfinite(self.x_px) & np.isfinite(self.y_px)
        bounds = np.flatnonzero(np.diff(solid.astype(np.int8), prepend=0, append=0))
        for start, stop in zip(bounds[::2].tolist(), bounds[1::2].tolist(), strict=True):
            yield slice(start, stop)


@dataclass(frozen=True, slots=True, eq=False)
class DigitisedCurve:
    """Values of one mnemonic at the log's depths, NaN where the pen drew none; `confidence` (m,) in 0..1.

    `source` says in words where the curve came from; `traced` holds the lines the values were read from.
    """

    mnemonic: str
    unit: str
    values: FloatArray
    confidence: ConfidenceArray
    source: str
    traced: tuple[TracedCurve, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class DigitisedLog:
    """A digitised scan: everything an export says. `scan` is the file's name, `sha256` of its content.

    `others` holds traced pens that are on the paper but not exported.
    """

    sheet: Sheet
    depth: FloatArray
    curves: tuple[DigitisedCurve, ...]
    warnings: tuple[str, ...]
    model_id: str
    scan: str
    sha256: str
    strokes: tuple[Stroke, ...] = ()
    others: tuple[TracedCurve, ...] = ()


def sample(traced: Sequence[TracedCurve], sheet: Sheet, depth: ArrayLike) -> tuple[FloatArray, ConfidenceArray]:
    """Values (m,) and confidence (m,) of a curve at `depth` (m,), read off its traced lines.

    Reads between consecutive points of one piece, never across a gap, never smoothed. A line that turns back
    in depth is read where it first crosses the depth, in drawing order. The first line that has a value wins.
    NaN with confidence 0 where no line runs.
    """
    depth = np.asarray(depth, dtype=np.float64)
    order = np.argsort(depth, kind="stable")
    values = np.full(depth.shape, np.nan)
    confidence = np.zeros(depth.shape, np.float32)
    for line in traced:
        open_places = order[line.spec.covers(depth[order]) & np.isnan(values[order])]
        values[open_places], confidence[open_places] = _read_line(line, sheet, depth[open_places])
    return values, confidence


def _read_line(line: TracedCurve, sheet: Sheet, wanted: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Values and confidence of one line at increasing depths."""
    scale = line.spec.scale
    at = sheet.depth_at(line.x_px, line.y_px)
    half = np.abs(sheet.depth_at(line.x_px, line.y_px + HALF_ROW_PX) - at)
    axis = scale.to_axis(scale.value_at(_track_of(line, sheet).fraction_at(line.x_px, line.y_px), line.turn))
    read, sure = np.full(wanted.shape, np.nan), np.zeros(wanted.shape)
    for piece in line.pieces():
        low, high = _reach(at[piece], half[piece])
        here = np.arange(np.searchsorted(wanted, low, "left"), np.searchsorted(wanted, high, "right"))
        here = here[np.isnan(read[here])]
        if here.size:
            index, weight = _first_crossing(at[piece], wanted[here])
            read[here] = _between(axis[piece], index, weight)
            sure[here] = _between(line.confidence[piece], index, weight)
    return scale.from_axis(read), sure


def _track_of(line: TracedCurve, sheet: Sheet) -> Track:
    return next(track for track in sheet.tracks if track.name == line.track)


def _reach(at: FloatArray, half: FloatArray) -> tuple[float, float]:
    top, bottom = int(np.argmin(at)), int(np.argmax(at))
    return float(at[top] - half[top]), float(at[bottom] + half[bottom])


def _first_crossing(at: FloatArray, wanted: FloatArray) -> tuple[NDArray[np.intp], FloatArray]:
    """Index i and weight w so that each wanted depth is first met at (1 - w) point i + w point i + 1.

    A line first meets a depth below its start where it sets a new record downwards, one above its start where
    it sets a new record upwards; records are sorted, so two binary searches do.
    """
    wanted = np.clip(wanted, at.min(), at.max())
    deepest, highest = np.maximum.accumulate(at), np.minimum.accumulate(at)
    reached = np.where(
        wanted >= at[0],
        np.searchsorted(deepest, wanted, "left"),
        np.searchsorted(-highest, -wanted, "left"),
    )
    index = np.clip(reached - 1, 0, max(len(at) - 2, 0))
    after = np.minimum(index + 1, len(at) - 1)
    rise = at[after] - at[index]
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = np.where(rise == 0.0, (reached > index).astype(np.float64), (wanted - at[index]) / rise)
    return index, np.clip(weight, 0.0, 1.0)


def _between(points: NDArray[np.floating], index: NDArray[np.intp], weight: FloatArray) -> FloatArray:
    after = points[np.minimum(index + 1, len(points) - 1)].astype(np.float64)
    return points[index] * (1.0 - weight) + after * weight
