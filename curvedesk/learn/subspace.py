"""Is the bottleneck better than arithmetic? Its features against principal components of the same size.

A bottleneck cell describes 16 x 16 pixels by 128 numbers. So do the first 128 principal components of such patches.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from curvedesk.learn.autoencoder import Autoencoder, reconstruction_loss
from curvedesk.learn.net import BOTTLENECK, STRIDE

Features = NDArray[np.float64]  # (cells, features)


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """Principal components of patches: `mean` (256,), `axes` (size, 256), orthonormal."""

    mean: Features
    axes: Features

    @classmethod
    def fit(cls, paper: Tensor, *, size: int = BOTTLENECK) -> "Components":
        """The first `size` components, fewer where there are fewer patches, of paper (N, 1, H, W)."""
        cells = patches(paper)
        mean = cells.mean(axis=0)
        _, _, axes = np.linalg.svd(cells - mean, full_matrices=False)
        return cls(mean, axes[:size])

    def features(self, paper: Tensor) -> Features:
        """(cells, size)."""
        return np.asarray((patches(paper) - self.mean) @ self.axes.T)

    def restored(self, paper: Tensor) -> Tensor:
        """Paper through the components and back, (N, 1, H, W)."""
        cells = self.features(paper) @ self.axes + self.mean
        columns = torch.from_numpy(cells).float().reshape(len(paper), -1, STRIDE * STRIDE).transpose(1, 2)
        whole: Tensor = functional.fold(columns, paper.shape[-2:], STRIDE, stride=STRIDE)
        return whole


def patches(paper: Tensor) -> Features:
    """The cells of paper (N, 1, H, W), sides multiples of 16, as rows of 256 pixels: (cells, 256)."""
    columns = functional.unfold(paper.float(), STRIDE, stride=STRIDE).transpose(1, 2)
    return np.asarray(columns.reshape(-1, STRIDE * STRIDE).double().numpy())


@torch.inference_mode()
def bottleneck_features(net: Autoencoder, paper: Tensor) -> Features:
    """What the bottleneck says of the same cells, (cells, 128)."""
    cells = net.encoder(paper).bottleneck.flatten(2).transpose(1, 2)
    return np.asarray(cells.reshape(-1, BOTTLENECK).double().numpy())


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of paper neither has seen: losses of the reconstruction weighted to ink, and the plain mean absolute errors."""

    size: int  # features a cell
    autoencoder_loss: float
    components_loss: float
    autoencoder_error: float
    components_error: float


@torch.inference_mode()
def compare(net: Autoencoder, components: Components, paper: Tensor) -> Comparison:
    """Both on paper (N, 1, H, W) that was not used to fit either."""
    untouched = torch.zeros_like(paper)
    outs = (net(paper), components.restored(paper))
    losses = [float(reconstruction_loss(out, paper, untouched)) for out in outs]
    errors = [float((out - paper).abs().mean()) for out in outs]
    return Comparison(len(components.axes), losses[0], losses[1], errors[0], errors[1])


def probe_accuracy(
    learnt: tuple[Features, NDArray[np.bool_]], held_out: tuple[Features, NDArray[np.bool_]], *, ridge: float = 1.0
) -> float:
    """How well a linear rule tells cells with a curve from others: mean of the shares right among both, 0.5 is chance.

    Each pair is features (cells, n) and truth (cells,). Ridge regression on features of unit spread.
    """
    centre, spread = learnt[0].mean(axis=0), learnt[0].std(axis=0) + 1e-9
    truth = learnt[1].astype(np.float64)
    share = float(np.clip(truth.mean(), 1e-6, 1 - 1e-6))
    weight = np.where(learnt[1], 0.5 / share, 0.5 / (1 - share))[:, None]

    def rows(features: Features) -> Features:
        return np.hstack([(features - centre) / spread, np.ones((len(features), 1))])

    x = rows(learnt[0])
    rule = np.linalg.solve(x.T @ (weight * x) + ridge * np.eye(x.shape[1]), x.T @ (weight[:, 0] * (2 * truth - 1)))
    says = rows(held_out[0]) @ rule > 0
    return float(np.mean([np.mean(says[held_out[1] == kind] == kind) for kind in (True, False)]))


def cells_with(mask: Tensor) -> NDArray[np.bool_]:
    """Which cells of a mask (N, 1, H, W) hold anything, in the order of the features."""
    return np.asarray(functional.max_pool2d(mask.float(), STRIDE).flatten().numpy() > 0.5, np.bool_)
