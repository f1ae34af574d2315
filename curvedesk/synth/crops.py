"""Labelled crops of synthetic paper at 200 dpi, for training and for the hard validation set."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.synth import ageing, clutter
from curvedesk.synth.canvas import LABEL_DPI, LabelCanvas, Layer, Points, Warp
from curvedesk.synth.grid import Ruling, draw_grid, random_grid, random_levels
from curvedesk.synth.library import CurveLibrary
from curvedesk.synth.pens import OffScale, Pen, draw, place, random_pen, resample, runs
from curvedesk.synth.styles import STYLES, TRAINING_STYLES, Style, shares

_MARGIN_PX = 60.0
_SWINGS, _LEVELS, _QUIET = 0.26, 0.46, 0.54  # shares of pens, one upon the other; the rest runs as logs do


@dataclass(frozen=True, slots=True)
class Crop:
    """A square of paper. gray, solid, dashed: uint8 (S, S), labels as coverage of 3 px strokes; ignore: bool (S, S)."""

    gray: NDArray[np.uint8]
    solid: NDArray[np.uint8]
    dashed: NDArray[np.uint8]
    ignore: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Track:
    x0_px: float
    width_px: float


@dataclass(slots=True)
class _Work:
    """One crop in the making."""

    rng: np.random.Generator
    style: Style
    size: int
    scale: float
    warp: Warp
    grid: Layer
    pen: Layer
    labels: LabelCanvas
    y0_px: float  # the log runs between these rows; beyond them are headers or nothing
    y1_px: float

    @classmethod
    def start(cls, rng: np.random.Generator, style: Style, size: int) -> _Work:
        scale = style.dpi[int(rng.integers(len(style.dpi)))] / LABEL_DPI
        side = round(size * scale)
        blank = np.zeros((side, side), np.uint8)
        labels, ends = LabelCanvas.blank(size, size), (-_MARGIN_PX, size + _MARGIN_PX)
        if rng.random() < 0.09:
            at = rng.uniform(0.15, 0.85) * size
            ends = (ends[0], at) if rng.random() < 0.5 else (at, ends[1])
        return cls(rng, style, size, scale, Warp.random(rng, size), blank, blank.copy(), labels, *ends)


def crop(
    rng: np.random.Generator,
    *,
    size: int = 256,
    library: CurveLibrary | None = None,
    styles: Collection[str] = TRAINING_STYLES,
) -> Crop:
    """One crop of `size` pixels at 200 dpi; the same generator state gives the same bytes."""
    names = sorted(styles)
    work = _Work.start(rng, STYLES[names[int(rng.choice(len(names), p=shares(names)))]], size)
    kind = rng.random()
    if kind < 0.06:
        clutter.table(rng, work.pen, size, y0=-40, y1=size + 40, scale=work.scale, warp=work.warp)
    elif kind < 0.09:
        clutter.samples(rng, work.pen, size, scale=work.scale, warp=work.warp)
    else:
        _log(work, library or CurveLibrary())
    return _finish(work)


def _finish(work: _Work) -> Crop:
    dark = ageing.compose(work.rng, work.style, work.grid, work.pen, scale=work.scale)
    if work.rng.random() < work.style.dirt:
        ageing.soil(work.rng, dark, scale=work.scale)
    if work.rng.random() < 0.25 * work.style.dirt:
        ageing.shadow(work.rng, dark, scale=work.scale)
    stored = ageing.scan(work.rng, work.style, dark, scale=work.scale)
    gray = ageing.resize(stored, (work.size, work.size))
    solid, dashed, ignore = work.labels.finish()
    unseen = ageing.lost(gray, work.pen, solid > 0, dashed > 0)
    return Crop(gray, solid, dashed, ignore | unseen)


def _log(work: _Work, library: CurveLibrary) -> None:
    """A window on a log: tracks, depth column, curves, clutter."""
    rng, size = work.rng, work.size
    tracks, column = _layout(rng, size)
    levels = random_levels(rng, work.style, work.y0_px, work.y1_px)
    for track in tracks:
        if track.x0_px > size + 20 or track.x0_px + track.width_px < -20:
            continue
        grid = random_grid(rng, work.style, track.x0_px, track.width_px, levels)
        draw_grid(rng, work.grid, grid, y0=work.y0_px, y1=work.y1_px, scale=work.scale, warp=work.warp)
        _curves(work, library, track)
    _litter(work, column, levels)


def _layout(rng: np.random.Generator, size: int) -> tuple[list[_Track], _Track]:
    """Track 1, the depth column and one or two tracks more, moved so that the window shows some part of them."""
    width = rng.choice([500.0, 500.0, 480.0, 420.0, 300.0]) * rng.uniform(0.9, 1.1)
    gap = rng.uniform(45, 170)
    x0 = rng.uniform(-(2 * width + gap) + 0.2 * size, 0.7 * size)
    tracks = [_Track(x0, width), _Track(x0 + width + gap, width)]
    wide = rng.random() < 0.2
    tracks.append(_Track(tracks[1].x0_px + width, width))
    if wide:
        tracks[1:] = [_Track(tracks[1].x0_px, 2 * width)]
    return tracks, _Track(x0 + width, gap)


def _curves(work: _Work, library: CurveLibrary, track: _Track) -> None:
    rng = work.rng
    count = int(rng.choice([0, 1, 2, 3, 4, 5], p=[0.08, 0.34, 0.31, 0.15, 0.08, 0.04]))
    together = rng.random() < 0.5
    home = _home(rng, track, work.size)
    previous: Points | None = None
    for number in range(count):
        dashed = rng.random() < (0.4 if number == 0 else 0.5)
        pen = random_pen(rng, work.style, dashed=dashed)
        home = home + rng.normal(0, 0.06) if together else _home(rng, track, work.size)
        path, turn = _path(work, library, track, home, follow=previous if together and rng.random() < 0.4 else None)
        _draw_path(work, track, path, turn, pen)
        previous = path


def _home(rng: np.random.Generator, track: _Track, size: int) -> float:
    """Where across the track a curve lives: mostly where the window can see it."""
    low, high = -track.x0_px / track.width_px, (size - track.x0_px) / track.width_px
    low, high = max(low, 0.0), min(high, 1.0)
    return rng.uniform(low, high) if high > low and rng.random() < 0.93 else rng.uniform(0.02, 0.98)


def _path(
    work: _Work, library: CurveLibrary, track: _Track, home: float, *, follow: Points | None
) -> tuple[Points, NDArray[np.int64]]:
    """(x, y) along the pen's way, NaN where it is lifted, and the back-up scale of each point."""
    rng = work.rng
    plotted = rng.random() < work.style.plotted
    step = rng.uniform(1.5, 9) if plotted else rng.uniform(0.8, 2.5)
    y = np.arange(work.y0_px, work.y1_px, step)
    fraction = _calm(rng, library.shape(rng, y.size) * min(1.0, 500 / track.width_px), step / track.width_px) + home
    kind = rng.random()
    if kind < _SWINGS:
        fraction = fraction + _swings(rng, y.size, step)
    elif kind < _LEVELS:
        fraction = home + _levels(rng, y.size, step)
    elif kind < _QUIET:
        fraction = home + _quiet(rng, fraction - home, step / work.size)
    if follow is not None:
        order = np.argsort(follow[:, 1], kind="stable")
        other = np.interp(y, follow[order, 1], np.nan_to_num(follow[order, 0], nan=track.x0_px)) - track.x0_px
        fraction = other / track.width_px + (fraction - home) * rng.uniform(0.02, 0.4) + rng.normal(0, 0.02)
    off = (OffScale.PIN, OffScale.LIFT, OffScale.ADD, OffScale.MULTIPLY)[int(rng.choice(4, p=[0.3, 0.15, 0.4, 0.15]))]
    dense = resample(np.stack([fraction * track.width_px, y], axis=1), 1.0 if not plotted else 1.5)
    where, turn = place(rng, dense[:, 0] / track.width_px, off, factor=float(rng.choice([2, 5, 10])))
    if rng.random() < 0.12:
        start = rng.integers(0, where.size)
        where[start : start + int(rng.uniform(0.05, 0.5) * where.size)] = np.nan
    if rng.random() < (0.3 if _SWINGS <= kind < _QUIET else 0.03):
        where[_unlogged(rng, where.size)] = np.nan
    return np.stack([track.x0_px + where * track.width_px, dense[:, 1]], axis=1), turn


