"""What ONNX Runtime computes is what the network computes."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from curvedesk.learn import predict as room
from curvedesk.learn.compiled import Compiled
from curvedesk.learn.net import CurveNet, Mode
from curvedesk.learn.steady import hold_statistics

Gray = NDArray[np.uint8]


def _held(mode: Mode, seed: int) -> CurveNet:
    torch.manual_seed(seed)
    net = CurveNet(mode).eval()
    with torch.no_grad():
        for weight in net.parameters():
            weight.add_(0.05 * torch.randn_like(weight))
    hold_statistics(net, torch.rand(2, 1, 96, 128))
    return net


def _tiles(shape: tuple[int, int, int]) -> Gray:
    return np.random.default_rng(shape).integers(0, 256, shape, np.uint8)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("shape", [(1, 64, 64), (1, 48, 176), (3, 112, 80)])
def test_it_gives_what_the_network_gives(mode: Mode, shape: tuple[int, int, int]) -> None:
    net, tiles = _held(mode, 3), _tiles(shape)
    with torch.inference_mode():
        wanted = net(1 - torch.from_numpy(tiles)[:, None].float() / 255).sigmoid().numpy()
    found = Compiled(net)(tiles)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, wanted[:, 0 if mode is Mode.BINARY else 1 :], atol=2e-5)
    assert found.std() > 0.01  # of a network that says something


def test_two_networks_do_not_share_weights() -> None:
    tiles = _tiles((1, 64, 64))
    one, other = Compiled(_held(Mode.MULTICLASS, 1)), Compiled(_held(Mode.MULTICLASS, 2))
    first = one(tiles)
    assert abs(first - other(tiles)).max() > 0.01
    np.testing.assert_array_equal(one(tiles), first)


def test_weights_changed_afterwards_change_nothing() -> None:
    net, tiles = _held(Mode.BINARY, 4), _tiles((1, 64, 64))
    compiled = Compiled(net)
    before = compiled(tiles)
    with torch.no_grad():
        net.head.bias.add_(3)
    np.testing.assert_array_equal(compiled(tiles), before)


def test_a_cpu_predicts_tiles_compiled_and_a_lone_tile_by_its_own_statistics(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(5)
    net, made = CurveNet().eval(), list[CurveNet]()
    before = copy.deepcopy(net.state_dict())

    def counted(held: CurveNet) -> Compiled:
        made.append(held)
        return Compiled(held)

    monkeypatch.setattr(room, "Compiled", counted)
    monkeypatch.setattr(room, "autocast_dtype", lambda _device: None)
    gray = _tiles((1, 200, 64))[0]
    model = room.Model("any", net, None)  # type: ignore[arg-type]  # the manifest is not asked
    room.predict(model, gray[:64], device="cpu")
    assert not made
    compiled = room.predict(model, gray, device="cpu", tile=64, overlap=16)
    assert len(made) == 1
    monkeypatch.setattr(room, "autocast_dtype", lambda _device: torch.bfloat16)
    monkeypatch.setattr(room, "autocast_for", lambda device: torch.autocast(device.type, enabled=False))
    plain = room.predict(model, gray, device="cpu", tile=64, overlap=16)
    assert len(made) == 1  # where short numbers are fast, torch is faster
    np.testing.assert_allclose(compiled.astype(np.float32), plain.astype(np.float32), atol=2e-3)
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
