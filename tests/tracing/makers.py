"""Small sheets, ideal ink, and readings of what was traced."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import DigitisedCurve, DigitisedLog, TracedCurve, sample
from curvedesk.domain.sheet import CurveSpec, Sheet, Style, Track, parse_sheet
from curvedesk.domain.strokes import Stroke, parse_strokes
from curvedesk.tracing.strip import Window
from curvedesk.tracing.track import Evidence, trace_track

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Reading = Callable[[Floats], Floats]

TOP_PX, LEFT_PX = 60, 40  # of the first track at 200 dpi
PX_PER_FOOT = 10  # at 200 dpi
PEN_PX = 3  # width of the ideal stroke, as in the training labels
_SUBPIXEL_BITS, _FINE = 4, 8


def gr(**more: Any) -> dict[str, Any]:
    """A solid pen, 0 to 100 over the track: values are per cents of its width."""
    return {"mnemonic": "GR", "unit": "GAPI", "left": 0, "right": 100, **more}


def cali(**more: Any) -> dict[str, Any]:
    """Another solid pen of the same scale."""
    return {"mnemonic": "CALI", "unit": "IN", "left": 0, "right": 100, **more}


def sp(**more: Any) -> dict[str, Any]:
    """A dashed pen of the same scale."""
    return {"mnemonic": "SP", "unit": "MV", "left": 0, "right": 100, "style": "dashed", **more}


def make_sheet(
    *tracks: Sequence[Mapping[str, Any]],
    dpi: float = 200,
    slope: float = 0.0,
    wave_px: float = 0.0,
    feet: int = 60,
    width_px: int = 200,
) -> Sheet:
    """Tracks of `width_px` side by side from 1000 ft down; `slope` tilts the depth lines, `wave_px` bends the borders.

    `width_px` and `wave_px` at 200 dpi.
    """
    k = dpi / 200
    y = np.arange(0, TOP_PX + feet * PX_PER_FOOT + 61, 60, dtype=np.float64)
    bend = wave_px * np.sin(y / 90)

    def edge(x: float, more: float) -> list[list[float]]:
        return np.stack([(x + bend * more) * k, y * k], axis=1).tolist()

    def track(number: int, curves: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        x = LEFT_PX + number * (width_px + 40)
        edges = {"left": edge(x, 1), "right": edge(x + width_px, 0.6)}
        return {"name": str(number + 1), "edges": edges, "curves": [dict(curve) for curve in curves]}

    ties = [[(TOP_PX + PX_PER_FOOT * f) * k, 1000 + f, slope] for f in (0, feet / 3, feet)]
    depth = {"unit": "FT", "x_px": 20 * k, "ties": ties, "top": 1000, "bottom": 1000 + feet, "step": 0.5}
    return parse_sheet({
        "format": "curvedesk-sheet", "version": 1, "scan": "scan.tif", "dpi": dpi, "well": {}, "depth": depth,
        "tracks": [track(i, curves) for i, curves in enumerate(tracks)],
    })  # fmt: skip


def found(sheet: Sheet, mnemonic: str, *, nth: int = 0) -> tuple[Track, CurveSpec]:
    """Track and entry of a curve; `nth` of several entries."""
    return [(t, s) for t, s in sheet.curves() if s.mnemonic == mnemonic][nth]


def pen_line(sheet: Sheet, mnemonic: str, values: Reading, *, nth: int = 0) -> TracedCurve:
    """The line that a pen draws which reads `values` at a depth; NaN values part it."""
    track, spec = found(sheet, mnemonic, nth=nth)
    depth = np.linspace(sheet.depth.top - 2, sheet.depth.bottom + 2, 4000)
    depth = depth[spec.covers(depth)]
    fraction, turn = spec.scale.place_of(values(depth))
    x, y = sheet.pixel_at(track, fraction, depth)
    return TracedCurve(spec, track.name, x, y, turn, np.ones(len(x), np.float32))


def ideal(sheet: Sheet, lines: Sequence[TracedCurve], *, dashes_px: tuple[int, int] | None = None) -> Evidence:
    """What a perfect network says: 3 px anti-aliased strokes at 200 dpi, solid and dashed apart.

    `dashes_px`: lengths of dashes and of the holes between them, of the pens that are not solid.
    """
    window = Window(0, 0, 200 / (sheet.dpi or 200))
    right = max(float(np.max(track.right[:, 0])) for track in sheet.tracks)
    bottom = max(float(np.max(track.right[:, 1])) for track in sheet.tracks)
    width, height = (round((side + 40) * window.scale) for side in (right, bottom))
    masks = np.zeros((2, height, width), np.uint8)
    for line in lines:
        solid = line.spec.style is Style.SOLID
        x, y = window.to_image(line.x_px, line.y_px)
        if dashes_px is not None and not solid:
            x = np.where(_inked(x, y, dashes_px), x, np.nan)
        _ink(masks[0 if solid else 1], x, y, line.turn)
    return Evidence(masks, 255 - masks.max(0), window)


def _inked(x: Floats, y: Floats, dashes_px: tuple[int, int]) -> NDArray[np.bool_]:
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    return np.asarray(along % sum(dashes_px) < dashes_px[0])


def _ink(mask: Bytes, x: Floats, y: Floats, turn: NDArray[np.int32]) -> None:
    breaks = np.flatnonzero(np.diff(turn, prepend=turn[:1]) != 0)
    for piece in np.split(np.arange(len(x)), breaks):
        inked = piece[np.isfinite(x[piece])]
        for run in np.split(inked, np.flatnonzero(np.diff(inked) > 1) + 1):
            if len(run) > 1:
                draw(mask, np.column_stack([x[run], y[run]]))


def draw(mask: Bytes, points: Any) -> None:
    """A 3 px anti-aliased stroke through `points` (x, y) of the image.

    Drawn fine and averaged: an anti-aliased polyline of OpenCV is two pixels wider than asked for.
    """
    at = (np.asarray(points, np.float64) + 0.5) * _FINE - 0.5
    x0, y0 = (np.floor(at.min(0) / _FINE).astype(int) - PEN_PX).clip(0)
    x1, y1 = (np.ceil(at.max(0) / _FINE).astype(int) + PEN_PX).clip(1, mask.shape[::-1])
    fine = np.zeros(((y1 - y0) * _FINE, (x1 - x0) * _FINE), np.uint8)
    fixed = np.round((at - np.array([x0, y0]) * _FINE) * 2**_SUBPIXEL_BITS).astype(np.int32)[:, None]
    cv2.polylines(fine, [fixed], False, 255, PEN_PX * _FINE - 1, cv2.LINE_8, _SUBPIXEL_BITS)
    here = mask[y0:y1, x0:x1]
    np.maximum(here, cv2.resize(fine, here.shape[::-1], interpolation=cv2.INTER_AREA), out=here)


def strokes(*items: Mapping[str, Any]) -> tuple[Stroke, ...]:
    """Strokes as their file has them."""
    return parse_strokes({"format": "curvedesk-strokes", "version": 1, "strokes": [dict(item) for item in items]})


def digitised(sheet: Sheet, evidence: Evidence, said: Sequence[Stroke] = ()) -> DigitisedLog:
    """Every curve traced in every track and read, those not to be digitised left out."""
    traced = [
        line
        for track in sheet.tracks
        for line in trace_track(sheet, track, evidence, dpi=sheet.dpi or 200, strokes=said)
    ]
    depth = sheet.depth.sample_depths()
    curves = []
    for name in dict.fromkeys(line.spec.mnemonic for line in traced if line.spec.digitize):
        lines = tuple(line for line in traced if line.spec.mnemonic == name)
        curves.append(DigitisedCurve(name, "", *sample(lines, sheet, depth), "test", lines))
    return DigitisedLog(sheet, depth, tuple(curves), (), "none", "scan.tif", "0" * 64, tuple(said))


def values_of(log: DigitisedLog, mnemonic: str) -> Floats:
    """The samples of one curve."""
    return next(curve.values for curve in log.curves if curve.mnemonic == mnemonic)


def rows_of(sheet: Sheet, mnemonic: str, log: DigitisedLog) -> Floats:
    """Scan rows of the log's samples, on the middle of the curve's track."""
    track, _ = found(sheet, mnemonic)
    return sheet.pixel_at(track, 0.5, log.depth)[1]