def _calm(rng: np.random.Generator, shape: NDArray[np.floating], step: float) -> NDArray[np.float64]:
    """Swings no wilder than an eye can follow: the way across stays a few times the way down, seldom more."""
    limit = np.exp(rng.uniform(np.log(2), np.log(9)))
    wildness = float(np.mean(np.abs(np.diff(shape)))) / step
    return np.asarray(shape * min(1.0, limit / max(wildness, 1e-9)), np.float64)


def _swings(rng: np.random.Generator, n: int, step: float) -> NDArray[np.float64]:
    """Excursions across much of the track within a few rows, as fast pens make them: spikes out and back, and steps.

    They are what a grid line is not: level for once, and joined to a pen at both ends.
    """
    out = np.zeros(n)
    for _ in range(int(rng.integers(1, 8))):
        at, reach = int(rng.integers(0, n)), rng.uniform(0.15, 1.0) * rng.choice([-1.0, 1.0])
        half = max(1, round(rng.uniform(1.0, 9.0) / step))
        if rng.random() < 0.7:
            rows = np.arange(max(0, at - half), min(n, at + half + 1))
            out[rows] += reach * (1 - np.abs(rows - at) / (half + 1))
        else:
            out[at:] += reach * np.clip(np.arange(n - at) / half, 0, 1)
    return out


