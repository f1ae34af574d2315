"""What does not look like a log: where an autoencoder cannot give the paper back."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from curvedesk.learn.autoencoder import Autoencoder
from curvedesk.learn.tiles import padded, round_up, spans

Errors = NDArray[np.float32]

TILE_PX, OVERLAP_PX = 256, 64
SMOOTH_PX = 15  # an anomaly is wider than a stroke: errors along strokes' rims are averaged away
SIGMAS = 3.0


@dataclass(frozen=True, slots=True)
class Threshold:
    """Mean and standard deviation of the error on ordinary paper."""

    mean: float
    sigma: float

    @property
    def error(self) -> float:
        """The error from which on paper is no ordinary log: mean + 3 sigma."""
        return self.mean + SIGMAS * self.sigma

    @classmethod
    def of(cls, maps: Iterable[Errors]) -> "Threshold":
        """From error maps of ordinary paper, or of the page in question itself."""
        values = np.concatenate([m.ravel() for m in maps]).astype(np.float64)
        return cls(float(values.mean()), float(values.std()))

    def exceeded(self, errors: Errors) -> NDArray[np.bool_]:
        """Where an error map (h, w) lies above the threshold: bool (h, w)."""
        return np.asarray(errors > self.error, np.bool_)


@torch.inference_mode()
def reconstructed(net: Autoencoder, gray: NDArray[np.uint8]) -> Errors:
    """What `net` makes of paper (H, W) at 200 dpi: darkness 0..1, (H, W), blended from overlapping tiles."""
    height, width = gray.shape
    result = np.zeros(gray.shape, np.float32)
    where = next(net.parameters()).device
    for down in spans(height, tile=TILE_PX, overlap=OVERLAP_PX):
        for across in spans(width, tile=TILE_PX, overlap=OVERLAP_PX):
            tile = gray[down.start : down.stop, across.start : across.stop]
            h, w = tile.shape
            whole = padded(tile, height=round_up(h), width=round_up(w))
            ink = 1 - torch.from_numpy(whole)[None, None].float().to(where) / 255
            out = net(ink)[0, 0, :h, :w].float().clamp(0, 1).cpu().numpy()
            result[down.start : down.stop, across.start : across.stop] += out * down.share[:, None] * across.share
    return result


def error_map(net: Autoencoder, gray: NDArray[np.uint8]) -> Errors:
    """Absolute error of the reconstruction, (H, W), averaged over 15 px around each pixel."""
    error = np.abs(reconstructed(net, gray) - (1 - gray.astype(np.float32) / 255))
    return np.asarray(cv2.blur(error, (SMOOTH_PX, SMOOTH_PX), borderType=cv2.BORDER_REFLECT), np.float32)
