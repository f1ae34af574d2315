"""From clean ink to a scan: bleeding, fading, dirt, threshold or gray levels, JPEG, down to 200 dpi."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk.synth.canvas import Layer
from curvedesk.synth.styles import Style

Field = NDArray[np.float32]


def low_field(rng: np.random.Generator, shape: tuple[int, int], pitch_px: float, *, along: float = 1.0) -> Field:
    """Smooth unit noise with features of about `pitch_px`, `along` times longer across the paper than down it."""
    height, width = shape
    knots = max(2, int(height / pitch_px) + 2), max(2, int(width / pitch_px / along) + 2)
    coarse = rng.standard_normal(knots, np.float32)
    if pitch_px > 24:  # a rounder field than needed at every pixel: bend it small, then only stretch it
        bent = cv2.resize(coarse, (width // 6 + 2, height // 6 + 2), interpolation=cv2.INTER_CUBIC)
        return np.asarray(cv2.resize(bent, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _bleed(ink: Layer, sigma: float) -> Field:
    out = ink.astype(np.float32) * np.float32(1 / 255)
    return np.asarray(cv2.GaussianBlur(out, (0, 0), sigma), dtype=np.float32) if sigma > 0.2 else out


def compose(rng: np.random.Generator, style: Style, grid: Layer, pen: Layer, *, scale: float) -> Field:
    """Darkness of the paper before the scanner: grid and pens bleed, fade in places, on shaded paper."""
    sigma = rng.uniform(*style.blur_px) * scale
    breaks = rng.uniform(*style.breaks)
    printed = _bleed(grid, sigma)
    if breaks > 0.05:
        along = float(rng.choice([1.0, 1.0, 3.0, 6.0]))
        wear = low_field(rng, grid.shape, rng.uniform(2.5, 9) * scale, along=along)
        wear = 0.5 * wear + 0.5 * low_field(rng, grid.shape, 60 * scale)
        printed *= np.clip(1 - breaks * np.clip(wear + 0.3, 0, 2), 0, 1)
    drawn = _bleed(pen, sigma)
    if rng.random() < 0.3:
        fade = np.clip(low_field(rng, pen.shape, rng.uniform(5, 60) * scale), 0, 2) * np.float32(rng.uniform(0, 0.5))
        drawn *= np.clip(1 - fade, 0, 1)
    dark = 1 - (1 - printed) * (1 - drawn)
    if rng.random() < 0.2:
        _run_ink(rng, dark, scale=scale)
    paper = rng.uniform(*style.paper)
    if paper > 0.01:
        shade = np.clip(paper * (1 + 0.5 * low_field(rng, grid.shape, rng.uniform(40, 200) * scale)), 0, 0.8)
        dark = shade + dark * (1 - shade)
    return dark


def _run_ink(rng: np.random.Generator, dark: Field, *, scale: float) -> None:
    """Ink that ran into the paper here and there along its lines, in place."""
    halo = cv2.GaussianBlur(dark, (0, 0), rng.uniform(1.2, 2.2) * scale)
    wet = low_field(rng, (dark.shape[0], dark.shape[1]), rng.uniform(3, 8) * scale) - np.float32(rng.uniform(0.2, 1.2))
    np.maximum(dark, np.clip(halo * wet * np.float32(rng.uniform(1.0, 3.0)), 0, 1), out=dark)


def soil(rng: np.random.Generator, dark: Field, *, scale: float) -> None:
    """Film edges, blots, tape, folds and streaks, in place."""
    height, width = dark.shape
    kind = rng.random()
    if kind < 0.25:
        _edge(rng, dark, scale=scale)
    elif kind < 0.45:
        # A whole sheet has no more blots than a few crops.
        rarity = 0.22 * np.log(max(dark.size / (256 * scale) ** 2, 1.0))
        blot = low_field(rng, dark.shape, rng.uniform(15, 90) * scale) - np.float32(rng.uniform(1.0, 2.6) + rarity)
        grain = cv2.GaussianBlur(rng.standard_normal(dark.shape, dtype=np.float32), (0, 0), 0.8) * rng.uniform(0.2, 1.5)
        np.maximum(dark, np.clip(blot * 1.5 + grain * (blot > -0.4), 0, 1), out=dark)
    elif kind < 0.55:
        y, x = int(rng.integers(-height // 4, height)), int(rng.integers(-width // 4, width))
        tape = (
            slice(max(y, 0), y + int(rng.uniform(30, 120) * scale)),
            slice(max(x, 0), x + int(rng.uniform(60, 300) * scale)),
        )
        dark[tape] = np.clip(dark[tape] * rng.uniform(0.6, 1.0) + rng.uniform(0, 0.15), 0, 1)
    elif kind < 0.75:
        at = int(rng.integers(height))
        rows = slice(at, at + max(1, int(rng.uniform(0.6, 3) * scale)))
        dark[rows] = np.clip(dark[rows] + rng.uniform(0.1, 0.8) * (rng.random(width, dtype=np.float32) < 0.6), 0, 1)
    else:
        for _ in range(int(rng.integers(1, 5))):
            at = int(rng.integers(width))
            dark[:, at : at + max(1, int(rng.uniform(0.5, 2) * scale))] += rng.choice([-0.3, 0.25, 0.6])
        np.clip(dark, 0, 1, out=dark)


def _edge(rng: np.random.Generator, dark: Field, *, scale: float) -> None:
    """The end of the film or the sheet along one side, straight or torn, in place."""
    height = len(dark)
    edge = int(rng.uniform(5, 70) * scale)
    reach = np.full((height, 1), edge, np.float32)
    if rng.random() < 0.5:
        reach = reach * (1 + rng.uniform(0.2, 1.0) * low_field(rng, (height, 1), rng.uniform(3, 40) * scale))
    side = (dark if rng.random() < 0.5 else dark[:, ::-1])[:, : 2 * edge]
    beyond = np.arange(side.shape[1], dtype=np.float32) < reach
    shade = np.float32(1.0) if rng.random() < 0.5 else side * np.float32(0.2) + np.float32(rng.uniform(0.3, 0.8))
    side[:] = np.where(beyond, shade, side)


def shadow(rng: np.random.Generator, dark: Field, *, scale: float) -> None:
    """The rim of a copier's glass, in place: paper darkens towards an edge, grains first, then blots, then black."""
    height, width = dark.shape
    reach = rng.uniform(30, 260) * scale
    upright = rng.random() < 0.85
    far = np.arange(width if upright else height, dtype=np.float32) + np.float32(rng.uniform(-0.6, 0.5) * reach)
    rise = np.clip(1 - far / np.float32(reach), 0, 1) ** np.float32(rng.uniform(0.7, 2.5))
    if rng.random() < 0.5:
        rise = rise[::-1]
    ramp = (rise[None, :] if upright else rise[:, None]) * np.float32(rng.uniform(0.5, 1.3))
    grain = cv2.GaussianBlur(rng.standard_normal(dark.shape, dtype=np.float32), (0, 0), rng.uniform(0.5, 1.6) * scale)
    grain = grain * np.float32(rng.uniform(0.15, 0.6) / max(float(grain.std()), 1e-6))
    cloud = np.float32(rng.uniform(0, 0.4)) * low_field(rng, (height, width), rng.uniform(20, 120) * scale)
    np.maximum(dark, np.clip(ramp * (1 + cloud) + grain * (ramp > 0.02) * np.sqrt(ramp), 0, 1), out=dark)


