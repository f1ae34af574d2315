"""What colour adds: on a scan in colour a pen's ink is of one hue, and no grid line or stain shares it for long.

The network sees gray. Here the scan itself says how often each of its colours was called solid, dashed or neither, and
every coloured pixel is drawn towards what its colour mostly is. Gray paper, gray ink and gray scans stay as they were.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]

_BINS = 8 * 32 * 32  # of lightness, green-red and blue-yellow (8-bit CIELAB)
_PULL = 1.5  # log odds of a pixel move by this much for each that its colour's odds differ from colour at large
_FAINT, _FULL = 14.0, 28.0  # distance of a colour from the paper's hue at which it begins to count, and counts fully
_PRIOR = 200.0  # pixels of colour at large that every colour is mixed with, so that rare ones say little


@dataclass(slots=True)
class Palette:
    """Pixels, and the probability given to both classes, by colour; grows band by band."""

    paper: Floats  # a, b of the paper
    pixels: Floats
    ink: Floats

    @classmethod
    def of_paper(cls, rgb: Bytes) -> "Palette":
        """An empty palette for paper that looks mostly like `rgb` (H, W, 3)."""
        lab = cv2.cvtColor(np.ascontiguousarray(rgb[::4, ::4]), cv2.COLOR_RGB2LAB)
        paper = np.median(lab[..., 1:].reshape(-1, 2), axis=0)
        return cls(paper, np.zeros(_BINS), np.zeros((2, _BINS)))

    def add(self, probability: Bytes, rgb: Bytes) -> None:
        """Count a band: `probability` (2, H, W) solid and dashed 0..255 of the pixels `rgb` (H, W, 3)."""
        bins, weight = self._bins(rgb)
        there = weight > 0
        chosen = bins[there]
        self.pixels += np.bincount(chosen, minlength=_BINS)
        self.ink += np.stack([np.bincount(chosen, plane[there] / 255.0, _BINS) for plane in probability])

    def refined(self, probability: Bytes, rgb: Bytes) -> Bytes:
        """`probability` (2, H, W) of a band, each coloured pixel drawn towards what its colour mostly is."""
        if not self.pixels.any():
            return probability
        bins, weight = self._bins(rgb)
        there = weight > 0
        at_large = self.ink.sum(axis=1) / self.pixels.sum()
        out = probability.copy()
        for plane, ink, mean in zip(out, self.ink, at_large, strict=True):
            share = (ink + _PRIOR * mean) / (self.pixels + _PRIOR)
            pull = _PULL * weight[there] * (_odds(share) - _odds(mean))[bins[there]]
            moved = 1 / (1 + np.exp(-(_odds(plane[there] / 255.0) + pull)))
            plane[there] = np.rint(255 * moved).astype(np.uint8)
        return out

    def _bins(self, rgb: Bytes) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Bin of each pixel, and how much its colour counts, 0 for that of paper and gray ink."""
        lab: Bytes = np.asarray(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2LAB), np.uint8)
        bins = (lab[..., 0].astype(np.intp) >> 5) * 1024 + (lab[..., 1] >> 3) * np.intp(32) + (lab[..., 2] >> 3)
        hue = np.hypot(lab[..., 1] - self.paper[0], lab[..., 2] - self.paper[1]).astype(np.float32)
        neutral = np.hypot(lab[..., 1] - 128.0, lab[..., 2] - 128.0).astype(np.float32)
        return bins, np.clip((np.minimum(hue, neutral) - _FAINT) / (_FULL - _FAINT), 0, 1)


def _odds(share: Floats | np.float64) -> Floats:
    """Log odds, within what the network itself can be trusted to."""
    p = np.clip(share, 0.01, 0.99)
    return np.asarray(np.log(p / (1 - p)))
