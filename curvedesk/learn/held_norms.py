"""Training under the normalisation of prediction: statistics of the whole scan, measured now and then and held between.

What a network learns from a crop normalised by itself it does not show where the scan's statistics are held (see
``steady``): the same ink comes with other numbers there.
"""

import torch
from torch import Tensor, nn

from curvedesk.learn.net import CurveNet, ResidualBlock


class HeldNorm(nn.GroupNorm):
    """A GroupNorm, the same weights by the same names, that can hold statistics; without any it is what it was."""

    def __init__(self, norm: nn.GroupNorm) -> None:
        super().__init__(norm.num_groups, norm.num_channels, eps=norm.eps)
        self.weight, self.bias = norm.weight, norm.bias
        self.measuring = False
        self.held: tuple[Tensor, Tensor] | None = None  # mean and 1 / deviation of each channel

    def forward(self, x: Tensor) -> Tensor:
        if self.measuring:
            self.held = self._measured(x)
        if self.held is None:
            return super().forward(x)
        mean, steep = self.held
        scale = self.weight * steep
        return x * scale[:, None, None] + (self.bias - mean * scale)[:, None, None]

    def _measured(self, x: Tensor) -> tuple[Tensor, Tensor]:
        share = self.num_channels // self.num_groups
        var, mean = torch.var_mean(x.float().transpose(0, 1).reshape(self.num_groups, -1), dim=1, correction=0)
        return mean.repeat_interleave(share), torch.rsqrt(var + self.eps).repeat_interleave(share)


class HeldNorms:
    """All of them in one network, which is changed in place; it stays an ordinary one until ``measure``."""

    def __init__(self, net: CurveNet) -> None:
        self._net = net
        self._norms: list[HeldNorm] = []
        for block in (block for block in net.modules() if isinstance(block, ResidualBlock)):
            block.norm1, block.norm2 = HeldNorm(block.norm1), HeldNorm(block.norm2)
            self._norms += [block.norm1, block.norm2]
        self._kept: list[tuple[Tensor, Tensor] | None] = []

    @property
    def measured(self) -> bool:
        """Whether there is something to hold."""
        return bool(self._kept)

    @torch.no_grad()
    def measure(self, ink: Tensor) -> None:
        """Take the statistics over windows (N, 1, H, W), 0 paper, 1 ink; nothing is held until ``hold``."""
        self._switch(measuring=True)
        self._net(ink)
        self._kept = [norm.held for norm in self._norms]
        self._switch(measuring=False)
        self.release()

    def hold(self) -> None:
        """From now on every image is normalised as what was measured."""
        for norm, kept in zip(self._norms, self._kept, strict=True):
            norm.held = kept

    def release(self) -> None:
        """From now on every image is normalised by itself."""
        for norm in self._norms:
            norm.held = None

    def forget(self) -> None:
        """What was measured is of no use any more."""
        self.release()
        self._kept = []

    def _switch(self, *, measuring: bool) -> None:
        for norm in self._norms:
            norm.measuring = measuring


def plain(net: CurveNet) -> CurveNet:
    """The same weights in a network that holds nothing, in eval mode, where the other one is."""
    made = CurveNet(net.mode, net.rule).to(next(net.parameters()).device)
    made.load_state_dict(net.state_dict())
    return made.eval()
