"""Renaming, deleting and going back: what a project relies on is never another model than it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curvedesk.domain.errors import ModelError
from curvedesk.store import registry, registry_names
from curvedesk.store.locations import user_models_dir
from curvedesk.store.manifest import read_manifest
from curvedesk.store.model_files import export_model, import_model
from curvedesk.store.registry import active_model, find_model, list_models, pick_model, rollback
from curvedesk.store.registry_edits import delete_model, model_before, rename_model
from curvedesk.store.registry_names import reserve
from tests.store.toy_models import digest, put


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`first` came with the program; the user has `mine`, made from it, and `other`, made from `mine`."""
    bundled = tmp_path / "bundled"
    for module in (registry, registry_names):
        monkeypatch.setattr(module, "bundled_models_dir", lambda: bundled)
    put("first", root=bundled, seed=1)
    (bundled / "default.json").write_text('{"model": "first"}', encoding="utf-8")
    put("mine", seed=2, parent="first")
    put("other", seed=3, parent="mine")


def _ids() -> list[str]:
    return [entry.id for entry in list_models()]


def test_a_renamed_model_has_the_same_weights_under_the_new_name_alone() -> None:
    sha256 = read_manifest(find_model("mine")).weights_sha256
    assert rename_model("mine", "gulf-coast") == "gulf-coast"
    assert _ids() == ["first", "gulf-coast", "other"]
    manifest = read_manifest(find_model("gulf-coast"))
    assert (manifest.id, manifest.weights_sha256, manifest.parent) == ("gulf-coast", sha256, "first")
    assert digest((find_model("gulf-coast") / manifest.weights_file).read_bytes()) == sha256
    assert (find_model("gulf-coast") / "card.md").read_text(encoding="utf-8") == "# gulf-coast\n\nA toy.\n"


def test_a_project_that_uses_a_renamed_model_goes_on_with_it_however_often_it_is_renamed() -> None:
    rename_model("mine", "b")
    rename_model("b", "c")
    assert find_model("mine") == find_model("b") == find_model("c")
    rename_model("c", "d")
    assert find_model("mine").name == "d"


def test_a_model_is_never_called_as_another_one_was() -> None:
    rename_model("mine", "b")
    with pytest.raises(ModelError, match="'mine' is taken, or was another model's before"):
        rename_model("other", "mine")
    delete_model("b")
    with pytest.raises(ModelError, match="'b' is taken"):
        rename_model("other", "b")
    assert reserve("mine").name == "mine-2"


def test_the_number_of_a_deleted_model_is_not_given_again() -> None:
    put("improved-1", seed=4)
    put("improved-2", seed=5)
    delete_model("improved-2")
    assert reserve("improved", numbered=True).name == "improved-3"


def test_the_model_in_use_stays_in_use_under_its_new_name_and_can_be_rolled_back() -> None:
    pick_model("mine")
    pick_model("other")
    rename_model("other", "better")
    rename_model("mine", "good")
    assert active_model() == "better"
    assert rollback() == "good"
    assert rollback() == "first"


@pytest.mark.parametrize("name", ["", "../x", "a b", "x/y", "x" * 65])
def test_a_name_that_could_be_no_folder_is_refused(name: str) -> None:
    with pytest.raises(ModelError, match="cannot be used"):
        rename_model("mine", name)
    assert _ids() == ["first", "mine", "other"]


def test_a_taken_name_and_the_own_one_change_nothing() -> None:
    before = {p: p.read_bytes() for p in user_models_dir().rglob("*") if p.is_file()}
    assert rename_model("mine", "mine") == "mine"
    for name in ("first", "other"):
        with pytest.raises(ModelError, match="is taken"):
            rename_model("mine", name)
    assert {p: p.read_bytes() for p in user_models_dir().rglob("*") if p.is_file()} == before


def test_what_came_with_the_program_is_neither_renamed_nor_deleted() -> None:
    with pytest.raises(ModelError, match="came with CurveDesk and cannot be renamed"):
        rename_model("first", "x")
    with pytest.raises(ModelError, match="came with CurveDesk and cannot be deleted"):
        delete_model("first")
    assert _ids() == ["first", "mine", "other"]


def test_a_model_in_use_is_deleted_only_once_another_one_is_picked() -> None:
    pick_model("mine")
    with pytest.raises(ModelError, match="mine is in use: pick another one first"):
        delete_model("mine")
    pick_model("other")
    delete_model("mine")
    assert _ids() == ["first", "other"]
    assert not (user_models_dir() / "mine").exists()
    assert rollback() == "first"


def test_the_model_of_the_open_project_is_not_deleted_under_an_older_name_either() -> None:
    rename_model("mine", "new")
    with pytest.raises(ModelError, match="new is in use"):
        delete_model("new", in_use="mine")
    delete_model("new", in_use="other")


def test_a_project_of_a_deleted_model_is_told_so_and_gets_it_back_with_its_file(tmp_path: Path) -> None:
    path = export_model("mine", tmp_path / "mine.curvemodel")
    delete_model("mine")
    with pytest.raises(ModelError, match="'mine' was deleted: pick another one, or import it again"):
        find_model("mine")
    assert import_model(path) == "mine"
    assert find_model("mine").name == "mine"


def test_another_model_from_a_file_does_not_get_a_deleted_ones_name(tmp_path: Path) -> None:
    stranger = export_model(put("mine", root=tmp_path, seed=9), tmp_path / "x")
    delete_model("mine")
    assert import_model(stranger) == "mine-2"


def test_a_damaged_model_can_be_deleted_but_not_renamed() -> None:
    (user_models_dir() / "mine" / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="is damaged, so it keeps its name"):
        rename_model("mine", "x")
    delete_model("mine")
    assert _ids() == ["first", "other"]


@pytest.mark.parametrize("do", [lambda: rename_model("none", "x"), lambda: delete_model("none")])
def test_a_model_that_is_not_there_is_named(do: object) -> None:
    with pytest.raises(ModelError, match="No model 'none' is registered"):
        do()  # type: ignore[operator]


def test_the_model_before_is_the_parent_under_its_present_name_or_the_bundled_one() -> None:
    assert model_before("other") == "mine"
    rename_model("mine", "new")
    assert model_before("other") == "new"
    delete_model("new")
    assert model_before("other") == "first"
    assert model_before("first") is None


def test_a_damaged_record_of_names_is_reported_with_the_way_out() -> None:
    (user_models_dir() / "names.json").write_text(json.dumps([]), encoding="utf-8")
    with pytest.raises(ModelError, match="delete it to go on"):
        rename_model("mine", "x")