def _levels(rng: np.random.Generator, n: int, step: float) -> NDArray[np.float64]:
    """Long straight runs with a jump between them, as a calibration, a casing or a dead tool draws them.

    Only its weight and its corners tell such a pen from a grid line.
    """
    out = np.zeros(n)
    for _ in range(int(rng.integers(1, 5))):
        out[int(rng.integers(0, n)) :] += rng.normal(0, 0.45)
    wide = max(1, round(rng.uniform(0.5, 4.0) / step))
    return np.convolve(np.pad(out, wide, mode="edge"), np.full(wide, 1 / wide), mode="same")[wide : wide + n]


def _unlogged(rng: np.random.Generator, n: int) -> slice:
    """The part of n points above where a run was begun, or below where it ended: there the grid is bare."""
    at = int(rng.integers(0, n))
    return slice(0, at) if rng.random() < 0.5 else slice(at, n)


def _quiet(rng: np.random.Generator, shape: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """A pen that hardly moves, as a caliper in casing or a tension draws it: a leaning or bending line, a little rough.

    `step` is the way from point to point as a share of the crop. Its weight and its lean alone tell it from the grid.
    """
    along = np.arange(shape.size) * step - rng.uniform(0, 1)
    lean, bend = rng.normal(0, [0.03, 0.05])
    return np.asarray(rng.uniform(0, 0.06) * shape + lean * along + bend * along**2, np.float64)


def _pinned(path: Points, track: _Track) -> list[slice]:
    """Stretches of 5 px or more along an edge of the track, where pen and border are one."""
    at = np.abs(path[:, 0] - track.x0_px - track.width_px / 2) > track.width_px / 2 - 3.5
    return [
        run for run in runs(np.where(at, path[:, 0], np.nan), np.zeros(len(path), np.int64)) if run.stop - run.start > 5
    ]


def _draw_path(work: _Work, track: _Track, path: Points, turn: NDArray[np.int64], pen: Pen) -> None:
    rng = work.rng
    layer = np.zeros_like(work.pen)
    fill = rng.random() < 0.04
    for run in runs(path[:, 0], turn):
        piece = path[run]
        if len(piece) < 2:
            continue
        if fill or (turn[run.start] != 0 and rng.random() < 0.25):
            edge = np.full(len(piece), track.x0_px + (track.width_px if rng.random() < 0.3 else 0.0))
            clutter.hatch(rng, work.pen, piece, edge, scale=work.scale, warp=work.warp, ink=rng.uniform(0.6, 1))
        draw(rng, layer, work.labels, piece, pen=pen, scale=work.scale, warp=work.warp)
        for pinned in _pinned(piece, track):
            work.labels.add_doubt(work.warp(piece[pinned]))
    np.maximum(work.pen, layer, out=work.pen)


def _litter(work: _Work, column: _Track, levels: tuple[Ruling, ...]) -> None:
    """Numbers in the depth column, and now and then text, handwriting, arrows, density stripes."""
    rng, size, scale = work.rng, work.size, work.scale
    rows = levels[-1].at_px.tolist() or [size / 2]
    if rng.random() < 0.8:
        clutter.depth_numbers(rng, work.pen, column.x0_px + column.width_px / 2, rows, scale=scale, warp=work.warp)
    if rng.random() < 0.15:
        x = column.x0_px + (column.width_px if rng.random() < 0.5 else 0)
        clutter.ticks(rng, work.pen, x, y0=work.y0_px, y1=work.y1_px, scale=scale, warp=work.warp)
    if work.y0_px > 0 and rng.random() < 0.8:
        clutter.table(rng, work.pen, size, y0=-40, y1=work.y0_px - 4, scale=scale, warp=work.warp)
    if work.y1_px < size and rng.random() < 0.8:
        clutter.table(rng, work.pen, size, y0=work.y1_px + 4, y1=size + 40, scale=scale, warp=work.warp)
    if rng.random() < 0.1:
        for _ in range(int(rng.integers(1, 4))):
            at, turn = rng.uniform(0, size, (1, 2)), int(rng.choice([0, 0, 1, 3]))
            height, face = rng.uniform(8, 24), clutter.Face.random(rng)
            clutter.write(work.pen, clutter.phrase(rng), at, height_px=height, scale=scale, face=face, turn=turn)
    if rng.random() < 0.07:
        clutter.scribble(rng, work.pen, *rng.uniform(0, size, 2).tolist(), scale=scale)
    if rng.random() < 0.04:
        clutter.arrow(rng, work.pen, *rng.uniform(0, size, 2).tolist(), scale=scale)
    if rng.random() < 0.03:
        clutter.stamp(rng, work.pen, *rng.uniform(0, size, 2).tolist(), scale=scale)
    if rng.random() < 0.04:
        clutter.note(rng, work.grid, work.pen, *rng.uniform(0, size, 2).tolist(), scale=scale)
    if rng.random() < 0.015:
        x0 = rng.uniform(0, size)
        clutter.density_stripes(rng, work.grid, x0, x0 + rng.uniform(60, 300), size, scale=scale)
