"""The whole way: scan, sheet, strokes and model in, a digitised log out. For command line, batch and engine."""

from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import DigitisedLog, TracedCurve
from curvedesk.domain.errors import Cancelled, ScanError
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.strokes import Stroke, check_strokes
from curvedesk.imaging import Scan
from curvedesk.imaging.geometry import resize_mask
from curvedesk.interchange.log import read_log
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.predict import Probability, class_mask, predict_bands
from curvedesk.tracing.colour import Palette
from curvedesk.tracing.free import trace_free
from curvedesk.tracing.region import Box, logged_box
from curvedesk.tracing.strip import ANALYSIS_DPI, Window
from curvedesk.tracing.track import Evidence, trace_track

Report = Callable[[int, int], None]
_TRACING_SHARE = 4  # tracing takes about a quarter of the time


def digitize(
    scan: Scan,
    sheet: Sheet,
    strokes: Sequence[Stroke],
    model: Model,
    *,
    device: str = "auto",
    progress: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> DigitisedLog:
    """Every wanted curve of the sheet, read at its depths.

    Raises SheetError where the sheet does not lie on the scan, StrokesError, Cancelled.
    """
    check_strokes(strokes, sheet)
    dpi = sheet.dpi or scan.dpi
    box = logged_box(sheet, dpi=dpi, width=scan.width, height=scan.height)
    evidence = find_ink(scan, box, model, dpi=dpi, device=device, progress=_first_part(progress), cancelled=cancelled)
    traced = trace_sheet(
        sheet, evidence, strokes, dpi=dpi, progress=_last_part(progress, len(sheet.tracks)), cancelled=cancelled
    )
    return read_log(scan, sheet, strokes, model.id, [line for lines in traced.values() for line in lines])


def trace_sheet(
    sheet: Sheet,
    evidence: Evidence,
    strokes: Sequence[Stroke],
    *,
    dpi: float,
    tracks: Collection[str] | None = None,
    progress: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> dict[int, list[TracedCurve]]:
    """The curves of every track, or of those named, by the track's place in the sheet. Raises StrokesError, Cancelled.

    ``progress`` takes tracks done and tracks in all.
    """
    chosen = [(place, t) for place, t in enumerate(sheet.tracks) if tracks is None or t.name in tracks]
    traced: dict[int, list[TracedCurve]] = {}
    for place, track in chosen:
        if cancelled is not None and cancelled():
            raise Cancelled("The digitisation was stopped; nothing was written.")
        traced[place] = trace_track(sheet, track, evidence, dpi=dpi, strokes=strokes)
        if progress is not None:
            progress(len(traced), len(chosen))
    return traced


def find_ink(
    scan: Scan,
    box: Box,
    model: Model,
    *,
    dpi: float,
    device: str = "auto",
    progress: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Evidence:
    """The network's answer over a box of the scan, at 200 dpi, as bytes; a binary network speaks for both pens."""
    scale = ANALYSIS_DPI / dpi
    gray = scan.read(*box, scale=scale)
    probability = np.zeros((2, *gray.shape), np.uint8)
    bands = predict_bands(model, gray, device=device, progress=progress, cancelled=cancelled)
    for top, band in bands:
        probability[:, top : top + band.shape[1]] = as_bytes(band)
    for top, tinted in in_colour(scan, box, probability, scale=scale):
        probability[:, top : top + tinted.shape[1]] = tinted
    return Evidence(probability, gray, Window(box[0], box[1], scale))


def in_colour(
    scan: Scan, box: Box, probability: NDArray[np.uint8], *, scale: float
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """What becomes of the network's answer (2, H, W) over a box where the scan's colours have their say, band by band.

    Nothing where the scan is gray. The answer may be overwritten by the bands as they come.
    """
    if not scan.info.colour.has_hue:
        return
    palette: Palette | None = None
    for top, rgb in scan.bands(*box, scale=scale, rgb=True):
        palette = palette or Palette.of_paper(rgb)
        palette.add(probability[:, top : top + len(rgb)], rgb)
    for top, rgb in scan.bands(*box, scale=scale, rgb=True):
        if palette is not None:
            yield top, palette.refined(np.asarray(probability[:, top : top + len(rgb)]), rgb)


def as_bytes(probability: Probability) -> NDArray[np.uint8]:
    """Probabilities 0..1 (C, H, W) as evidence has them: (2, H, W) bytes; a binary network speaks for both pens."""
    known = np.rint(probability.astype(np.float32) * 255).astype(np.uint8)
    return np.broadcast_to(known, (2, *known.shape[1:]))


def predict_mask(
    scan: Scan,
    model: Model,
    *,
    region: Box | None = None,
    binary: bool = False,
    device: str = "auto",
    progress: Report | None = None,
) -> NDArray[np.uint8]:
    """Class of each pixel of the scan or a region (x0, y0, x1, y1), at the scan's own resolution; (H, W).

    0 background, 1 solid, 2 dashed or dotted; 0 and 1 where `binary`. Raises ScanError for a region off the scan.
    """
    box = _checked(scan, region)
    evidence = find_ink(scan, box, model, dpi=scan.dpi, device=device, progress=progress)
    mask = class_mask(evidence.probability.astype(np.float16) / np.float16(255))
    mask = np.minimum(mask, 1) if binary else mask
    return resize_mask(mask, width=box[2] - box[0], height=box[3] - box[1], scale=evidence.window.scale)


def trace_region(
    scan: Scan, model: Model, *, region: Box | None = None, device: str = "auto", progress: Report | None = None
) -> list[dict[str, object]]:
    """Every curve of the scan or a region, as JSON-ready polylines in pixels relative to it."""
    box = _checked(scan, region)
    evidence = find_ink(scan, box, model, dpi=scan.dpi, device=device, progress=progress)
    scale = evidence.window.scale
    return [
        {
            "style": str(curve.style),
            "points": np.round((curve.points + 0.5) / scale - 0.5, 2).tolist(),
            "confidence": round(float(curve.confidence), 3),
        }
        for curve in trace_free(*evidence.probability)
    ]


def _checked(scan: Scan, region: Box | None) -> Box:
    if region is None:
        return 0, 0, scan.width, scan.height
    x0, y0, x1, y1 = region
    if not (0 <= x0 < x1 <= scan.width and 0 <= y0 < y1 <= scan.height):
        raise ScanError(
            f"the region {x0} {y0} {x1} {y1} is not within the scan of {scan.width} x {scan.height} pixels; "
            "give left, top, right, bottom"
        )
    return region


def _first_part(progress: Report | None) -> Report | None:
    """Progress of the prediction, which is all but the last quarter of the work."""
    if progress is None:
        return None
    return lambda done, total: progress(done * (_TRACING_SHARE - 1), total * _TRACING_SHARE)


def _last_part(progress: Report | None, tracks: int) -> Report | None:
    """Progress of the tracing, the last quarter."""
    if progress is None:
        return None
    return lambda done, _total: progress((_TRACING_SHARE - 1) * tracks + done, _TRACING_SHARE * tracks)
