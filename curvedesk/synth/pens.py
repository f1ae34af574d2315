"""Pens: how a shape becomes strokes on paper, with its label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from curvedesk.synth.canvas import LabelCanvas, Layer, Points, Warp, stroke, strokes, whole_width
from curvedesk.synth.shapes import smooth_noise
from curvedesk.synth.styles import Style


class OffScale(StrEnum):
    """What a pen does beyond the edge of its track."""

    PIN = "pin"
    LIFT = "lift"
    ADD = "add"
    MULTIPLY = "multiply"


# on and off lengths in pixels at 200 dpi for a pen of 1 px; broader pens stretch them a little
PATTERNS: dict[str, tuple[float, ...]] = {
    "far": (36, 4.5),
    "long": (20, 8),
    "tight": (5, 1.8),
    "tight long": (9, 1.8),
    "tight dash-dot": (7, 1.8, 2.5, 1.8),
    "middling": (11, 6),
    "short": (6, 4.5),
    "dots": (1.2, 5),
    "fine dots": (1, 3.4),
    "dash-dot": (15, 5, 2, 5),
    "dash-dot-dot": (16, 4, 2, 4, 2, 4),
}

_HAIRLINE_PX = (0.9, 1.6)  # dashes so fine that a threshold frays them like a solid pen


@dataclass(frozen=True, slots=True)
class Pen:
    """One pen: width and dash lengths in pixels at 200 dpi."""

    width_px: float
    ink: float
    dash: tuple[float, ...] = ()
    by_time: bool = False  # dashes cut by a shutter as the film runs, so they stretch on swings
    thinning: float = 0.0  # exponent: width falls with (dy/ds) where the pen swings
    fading: float = 0.0  # the same for ink

    @property
    def dashed(self) -> bool:
        return bool(self.dash)


def random_pen(
    rng: np.random.Generator, style: Style, *, dashed: bool, patterns: Sequence[str] = tuple(PATTERNS)
) -> Pen:
    """A pen of this style of paper; `patterns` names the dashes it may have."""
    low, high = style.pen_px
    width = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    if rng.random() < style.broad_pen and not dashed:
        width = float(np.exp(rng.uniform(np.log(5), np.log(16))))
    ink = rng.uniform(*style.pen_ink)
    galvo = rng.random() < style.galvo
    dash: tuple[float, ...] = ()
    if dashed:
        width = rng.uniform(*_HAIRLINE_PX) if rng.random() < 0.15 else width
        pattern = PATTERNS[patterns[int(rng.integers(len(patterns)))]]
        grow = rng.uniform(0.65, 1.5)
        dash = tuple(part * grow + (width * 0.35 if i % 2 else 0.0) for i, part in enumerate(pattern))
    thinning, fading = (rng.uniform(0.15, 0.7), rng.uniform(0, 0.12)) if galvo else (0.0, 0.0)
    return Pen(width, ink, dash, bool(dashed and rng.random() < 0.2), thinning, fading)


def place(
    rng: np.random.Generator, fraction: NDArray[np.floating], off: OffScale, factor: float = 2.0
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Fractions within the track and the back-up scale each sample is on; lifted samples become NaN."""
    f = fraction.astype(np.float64)
    turn = np.zeros(f.size, np.int64)
    if off is OffScale.PIN:
        rest = rng.uniform(-0.006, 0.006)
        return np.clip(f, rest, 1 - rest), turn
    if off is OffScale.LIFT:
        return np.where((f < 0) | (f > 1), np.nan, f), turn
    if off is OffScale.ADD:
        turn = np.floor(f).astype(np.int64)
        return f - turn, turn
    f = np.maximum(f, 0)
    turn = np.ceil(np.log(np.maximum(f, 1)) / np.log(factor) - 1e-12).astype(np.int64)
    return f / factor**turn, turn


def runs(x: NDArray[np.float64], turn: NDArray[np.int64]) -> list[slice]:
    """Stretches without a gap (NaN) or a change of back-up scale."""
    good = np.isfinite(x)
    cut = np.flatnonzero((turn[1:] != turn[:-1]) | (good[1:] != good[:-1])) + 1
    bounds = [0, *cut.tolist(), x.size]
    return [slice(a, b) for a, b in pairwise(bounds) if good[a] and b > a]


