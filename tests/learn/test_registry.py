"""Which model is used: the bundled default, until the user picks another, and back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from curvedesk.domain.errors import ModelError
from curvedesk.learn.checkpoints import load_model, save_model
from curvedesk.learn.net import CurveNet
from curvedesk.store import registry
from curvedesk.store.locations import user_models_dir
from curvedesk.store.registry import active_model, find_model, list_models, pick_model, rollback


@pytest.fixture
def bundled(net: CurveNet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that came with the models `first` (the default) and `second`; the user has `mine`."""
    folder = tmp_path / "bundled"
    monkeypatch.setattr(registry, "bundled_models_dir", lambda: folder)
    save_model(folder / "first", net, {})
    save_model(folder / "second", net, {})
    (folder / "default.json").write_text('{"model": "first"}')
    save_model(user_models_dir() / "mine", net, {})
    return folder


def test_without_a_pick_the_bundled_default_is_used(bundled: Path) -> None:
    assert load_model(None).id == "first"


def test_all_models_are_listed_with_the_one_in_use_marked(bundled: Path) -> None:
    assert [(m.id, m.bundled, m.active) for m in list_models()] == [
        ("first", True, True),
        ("mine", False, False),
        ("second", True, False),
    ]


def test_a_picked_model_is_used_from_then_on_and_rolled_back_pick_by_pick(bundled: Path) -> None:
    pick_model("mine")
    pick_model("second")
    assert load_model().id == "second"
    assert rollback() == "mine"
    assert rollback() == "first"
    with pytest.raises(ModelError, match="No earlier model"):
        rollback()


def test_picking_the_model_in_use_again_leaves_nothing_to_roll_back(bundled: Path) -> None:
    pick_model("mine")
    pick_model("mine")
    assert rollback() == "first"


def test_picking_a_model_that_is_not_there_changes_nothing(bundled: Path) -> None:
    with pytest.raises(ModelError, match="'none' is registered"):
        pick_model("none")
    assert active_model() == "first"


def test_ids_and_folders_both_name_a_model(bundled: Path) -> None:
    assert find_model("second") == bundled / "second"
    assert find_model(str(bundled / "first")) == bundled / "first"
    assert find_model(bundled / "first") == bundled / "first"


def test_a_users_model_hides_the_bundled_one_of_its_name(bundled: Path, net: CurveNet) -> None:
    save_model(user_models_dir() / "first", net, {})
    assert find_model(None) == user_models_dir() / "first"


@pytest.mark.parametrize("name", ["nothing", "no/such/folder"])
def test_a_model_that_is_not_there_is_named_in_the_error(bundled: Path, name: str) -> None:
    with pytest.raises(ModelError, match=f"No model '{name}'"):
        find_model(name)


def test_a_damaged_model_is_listed_with_its_problem_beside_the_others(bundled: Path) -> None:
    (bundled / "second" / "manifest.json").write_text("{")
    damaged = next(m for m in list_models() if m.id == "second")
    assert damaged.manifest is None
    assert "not a model's manifest" in (damaged.problem or "")
    assert len(list_models()) == 3


def test_a_damaged_pick_is_reported_with_the_way_out(bundled: Path) -> None:
    (user_models_dir() / "picked.json").write_text(json.dumps([]))
    with pytest.raises(ModelError, match="delete it to use the default"):
        active_model()


def test_without_any_model_the_error_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "bundled_models_dir", lambda: tmp_path)
    assert list_models() == ()
    with pytest.raises(ModelError, match="curvedesk train"):
        find_model(None)


def test_listing_models_does_not_import_torch() -> None:
    code = "import sys, curvedesk.store.registry; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).resolve().parents[2], check=True)
