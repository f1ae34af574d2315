"""Everything on paper that is no curve: numbers, headers, tables, handwriting, arrows, marks, hatching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from curvedesk.synth.canvas import Layer, Points, Warp, stroke, whole_width
from curvedesk.synth.shapes import smooth_noise

# fmt: off
WORDS = (
    "GAMMA RAY", "NEUTRON", "CALIPER", "SPONTANEOUS POTENTIAL", "RESISTIVITY", "INDUCTION", "DENSITY", "SONIC",
    "TENSION", "API UNITS", "OHMS M2/M", "MILLIVOLTS", "DEPTHS", "COMPANY", "WELL", "FIELD", "COUNTY", "STATE",
    "RUN NO.", "DATE", "BIT SIZE", "CASING", "MUD DATA", "REMARKS", "EQUIPMENT", "ELEVATION", "K.B.", "D.F.",
    "G.L.", "TD-LOGGER", "TYPE LOG", "BEFORE SURVEY", "REPEAT SECTION", "MAIN LOG", "CALIBRATION", "TIME CONSTANT",
    "LOGGING SPEED", "FT/MIN", "ZERO", "CPS", "USEC/FT", "G/CC", "POROSITY %", "LIMESTONE", "AMPLIFIED",
    "16\" NORMAL", "64\" NORMAL", "SFL", "ILD",
)
# fmt: on
_FONTS = (0, 2, 3, 4, 6)


@dataclass(frozen=True, slots=True)
class Face:
    """How letters look: cv2's face, dots of a matrix printer (or 1), breadth, weight."""

    font: int
    dots: bool
    breadth: float
    weight: int

    @classmethod
    def random(cls, rng: np.random.Generator) -> Face:
        """One of the faces that headers and depth columns have."""
        font = _FONTS[int(rng.integers(len(_FONTS)))]
        return cls(font, rng.random() < 0.2, rng.uniform(0.8, 1.25), int(rng.integers(1, 3)))


def text_patch(text: str, height_px: int, face: Face) -> Layer:
    """White-on-black letters about `height_px` tall."""
    size = max(height_px, 7)
    grain = max(1, size // 8) if face.dots else 1
    scale = size / grain / 21.0
    weight = face.weight if size / grain < 30 else 2 * face.weight
    (w, h), base = cv2.getTextSize(text, face.font, scale, weight)
    patch = np.zeros((h + base + 4, w + 6), np.uint8)
    cv2.putText(patch, text, (2, h + 1), face.font, scale, 255, weight, cv2.LINE_AA)
    way = cv2.INTER_NEAREST if grain > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(patch, None, fx=grain * face.breadth, fy=grain, interpolation=way), np.uint8)


def paste(layer: Layer, patch: Layer, x: int, y: int, ink: float = 1.0) -> None:
    """Lay a patch with its top left corner at (x, y); what lies outside is cut."""
    x0, y0 = max(x, 0), max(y, 0)
    x1, y1 = min(x + patch.shape[1], layer.shape[1]), min(y + patch.shape[0], layer.shape[0])
    if x1 > x0 and y1 > y0:
        part = (patch[y0 - y : y1 - y, x0 - x : x1 - x] * ink).astype(np.uint8)
        np.maximum(layer[y0:y1, x0:x1], part, out=layer[y0:y1, x0:x1])


def write(
    layer: Layer, text: str, at: Points, *, height_px: float, scale: float, face: Face, turn: int = 0, ink: float = 1.0
) -> None:
    """Text centred on one point (200 dpi pixels), turned by quarter turns."""
    patch = np.rot90(text_patch(text, round(height_px * scale), face), turn)
    x, y = (at.reshape(2) * scale).tolist()
    paste(layer, np.ascontiguousarray(patch), int(x - patch.shape[1] / 2), int(y - patch.shape[0] / 2), ink)


def phrase(rng: np.random.Generator) -> str:
    """A word or figure as headers and scale lines have them."""
    kind = rng.random()
    if kind < 0.55:
        return str(rng.choice(WORDS))
    if kind < 0.8:
        return str(int(rng.choice([10, 50, 100])) * int(rng.integers(0, 100)))
    return f"{rng.uniform(0, 200):.{int(rng.integers(0, 3))}f}"


def depth_numbers(
    rng: np.random.Generator, layer: Layer, x_px: float, rows_px: Sequence[float], *, scale: float, warp: Warp
) -> None:
    """Depth numbers beside heavy lines, upright or turned either way."""
    turn, face = int(rng.choice([0, 0, 1, 3])), Face.random(rng)
    number, step = 50 * int(rng.integers(2, 250)), int(rng.choice([10, 50, 100]))
    height, digits = rng.uniform(11, 26), int(rng.choice([1, 4]))
    last = -np.inf
    for i, y in enumerate(rows_px):
        if y - last > (4.2 if turn else 1.3) * height:
            at, last = warp(np.array([[x_px, y]])), y
            text = f"{number + i * step:0{digits}d}"
            write(layer, text, at, height_px=height, scale=scale, face=face, turn=turn)


