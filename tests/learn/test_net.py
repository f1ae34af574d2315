"""CurveNet's shape is a promise: weights, cards and published comparisons rest on it."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from curvedesk.learn.net import CurveNet, Mode, NormRule, ResidualBlock, group_count


def _blocks(part: nn.Module) -> list[ResidualBlock]:
    return [m for m in part.modules() if isinstance(m, ResidualBlock)]


def test_encoder_is_five_residual_stages_of_16_32_64_128_128(net: CurveNet) -> None:
    assert [b.conv2.out_channels for b in _blocks(net.encoder)] == [16, 32, 64, 128, 128]


def test_first_stage_keeps_full_resolution_and_the_others_halve_it(net: CurveNet) -> None:
    assert [b.conv1.stride for b in _blocks(net.encoder)] == [(1, 1), (2, 2), (2, 2), (2, 2), (2, 2)]


def test_encoder_takes_one_gray_channel(net: CurveNet) -> None:
    assert _blocks(net.encoder)[0].conv1.in_channels == 1


def test_decoder_is_five_stages_that_mirror_the_encoder(net: CurveNet) -> None:
    """From the bottom up, each stage joins what comes from below with the skip of its own resolution."""
    blocks = _blocks(net.decoder)[::-1]
    assert [b.conv2.out_channels for b in blocks] == [128, 64, 32, 16, 16]
    assert [b.conv1.in_channels for b in blocks] == [128 + 128, 128 + 128, 64 + 64, 32 + 32, 16 + 16]


def test_bottleneck_of_128_is_refined_by_two_attention_layers(net: CurveNet) -> None:
    assert [layer.qkv.in_features for layer in net.encoder.attention] == [128, 128]


def test_encoding_has_five_resolutions_and_a_bottleneck_at_a_sixteenth(net: CurveNet) -> None:
    with torch.inference_mode():
        stages, bottleneck = net.encoder(torch.zeros(1, 1, 64, 96))
    sizes = [(16, 64, 96), (32, 32, 48), (64, 16, 24), (128, 8, 12), (128, 4, 6)]
    assert [tuple(s.shape[1:]) for s in stages] == sizes
    assert tuple(bottleneck.shape) == (1, 128, 4, 6)


@pytest.mark.parametrize(
    ("rule", "groups"), [(NormRule.HALF_OR_16, (2, 2, 4, 8)), (NormRule.HALF, (2, 2, 2, 2))], ids=str
)
def test_group_counts_of_both_rules(rule: NormRule, groups: tuple[int, ...]) -> None:
    assert tuple(group_count(c, rule) for c in (16, 32, 64, 128)) == groups
    per_width = {m.num_channels: m.num_groups for m in CurveNet(rule=rule).modules() if isinstance(m, nn.GroupNorm)}
    assert per_width == dict(zip((16, 32, 64, 128), groups, strict=True))


def test_no_layer_keeps_statistics_of_its_batches(net: CurveNet) -> None:
    assert not list(net.buffers())


@pytest.mark.parametrize(("mode", "channels"), [(Mode.BINARY, 1), (Mode.MULTICLASS, 3)], ids=str)
@pytest.mark.parametrize("rule", NormRule, ids=str)
def test_logits_have_the_size_of_the_image_and_a_channel_a_class(mode: Mode, channels: int, rule: NormRule) -> None:
    with torch.inference_mode():
        assert CurveNet(mode, rule)(torch.zeros(2, 1, 32, 48)).shape == (2, channels, 32, 48)


def test_parameter_counts() -> None:
    count = {mode: sum(p.numel() for p in CurveNet(mode).parameters()) for mode in Mode}
    assert count == {Mode.MULTICLASS: 1_631_491, Mode.BINARY: 1_631_491 - 2 * 17}


def test_every_parameter_learns_from_one_step() -> None:
    torch.manual_seed(0)
    net = CurveNet()
    net(torch.rand(1, 1, 32, 32)).square().mean().backward()
    # Keys shift every score of a softmax alike, so their bias is the one thing that cannot matter.
    still = {n for n, p in net.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0}
    assert still == set()
