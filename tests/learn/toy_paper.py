"""Four small pages and an autoencoder that has learnt them by heart, in seconds. Its figures are toys."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from curvedesk.learn.autoencoder import Autoencoder, reconstruction_loss
from curvedesk.learn.pretrain_data import PretrainBatch

SIDE = 48


def pages() -> Tensor:
    """(4, 1, 48, 48): one upright and one level bar each, everywhere else paper."""
    paper = torch.zeros(4, 1, SIDE, SIDE)
    for i in range(4):
        paper[i, 0, :, 5 + 11 * i : 9 + 11 * i] = 1
        paper[i, 0, 38 - 11 * i : 42 - 11 * i] = 1
    return paper


def as_batch(paper: Tensor) -> PretrainBatch:
    """Nothing spoiled."""
    return PretrainBatch(paper, paper, torch.zeros_like(paper), ())


def ruled() -> Tensor:
    """(4, 1, 48, 48): a ruled form, the same four times but for its grain."""
    torch.manual_seed(3)
    paper = 0.05 * torch.rand(4, 1, SIDE, SIDE)
    paper[..., 10:13] = paper[..., 34:37] = 1
    paper[:, :, 22:25] = 1
    return paper


def _learnt(paper: Tensor, *, steps: int, leaky: bool = False) -> Autoencoder:
    torch.manual_seed(0)
    net = Autoencoder(leaky=leaky)
    optimizer = torch.optim.AdamW(net.parameters(), 1e-3)
    for _ in range(steps):
        loss = reconstruction_loss(net(paper), paper, torch.zeros_like(paper))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return net.eval()


@cache
def by_heart(*, leaky: bool = False) -> Autoencoder:
    """A network after a few steps on the four pages."""
    return _learnt(pages(), steps=25 if leaky else 60, leaky=leaky)


@cache
def form_reader() -> Autoencoder:
    """A network that knows the ruled form and nothing else."""
    return _learnt(ruled(), steps=40)


def gray_of(paper: Tensor) -> NDArray[np.uint8]:
    """A page (1, 1, H, W) as an image (H, W)."""
    return (255 * (1 - paper[0, 0].numpy())).astype(np.uint8)
