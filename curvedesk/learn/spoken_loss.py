"""The loss of what the analyst said: exactly nothing wherever he said nothing."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from curvedesk.learn.losses import masked_bce
from curvedesk.learn.spoken_crops import SpokenCrop

ROW_WEIGHT = 0.05
PULL = 0.5
_LEAST = 0.05  # of its weight that a pen keeps
_FEWEST_PX = 100.0
_HALF_PX = 1


class SpokenBatch(NamedTuple):
    """`image` (N, 1, H, W); `target`, `known` (N, 2, H, W); `centre` (N, 2, H) with NaN; `rivals` (N, 2, H, W)."""

    image: Tensor
    target: Tensor
    known: Tensor
    centre: Tensor
    rivals: Tensor

    def to(self, device: torch.device) -> "SpokenBatch":
        """The same elsewhere."""
        return SpokenBatch(*(tensor.to(device) for tensor in self))


def to_spoken_batch(crops: Sequence[SpokenCrop]) -> SpokenBatch:
    """Crops of one size as tensors."""

    def stacked(name: str) -> Tensor:
        return torch.from_numpy(np.stack([np.ascontiguousarray(getattr(crop, name)) for crop in crops]))

    image = 1 - stacked("gray")[:, None].float() / 255
    return SpokenBatch(image, stacked("target"), stacked("known"), stacked("centre"), stacked("rivals"))


def spoken_loss(logits: Tensor, batch: SpokenBatch) -> Tensor:
    """Cross-entropy of known pixels and of known rows, of (N, C, H, W) logits of either kind of network."""
    if logits.shape[1] == 1:
        return _binary(logits, batch)
    curves = logits[:, 1:]
    pixels = balanced(curves, batch.target, batch.known)
    either = batch.target.amax(1, keepdim=True)
    sure = torch.maximum(either, batch.known.amin(1, keepdim=True)) * (batch.known.amax(1, keepdim=True) > 0)
    paper = masked_bce(logits[:, :1], 1 - either, sure)
    return pixels + 0.5 * paper + ROW_WEIGHT * row_loss(curves, batch.centre, batch.rivals)


def _binary(logits: Tensor, batch: SpokenBatch) -> Tensor:
    """A pixel is a curve if either class says so, and none if both say so."""
    target = batch.target.amax(1, keepdim=True)
    known = torch.where(target > 0, batch.known.amax(1, keepdim=True), batch.known.amin(1, keepdim=True))
    return balanced(logits, target, known)


def balanced(logits: Tensor, target: Tensor, known: Tensor) -> Tensor:
    """Cross-entropy of (N, C, H, W) over known pixels, by which no channel as a whole grows keener to see curves.

    Strokes are drawn where a curve was missed, so most of what they say is "this is one". Taken at their word they lift
    the answer everywhere and find curves in the grid (measured: precision on the next crop of a scan 0.75 to 0.52). So
    in each channel what pulls up weighs no more than `PULL` of what pushes down: what is learnt is which ink is a
    curve, not how much of it is.
    """
    held = target * known
    with torch.no_grad():
        found = torch.sigmoid(logits)
        pull, push = ((1 - found) * held).sum((0, 2, 3)), (found * (known - held)).sum((0, 2, 3))
        share = (PULL * push / pull.clamp_min(1e-6)).clamp(_LEAST, 1.0)[:, None, None]
    weight = known * (1 + (share - 1) * target)
    loss = functional.binary_cross_entropy_with_logits(logits, target, weight, reduction="sum")
    return loss / held.sum().clamp_min(_FEWEST_PX)


def row_loss(curves: Tensor, centre: Tensor, rivals: Tensor) -> Tensor:
    """Mean over spoken rows of -log of the share of the pen's place among all places of its track's row."""
    wide = torch.arange(curves.shape[-1], device=curves.device, dtype=torch.float32)
    away = (wide - centre.nan_to_num(-1e6)[..., None]).abs()
    pen = away <= _HALF_PX + 0.5
    spoken = centre.isfinite() & rivals.any(-1)
    if not bool(spoken.any()):
        return curves.new_zeros(())
    z, here, there = curves[spoken], pen[spoken], rivals[spoken] | pen[spoken]
    nowhere = torch.finfo(z.dtype).min
    all_places = torch.logsumexp(z.masked_fill(~there, nowhere), dim=-1)
    return (all_places - torch.logsumexp(z.masked_fill(~here, nowhere), dim=-1)).mean()
