"""From traced lines to the log that is exported: one way for the window and the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from curvedesk.domain.curve import DigitisedCurve, DigitisedLog, TracedCurve, sample
from curvedesk.domain.plausible import beyond, limits_of
from curvedesk.domain.presets import unit_shown
from curvedesk.domain.sheet import CurveSpec, Sheet
from curvedesk.domain.strokes import Stroke
from curvedesk.imaging import Scan

UNSURE = 0.5  # confidence under which a reading is called doubtful
_WORTH_SAYING = 0.05


@dataclass(frozen=True, slots=True)
class LogSource:
    """What a log is read from: the scan's file name and SHA-256; `assumed_dpi` where its file states none."""

    name: str
    sha256: str
    assumed_dpi: float | None = None


def source_of(scan: Scan) -> LogSource:
    """Where values read off `scan` come from."""
    assumed = scan.dpi if scan.info.dpi_assumed else None
    return LogSource(scan.info.path.name, scan.sha256, assumed)


def read_log(
    scan: Scan | LogSource, sheet: Sheet, strokes: Sequence[Stroke], model_id: str, traced: Sequence[TracedCurve]
) -> DigitisedLog:
    """The values of traced curves at the sheet's depths, with what the reader of the log should be warned of."""
    source = scan if isinstance(scan, LogSource) else source_of(scan)
    depth = sheet.depth.sample_depths()
    wanted = sorted((line for line in traced if line.spec.digitize), key=lambda line: _order(sheet, line.spec))
    curves = []
    for mnemonic, group in groupby(wanted, key=lambda line: line.spec.mnemonic):
        lines = tuple(group)
        values, confidence = sample(lines, sheet, depth)
        curves.append(DigitisedCurve(mnemonic, lines[0].spec.unit, values, confidence, _source(lines), lines))
    warnings = tuple(w for curve in curves for w in curve_warnings(curve))
    if source.assumed_dpi is not None and sheet.dpi is None:
        warnings = (f"The scan does not say its resolution; {source.assumed_dpi:g} dpi was assumed.", *warnings)
    others = tuple(line for line in traced if not line.spec.digitize)
    name, sha256 = source.name, source.sha256
    return DigitisedLog(sheet, depth, tuple(curves), warnings, model_id, name, sha256, tuple(strokes), others)


def _order(sheet: Sheet, spec: CurveSpec) -> int:
    """Place of a curve in the log: that of the first entry of its name in the sheet."""
    return next(i for i, (_, other) in enumerate(sheet.curves()) if other.mnemonic == spec.mnemonic)


def _source(lines: Sequence[TracedCurve]) -> str:
    spec = lines[0].spec
    return f"traced from the {spec.style} pen of track {lines[0].track}"


def curve_warnings(curve: DigitisedCurve) -> list[str]:
    """What the reader of a curve should be warned of: no ink; much of it missing, doubtful, or what no rock gives."""
    there = np.isfinite(curve.values)
    if not there.any():
        return [f"{curve.mnemonic}: no ink of this curve was found."]
    unsure = float((curve.confidence[there] < UNSURE).mean())
    found = []
    if there.mean() < 0.9:
        found.append(f"{curve.mnemonic}: no reading at {100 * (1 - there.mean()):.0f} % of the depths.")
    if unsure > _WORTH_SAYING:
        found.append(f"{curve.mnemonic}: {100 * unsure:.0f} % of the readings are doubtful; compare with the scan.")
    share, limits = beyond(curve.values, curve.mnemonic, curve.unit), limits_of(curve.mnemonic, curve.unit)
    if share and limits is not None:
        said = f"{curve.mnemonic}: {100 * share:.0f} % of the readings are not between {limits[0]:g} and {limits[1]:g}"
        found.append(f"{said} {unit_shown(curve.unit)}; its pen or its scale may be another curve's.")
    return found
