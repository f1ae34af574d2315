"""The plan of a whole log on straight paper, in pixels at 200 dpi, and the sheet it becomes once the paper is bent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.sheet import CurveSpec, DepthAxis, Sheet, Style, Track
from curvedesk.synth.canvas import Points, Warp
from curvedesk.synth.catalogue import LEFT_SERVICES, LINEAR_SERVICES, LOG_SERVICES, Service
from curvedesk.synth.pens import Pen, random_pen
from curvedesk.synth.styles import Style as Paper

_DASHES = ("far", "long", "tight", "middling", "short", "dash-dot")
_DOTS = ("dots", "fine dots")
EDGE_STEP_PX = 100.0
TIE_STEP_PX = 60.0


@dataclass(frozen=True, slots=True)
class PlannedCurve:
    """A service with its pen."""

    service: Service
    spec: CurveSpec
    pen: Pen


@dataclass(frozen=True, slots=True)
class PlannedTrack:
    """A strip of straight paper between x0 and x1."""

    name: str
    x0_px: float
    x1_px: float
    logarithmic: bool
    curves: tuple[PlannedCurve, ...]


@dataclass(frozen=True, slots=True)
class LogPlan:
    """Where everything goes on straight paper."""

    width_px: int
    height_px: int
    top_px: float
    depth_top: float
    depth_bottom: float
    px_per_foot: float
    drift_px: float  # how far the paper's feed ran ahead and behind
    tracks: tuple[PlannedTrack, ...]

    def row_of(self, depth: NDArray[np.floating]) -> NDArray[np.float64]:
        """Row of a depth on straight paper; increasing."""
        along = (np.asarray(depth, np.float64) - self.depth_top) * self.px_per_foot
        return np.asarray(self.top_px + along + self.drift_px * np.sin(along / 700.0), np.float64)

    @property
    def bottom_px(self) -> float:
        return float(self.row_of(np.array(self.depth_bottom)))

    @property
    def column_px(self) -> float:
        """Middle of the depth column."""
        return (self.tracks[0].x1_px + self.tracks[1].x0_px) / 2


def random_plan(rng: np.random.Generator, paper: Paper, *, feet: float | None = None) -> LogPlan:
    """Two or three tracks with a depth column after the first, a header and a scale block above."""
    gap, width = rng.uniform(110, 160), rng.uniform(460, 520)
    x0, third = rng.uniform(25, 60), rng.random() < 0.4
    widths = [width, width, width] if third else [width, width * rng.choice([1.0, 2.0])]
    lefts = [x0, x0 + width + gap, x0 + 2 * width + gap][: len(widths)]
    used: set[str] = set()
    tracks = tuple(
        _random_track(rng, paper, name=str(i + 1), x0=left, width=w, used=used)
        for i, (left, w) in enumerate(zip(lefts, widths, strict=True))
    )
    per_foot = float(rng.choice([2, 4, 10], p=[0.3, 0.4, 0.3]))
    feet = feet or rng.uniform(1500, 6000) / per_foot
    top = float(rng.integers(20, 1200) * 10)
    bottom = top + max(10.0, round(feet / 10) * 10.0)
    lines = max(len(track.curves) for track in tracks)
    top_px = rng.uniform(560, 800) + 58 * lines
    page = int(tracks[-1].x1_px + rng.uniform(25, 80))
    height = int(top_px + (bottom - top) * per_foot + rng.uniform(120, 260))
    return LogPlan(page, height, top_px, top, bottom, per_foot, rng.normal(0, 4), tracks)


def _random_track(
    rng: np.random.Generator, paper: Paper, *, name: str, x0: float, width: float, used: set[str]
) -> PlannedTrack:
    logarithmic = name != "1" and rng.random() < 0.4
    pool = LEFT_SERVICES if name == "1" else LOG_SERVICES if logarithmic else LINEAR_SERVICES
    curves = []
    for style in _pen_styles(rng):
        left = [service for service in pool if service.mnemonic not in used]
        if left:
            service = left[int(rng.integers(len(left)))]
            used.add(service.mnemonic)
            curves.append(planned(rng, paper, service, style))
    return PlannedTrack(name, x0, x0 + width, logarithmic, tuple(curves))


def _pen_styles(rng: np.random.Generator) -> Sequence[Style]:
    return ((Style.SOLID,), (Style.SOLID, Style.DASHED), (Style.SOLID, Style.DASHED, Style.DOTTED), (Style.DASHED,))[
        int(rng.choice(4, p=[0.35, 0.4, 0.15, 0.1]))
    ]


def planned(rng: np.random.Generator, paper: Paper, service: Service, style: Style) -> PlannedCurve:
    """The service drawn by a pen of that style."""
    patterns = _DOTS if style is Style.DOTTED else _DASHES
    pen = random_pen(rng, paper, dashed=style is not Style.SOLID, patterns=patterns)
    spec = CurveSpec(service.mnemonic, service.unit, service.scale(rng), style, service.digitize)
    return PlannedCurve(service, spec, pen)


def level_depths(plan: LogPlan, *, clear_px: float = 9.0) -> Iterator[tuple[float, int]]:
    """(depth, weight 0 to 2) of the printed depth lines: the finest step that leaves `clear_px`, its tens, hundreds."""
    steps = [step for step in (1, 2, 5, 10, 20, 50) if step * plan.px_per_foot >= clear_px]
    fine = steps[0]
    middle, heavy = (10, 50) if fine < 10 else (50, 100)
    for depth in np.arange(plan.depth_top, plan.depth_bottom + fine / 2, fine).tolist():
        yield depth, 2 if depth % heavy == 0 else 1 if depth % middle == 0 else 0


def to_sheet(plan: LogPlan, warp: Warp, *, dpi: float, scan: str, well: dict[str, str], step: float) -> Sheet:
    """What the bent print means, in pixels of a scan at `dpi`."""
    scale = dpi / 200
    rows = np.append(np.arange(plan.top_px, plan.bottom_px, EDGE_STEP_PX), plan.bottom_px)
    tracks = tuple(
        Track(track.name, _edge(warp, track.x0_px, rows, scale), _edge(warp, track.x1_px, rows, scale), specs)
        for track in plan.tracks
        for specs in (tuple(curve.spec for curve in track.curves),)
    )
    depth = DepthAxis("FT", _ties(plan, warp, scale), None, plan.depth_top, plan.depth_bottom, step)
    return Sheet(scan, dpi, well, depth, tracks)


def scan_pixels(points: Points, scale: float) -> Points:
    """From pixels at 200 dpi to the scan's own; centres stay centres."""
    return (points + 0.5) * scale - 0.5


def _edge(warp: Warp, x_px: float, rows: NDArray[np.float64], scale: float) -> Points:
    return scan_pixels(warp(np.stack([np.full_like(rows, x_px), rows], axis=1)), scale)


def _ties(plan: LogPlan, warp: Warp, scale: float) -> NDArray[np.float64]:
    count = max(2, int((plan.bottom_px - plan.top_px) / TIE_STEP_PX))
    depths = np.linspace(plan.depth_top, plan.depth_bottom, count)
    rows = plan.row_of(depths)
    middle, right = (
        scan_pixels(warp(np.stack([np.full_like(rows, x), rows], axis=1)), scale)
        for x in (plan.column_px, plan.column_px + 100)
    )
    slope = (right[:, 1] - middle[:, 1]) / (right[:, 0] - middle[:, 0])
    return np.stack([middle[:, 1], depths, slope], axis=1)