def _speckle(rng: np.random.Generator, image: Layer, amount: float, *, scale: float) -> None:
    """Salt and pepper in clouds, in place on a 1-bit image."""
    density = amount * amount * 0.03 * image.size
    n = int(rng.poisson(density))
    if n == 0:
        return
    ys, xs = rng.integers(0, image.shape[0], n), rng.integers(0, image.shape[1], n)
    if rng.random() < 0.7:
        cloud = low_field(rng, image.shape, rng.uniform(30, 120) * scale)
        keep = cloud[ys, xs] + 0.5 * rng.standard_normal(n) > rng.uniform(-0.5, 1.2)
        ys, xs = ys[keep], xs[keep]
    value = 255 if rng.random() < 0.15 else 0
    span = rng.integers(1, 1 + max(2, round(1.6 * scale)), ys.size)
    for dy in range(int(span.max(initial=1))):
        for dx in range(int(span.max(initial=1))):
            on = (span > dy) & (span > dx)
            image[np.minimum(ys[on] + dy, image.shape[0] - 1), np.minimum(xs[on] + dx, image.shape[1] - 1)] = value


def resize(image: Layer, shape: tuple[int, int]) -> Layer:
    """To (height, width): by area averaging when it gets smaller."""
    if image.shape == shape:
        return image
    way = cv2.INTER_AREA if shape[0] < image.shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, shape[::-1], interpolation=way), np.uint8)


