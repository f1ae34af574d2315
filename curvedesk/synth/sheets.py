"""Whole synthetic logs: the scan, the sheet that says what it means, and what every pen truly drew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.sheet import Sheet
from curvedesk.synth import ageing, clutter
from curvedesk.synth.canvas import Layer, Warp
from curvedesk.synth.catalogue import well_header
from curvedesk.synth.grid import Grid, Ruling, draw_grid, log_lines
from curvedesk.synth.header import Press, draw_depth_numbers, draw_header, draw_scale_block
from curvedesk.synth.library import CurveLibrary
from curvedesk.synth.pens import draw
from curvedesk.synth.plan import LogPlan, PlannedCurve, PlannedTrack, level_depths, random_plan, to_sheet
from curvedesk.synth.readings import random_reading, trace
from curvedesk.synth.styles import STYLES, TRAINING_STYLES, Style


@dataclass(frozen=True, slots=True)
class RenderedSheet:
    """A scan with its truth. image: uint8 gray (H, W) at `sheet.dpi`, only 0 and 255 where `bilevel`.

    `depth` (m,) are the sheet's samples, `values` what each digitised pen drew there (NaN in gaps and off scale),
    `traces` every pen's path in scan pixels.
    """

    image: Layer
    bilevel: bool
    sheet: Sheet
    depth: NDArray[np.float64]
    values: Mapping[str, NDArray[np.float64]]
    traces: tuple[TracedCurve, ...]


def sheet(
    rng: np.random.Generator,
    *,
    library: CurveLibrary | None = None,
    styles: Collection[str] = TRAINING_STYLES,
    feet: float | None = None,
    scan: str = "scan.tif",
) -> RenderedSheet:
    """A random whole log; the same generator state gives the same bytes. `feet` of depth, by default a few hundred.

    Takes some 30 bytes of memory a pixel while it draws.
    """
    names = sorted(styles)
    paper = STYLES[names[int(rng.integers(len(names)))]]
    plan = random_plan(rng, paper, feet=feet)
    dpi = max(150, paper.dpi[int(rng.integers(len(paper.dpi)))])
    return render(rng, plan, paper, warp=random_warp(rng, plan), dpi=dpi, library=library or CurveLibrary(), scan=scan)


def random_warp(rng: np.random.Generator, plan: LogPlan) -> Warp:
    """Skew and a wave of the borders; a tall sheet can lean less before it leaves the scan."""
    tall = plan.height_px / 3000
    angle = rng.normal(0, 0.3) / max(tall, 0.6)
    wave = rng.exponential(1.5) if rng.random() < 0.6 else 0.0
    centre = (plan.width_px / 2, plan.height_px / 2)
    return Warp(
        float(np.deg2rad(angle)),
        centre,
        (float(wave), 0.0),
        (rng.uniform(700, 2500), 900.0),
        (rng.uniform(0, 6.3), 0.0),
    )


def render(
    rng: np.random.Generator, plan: LogPlan, paper: Style, *, warp: Warp, dpi: int, library: CurveLibrary, scan: str
) -> RenderedSheet:
    """Print, draw, age and scan a plan."""
    scale, step = dpi / 200, 0.5 if plan.px_per_foot >= 4 else 1.0
    meaning = to_sheet(plan, warp, dpi=dpi, scan=scan, well=well_header(rng), step=step)
    grid = np.zeros((round(plan.height_px * scale), round(plan.width_px * scale)), np.uint8)
    pen = np.zeros_like(grid)
    _rule(rng, grid, plan, paper, scale=scale, warp=warp)
    _letter(Press(rng, pen, scale, warp, clutter.Face.random(rng)), plan, meaning)
    depth = meaning.depth.sample_depths()
    values, traces = _draw_curves(rng, pen, plan, meaning, library)
    dark = ageing.compose(rng, paper, grid, pen, scale=scale)
    if rng.random() < paper.dirt:
        ageing.soil(rng, dark, scale=scale)
    image = ageing.scan(rng, paper, dark, scale=scale)
    bilevel = bool(np.all((image == 0) | (image == 255)))
    return RenderedSheet(image, bilevel, meaning, depth, values, traces)


def _draw_curves(
    rng: np.random.Generator, layer: Layer, plan: LogPlan, meaning: Sheet, library: CurveLibrary
) -> tuple[dict[str, NDArray[np.float64]], tuple[TracedCurve, ...]]:
    """Ink every curve; what the wanted ones read at the sheet's samples, and every pen's path."""
    depth, scale = meaning.depth.sample_depths(), (meaning.dpi or 200) / 200
    values: dict[str, NDArray[np.float64]] = {}
    traces = []
    for planned, track in zip(plan.tracks, meaning.tracks, strict=True):
        for curve in planned.curves:
            reading = random_reading(rng, plan, library, planned.x1_px - planned.x0_px)
            path = trace(meaning, track, curve, reading, px_per_foot=plan.px_per_foot * scale)
            _ink(rng, layer, curve, path, scale=scale)
            traces.append(path)
            if curve.spec.digitize:
                values[curve.spec.mnemonic] = reading.values(curve, depth)
    return values, tuple(traces)


def _rule(rng: np.random.Generator, layer: Layer, plan: LogPlan, paper: Style, *, scale: float, warp: Warp) -> None:
    """The grids of all tracks."""
    thin, ink = rng.uniform(*paper.grid_px), rng.uniform(*paper.grid_ink)
    levels = _levels(plan, thin, ink)
    for track in plan.tracks:
        ruled = _ruled(rng, track, levels, thin, ink)
        draw_grid(rng, layer, ruled, y0=plan.top_px, y1=plan.bottom_px, scale=scale, warp=warp)


def _letter(press: Press, plan: LogPlan, meaning: Sheet) -> None:
    """Words, numbers, and now and then a hand's remark."""
    draw_header(press, plan, meaning.well)
    draw_scale_block(press, plan)
    draw_depth_numbers(press, plan)
    if press.rng.random() < 0.3:
        x, y = press.rng.uniform(100, plan.width_px - 200), press.rng.uniform(plan.top_px, plan.bottom_px)
        clutter.scribble(press.rng, press.layer, float(x), float(y), scale=press.scale)


