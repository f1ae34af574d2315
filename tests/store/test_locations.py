"""Folders of the user and of the program."""

from pathlib import Path

import pytest

from curvedesk.store import locations
from curvedesk.store.locations import (
    bundled_models_dir,
    bundled_resources_dir,
    cache_dir,
    config_dir,
    data_dir,
    log_dir,
    user_models_dir,
)


def test_one_variable_moves_all_of_the_users_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURVEDESK_HOME", str(tmp_path))
    folders = {data_dir(), cache_dir(), config_dir(), log_dir()}
    assert len(folders) == 4
    assert {folder.parent for folder in folders} == {tmp_path}
    assert user_models_dir().parent == data_dir()


def test_without_it_the_systems_own_folders_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CURVEDESK_HOME")
    assert all("CurveDesk" in str(folder) for folder in (data_dir(), cache_dir(), config_dir(), log_dir()))


def test_a_checkout_finds_what_lies_beside_the_package() -> None:
    root = Path(locations.__file__).parents[2]
    assert bundled_models_dir() == root / "models"
    assert bundled_resources_dir() == root / "resources"


def test_an_installed_package_finds_what_it_carries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    carried = tmp_path / "_bundled" / "resources"
    carried.mkdir(parents=True)
    monkeypatch.setattr(locations, "PACKAGE", tmp_path)
    assert bundled_resources_dir() == carried
