"""A toy pretraining: it learns, it can be stopped at any step, resuming changes nothing, and it says how it goes."""

from __future__ import annotations

import dataclasses
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from curvedesk.domain.errors import ModelError, ScanError
from curvedesk.learn.autoencoder import Autoencoder
from curvedesk.learn.corruptions import Mix
from curvedesk.learn.loss_plot import Point, loss_svg
from curvedesk.learn.net import NormRule
from curvedesk.learn.paper import Source, Windows, look, split
from curvedesk.learn.pretrain import PretrainConfig, PretrainProgress, pretrain, probe_run, ratio_warning
from curvedesk.learn.pretrain_data import PretrainDataset

TOY = PretrainConfig(steps=4, batch=1, size=32, synthetic=0.5, val_pieces=2, val_every=2, save_every=1, workers=0)
Run = tuple[Autoencoder, list[PretrainProgress]]


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> tuple[Source, ...]:
    """One scan full of pen."""
    gray = np.full((600, 200), 245, np.uint8)
    y = np.arange(600)
    for phase in (0.0, 2.0):
        points = np.stack([100 + 70 * np.sin(y / 12 + phase), y], 1).round().astype(np.int32)
        cv2.polylines(gray, [points], False, 10, 3)
    path = tmp_path_factory.mktemp("scans") / "log.png"
    assert cv2.imwrite(str(path), gray)
    return look([path])[0]


def _run(folder: Path, sources: tuple[Source, ...], config: PretrainConfig = TOY, *, until: int | None = None) -> Run:
    lines: list[PretrainProgress] = []
    steps = iter(range(1, 1000))
    net = pretrain(
        folder, config, sources=sources, device="cpu", report=lines.append, stop=lambda: next(steps) == until
    )
    return net, lines


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory, scans: tuple[Source, ...]) -> tuple[Path, Run]:
    """The whole toy run in one sitting, and its folder."""
    folder = tmp_path_factory.mktemp("run")
    return folder, _run(folder, scans)


def test_a_resumed_pretraining_has_the_losses_and_weights_of_an_uninterrupted_one(
    uninterrupted: tuple[Path, Run], tmp_path: Path, scans: tuple[Source, ...]
) -> None:
    _net, first = _run(tmp_path, scans, until=1)
    net, second = _run(tmp_path, scans)
    whole_net, whole = uninterrupted[1]
    assert [line.step for line in first + second] == [1, 2, 3, 4]
    assert [line.loss for line in first + second] == [line.loss for line in whole]
    assert second[-1].val_loss == whole[-1].val_loss
    assert all(torch.equal(t, whole_net.state_dict()[n]) for n, t in net.state_dict().items())


def test_other_settings_and_other_scans_are_refused(tmp_path: Path, scans: tuple[Source, ...]) -> None:
    _run(tmp_path, scans, until=1)
    with pytest.raises(ModelError, match="other settings or scans"):
        _run(tmp_path, scans, dataclasses.replace(TOY, mix="plain"))
    with pytest.raises(ModelError, match="other settings or scans"):
        _run(tmp_path, ())


def test_the_log_and_its_plot_tell_losses_and_ratio(uninterrupted: tuple[Path, Run]) -> None:
    folder, (_net, lines) = uninterrupted
    logged = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert [entry["loss"] for entry in logged] == [line.loss for line in lines]
    assert [entry["val_loss"] is not None for entry in logged] == [False, True, False, True]
    assert logged[-1]["ratio"] == pytest.approx(logged[-1]["val_loss"] / logged[-1]["loss"])
    assert logged[-1]["blank_loss"] > 0
    assert ET.parse(folder / "loss.svg").getroot().tag.endswith("svg")


def test_the_ratio_warns_above_one_and_a_half() -> None:
    assert ratio_warning(1.5) is None
    warning = ratio_warning(1.51)
    assert warning is not None
    assert "1.51" in warning


def test_the_plot_marks_the_ratios_that_are_too_high() -> None:
    calm = loss_svg([Point(1, 0.5, None), Point(2, 0.4, 0.5)], warn_at=1.5)
    wild = loss_svg([Point(1, 0.5, None), Point(2, 0.4, 0.9)], warn_at=1.5)
    assert wild.count("#cc0000") == calm.count("#cc0000") + 1
    assert ET.fromstring(loss_svg([], warn_at=1.5)).tag.endswith("svg")


def test_two_dozen_steps_lower_the_loss(tmp_path: Path) -> None:
    config = dataclasses.replace(TOY, steps=24, batch=2, save_every=8, val_every=24, mix="plain", rule=NormRule.HALF)
    _net, lines = _run(tmp_path, (), config)
    assert lines[-1].loss < lines[0].loss


def test_the_probes_run_on_held_out_paper(uninterrupted: tuple[Path, Run], scans: tuple[Source, ...]) -> None:
    leaks = probe_run(uninterrupted[1][0], TOY, scans)
    assert leaks == probe_run(uninterrupted[1][0], TOY, scans)
    assert min(leaks.whole, leaks.shuffled, leaks.zeroed, leaks.blank) > 0


def test_paper_is_mixed_in_the_ratio_asked_for(scans: tuple[Source, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    windows = Windows(split(scans)[0])
    data = PretrainDataset(3, 60, 32, Mix.parse("plain"), 0.25, windows)
    drawn = list[int]()
    monkeypatch.setattr(PretrainDataset, "_drawn", lambda _self, _rng: drawn.append(1))
    for number in range(60):
        data[number]
    assert len(drawn) / 60 == pytest.approx(0.25, abs=0.15)


def test_erased_runs_lie_on_the_pens_of_real_paper(scans: tuple[Source, ...]) -> None:
    data = PretrainDataset(3, 6, 128, Mix.parse("erase"), 0.0, Windows(split(scans)[0]))
    for number in range(6):
        paper, spoiled, _faults = data[number]
        assert spoiled.touched.any()
        assert (spoiled.gray[paper < 60] > 150).mean() > 0.05
        assert np.array_equal(spoiled.gray[~spoiled.touched], paper[~spoiled.touched])


def test_scans_that_all_turn_out_damaged_end_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "gone.png"
    assert cv2.imwrite(str(path), np.zeros((300, 300), np.uint8))
    sources, _ = look([path])
    path.unlink()
    with pytest.raises(ScanError, match="gone"):
        _run(tmp_path / "run", sources, dataclasses.replace(TOY, synthetic=0.0))
