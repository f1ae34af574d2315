"""A model travels as one file, and what comes in a file is believed only as far as it can be checked."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from curvedesk.domain.errors import ExportError, ModelError
from curvedesk.store.locations import user_models_dir
from curvedesk.store.manifest import read_manifest
from curvedesk.store.model_files import export_model, import_model
from curvedesk.store.registry import find_model, list_models
from tests.store.toy_models import digest, manifest_of, put, weights


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """The user's model `mine`, as a file."""
    put("mine")
    return export_model("mine", tmp_path / "mine.curvemodel")


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def _zip(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def _own() -> dict[str, bytes]:
    return {str(p.relative_to(user_models_dir())): p.read_bytes() for p in user_models_dir().rglob("*") if p.is_file()}


def _refused(path: Path, match: str) -> None:
    before = _own()
    with pytest.raises(ModelError, match=match) as told:
        import_model(path)
    assert "\n" not in str(told.value)
    assert _own() == before
    assert not [p for p in user_models_dir().glob("*") if p.is_dir() and not any(p.iterdir())]


def test_a_model_comes_back_whole_on_a_computer_that_has_none(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CURVEDESK_HOME", str(tmp_path / "elsewhere"))
    assert import_model(exported) == "mine"
    folder = find_model("mine")
    manifest = read_manifest(folder)
    assert manifest.training == {"steps": 3}
    assert digest((folder / manifest.weights_file).read_bytes()) == manifest.weights_sha256
    assert (folder / "card.md").read_text(encoding="utf-8").startswith("# mine\n")


def test_a_name_that_is_taken_gives_way_to_the_next_free_one(exported: Path) -> None:
    before = _own()
    assert [import_model(exported), import_model(exported)] == ["mine-2", "mine-3"]
    assert read_manifest(find_model("mine-3")).id == "mine-3"
    assert (find_model("mine-3") / "card.md").read_text(encoding="utf-8").startswith("# mine-3\n")
    assert before.items() <= _own().items()


def test_a_bundled_model_is_never_hidden_by_one_from_a_file(tmp_path: Path) -> None:
    bundled = next(entry for entry in list_models() if entry.bundled)
    path = export_model(bundled.id, tmp_path / "m")
    assert import_model(path) == f"{bundled.id}-2"
    assert find_model(bundled.id) == bundled.folder


def test_the_same_model_makes_the_same_file(exported: Path, tmp_path: Path) -> None:
    assert export_model("mine", tmp_path / "again").read_bytes() == exported.read_bytes()


def test_a_damaged_model_is_not_exported(tmp_path: Path) -> None:
    folder = put("mine")
    (folder / "weights.safetensors").write_bytes(weights(9))
    with pytest.raises(ModelError, match="checksum differs"):
        export_model("mine", tmp_path / "mine.curvemodel")
    assert not (tmp_path / "mine.curvemodel").exists()


def test_an_export_into_no_folder_says_so(exported: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="the folder does not exist"):
        export_model("mine", tmp_path / "no" / "such.curvemodel")


def test_changed_weights_are_refused(exported: Path, tmp_path: Path) -> None:
    _refused(_zip(tmp_path / "x", _members(exported) | {"weights.safetensors": weights(2)}), "the checksum differs")


@pytest.mark.parametrize(
    "name",
    ["../evil.txt", "/etc/evil", "..\\evil.txt", "C:\\evil.txt", "sub/card.md", "run.py", "weights.pt", "card.md/"],
)
def test_a_file_with_anything_else_in_it_is_refused_whole(exported: Path, tmp_path: Path, name: str) -> None:
    _refused(_zip(tmp_path / "x.zip", _members(exported) | {name: b"x"}), "is no CurveDesk model")
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_is_refused(exported: Path) -> None:
    with zipfile.ZipFile(exported, "a") as file:
        file.writestr("manifest.json", b"{}")
    _refused(exported, "is no CurveDesk model")


@pytest.mark.parametrize("model_id", ["../../mine", "a/b", "", ".", "..", "con\n", 7, None, "x" * 65])
def test_an_id_that_is_no_plain_name_is_refused(exported: Path, tmp_path: Path, model_id: object) -> None:
    members = _members(exported)
    members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | {"id": model_id}).encode()
    _refused(_zip(tmp_path / "x", members), "is no CurveDesk model")


@pytest.mark.parametrize("missing", ["manifest.json", "weights.safetensors"])
def test_half_a_model_is_refused(exported: Path, tmp_path: Path, missing: str) -> None:
    members = {name: content for name, content in _members(exported).items() if name != missing}
    _refused(_zip(tmp_path / "x", members), "is no CurveDesk model")


def test_without_a_card_a_model_is_still_a_model(exported: Path, tmp_path: Path) -> None:
    members = {name: content for name, content in _members(exported).items() if name != "card.md"}
    assert import_model(_zip(tmp_path / "x", members)) == "mine-2"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.4", b"{}", b"\x89PNG\r\n\x1a\n"])
def test_other_kinds_of_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    _refused(tmp_path / "x", "is no CurveDesk model")


def test_a_file_that_is_not_there_and_a_folder_are_named(tmp_path: Path) -> None:
    _refused(tmp_path / "gone.curvemodel", "gone.curvemodel: does not exist")
    _refused(tmp_path, "cannot be read")


def test_a_file_cut_off_anywhere_is_refused(exported: Path, tmp_path: Path) -> None:
    whole = exported.read_bytes()
    for length in range(0, len(whole), 97):
        (tmp_path / "cut").write_bytes(whole[:length])
        _refused(tmp_path / "cut", "is damaged, or")


def test_a_part_that_claims_another_size_is_refused(exported: Path, tmp_path: Path) -> None:
    whole = bytearray(exported.read_bytes())
    size = struct.pack("<I", len(_members(exported)["manifest.json"]))
    for claimed in (1, 7_000_000, 0xFFFFFFF0):
        changed = bytearray(whole)
        place = changed.rindex(size, 0, changed.rindex(b"manifest.json"))  # in the directory at the end
        changed[place : place + 4] = struct.pack("<I", claimed)
        (tmp_path / "lie").write_bytes(changed)
        _refused(tmp_path / "lie", "lie: ")


def _with_weights(exported: Path, path: Path, data: bytes, **changes: Any) -> Path:
    content = manifest_of("mine", data) | changes
    return _zip(path, _members(exported) | {"manifest.json": json.dumps(content).encode(), "weights.safetensors": data})


def _safetensors(head: object, body: bytes) -> bytes:
    text = json.dumps(head).encode()
    return struct.pack("<Q", len(text)) + text + body


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\x04\x95pickled",
        struct.pack("<Q", 1 << 60) + b"{}",
        _safetensors([], b""),
        _safetensors({}, b""),
        _safetensors({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, b"1234"),
        _safetensors({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}, b"1234"),
        _safetensors({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, -4]}}, b"1234"),
        _safetensors({"a": {"dtype": "OBJECT", "shape": [1], "data_offsets": [0, 4]}}, b"1234"),
        _safetensors({"a": {"dtype": "F32", "shape": [1], "data_offsets": ["0", 4]}}, b"1234"),
    ],
)
def test_weights_of_another_kind_are_refused_though_their_checksum_is_right(
    exported: Path, tmp_path: Path, data: bytes
) -> None:
    _refused(_with_weights(exported, tmp_path / "x", data), "are not a safetensors file")


def test_a_model_that_boasts_of_more_numbers_than_it_has_is_refused(exported: Path, tmp_path: Path) -> None:
    _refused(_with_weights(exported, tmp_path / "x", weights(1), parameters=10**6), "fewer than it claims")


def test_a_bomb_is_refused_before_it_is_unpacked(exported: Path, tmp_path: Path) -> None:
    members = _members(exported)
    with zipfile.ZipFile(tmp_path / "bomb", "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content if name != "manifest.json" else b" " * (2 << 20))
    _refused(tmp_path / "bomb", "claims 2 MB")
