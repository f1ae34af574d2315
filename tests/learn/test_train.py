"""A toy training: it learns, it can be stopped at any step, and resuming changes nothing."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
import torch

from curvedesk.domain.errors import ModelError
from curvedesk.learn.checkpoints import load_model, save_model
from curvedesk.learn.net import CurveNet, Mode
from curvedesk.learn.train import Progress, TrainConfig, learning_rate, train

TOY = TrainConfig(steps=4, batch=1, size=32, val_crops=1, val_every=4, save_every=1, workers=0)


def _train(folder: Path, config: TrainConfig = TOY, *, until: int | None = None) -> tuple[CurveNet, list[Progress]]:
    lines: list[Progress] = []
    steps = iter(range(1, 1000))
    net = train(folder, config, device="cpu", report=lines.append, stop=lambda: next(steps) == until)
    return net, lines


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> tuple[CurveNet, list[Progress]]:
    """The whole toy run in one sitting."""
    return _train(tmp_path_factory.mktemp("run"))


@pytest.mark.parametrize("stopped_after", [1, 3])
def test_a_resumed_training_has_the_loss_curve_and_weights_of_an_uninterrupted_one(
    uninterrupted: tuple[CurveNet, list[Progress]], tmp_path: Path, stopped_after: int
) -> None:
    _net, first = _train(tmp_path, until=stopped_after)
    net, second = _train(tmp_path)
    whole_net, whole = uninterrupted
    assert [line.step for line in first + second] == [1, 2, 3, 4]
    assert [line.loss for line in first + second] == [line.loss for line in whole]
    assert all(torch.equal(t, whole_net.state_dict()[n]) for n, t in net.state_dict().items())


def test_the_log_holds_the_loss_curve_and_ends_with_a_validation_by_class(tmp_path: Path) -> None:
    _net, lines = _train(tmp_path)
    logged = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [entry["loss"] for entry in logged] == [line.loss for line in lines]
    assert set(lines[-1].iou) == {"any", "solid", "dashed", "background"}


def test_a_folder_with_other_settings_is_refused(tmp_path: Path) -> None:
    _train(tmp_path, until=1)
    with pytest.raises(ModelError):
        _train(tmp_path, dataclasses.replace(TOY, lr=0.5))


def test_a_dozen_steps_lower_the_loss(tmp_path: Path) -> None:
    config = dataclasses.replace(TOY, steps=12, batch=2, save_every=4, val_every=12, size=48)
    _net, lines = _train(tmp_path, config)
    assert lines[-1].loss < lines[0].loss


def test_a_trained_binary_network_becomes_a_model(tmp_path: Path) -> None:
    net, lines = _train(tmp_path / "run", dataclasses.replace(TOY, mode=Mode.BINARY, steps=1, val_every=1))
    save_model(tmp_path / "model", net, {"training": {"steps": 1}})
    assert load_model(tmp_path / "model").net.mode is Mode.BINARY
    assert set(lines[-1].iou) == {"any"}


def test_the_rate_warms_up_peaks_and_falls_to_a_hundredth() -> None:
    config = TrainConfig(steps=1000)
    rates = [learning_rate(step, config) for step in range(1000)]
    peak = rates.index(max(rates))
    assert max(rates) == pytest.approx(config.lr)
    assert peak == pytest.approx(50, abs=1)
    assert rates[: peak + 1] == sorted(rates[: peak + 1])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert rates[-1] == pytest.approx(config.lr / 100, rel=0.01)
