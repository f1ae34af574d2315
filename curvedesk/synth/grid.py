"""Printed grids: linear, logarithmic, dotted, verticals only; heavy lines, broken lines, missing lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.synth.canvas import Layer, Points, Warp, stroke, strokes, whole_width
from curvedesk.synth.styles import Style


@dataclass(frozen=True, slots=True)
class Ruling:
    """Lines of one weight: positions in 200 dpi pixels, width, ink."""

    at_px: NDArray[np.float64]
    width_px: float
    ink: float


@dataclass(frozen=True, slots=True)
class Grid:
    """What is printed in one track between x0 and x1."""

    x0_px: float
    x1_px: float
    vertical: tuple[Ruling, ...]
    level: tuple[Ruling, ...]
    dash: tuple[float, ...] = ()  # on and off lengths of lines printed as dots or dashes; empty means whole lines
    missing: float = 0.0  # chance that a line was never printed


def log_lines(
    x0: float, width: float, *, first: float, decades: int, clear_px: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(decade lines, lines between) of a logarithmic track whose left border is the value `first`.

    Of the lines between, as many as leave `clear_px` to their neighbours: 1 to 9, or even numbers, or 2 and 5.
    """
    tight = width / decades
    ways = ((1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 4, 6, 8), (1, 2, 5), (1,))
    digits = next((way for way in ways if tight * np.log10(10 / way[-1]) >= clear_px), (1,))
    steps = (np.log10(digits)[None, :] + np.arange(-2, decades + 2)[:, None]).ravel()
    f = (steps - np.log10(first)) / decades
    heavy = np.isclose(steps, np.round(steps))
    inside = (f > 0.001) & (f < 0.999)
    return x0 + width * f[inside & heavy], x0 + width * f[inside & ~heavy]


def random_grid(rng: np.random.Generator, style: Style, x0: float, width: float, levels: tuple[Ruling, ...]) -> Grid:
    """The grid of one track; `levels` are the depth lines that all tracks of a log share."""
    kind = style.grids[int(rng.integers(len(style.grids)))]
    thin, ink = rng.uniform(*style.grid_px), rng.uniform(*style.grid_ink)
    heavy_px = thin * rng.uniform(1.0, 2.2)
    edges = Ruling(np.array([x0, x0 + width]), thin * rng.uniform(1, 2.5), min(1.0, ink * 1.2))
    if kind == "blank":
        return Grid(x0, x0 + width, (edges,), ())
    if kind == "log":
        first, decades = float(rng.choice([0.2, 1.0, 2.0, 0.1])), int(rng.choice([1, 2, 2, 3, 4]))
        heavy, light = log_lines(x0, width, first=first, decades=decades, clear_px=2.8 * thin)
        vertical = (edges, Ruling(light, thin, ink), Ruling(heavy, heavy_px, min(1.0, ink * 1.1)))
    else:
        n = int(rng.choice([4, 5, 10, 10, 10, 20]))
        every = int(rng.choice([1, 5, 2])) if rng.random() < 0.5 else n
        at = x0 + width * np.arange(1, n) / n
        is_heavy = np.arange(1, n) % every == 0
        vertical = (edges, Ruling(at[~is_heavy], thin, ink), Ruling(at[is_heavy], heavy_px, min(1.0, ink * 1.1)))
    levels = () if kind == "vertical" else levels
    dash: tuple[float, ...] = (0.4, rng.uniform(3.6, 8.6)) if kind == "dotted" else ()
    if not dash and rng.random() < 0.07:
        dash = (rng.uniform(3, 16), rng.uniform(2, 7))
    return Grid(x0, x0 + width, vertical, levels, dash, rng.choice([0.0, 0.0, 0.05, 0.2]))


def random_levels(rng: np.random.Generator, style: Style, y0: float, y1: float) -> tuple[Ruling, ...]:
    """Depth lines: every 2 or 10 ft and so on, heavier on the fifth or tenth."""
    every = int(rng.choice([5, 5, 10, 2, 4]))
    thin, ink = rng.uniform(*style.grid_px), rng.uniform(*style.grid_ink)
    pitch = float(np.exp(rng.uniform(np.log(max(8, 4.5 * thin)), np.log(70))))
    index = np.arange(int((y1 - y0) / pitch) + 1)
    at = y0 + rng.uniform(0, pitch) + pitch * index
    place = (index + int(rng.integers(every))) % every
    heaviest = (index + int(rng.integers(10))) % (every * 2) == 0
    heavy = (place == 0) & ~heaviest
    grow = rng.uniform(1.0, 2.0)
    return (
        Ruling(at[~heavy & ~heaviest], thin, ink),
        Ruling(at[heavy], thin * grow, min(1.0, ink * 1.1)),
        Ruling(at[heaviest], thin * grow * rng.uniform(1, 1.8), min(1.0, ink * 1.2)),
    )


def draw_grid(
    rng: np.random.Generator, layer: Layer, grid: Grid, *, y0: float, y1: float, scale: float, warp: Warp
) -> None:
    """Print the grid between rows y0 and y1 (before the warp)."""
    y, x = np.linspace(y0, y1, 24), np.linspace(grid.x0_px, grid.x1_px, 16)
    for number, ruling in enumerate(grid.vertical):
        width = whole_width(rng, ruling.width_px, scale)
        for at in ruling.at_px.tolist():
            line = np.stack([np.full_like(y, at), y], axis=1)
            _rule(rng, layer, warp(line), grid, ruling, width=width, scale=scale, dots=number > 0)
    for ruling in grid.level:
        width = whole_width(rng, ruling.width_px, scale)
        for at in ruling.at_px.tolist():
            if y0 <= at <= y1:
                line = np.stack([x, np.full_like(x, at)], axis=1)
                _rule(rng, layer, warp(line), grid, ruling, width=width, scale=scale, dots=True)


def _rule(
    rng: np.random.Generator,
    layer: Layer,
    line: Points,
    grid: Grid,
    ruling: Ruling,
    *,
    width: int,
    scale: float,
    dots: bool,
) -> None:
    if rng.random() < grid.missing:
        return
    ink = int(255 * min(1.0, ruling.ink * rng.uniform(0.85, 1.1)))
    if not (dots and grid.dash):
        stroke(layer, line, scale=scale, width=width, ink=ink)
        return
    on, pitch = grid.dash[0], sum(grid.dash)
    length = float(np.hypot(*(line[-1] - line[0])))
    along = (line[-1] - line[0]) / max(length, 1)
    starts = line[0] + np.arange(rng.uniform(0, pitch), length, pitch)[:, None] * along
    strokes(layer, list(np.stack([starts, starts + on * along], axis=1)), scale=scale, width=width, ink=ink)
