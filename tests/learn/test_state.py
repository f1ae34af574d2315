"""A training goes on as if it had never stopped, whenever and however it was stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from curvedesk.domain.errors import ModelError
from curvedesk.learn.state import load_state, save_state

REPO = Path(__file__).resolve().parents[2]


def _run(seed: int) -> tuple[nn.Module, torch.optim.Optimizer, np.random.Generator]:
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(6, 8), nn.Dropout(0.5), nn.Linear(8, 1))
    return net, torch.optim.AdamW(net.parameters(), lr=0.1 / seed, betas=(0.8, 0.9)), np.random.default_rng(seed)


def _steps(net: nn.Module, optimizer: torch.optim.Optimizer, rng: np.random.Generator, count: int) -> list[float]:
    losses = []
    for _ in range(count):
        x = torch.from_numpy(rng.standard_normal((4, 6), np.float32))
        loss = (net(x) - x.sum(1, keepdim=True)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def test_a_resumed_training_has_the_losses_of_one_that_never_stopped(tmp_path: Path) -> None:
    """Dropout, random data and moments all have to come back, not the weights alone."""
    net, optimizer, rng = _run(1)
    _steps(net, optimizer, rng, 3)
    save_state(tmp_path / "s.safetensors", step=3, net=net, optimizer=optimizer, rng=rng)
    expected = _steps(net, optimizer, rng, 4)

    net, optimizer, rng = _run(2)
    _steps(net, optimizer, rng, 1)
    resumed = load_state(tmp_path / "s.safetensors", net=net, optimizer=optimizer, rng=rng)
    assert resumed.step == 3
    assert _steps(net, optimizer, rng, 4) == expected
    assert optimizer.param_groups[0]["betas"] == (0.8, 0.9)


def test_average_and_extra_come_back_as_they_were_given(tmp_path: Path) -> None:
    net, optimizer, _rng = _run(1)
    extra = {"settings": {"lr": 0.1, "mode": "binary"}, "losses": [1.5, None]}
    save_state(tmp_path / "s", step=0, net=net, optimizer=optimizer, ema={"a.b": torch.arange(3.0)}, extra=extra)
    resumed = load_state(tmp_path / "s", net=net, optimizer=optimizer)
    assert resumed.extra == extra
    assert {n: t.tolist() for n, t in resumed.ema.items()} == {"a.b": [0, 1, 2]}


@pytest.mark.parametrize("content", [b"", b"{}", b"\x80\x02}q\x00.", None], ids=["empty", "json", "pickle", "half"])
def test_a_file_that_is_no_kept_training_is_refused(tmp_path: Path, content: bytes | None) -> None:
    net, optimizer, _rng = _run(1)
    path = tmp_path / "s"
    save_state(path, step=0, net=net, optimizer=optimizer)
    path.write_bytes(path.read_bytes()[:-8] if content is None else content)
    with pytest.raises(ModelError, match="delete it to start afresh"):
        load_state(path, net=net, optimizer=optimizer)


def test_the_state_of_another_network_is_refused(tmp_path: Path) -> None:
    net, optimizer, _rng = _run(1)
    save_state(tmp_path / "s", step=0, net=net, optimizer=optimizer)
    other = nn.Linear(2, 2)
    with pytest.raises(ModelError, match="another network"):
        load_state(tmp_path / "s", net=other, optimizer=torch.optim.AdamW(other.parameters()))


SAVES_FOREVER = """
import sys, torch
from pathlib import Path
from curvedesk.learn.state import save_state
torch.manual_seed(0)
net = torch.nn.Linear(600, 600)
optimizer = torch.optim.AdamW(net.parameters())
for step in range(10**6):
    with torch.no_grad():
        net.weight.fill_(step)
    save_state(Path(sys.argv[1]), step=step, net=net, optimizer=optimizer)
    print(step, flush=True)
"""


def test_a_kill_while_saving_leaves_a_state_that_was_whole(tmp_path: Path) -> None:
    path = tmp_path / "s.safetensors"
    command = [sys.executable, "-c", SAVES_FOREVER, str(path)]
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(REPO)}, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(20)]
        process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    net = nn.Linear(600, 600)
    resumed = load_state(path, net=net, optimizer=torch.optim.AdamW(net.parameters()))
    assert resumed.step >= int(lines[-1])
    assert (net.weight == resumed.step).all()
