"""The encoder on disk and in a mask network: it arrives whole, in part or not at all, and a changed one is refused."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
import torch

from curvedesk.domain.errors import ModelError
from curvedesk.learn.autoencoder import Autoencoder
from curvedesk.learn.checkpoints import save_model
from curvedesk.learn.encoders import Pretrained, load_autoencoder, load_encoder, save_encoder, transplant
from curvedesk.learn.net import CurveNet, NormRule
from curvedesk.learn.train import Progress, TrainConfig, train
from curvedesk.store.locations import user_models_dir
from curvedesk.store.registry import list_models

TOY = TrainConfig(steps=2, batch=1, size=32, val_crops=1, val_every=9, save_every=1, workers=0)


@pytest.fixture(scope="module")
def net() -> Autoencoder:
    """Random weights."""
    torch.manual_seed(11)
    return Autoencoder().eval()


@pytest.fixture
def folder(net: Autoencoder, tmp_path: Path) -> Path:
    """The same on disk, for a test to damage."""
    save_encoder(tmp_path / "enc", net, {"training": {"steps": 3}, "commands": ["curvedesk pretrain SCANS"]})
    return tmp_path / "enc"


@pytest.fixture
def given(folder: Path) -> Pretrained:
    """And loaded again."""
    return load_encoder(folder)


def _taken(net: CurveNet, source: Pretrained) -> list[bool]:
    """Of the five stages and the two attention layers, which are the source's."""
    mine = [*net.encoder.stages, *net.encoder.attention]
    theirs = [*source.encoder.stages, *source.encoder.attention]
    return [
        all(torch.equal(t, b.state_dict()[n]) for n, t in a.state_dict().items())
        for a, b in zip(mine, theirs, strict=True)
    ]


def test_what_is_loaded_is_what_was_saved(net: Autoencoder, folder: Path, given: Pretrained) -> None:
    x = torch.rand(1, 1, 32, 32)
    assert torch.equal(given.encoder(x).bottleneck, net.encoder(x).bottleneck)
    assert torch.equal(load_autoencoder(folder)(x), net(x))
    assert given.id == "enc"
    assert given.training == {"steps": 3}
    assert given.sha256 in (folder / "card.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", list(NormRule))
def test_the_manifest_says_what_it_is(tmp_path: Path, rule: NormRule) -> None:
    save_encoder(tmp_path / "e", Autoencoder(rule, leaky=True), {})
    content = json.loads((tmp_path / "e" / "encoder.json").read_text(encoding="utf-8"))
    assert (content["kind"], content["norm"]) == ("encoder", rule.value)
    assert load_encoder(tmp_path / "e").rule is rule
    assert load_autoencoder(tmp_path / "e").leaky


@pytest.mark.parametrize("name", ["encoder.safetensors", "decoder.safetensors"])
def test_a_tampered_file_is_refused_in_one_sentence(folder: Path, name: str) -> None:
    data = bytearray((folder / name).read_bytes())
    data[-1] ^= 1
    (folder / name).write_bytes(bytes(data))
    with pytest.raises(ModelError, match="checksum") as fault:
        load_autoencoder(folder)
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize(
    "change", [{"kind": "model"}, {"norm": "batch"}, {"weights": {}}, {"version": 9}, {"id": ".."}]
)
def test_a_manifest_that_is_not_an_encoders_is_refused(folder: Path, change: dict[str, object]) -> None:
    path = folder / "encoder.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **change}), encoding="utf-8")
    with pytest.raises(ModelError) as fault:
        load_encoder(folder)
    assert "\n" not in str(fault.value)


def test_missing_weights_and_missing_folders_are_one_sentence(folder: Path, tmp_path: Path) -> None:
    (folder / "encoder.safetensors").unlink()
    for path in (folder, tmp_path / "nowhere"):
        with pytest.raises(ModelError) as fault:
            load_encoder(path)
        assert "\n" not in str(fault.value)


def test_an_encoder_among_the_models_is_found_by_its_id_and_is_no_model(net: Autoencoder) -> None:
    save_encoder(user_models_dir() / "paper-1", net, {})
    assert load_encoder("paper-1").id == "paper-1"
    assert "paper-1" not in {entry.id for entry in list_models()}


def test_a_mask_models_encoder_serves_as_well(tmp_path: Path) -> None:
    masks = CurveNet()
    save_model(tmp_path / "masks", masks, {})
    assert all(_taken(masks, load_encoder(tmp_path / "masks")))


@pytest.mark.parametrize("front", range(6))
@pytest.mark.parametrize("bottleneck", [False, True])
def test_only_the_front_asked_for_is_taken(given: Pretrained, front: int, bottleneck: bool) -> None:
    torch.manual_seed(front)
    masks = CurveNet()
    transplant(masks, given, front=front, bottleneck=bottleneck, frozen=True)
    expected = [i < front for i in range(5)] + [bottleneck] * 2
    assert _taken(masks, given) == expected
    frozen = [
        not any(p.requires_grad for p in m.parameters()) for m in (*masks.encoder.stages, *masks.encoder.attention)
    ]
    assert frozen == expected
    assert all(p.requires_grad for p in masks.decoder.parameters())


def test_what_does_not_fit_is_one_sentence(given: Pretrained) -> None:
    for attempt in ({"front": 6}, {"front": -1}):
        with pytest.raises(ModelError):
            transplant(CurveNet(), given, **attempt)
    with pytest.raises(ModelError, match="GroupNorm half-or-16") as fault:
        transplant(CurveNet(rule=NormRule.HALF), given)
    assert "\n" not in str(fault.value)


def test_a_frozen_front_stays_as_it_was_while_the_rest_learns(given: Pretrained, tmp_path: Path) -> None:
    config = dataclasses.replace(TOY, front=2, bottleneck=False, frozen=True)
    net = train(tmp_path / "run", config, encoder=given, device="cpu")
    assert _taken(net, given) == [True, True, False, False, False, False, False]
    torch.manual_seed(config.seed)
    assert not torch.equal(net.head.weight, CurveNet().head.weight)


def test_a_warm_training_resumes_and_refuses_another_start(given: Pretrained, tmp_path: Path) -> None:
    config = dataclasses.replace(TOY, frozen=True)
    whole = train(tmp_path / "whole", config, encoder=given, device="cpu")
    train(tmp_path / "run", config, encoder=given, device="cpu", stop=lambda: True)
    lines: list[Progress] = []
    resumed = train(tmp_path / "run", config, encoder=given, device="cpu", report=lines.append)
    assert [line.step for line in lines] == [2]
    assert all(torch.equal(t, whole.state_dict()[n]) for n, t in resumed.state_dict().items())
    with pytest.raises(ModelError):
        train(tmp_path / "run", TOY, device="cpu")


def test_without_an_encoder_frozen_leaves_the_bases_encoder(tmp_path: Path) -> None:
    torch.manual_seed(5)
    base = CurveNet()
    net = train(tmp_path, dataclasses.replace(TOY, frozen=True), base=base, device="cpu")
    assert all(torch.equal(t, base.encoder.state_dict()[n]) for n, t in net.encoder.state_dict().items())
