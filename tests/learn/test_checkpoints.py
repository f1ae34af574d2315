"""A model on disk is what was saved, or it is refused in one sentence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from curvedesk.domain.errors import CurveDeskError, ModelError
from curvedesk.learn.checkpoints import load_model, save_model
from curvedesk.learn.net import CurveNet, Mode, NormRule
from curvedesk.store.manifest import sha256_of


def _edit(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def _sign(folder: Path) -> None:
    """Make the manifest fit whatever weights lie there, as a careful forger would."""
    weights = folder / "weights.safetensors"
    _edit(folder, weights={"file": weights.name, "sha256": sha256_of(weights.read_bytes())})


def test_a_saved_model_loads_with_the_same_weights_in_eval_mode(net: CurveNet, model_folder: Path) -> None:
    model = load_model(model_folder)
    assert model.id == "mine"
    assert not model.net.training
    assert all(torch.equal(t, net.state_dict()[n]) for n, t in model.net.state_dict().items())


@pytest.mark.parametrize(("mode", "rule"), [(Mode.BINARY, NormRule.HALF), (Mode.MULTICLASS, NormRule.HALF)], ids=str)
def test_mode_and_group_rule_come_back_from_the_manifest(mode: Mode, rule: NormRule, tmp_path: Path) -> None:
    save_model(tmp_path / "m", CurveNet(mode, rule), {})
    loaded = load_model(tmp_path / "m").net
    assert (loaded.mode, loaded.rule) == (mode, rule)


def test_manifest_says_what_a_reader_needs_to_use_the_weights(model_folder: Path) -> None:
    content = json.loads((model_folder / "manifest.json").read_text())
    weights = model_folder / "weights.safetensors"
    assert content["weights"] == {"file": weights.name, "sha256": sha256_of(weights.read_bytes())}
    assert content["classes"] == ["background", "solid", "dashed"]
    assert content["input"] == {"channels": "gray", "paper": 0, "ink": 1, "multiple_of": 16, "dpi": 200}
    assert (content["label_width_px"], content["parameters"]) == (3, 1_631_491)
    assert (content["mode"], content["norm"], content["parent"]) == ("multiclass", "half-or-16", None)
    assert content["training"] == {"steps": 3}


def test_card_shows_checksum_settings_tables_and_commands(net: CurveNet, tmp_path: Path) -> None:
    card = {"summary": "First weights.", "tables": {"IoU": "| a |\n| - |"}, "commands": ["curvedesk train -o m"]}
    save_model(tmp_path / "m", net, card | {"training": {"steps": 600}})
    text = (tmp_path / "m" / "card.md").read_text()
    for part in ("# m\n", "First weights.", "1,631,491", "| steps | 600 |", "## IoU\n\n| a |", "curvedesk train -o m"):
        assert part in text
    assert load_model(tmp_path / "m").manifest.weights_sha256 in text


def test_saving_again_replaces_the_weights_and_leaves_no_old_ones(net: CurveNet, model_folder: Path) -> None:
    other = CurveNet()
    save_model(model_folder, other, {})
    loaded = load_model(model_folder).net.head.weight
    assert torch.equal(loaded, other.head.weight)
    assert not torch.equal(loaded, net.head.weight)
    assert len(list(model_folder.glob("*.safetensors"))) == 1


@pytest.mark.parametrize("failing", ["weights", "manifest.json"])
def test_a_save_that_fails_leaves_the_old_model_whole(
    net: CurveNet, model_folder: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bytes = Path.write_bytes

    def full_disk(self: Path, data: bytes) -> int:
        if self.name.lstrip(".").startswith(failing.removesuffix(".json")):
            write_bytes(self, data[: len(data) // 2])
            raise OSError(28, "No space left on device", str(self))
        return write_bytes(self, data)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(CurveDeskError, match="disk is full"):
        save_model(model_folder, CurveNet(), {})
    monkeypatch.undo()
    assert torch.equal(load_model(model_folder).net.head.weight, net.head.weight)


def _flip_a_bit(folder: Path) -> None:
    weights = folder / "weights.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1000] ^= 1
    weights.write_bytes(data)


def _truncate(folder: Path) -> None:
    weights = folder / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4])


def _empty(folder: Path) -> None:
    (folder / "weights.safetensors").write_bytes(b"")


def _remove_weights(folder: Path) -> None:
    (folder / "weights.safetensors").unlink()


def _pickle(folder: Path) -> None:
    torch.save({"head.weight": torch.zeros(3)}, folder / "weights.safetensors")
    _sign(folder)


def _drop_a_tensor(folder: Path) -> None:
    tensors = load_file(folder / "weights.safetensors")
    del tensors["head.bias"]
    save_file(tensors, folder / "weights.safetensors")
    _sign(folder)


def _not_a_number(folder: Path) -> None:
    tensors = load_file(folder / "weights.safetensors")
    tensors["head.bias"][0] = float("nan")
    save_file(tensors, folder / "weights.safetensors")
    _sign(folder)


def _no_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _no_json(folder: Path) -> None:
    (folder / "manifest.json").write_text("{")


def _a_list(folder: Path) -> None:
    (folder / "manifest.json").write_text("[]")


def _other_version(folder: Path) -> None:
    _edit(folder, version=99)


def _other_mode(folder: Path) -> None:
    _edit(folder, mode="binary")


def _weights_elsewhere(folder: Path) -> None:
    shutil.copy(folder / "weights.safetensors", folder.parent / "outside")
    _edit(folder, weights={"file": "../outside", "sha256": sha256_of((folder.parent / "outside").read_bytes())})


DAMAGES = [
    (_flip_a_bit, "checksum differs"),
    (_truncate, "checksum differs"),
    (_empty, "checksum differs"),
    (_remove_weights, "cannot be read"),
    (_pickle, "not a safetensors file"),
    (_drop_a_tensor, "do not fit"),
    (_not_a_number, "not finite"),
    (_no_manifest, "manifest.json cannot be read"),
    (_no_json, "not a model's manifest"),
    (_a_list, "not a model's manifest"),
    (_other_version, "'format' and 'version'"),
    (_other_mode, "do not fit"),
    (_weights_elsewhere, "own folder"),
]


@pytest.mark.parametrize(("damage", "words"), DAMAGES, ids=[d.__name__.strip("_") for d, _ in DAMAGES])
def test_a_damaged_model_is_refused_in_one_sentence(
    model_folder: Path, damage: Callable[[Path], None], words: str
) -> None:
    damage(model_folder)
    with pytest.raises(ModelError, match=words) as caught:
        load_model(model_folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "a..b", "x" * 65, "naïve"])
def test_an_id_that_is_no_folder_name_everywhere_is_refused_before_anything_is_written(
    net: CurveNet, tmp_path: Path, name: str
) -> None:
    with pytest.raises(ModelError, match="cannot be used"):
        save_model(tmp_path / "m", net, {"id": name})
    assert not list((tmp_path / "m").glob("*"))
