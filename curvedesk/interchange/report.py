"""The report: how much of each curve was read, how surely, and whether the analyst was obeyed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curvedesk import __version__
from curvedesk.domain.curve import DigitisedCurve, DigitisedLog
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.strokes import dump_strokes
from curvedesk.interchange.las_header import scale_text
from curvedesk.interchange.obeyed import obeyed
from curvedesk.interchange.quality import Quality
from curvedesk.interchange.table import specs_of
from curvedesk.store.atomic import replacing

INTERVAL_SAMPLES = 100


def write_report(log: DigitisedLog, path: Path) -> None:
    """Write the report as JSON. Raises ExportError; an old file of this name then stays as it was."""
    with replacing(path) as part:
        put_report(log, part)


def put_report(log: DigitisedLog, part: Path, quality: Quality | None = None) -> None:
    """Write the report to `part`, with what a look over the ink found, if there was one."""
    text = json.dumps(report_of(log, quality), indent=1, allow_nan=False)
    part.write_text(text + "\n", encoding="utf-8", newline="\n")


def report_of(log: DigitisedLog, quality: Quality | None = None) -> dict[str, Any]:
    """The report as JSON-ready objects; with `quality` each curve has its shares of faults, and the worst places."""
    axis = log.sheet.depth
    depth = {"unit": axis.unit, "top": axis.top, "bottom": axis.bottom, "step": axis.step, "samples": len(log.depth)}
    report = {
        "format": "curvedesk-report",
        "version": 1,
        "program": f"CurveDesk {__version__}",
        "scan": log.scan,
        "sha256": log.sha256,
        "model": log.model_id,
        "depth": depth,
        "curves": [_curve_report(log, curve) for curve in log.curves],
        "strokes": _stroke_reports(log),
        "warnings": list(log.warnings),
    }
    return report if quality is None else report | {"quality": _quality_report(quality)}


def _quality_report(quality: Quality) -> dict[str, Any]:
    """Shares of depths, 0..1: without a fault, and with each; then places, worst first."""
    curves = [
        {"mnemonic": c.mnemonic, "clean": round(c.clean, 4)}
        | {kind.value.replace(" ", "_"): round(share, 4) for kind, share in c.shares.items()}
        for c in quality.curves
    ]
    places = [
        {"curve": p.curve, "kind": p.kind.value, "from": p.depths[0], "to": p.depths[1]}
        | {"severity": p.severity, "sentence": p.sentence}
        for p in quality.places
    ]
    return {"clean": round(quality.clean, 4), "curves": curves, "places": places}


def _curve_report(log: DigitisedLog, curve: DigitisedCurve) -> dict[str, Any]:
    specs = specs_of(log, curve)
    asked = np.any([spec.covers(log.depth) for spec in specs], axis=0) if specs else np.ones(len(log.depth), bool)
    read = np.isfinite(curve.values)
    return {
        "mnemonic": curve.mnemonic,
        "unit": curve.unit,
        "source": curve.source,
        "scales": [scale_text(spec) for spec in specs],
        "coverage": _share(read[asked]),
        "minimum": _rounded(curve.values[read].min()) if read.any() else None,
        "maximum": _rounded(curve.values[read].max()) if read.any() else None,
        "confidence": _confidence(curve.confidence[read]),
        "intervals": list(_intervals(log.depth, read, curve.confidence)),
        "null_intervals": [[float(log.depth[a]), float(log.depth[b])] for a, b in _runs(asked & ~read)],
    }


def _intervals(depth: FloatArray, read: NDArray[np.bool_], sure: NDArray[np.float32]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(depth), INTERVAL_SAMPLES):
        here = slice(start, min(start + INTERVAL_SAMPLES, len(depth)))
        ends = {"from": float(depth[here][0]), "to": float(depth[here][-1]), "coverage": _share(read[here])}
        yield ends | {"confidence": _confidence(sure[here][read[here]])}


def _confidence(sure: NDArray[np.float32]) -> dict[str, float] | None:
    if not sure.size:
        return None
    low, middle = np.percentile(sure, [5, 50])
    return {"mean": _rounded(sure.mean()), "median": _rounded(middle), "p5": _rounded(low), "min": _rounded(sure.min())}


def _share(flags: NDArray[np.bool_]) -> float:
    return _rounded(flags.mean()) if flags.size else 0.0


def _rounded(value: np.floating[Any]) -> float:
    return round(float(value), 4)


def _runs(flags: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First and last index of each run of true."""
    bounds = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0))
    for start, stop in zip(bounds[::2].tolist(), bounds[1::2].tolist(), strict=True):
        yield start, stop - 1


def _stroke_reports(log: DigitisedLog) -> list[dict[str, Any]]:
    """Every stroke with `obeyed`: true, false, or null where the export alone cannot tell."""
    dumped = dump_strokes(log.strokes)["strokes"]
    return [dump | {"obeyed": obeyed(stroke, log)} for dump, stroke in zip(dumped, log.strokes, strict=True)]
