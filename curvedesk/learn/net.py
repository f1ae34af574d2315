"""CurveNet: the network that finds pen strokes on paper logs.

Five residual encoder stages, a bottleneck refined by two attention layers, five decoder stages with skips. The first
stage keeps full resolution, because a pen stroke is two or three pixels wide. Published description: VeerNet,
J. Imaging 2023, 9(7), 136; widths, strides and normalisation as settled for this project.
"""

from enum import StrEnum
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

ENCODER_WIDTHS = (16, 32, 64, 128, 128)
DECODER_WIDTHS = (16, 16, 32, 64, 128)
BOTTLENECK = 128
STRIDE = 16  # pixels of the input per bottleneck cell; inputs are multiples of it


class Mode(StrEnum):
    """What the output means."""

    BINARY = "binary"  # any curve
    MULTICLASS = "multiclass"  # background, curve-1 (solid pen), curve-2 (dashed or dotted pen)

    @property
    def channels(self) -> int:
        """Output channels: each one logit per pixel, read through a sigmoid of its own."""
        return 1 if self is Mode.BINARY else 3


class NormRule(StrEnum):
    """How many channels share one GroupNorm group."""

    HALF_OR_16 = "half-or-16"  # min(16, channels / 2)
    HALF = "half"  # channels / 2


def group_count(channels: int, rule: NormRule) -> int:
    """Groups for so many channels: 2, 2, 4, 8 for 16, 32, 64, 128 under half-or-16, always 2 under half."""
    half = channels // 2
    return channels // (min(16, half) if rule is NormRule.HALF_OR_16 else half)


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions beside a (projected) identity; the first one strides."""

    def __init__(self, wide_in: int, wide_out: int, *, stride: int, rule: NormRule) -> None:
        super().__init__()
        groups = group_count(wide_out, rule)
        self.conv1 = nn.Conv2d(wide_in, wide_out, 3, stride=stride, padding=1, bias=False)
        self.norm1 = nn.GroupNorm(groups, wide_out)
        self.conv2 = nn.Conv2d(wide_out, wide_out, 3, padding=1, bias=False)
        self.norm2 = nn.GroupNorm(groups, wide_out)
        same = wide_in == wide_out and stride == 1
        self.shortcut: nn.Module = nn.Identity() if same else nn.Conv2d(wide_in, wide_out, 1, stride=stride)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.norm1(self.conv1(x)), inplace=True)
        y = self.norm2(self.conv2(y))
        y = y + self.shortcut(x)
        done: Tensor = functional.relu(y, inplace=True)
        return done


class AttentionLayer(nn.Module):
    """One pre-norm transformer layer over bottleneck cells; a depthwise convolution tells it where cells are.

    Relative position by convolution keeps the layer free of any fixed image size.
    """

    def __init__(self, width: int, *, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.place = nn.Conv2d(width, width, 3, padding=1, groups=width)
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.project = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.feed = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        n, c, h, w = x.shape
        x = x + self.place(x)
        cells = x.flatten(2).transpose(1, 2)
        q, k, v = self.qkv(self.norm1(cells)).reshape(n, h * w, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(q, k, v)
        cells = cells + self.project(mixed.transpose(1, 2).reshape(n, h * w, c))
        cells = cells + self.feed(self.norm2(cells))
        refined: Tensor = cells.transpose(1, 2).reshape(n, c, h, w)
        return refined


class Encoding(NamedTuple):
    """Features of the five stages, full resolution first, and the refined bottleneck."""

    stages: tuple[Tensor, ...]
    bottleneck: Tensor


class Encoder(nn.Module):
    """Gray image to stages and bottleneck; the part that pretraining shares."""

    def __init__(self, rule: NormRule) -> None:
        super().__init__()
        widths = (1, *ENCODER_WIDTHS)
        self.stages = nn.ModuleList(
            ResidualBlock(a, b, stride=1 if i == 0 else 2, rule=rule)
            for i, (a, b) in enumerate(zip(widths, ENCODER_WIDTHS, strict=False))
        )
        self.attention = nn.ModuleList(AttentionLayer(BOTTLENECK) for _ in range(2))

    def forward(self, x: Tensor) -> Encoding:
        features = []
        for stage in self.stages:
            x = stage(x)
            features.append(x)
        for layer in self.attention:
            x = layer(x)
        return Encoding(tuple(features), x)


class DecoderStage(nn.Module):
    """Joins what comes from below with the skip of its own resolution."""

    def __init__(self, wide_below: int, wide_skip: int, wide_out: int, *, rule: NormRule) -> None:
        super().__init__()
        self.block = ResidualBlock(wide_below + wide_skip, wide_out, stride=1, rule=rule)

    def forward(self, below: Tensor, skip: Tensor) -> Tensor:
        if below.shape[-2:] != skip.shape[-2:]:
            below = functional.interpolate(below, scale_factor=2.0, mode="bilinear", align_corners=False)
        joined: Tensor = self.block(torch.cat((below, skip), 1))
        return joined


class CurveNet(nn.Module):
    """Paper in, logits out.

    Input (N, 1, H, W) float, 0 = paper, 1 = ink, H and W multiples of 16, 200 dpi. Output (N, C, H, W) logits, one
    sigmoid a channel: C = 1 any curve (binary) or C = 3 background, solid, dashed (multiclass). Where two pens cross,
    both curve channels are on.
    """

    def __init__(self, mode: Mode = Mode.MULTICLASS, rule: NormRule = NormRule.HALF_OR_16) -> None:
        super().__init__()
        self.mode, self.rule = Mode(mode), NormRule(rule)
        self.encoder = Encoder(self.rule)
        below = (*DECODER_WIDTHS[1:], BOTTLENECK)
        self.decoder = nn.ModuleList(
            DecoderStage(b, s, o, rule=self.rule) for b, s, o in zip(below, ENCODER_WIDTHS, DECODER_WIDTHS, strict=True)
        )
        self.head = nn.Conv2d(DECODER_WIDTHS[0], self.mode.channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        stages, y = self.encoder(x)
        for stage, skip in zip(reversed(self.decoder), reversed(stages), strict=True):
            y = stage(y, skip)
        logits: Tensor = self.head(y)
        return logits