def ticks(
    rng: np.random.Generator, layer: Layer, x_px: float, *, y0: float, y1: float, scale: float, warp: Warp
) -> None:
    """Pips along the edge of a depth column: integrated time or volume, or short depth strokes."""
    pitch, length = rng.uniform(12, 120), rng.uniform(-26, 26)
    width, boxed = whole_width(rng, rng.uniform(1, 2.5), scale), rng.random() < 0.4
    for y in np.arange(y0 + rng.uniform(0, pitch), y1, pitch):
        at = y + rng.normal(0, pitch * 0.1) if boxed else y
        shape = [[x_px, at], [x_px + length, at]]
        shape += [[x_px + length, at + 7], [x_px, at + 9]] if boxed else []
        stroke(layer, warp(np.array(shape)), scale=scale, width=width)


def scribble(rng: np.random.Generator, layer: Layer, x_px: float, y_px: float, *, scale: float) -> None:
    """Handwriting: loops along a line, in a few words."""
    height, ink = rng.uniform(6, 22), int(rng.integers(110, 256))
    width = whole_width(rng, rng.uniform(0.8, 2.2), scale)
    angle = rng.normal(0, 0.15) + rng.choice([0, 0, 0, np.pi / 2])
    cos, sin = np.cos(angle), np.sin(angle)
    for word in range(int(rng.integers(1, 5))):
        n = int(rng.integers(14, 60))
        t = np.linspace(0, n / 5, n)
        u = t * height * 0.35 + smooth_noise(rng, n, 1.2) * height * 0.35 + word * (n / 5 + 2) * height * 0.4
        v = smooth_noise(rng, n, rng.uniform(0.9, 1.8)) * height * 0.4
        points = np.stack([x_px + cos * u - sin * v, y_px + sin * u + cos * v], axis=1)
        fine = _rounded(points)
        stroke(layer, fine, scale=scale, width=width, ink=ink)


def _rounded(points: Points) -> Points:
    n = len(points)
    t = np.linspace(0, n - 1, 4 * n)
    rough = np.stack([np.interp(t, np.arange(n), points[:, i]) for i in range(2)])
    kernel = np.hanning(9)[1:-1] / np.hanning(9).sum()
    return np.stack([np.convolve(np.pad(row, 3, mode="edge"), kernel, mode="valid") for row in rough], axis=1)


def arrow(rng: np.random.Generator, layer: Layer, x_px: float, y_px: float, *, scale: float) -> None:
    """A leader with a head, as draughtsmen point at things."""
    length, angle = rng.uniform(15, 60), rng.uniform(0, 2 * np.pi)
    tip = np.array([x_px + length * np.cos(angle), y_px + length * np.sin(angle)])
    width = whole_width(rng, rng.uniform(1, 2.5), scale)
    stroke(layer, np.array([[x_px, y_px], tip]), scale=scale, width=width)
    for side in (-0.4, 0.4):
        back = tip - rng.uniform(6, 12) * np.array([np.cos(angle + side), np.sin(angle + side)])
        stroke(layer, np.stack([tip, back]), scale=scale, width=width)


def table(rng: np.random.Generator, layer: Layer, size: int, *, y0: float, y1: float, scale: float, warp: Warp) -> None:
    """A header, a scale block or a page of remarks between two rows: rules and words, no curve."""
    pitch, height = rng.uniform(18, 60), rng.uniform(8, 22)
    turn, face = int(rng.choice([0, 0, 0, 1, 3])), Face.random(rng)
    width = whole_width(rng, rng.uniform(0.8, 4), scale)
    ruled, columns = rng.random() < 0.7, np.sort(rng.uniform(-20, size + 20, int(rng.integers(0, 4))))
    for y in np.arange(y0 + rng.uniform(0, pitch), y1, pitch):
        if ruled and rng.random() < 0.8:
            stroke(layer, warp(np.array([[-40.0, y], [size + 40.0, y]])), scale=scale, width=width)
        for _ in range(int(rng.integers(0, 3))):
            across = rng.uniform(-30, size + 30)
            at = np.array([[across, y + pitch / 2]]) if turn % 2 == 0 else np.array([[y + pitch / 2, across]])
            write(
                layer,
                phrase(rng),
                warp(at),
                height_px=height * rng.uniform(0.8, 1.1),
                scale=scale,
                face=face,
                turn=turn,
            )
    for x in columns.tolist():
        stroke(layer, warp(np.array([[x, y0], [x, y1]])), scale=scale, width=width)


