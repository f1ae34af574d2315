"""One scan, one normalisation: a network whose group statistics are measured once and then stay.

GroupNorm looks at whatever it is shown, so the same ink gets another probability in another tile. Measuring the
statistics on a sample of the image first makes tiles interchangeable, and fixed ones fold into the convolutions, which
saves the time that normalising takes. Measured on a real and a rendered log of a megapixel, curve pixels shared by the
masks of 448 px tiles and of the whole image: with each tile's own statistics 0.80 and 0.58 after 500 steps of training,
0.97 (rendered) after 1,400; with held ones 0.98 each time. Accuracy after 1,400 steps, mean F1 at 2 px on 12
hand-traced crops: 0.785 with each tile's own, 0.778 held.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from curvedesk.learn.net import CurveNet, ResidualBlock
from curvedesk.learn.tiles import GrayRows, is_blank, padded, round_up, starts

Gray = NDArray[np.uint8]
WINDOW_PX, WINDOWS = 256, 8  # half a megapixel: enough for steady means, some 200 MB while it is measured


def sample_windows(gray: GrayRows) -> Gray | None:
    """What an image looks like: (N, h, w), sides multiples of 16; None where the sample shows blank paper only.

    A small image is its own sample, whole. Of a large one, windows that hold ink, evenly spread over its strips.
    """
    height, width = gray.shape
    if round_up(height) * round_up(width) <= WINDOWS * WINDOW_PX**2:
        whole = padded(gray[0:height], height=round_up(height), width=round_up(width))
        return None if is_blank(whole) else whole[None]
    tops, tall = starts(round_up(height), tile=WINDOW_PX, overlap=0)
    tops = tops[np.unique(np.linspace(0, len(tops) - 1, min(WINDOWS, len(tops))).round().astype(int))]
    windows: list[Gray] = []
    for i, top in enumerate(tops.tolist()):
        strip = padded(gray[top : min(top + tall, height)], height=tall, width=round_up(width))
        windows += _spread(_inked(strip), count=-(-WINDOWS // len(tops)), turn=i)
    return np.stack(windows) if windows else None


def _inked(strip: Gray) -> list[Gray]:
    lefts, wide = starts(strip.shape[1], tile=WINDOW_PX, overlap=0)
    windows = (strip[:, left : left + wide] for left in lefts.tolist())
    return [window for window in windows if not is_blank(window)]


def _spread(windows: list[Gray], *, count: int, turn: int) -> list[Gray]:
    """So many of the windows, evenly spaced; each strip begins at another one, so that no column is preferred."""
    n = len(windows)
    chosen = {(turn + round(k * n / count)) % n for k in range(count)} if n else set()
    return [windows[k] for k in sorted(chosen)]


class _Measuring(nn.Module):
    """A GroupNorm over all windows together, which keeps what it did as one scale and shift a channel."""

    def __init__(self, norm: nn.GroupNorm) -> None:
        super().__init__()
        self.norm = norm
        self.scale, self.shift = norm.weight.detach(), norm.bias.detach()

    def forward(self, x: Tensor) -> Tensor:
        groups, share = self.norm.num_groups, self.norm.num_channels // self.norm.num_groups
        var, mean = torch.var_mean(x.float().transpose(0, 1).reshape(groups, -1), dim=1, correction=0)
        scale = torch.rsqrt(var + self.norm.eps).repeat_interleave(share)
        self.scale = self.norm.weight * scale
        self.shift = self.norm.bias - mean.repeat_interleave(share) * self.scale
        return x * self.scale[:, None, None] + self.shift[:, None, None]


@torch.no_grad()
def hold_statistics(net: CurveNet, ink: Tensor) -> None:
    """Fix every GroupNorm of ``net``, in place, to its statistics over ``ink`` (N, 1, H, W), 0 paper, 1 ink.

    Afterwards the network holds convolutions only, and gives any part of the image what it would give it in the whole.
    """
    blocks = [block for block in net.modules() if isinstance(block, ResidualBlock)]
    pairs = [(block, f"conv{k}", f"norm{k}") for block in blocks for k in (1, 2)]
    for block, _conv, norm in pairs:
        setattr(block, norm, _Measuring(getattr(block, norm)))
    net(ink)
    for block, conv, norm in pairs:
        _fold(getattr(block, conv), getattr(block, norm))
        setattr(block, norm, nn.Identity())


def _fold(conv: nn.Conv2d, measured: _Measuring) -> None:
    conv.weight.mul_(measured.scale[:, None, None, None])
    conv.bias = nn.Parameter(measured.shift.clone(), requires_grad=False)
