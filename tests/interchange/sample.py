"""The bundled sample as its pens drew it, for tests that need real paper under perfect curves."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import lasio
import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import DigitisedLog, TracedCurve
from curvedesk.domain.sheet import load_sheet
from curvedesk.domain.strokes import Stroke
from curvedesk.imaging import open_scan
from curvedesk.interchange.ink import GrayInk
from curvedesk.interchange.log import source_of
from curvedesk.interchange.plan import ExportPlan
from curvedesk.interchange.planned import Material, planned_log
from curvedesk.store.locations import bundled_resources_dir

Floats = NDArray[np.float64]


@cache
def sample_material() -> Material:
    """Every curve traced exactly where the sample's truth says, surely."""
    folder = bundled_resources_dir() / "sample"
    sheet, truth = load_sheet(folder / "scan.sheet.json"), lasio.read(folder / "truth.las")
    depth, traced = np.asarray(truth["DEPT"]), []
    for track, spec in sheet.curves():
        fraction, turn = spec.scale.place_of(truth[spec.mnemonic])
        x, y = sheet.pixel_at(track, fraction, depth)
        traced.append(TracedCurve(spec, track.name, x, y, turn, np.full(len(x), 0.9, np.float32)))
    scan = open_scan(folder / "scan.tif")
    return Material(source_of(scan), sheet, (), tuple(traced), "drawn", scan)


@cache
def sample_ink() -> GrayInk:
    """The sample's paper."""
    scan = sample_material().scan
    assert scan is not None
    return GrayInk(scan.read(0, 0, scan.width, scan.height), 0.0, 0.0, 200.0 / scan.dpi)


def sample_log(strokes: Sequence[Stroke] = ()) -> DigitisedLog:
    """The sample's log as it would be exported."""
    return planned_log(replace(sample_material(), strokes=tuple(strokes)), ExportPlan())


def with_values(log: DigitisedLog, mnemonic: str, values: Floats) -> DigitisedLog:
    """The log with other values in one curve."""
    curves = (replace(c, values=values) if c.mnemonic == mnemonic else c for c in log.curves)
    return replace(log, curves=tuple(curves))


def values_of(log: DigitisedLog, mnemonic: str) -> Floats:
    """A copy of one curve's values."""
    return next(c.values.copy() for c in log.curves if c.mnemonic == mnemonic)