def samples(rng: np.random.Generator, layer: Layer, size: int, *, scale: float, warp: Warp) -> None:
    """Lines of a scale block: a name, end values, a sample of the stroke. Straight, so no curve."""
    for y in np.arange(rng.uniform(0, 40), size, rng.uniform(24, 50)):
        x0, x1 = sorted(rng.uniform(-60, size + 60, 2).tolist())
        width = whole_width(rng, rng.uniform(1, 4), scale)
        pitch = rng.choice([0.0, 6.0, 12.0])
        cuts = np.arange(x0, x1, 2 * pitch) if pitch else np.array([x0])
        for a in cuts.tolist():
            end = a + pitch if pitch else x1
            stroke(layer, warp(np.array([[a, y], [end, y]])), scale=scale, width=width)
        at, face = warp(np.array([[(x0 + x1) / 2, y - 11]])), Face.random(rng)
        write(layer, phrase(rng), at, height_px=rng.uniform(8, 16), scale=scale, face=face)


def note(rng: np.random.Generator, grid: Layer, pen: Layer, x_px: float, y_px: float, *, scale: float) -> None:
    """A remark or a plotter's figure set into the track on a patch kept clear, now and then with a leader."""
    face, height, number = Face.random(rng), round(rng.uniform(10, 18) * scale), str(int(rng.integers(-99, 999)))
    lines = [phrase(rng) for _ in range(int(rng.integers(1, 4)))] if rng.random() < 0.4 else [number]
    y = int(y_px * scale)
    for text in lines:
        patch, x = text_patch(text, height, face), int(x_px * scale)
        for layer in (grid, pen):
            layer[max(y, 0) : max(y + patch.shape[0], 0), max(x, 0) : max(x + patch.shape[1], 0)] = 0
        paste(pen, patch, x, y)
        y += patch.shape[0]
    if len(lines) > 1:
        start = np.array([x_px, y_px + 10])
        stroke(pen, np.stack([start, start - rng.uniform(5, 70, 2)]), scale=scale, width=whole_width(rng, 1.2, scale))


def stamp(rng: np.random.Generator, layer: Layer, x_px: float, y_px: float, *, scale: float) -> None:
    """A framed word set down askew."""
    text = np.pad(text_patch(phrase(rng), round(rng.uniform(14, 34) * scale), Face.random(rng)), 6)
    cv2.rectangle(text, (1, 1), (text.shape[1] - 2, text.shape[0] - 2), 255, 2)
    side = int(np.hypot(*text.shape)) + 2
    turn = cv2.getRotationMatrix2D((text.shape[1] / 2, text.shape[0] / 2), rng.uniform(-60, 60), 1.0)
    turn[:, 2] += (side - text.shape[1]) / 2, (side - text.shape[0]) / 2
    turned = np.asarray(cv2.warpAffine(text, turn, (side, side)), np.uint8)
    paste(layer, turned, int(x_px * scale - side / 2), int(y_px * scale - side / 2), rng.uniform(0.5, 1.0))


def density_stripes(rng: np.random.Generator, layer: Layer, x0: float, x1: float, y1: float, *, scale: float) -> None:
    """A variable-density display: broad wavy black bands."""
    y = np.arange(-10.0, y1 + 10, 3)
    wave = smooth_noise(rng, y.size, rng.uniform(4, 20)) * rng.uniform(0.3, 3)
    x = x0
    while x < x1:
        width = rng.uniform(5, 22)
        stroke(layer, np.stack([x + width / 2 + wave, y], axis=1), scale=scale, width=int(width * scale))
        x += width * rng.uniform(1.3, 2.4)


def hatch(
    rng: np.random.Generator, layer: Layer, left: Points, right_x: np.ndarray, *, scale: float, warp: Warp, ink: float
) -> None:
    """Fill between a path and the x positions beside it, row by row, with lines, slants, or solid black."""
    kind = rng.choice(["level", "slant", "solid", "upright"], p=[0.55, 0.27, 0.08, 0.1])
    outline = np.concatenate([left, np.stack([right_x, left[:, 1]], axis=1)[::-1]])
    mask = np.zeros_like(layer)
    corners = np.round(warp(outline) * scale).astype(np.int32)
    cv2.fillPoly(mask, [corners], 255)
    pattern = np.zeros_like(layer) if kind != "solid" else np.full_like(layer, 255)
    pitch = max(3, int(np.exp(rng.uniform(np.log(2.5), np.log(17))) * scale))
    width, lean = max(1, int(rng.uniform(0.8, 1.8) * scale)), int(rng.choice([-1, 1]) * layer.shape[1])
    for at in range(-layer.shape[0], 2 * layer.shape[0], pitch) if kind != "solid" else ():
        ends = {"level": ((0, at), (layer.shape[1], at)), "upright": ((at, 0), (at, layer.shape[0]))}
        a, b = ends.get(str(kind), ((0, at), (layer.shape[1], at + lean)))
        cv2.line(pattern, a, b, 255, width, cv2.LINE_AA)
    np.maximum(layer, (cv2.min(mask, pattern) * ink).astype(np.uint8), out=layer)
