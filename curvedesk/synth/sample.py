"""The bundled sample: one made-up log with a wrap, solid and dashed pens and a little age, always the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from curvedesk.domain.scales import ScaleKind, ValueScale, Wrap, WrapKind
from curvedesk.domain.sheet import CurveSpec, Style
from curvedesk.synth.canvas import Warp
from curvedesk.synth.catalogue import Service
from curvedesk.synth.library import CurveLibrary
from curvedesk.synth.packs import write_sheet
from curvedesk.synth.pens import PATTERNS, Pen
from curvedesk.synth.plan import LogPlan, PlannedCurve, PlannedTrack
from curvedesk.synth.sheets import RenderedSheet, render
from curvedesk.synth.styles import Style as Paper

SEED = 115
DPI = 200
_PAPER = Paper(
    "sample", grid_px=(1.2, 1.4), grid_ink=(0.6, 0.75), ragged=(0.09, 0.1), breaks=(0.3, 0.4), blur_px=(0.5, 0.6),
    threshold=(0.42, 0.46), speckle=(0.05, 0.06), paper=(0.0, 0.01), jpeg=0.0, dirt=1.0, galvo=0.0,
)  # fmt: skip


def _curve(mnemonic: str, title: str, unit: str, scale: ValueScale, *, dash: str = "") -> PlannedCurve:
    service = Service(mnemonic, title, unit, scale.left, scale.right, scale.kind, (scale.wrap,))
    style = Style.DASHED if dash else Style.SOLID
    pen = Pen(2.0 if dash else 2.4, 1.0, PATTERNS[dash] if dash else ())
    return PlannedCurve(service, CurveSpec(mnemonic, unit, scale, style), pen)


def sample_plan() -> LogPlan:
    """Gamma ray (comes back on scale) with caliper, and two resistivities on a logarithmic track; 800 ft."""
    left = (
        _curve("GR", "GAMMA RAY", "GAPI", ValueScale(0, 100, wrap=Wrap(WrapKind.ADD))),
        _curve("CALI", "CALIPER", "IN", ValueScale(6, 16), dash="middling"),
    )
    right = (
        _curve("ILD", "DEEP INDUCTION", "OHMM", ValueScale(0.2, 2000, ScaleKind.LOG)),
        _curve("SFL", "SPHERICALLY FOCUSED", "OHMM", ValueScale(0.2, 2000, ScaleKind.LOG), dash="short"),
    )
    tracks = (PlannedTrack("1", 60, 660, False, left), PlannedTrack("2", 800, 1640, True, right))
    return LogPlan(1700, 4200, 760, 4200, 5000, 4.0, 3.0, tracks)


def make_sample() -> RenderedSheet:
    """The sample as drawn; the same on every run."""
    warp = Warp(float(np.deg2rad(0.25)), (850, 2100), (2.0, 0.0), (1900.0, 900.0), (0.7, 0.0))
    rng = np.random.default_rng(SEED)
    return render(rng, sample_plan(), _PAPER, warp=warp, dpi=DPI, library=CurveLibrary(), scan="scan.tif")


def write_sample(folder: Path) -> None:
    """`scan.tif`, `scan.sheet.json` and `truth.las` into `folder`. Raises ExportError."""
    write_sheet(folder, make_sample())
