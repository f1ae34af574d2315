"""What a training is given of the memory there is."""

from __future__ import annotations

import pytest
import torch

from curvedesk.learn import preflight as room
from curvedesk.learn.lesson import FinetuneConfig
from curvedesk.learn.net import CurveNet
from curvedesk.learn.preflight import measure

MIB = 2**20
CROP_MIB = 0.32 * 1024 / 4  # of 128 x 128


@pytest.mark.parametrize(
    ("free_mib", "batch", "size"),
    [(8000.0, 6, 128), (4.5 * CROP_MIB, 4, 128), (2.1 * CROP_MIB, 2, 128), (1.9 * CROP_MIB, 6, 64), (1.0, 2, 64)],
)
def test_short_memory_makes_fewer_crops_then_smaller_ones(
    monkeypatch: pytest.MonkeyPatch, free_mib: float, batch: int, size: int
) -> None:
    timed: list[tuple[int, int]] = []

    def fake(_base: CurveNet, _where: torch.device, batch: int, config: FinetuneConfig) -> float:
        timed.append((batch, config.size))
        return 0.5

    monkeypatch.setattr(room, "_free", lambda _where: free_mib * MIB)
    monkeypatch.setattr(room, "_timed", fake)
    ready = measure(CurveNet(), FinetuneConfig(), device="cpu")
    assert (ready.batch, ready.size) == (batch, size) == timed[0]
    assert ready.seconds == pytest.approx(0.5 * FinetuneConfig().steps)
    assert any("Memory is short" in warning for warning in ready.warnings) == (free_mib == 1.0)


def test_memory_that_runs_out_while_it_is_measured_halves_the_batch_and_then_takes_the_cpu(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[tuple[str, int]] = []

    def short(_base: CurveNet, where: torch.device, batch: int, _config: FinetuneConfig) -> float:
        tried.append((where.type, batch))
        if where.type != "cpu":
            raise torch.OutOfMemoryError
        return 0.5

    monkeypatch.setattr(room, "pick_device", lambda _choice: torch.device("meta"))
    monkeypatch.setattr(room, "_timed", short)
    ready = measure(CurveNet(), FinetuneConfig(batch=8))
    assert [batch for where, batch in tried if where == "meta"] == [8, 4, 2]
    assert tried[-1] == ("cpu", 2)
    assert ready.device == "cpu"
