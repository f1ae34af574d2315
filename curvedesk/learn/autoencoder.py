"""CurveNet's encoder with a decoder of its own: paper in, the same paper out, everything through the bottleneck."""

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional

from curvedesk.learn.net import BOTTLENECK, DECODER_WIDTHS, ENCODER_WIDTHS, Encoder, Encoding, NormRule, ResidualBlock

_CONTRAST_PX = 31  # ink is what is darker than the paper around it


class Autoencoder(nn.Module):
    """Input as CurveNet's, (N, 1, H, W) with 0 paper and 1 ink; output the same shape, the paper it believes in.

    No skips, so nothing passes but the bottleneck, a 16th of the resolution. `leaky` adds the skips of a U-Net: such a
    net copies its input and learns little. It is there to be measured against, and to show that the probes notice.
    """

    def __init__(self, rule: NormRule = NormRule.HALF_OR_16, *, leaky: bool = False) -> None:
        super().__init__()
        self.rule, self.leaky = NormRule(rule), leaky
        self.encoder = Encoder(self.rule)
        below = (BOTTLENECK, *DECODER_WIDTHS[:0:-1])
        skips = reversed(ENCODER_WIDTHS) if leaky else [0] * len(ENCODER_WIDTHS)
        self.decoder = nn.ModuleList(
            ResidualBlock(wide_in + skip, wide_out, stride=1, rule=self.rule)
            for wide_in, skip, wide_out in zip(below, skips, reversed(DECODER_WIDTHS), strict=True)
        )
        self.head = nn.Conv2d(DECODER_WIDTHS[0], 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.decode(self.encoder(x))

    def decode(self, encoding: Encoding) -> Tensor:
        """(N, 1, H, W) of an encoding; its stages are looked at only by a leaky net."""
        y = encoding.bottleneck
        for number, block in enumerate(self.decoder):
            if number:
                y = functional.interpolate(y, scale_factor=2.0, mode="bilinear", align_corners=False)
            y = block(torch.cat((y, encoding.stages[-1 - number]), 1) if self.leaky else y)
        paper: Tensor = self.head(y)
        return paper

    def frozen_copy(self) -> "Autoencoder":
        """The same network, without gradients; for a running average."""
        return copy.deepcopy(self).requires_grad_(False)


def ink_of(paper: Tensor) -> Tensor:
    """How much darker each pixel is than the paper around it, 0..1; shaded paper and inner parts of bands are 0."""
    half = _CONTRAST_PX // 2
    around = functional.avg_pool2d(functional.pad(paper, [half] * 4, mode="replicate"), _CONTRAST_PX, stride=1)
    return (paper - around).clamp(0, 1)


def reconstruction_loss(
    out: Tensor, paper: Tensor, touched: Tensor, *, ink_weight: float = 4.0, restored_weight: float = 8.0
) -> Tensor:
    """Mean absolute error; a pixel of ink weighs `ink_weight` more than paper, and more again where it was touched.

    All (N, 1, H, W). Ink covers a twentieth of a log: averaged over all pixels alike, blank paper would win; weighed
    much more than this, the network answers black wherever ink is near.
    """
    ink = ink_of(paper)
    weight = 1 + ink * (ink_weight + restored_weight * touched)
    mean: Tensor = ((out - paper).abs() * weight).sum() / weight.sum()
    return mean