def scan(rng: np.random.Generator, style: Style, dark: Field, *, scale: float) -> Layer:
    """What the scanner stored, at its own resolution; `dark` is used up."""
    grain = rng.standard_normal(dark.shape, dtype=np.float32)
    if rng.random() < 0.75:
        blur = rng.uniform(0.5, 1.1) * (scale if rng.random() < 0.5 else 1.0)
        grain = cv2.GaussianBlur(grain, (0, 0), blur) * np.float32(1.3 + blur)
    ragged, cut = rng.uniform(*style.ragged), rng.uniform(*style.threshold)
    bilevel = rng.random() < style.bilevel
    if bilevel:  # whoever scanned it chose a threshold above the noise of the paper, as a rule
        room = max(cut - float(np.median(dark[::7, ::7])), 0.03)
        ragged = float(np.clip(ragged, 0.01, room / (3.2 if rng.random() < 0.85 else rng.uniform(1.8, 2.8))))
    dark += grain * np.float32(ragged)
    if bilevel:
        threshold = np.full(1, cut, np.float32)
        if rng.random() < 0.3:
            threshold = threshold + np.float32(rng.uniform(0, 0.1)) * low_field(rng, dark.shape, 80 * scale)
        image = np.where(dark > threshold, 0, 255).astype(np.uint8)
        _speckle(rng, image, rng.uniform(*style.speckle), scale=scale)
    else:
        gain = rng.uniform(0.75, 1.0)
        image = np.clip(255 * (1 - dark * gain) + rng.uniform(-12, 4), 0, 255).astype(np.uint8)
    if rng.random() < style.jpeg:
        _, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 92))])
        image = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)
    return image


def lost(gray: Layer, pen: Layer, solid: NDArray[np.bool_], dashed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Labelled pixels that not even the eye can tell: the pen left no trace in the scan, or drowned in black, or its
    dashes ran together."""
    drawn = cv2.resize(pen, gray.shape[::-1], interpolation=cv2.INTER_AREA).astype(np.float32)
    low, high = np.percentile(gray, [2, 90])
    dark = np.clip((high - gray.astype(np.float32)) / max(high - low, 24.0), 0, 1).astype(np.float32)
    there = cv2.boxFilter(drawn, -1, (13, 13))
    faded = (cv2.boxFilter(drawn * dark, -1, (13, 13)) < 0.22 * there) & (there > 1)
    drowned = (cv2.boxFilter(dark, -1, (17, 17)) > 0.88) & (cv2.boxFilter(drawn, -1, (17, 17)) < 150)
    alone = (dashed & ~solid).astype(np.float32)
    merged = (cv2.boxFilter(alone * dark, -1, (35, 35)) > 0.93 * cv2.boxFilter(alone, -1, (35, 35))) & (alone > 0)
    return np.asarray((faded | drowned | merged) & (solid | dashed))
