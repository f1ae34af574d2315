"""Shapes of curves: what a tool's reading does along the hole, before any pen draws it.

A shape is a float32 array of fractions of the track's width, one value a sample going down; values outside [0, 1] are
off scale and left to the pen (pinned, wrapped or lifted).
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Shape = NDArray[np.float32]
Maker = Callable[[np.random.Generator, int], Shape]


def smooth_noise(rng: np.random.Generator, n: int, scale: float) -> Shape:
    """Unit-variance Gaussian noise with a correlation length of about `scale` samples."""
    pad = int(3 * scale) + 1
    raw = rng.standard_normal((1, n + 2 * pad)).astype(np.float32)
    out = cv2.GaussianBlur(raw, (0, 0), max(scale, 0.3), borderType=cv2.BORDER_REFLECT_101)[0, pad : pad + n]
    return np.asarray(out * np.sqrt(2.0 * np.sqrt(np.pi) * max(scale, 0.3)), dtype=np.float32)


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def smooth(rng: np.random.Generator, n: int) -> Shape:
    """Slow and middling swings, as of an SP or an old resistivity tool."""
    out = smooth_noise(rng, n, _log_uniform(rng, 25, 90)) * rng.uniform(0.03, 0.25)
    return out + smooth_noise(rng, n, _log_uniform(rng, 4, 20)) * rng.uniform(0.01, 0.15)


def fractal(rng: np.random.Generator, n: int) -> Shape:
    """1/f^b noise: the general look of a porosity or sonic log."""
    freq = np.fft.rfftfreq(n)
    freq[0] = freq[1]
    spectrum = (rng.standard_normal(freq.size) + 1j * rng.standard_normal(freq.size)) * freq ** -rng.uniform(0.6, 1.3)
    out = np.fft.irfft(spectrum, n)
    return np.asarray(out / (np.std(out) + 1e-9) * rng.uniform(0.04, 0.22), dtype=np.float32)


def noisy(rng: np.random.Generator, n: int) -> Shape:
    """Counting noise behind a time constant, on slow beds: a gamma ray or a neutron."""
    tau = _log_uniform(rng, 1.0, 6.0)
    beds = smooth_noise(rng, n, _log_uniform(rng, 8, 60)) * rng.uniform(0.02, 0.2)
    return beds + smooth_noise(rng, n, tau) * rng.uniform(0.01, 0.07)


def blocky(rng: np.random.Generator, n: int) -> Shape:
    """Beds with sharp edges, each with its own level."""
    bed = _log_uniform(rng, 6, 60)
    edges = np.cumsum(rng.exponential(bed, int(3 * n / bed) + 4)).astype(int)
    levels = rng.standard_normal(edges.size + 1) * rng.uniform(0.08, 0.4)
    steps = levels[np.searchsorted(edges, np.arange(n))].astype(np.float32)
    soft = cv2.GaussianBlur(steps[None], (0, 0), rng.uniform(0.4, 4.0))[0]
    return np.asarray(soft, dtype=np.float32) + smooth_noise(rng, n, rng.uniform(0.7, 4)) * rng.uniform(0, 0.04)


def spiky(rng: np.random.Generator, n: int) -> Shape:
    """A quiet base line with sharp peaks to one side, many of them wider than the track."""
    out = smooth_noise(rng, n, rng.uniform(3, 20)) * rng.uniform(0.005, 0.03)
    t = np.arange(n)
    side = 1.0 if rng.random() < 0.7 else -1.0
    for _ in range(rng.integers(1, max(2, n // 25) + 1)):
        width = _log_uniform(rng, 1.0, 9.0)
        height = side * min(rng.exponential(0.45), 1.6)
        power = rng.choice([1.0, 2.0])
        out += (height * np.exp(-((np.abs(t - rng.uniform(0, n)) / width) ** power))).astype(np.float32)
    return out


def swinging(rng: np.random.Generator, n: int) -> Shape:
    """Wide swings over most of the track again and again, so the pen's path is nearly level."""
    phase = np.cumsum(2 * np.pi / (_log_uniform(rng, 9, 60) * np.exp(0.3 * smooth_noise(rng, n, 15))))
    gain = rng.uniform(0.15, 0.7) * np.clip(0.7 + 0.5 * smooth_noise(rng, n, rng.uniform(8, 50)), 0.02, None)
    wave = np.sin(phase + rng.uniform(0, 6.3))
    if rng.random() < 0.4:
        wave = np.tanh(wave * rng.uniform(1.5, 4.0))
    return np.asarray(gain * wave, dtype=np.float32) + smooth_noise(rng, n, rng.uniform(1, 5)) * rng.uniform(0, 0.03)


def flat(rng: np.random.Generator, n: int) -> Shape:
    """A caliper in gauge hole, a tension, a quiet tool: nearly a straight line, with a tiny wiggle and a rare step."""
    out = smooth_noise(rng, n, _log_uniform(rng, 2, 40)) * _log_uniform(rng, 0.0008, 0.012)
    if rng.random() < 0.4:
        out += (np.arange(n) > rng.uniform(0, n)) * np.float32(rng.normal(0, 0.08))
    if rng.random() < 0.4:
        out += np.linspace(0, rng.normal(0, 0.12), n, dtype=np.float32)
    return out


def pipped(rng: np.random.Generator, n: int) -> Shape:
    """A level line with short kicks at a regular pitch: collars, integrated time, a tape's marks."""
    out = flat(rng, n)
    pitch, width = rng.uniform(20, 110), int(rng.integers(1, 4))
    for at in np.arange(rng.uniform(0, pitch), n, pitch):
        start = int(at + rng.normal(0, pitch * 0.03))
        kick = rng.normal(0, 0.12)
        out[max(start, 0) : max(start + width, 0)] += kick
        out[max(start + width, 0) : max(start + 2 * width, 0)] -= kick * rng.uniform(0, 1)
    return out


MAKERS: dict[str, tuple[Maker, float]] = {
    "smooth": (smooth, 0.17),
    "fractal": (fractal, 0.18),
    "noisy": (noisy, 0.19),
    "blocky": (blocky, 0.1),
    "spiky": (spiky, 0.1),
    "swinging": (swinging, 0.13),
    "flat": (flat, 0.1),
    "pipped": (pipped, 0.03),
}


def random_shape(rng: np.random.Generator, n: int) -> Shape:
    """A shape of a random family, centred on zero; n >= 8 samples."""
    weights = np.array([weight for _, weight in MAKERS.values()])
    maker = list(MAKERS.values())[int(rng.choice(weights.size, p=weights / weights.sum()))][0]
    out = maker(rng, n)
    return out if rng.random() < 0.5 else -out
