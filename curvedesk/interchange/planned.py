"""From what was traced and a plan to the log that is written: renamed, reordered, cut to its depths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from curvedesk.domain.curve import DigitisedCurve, DigitisedLog, TracedCurve
from curvedesk.domain.sheet import CurveSpec, Sheet, Track
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NullStroke, Stroke, SwapStroke
from curvedesk.interchange.log import UNSURE, LogSource, read_log
from curvedesk.interchange.overlay import Raster
from curvedesk.interchange.plan import ExportPlan

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """All that an export is made of; `scan` is needed for pictures and labels alone, and for the quality report."""

    source: LogSource
    sheet: Sheet
    strokes: tuple[Stroke, ...]
    traced: tuple[TracedCurve, ...]
    model_id: str
    scan: Raster | None = None


def material_of(log: DigitisedLog, scan: Raster | None, *, source: LogSource) -> Material:
    """What a digitised log was read from, so that it can be exported by another plan."""
    traced = tuple(line for curve in log.curves for line in curve.traced) + log.others
    return Material(source, log.sheet, log.strokes, traced, log.model_id, scan)


def planned_log(material: Material, plan: ExportPlan) -> DigitisedLog:
    """The log as the plan wants it. Renames reach sheet, lines and strokes alike, so that every part agrees."""
    choices = plan.choices(material.sheet)
    names = {choice.mnemonic: choice.name for choice in choices}
    sheet = planned_sheet(material.sheet, plan, names)
    traced = [replace(line, spec=_spec(line.spec, names)) for line in material.traced]
    strokes = [_renamed(stroke, names) for stroke in material.strokes]
    log = read_log(material.source, sheet, strokes, material.model_id, traced)
    order = {choice.name: i for i, choice in enumerate(choices)}
    log = replace(log, curves=tuple(sorted(log.curves, key=lambda curve: order[curve.mnemonic])))
    return sure_only(log) if plan.partial else log


def planned_sheet(sheet: Sheet, plan: ExportPlan, names: Names) -> Sheet:
    """The sheet with the plan's depths and header fields; curves that are not exported are not to be digitised."""
    depth = replace(
        sheet.depth,
        top=sheet.depth.top if plan.top is None else plan.top,
        bottom=sheet.depth.bottom if plan.bottom is None else plan.bottom,
        step=sheet.depth.step if plan.step is None else plan.step,
    )
    tracks = tuple(_track(track, names) for track in sheet.tracks)
    return replace(sheet, depth=depth, well={**sheet.well, **plan.well}, tracks=tracks)


def _track(track: Track, names: Names) -> Track:
    return replace(track, curves=tuple(_spec(spec, names) for spec in track.curves))


def _spec(spec: CurveSpec, names: Names) -> CurveSpec:
    wanted = spec.digitize and spec.mnemonic in names
    return replace(spec, mnemonic=names[spec.mnemonic] if wanted else spec.mnemonic, digitize=wanted)


def _renamed(stroke: Stroke, names: Names) -> Stroke:
    match stroke:
        case CurveStroke() | NullStroke() | AcceptStroke():
            return replace(stroke, curve=names.get(stroke.curve, stroke.curve))
        case SwapStroke(curves=(one, other)):
            return replace(stroke, curves=(names.get(one, one), names.get(other, other)))
        case _:
            return stroke


def sure_only(log: DigitisedLog) -> DigitisedLog:
    """The log without its doubtful readings; says how many were left out."""
    parts = [_sure(curve) for curve in log.curves]
    said = [
        f"{curve.mnemonic}: {left_out} doubtful readings were left out, as asked."
        for curve, left_out in parts
        if left_out
    ]
    return replace(log, curves=tuple(curve for curve, _ in parts), warnings=(*log.warnings, *said))


def _sure(curve: DigitisedCurve) -> tuple[DigitisedCurve, int]:
    doubtful = np.isfinite(curve.values) & (curve.confidence < UNSURE)
    return replace(curve, values=np.where(doubtful, np.nan, curve.values)), int(doubtful.sum())


def lines_of(log: DigitisedLog) -> Sequence[TracedCurve]:
    """Every traced line, those of pens not exported behind."""
    return [*(line for curve in log.curves for line in curve.traced), *log.others]
