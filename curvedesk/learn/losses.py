"""Losses for thin strokes on much paper: weighted cross-entropy finds them, soft Dice keeps them thin."""

import torch
from torch import Tensor
from torch.nn import functional

POSITIVE_WEIGHT = 4.0  # a stroke covers a few per cent of a crop


def masked_bce(logits: Tensor, target: Tensor, known: Tensor) -> Tensor:
    """Mean binary cross-entropy over known pixels; (N, C, H, W) each, `known` broadcastable 0/1."""
    weight = known * (1 + (POSITIVE_WEIGHT - 1) * target)
    loss = functional.binary_cross_entropy_with_logits(logits, target, weight, reduction="sum")
    return loss / weight.sum().clamp_min(1.0)


def masked_tversky(logits: Tensor, target: Tensor, known: Tensor, *, miss: float = 0.6, invent: float = 0.4) -> Tensor:
    """1 - soft Tversky index per channel over the whole batch; missing a stroke costs `miss`, inventing `invent`.

    Taken over the batch, not per crop, so that crops without a curve of the class weigh by what they invent. Source:
    Salehi et al., arXiv 1706.05721.
    """
    p, t = torch.sigmoid(logits) * known, target * known
    dims = (0, 2, 3)
    hit, missed, invented = (p * t).sum(dims), ((1 - p) * t).sum(dims), (p * (known - t)).clamp_min(0).sum(dims)
    return (1 - (hit + 1.0) / (hit + miss * missed + invent * invented + 1.0)).mean()


def dice_loss(logits: Tensor, target: Tensor, known: Tensor) -> Tensor:
    """Soft Dice over all channels, the background too: what published networks for well logs were trained by.

    Source: VeerNet, J. Imaging 2023 9(7) 136.
    """
    return masked_tversky(logits, target, known, miss=0.5, invent=0.5)


def stroke_loss(logits: Tensor, target: Tensor, known: Tensor) -> Tensor:
    """Cross-entropy plus Tversky on the curve channels (all but the background of a multiclass net)."""
    curves = slice(1, None) if logits.shape[1] > 1 else slice(None)
    return masked_bce(logits, target, known) + masked_tversky(logits[:, curves], target[:, curves], known)


LOSSES = {"stroke": stroke_loss, "dice": dice_loss}