def resample(points: Points, step_px: float) -> Points:
    """The same path with points about `step_px` apart along it."""
    length = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))))
    n = max(2, int(length[-1] / step_px) + 1)
    s = np.linspace(0, length[-1], n)
    return np.stack([np.interp(s, length, points[:, 0]), np.interp(s, length, points[:, 1])], axis=1)


def dashes(rng: np.random.Generator, points: Points, pattern: tuple[float, ...], *, by_time: bool) -> list[Points]:
    """The inked stretches of a dashed path; the pattern runs along the path, or along y for a shutter."""
    fine = resample(points, 0.8)
    delta = np.abs(np.diff(fine[:, 1])) if by_time else np.hypot(*np.diff(fine, axis=0).T)
    along = rng.uniform(0, sum(pattern)) + np.concatenate(([0.0], np.cumsum(delta)))
    if rng.random() < 0.5:  # a worn shutter, a dry pen: no two dashes alike
        along = along + smooth_noise(rng, along.size, 8) * rng.uniform(0.05, 0.25) * pattern[-1]
    ends = np.cumsum(pattern)
    part = np.searchsorted(ends, along % ends[-1], side="right")
    on = part % 2 == 0
    cut = np.flatnonzero(on[1:] != on[:-1]) + 1
    bounds = [0, *cut.tolist(), len(fine)]
    return [fine[a : max(b, a + 2)] for a, b in pairwise(bounds) if on[a] and b - a > 0]


def draw(
    rng: np.random.Generator,
    layer: Layer,
    labels: LabelCanvas | None,
    path: Points,
    *,
    pen: Pen,
    scale: float,
    warp: Warp,
) -> None:
    """Ink one gapless path (track coordinates at 200 dpi) and, where wanted, its label."""
    on_paper = warp(path)
    if labels is not None:
        labels.add(on_paper, dashed=pen.dashed)
    ink = int(255 * pen.ink)
    if pen.dashed:
        parts = dashes(rng, on_paper, pen.dash, by_time=pen.by_time)
        strokes(layer, parts, scale=scale, width=whole_width(rng, pen.width_px, scale), ink=ink)
        if labels is not None and pen.width_px > 3:
            labels.add_ink(parts, pen.width_px)
        return
    if pen.thinning == 0:
        stroke(layer, on_paper, scale=scale, width=whole_width(rng, pen.width_px, scale), ink=ink)
        if labels is not None and pen.width_px > 3:
            labels.add_ink([on_paper], pen.width_px)
        return
    _draw_thinning(layer, labels, on_paper, pen, scale)


def _draw_thinning(layer: Layer, labels: LabelCanvas | None, points: Points, pen: Pen, scale: float) -> None:
    """A light beam's line: thin and pale where it moved fast."""
    fine = resample(points, 2.5)
    delta = np.diff(fine, axis=0)
    level = np.clip(np.abs(delta[:, 1]) / (np.hypot(delta[:, 0], delta[:, 1]) + 1e-9), 0.04, 1.0)
    level = np.convolve(np.pad(level, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid")
    floor = min(pen.width_px, max(1.0, 0.3 * pen.width_px))
    width = np.maximum(np.round(np.maximum(pen.width_px * level**pen.thinning, floor) * scale), 1).astype(int)
    ink = (255 * pen.ink * np.maximum(level**pen.fading, 0.55)).astype(int) // 24 * 24
    key = ink * 1000 + width
    cut = np.flatnonzero(key[1:] != key[:-1]) + 1
    bounds = [0, *cut.tolist(), key.size]
    groups: dict[int, list[Points]] = defaultdict(list)
    for a, b in pairwise(bounds):
        groups[int(key[a])].append(fine[a : b + 1])
    for weight in sorted(groups):  # the darkest last, on top
        strokes(layer, groups[weight], scale=scale, width=weight % 1000, ink=weight // 1000)
        if labels is not None and weight % 1000 > 3 * scale:
            labels.add_ink(groups[weight], weight % 1000 / scale)