def _levels(plan: LogPlan, thin: float, ink: float) -> tuple[Ruling, ...]:
    lines = list(level_depths(plan, clear_px=max(9, 6 * thin)))
    rows = (plan.row_of(np.array([depth for depth, weight in lines if weight == want])) for want in range(3))
    return tuple(Ruling(at, thin * (1 + 0.6 * i), min(1, ink + 0.1 * i)) for i, at in enumerate(rows))


def _ruled(rng: np.random.Generator, track: PlannedTrack, levels: tuple[Ruling, ...], thin: float, ink: float) -> Grid:
    width = track.x1_px - track.x0_px
    edges = Ruling(np.array([track.x0_px, track.x1_px]), thin * 1.8, min(1.0, ink + 0.2))
    if track.logarithmic:
        decades = (
            round(float(np.log10(track.curves[0].service.right / track.curves[0].service.left))) if track.curves else 4
        )
        heavy, light = log_lines(
            track.x0_px, width, first=0.2 if decades == 4 else 1.0, decades=decades, clear_px=2.8 * thin
        )
    else:
        at = track.x0_px + width * np.arange(1, 10) / 10
        heavy, light = at[4:5], np.delete(at, 4)
    vertical = (edges, Ruling(light, thin, ink), Ruling(heavy, thin * 1.5, min(1.0, ink + 0.1)))
    return Grid(track.x0_px, track.x1_px, vertical, levels, (), float(rng.choice([0.0, 0.0, 0.03])))


def _ink(rng: np.random.Generator, layer: Layer, curve: PlannedCurve, path: TracedCurve, *, scale: float) -> None:
    """Draw a path that is in scan pixels already."""
    own = np.zeros_like(layer)
    points = (np.stack([path.x_px, path.y_px], axis=1) + 0.5) / scale - 0.5
    for piece in path.pieces():
        draw(rng, own, None, points[piece], pen=curve.pen, scale=scale, warp=Warp())
    np.maximum(layer, own, out=layer)
