"""curvedesk models: list, show, pick, roll back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import RunCli


@pytest.fixture
def own_model(curvedesk_home: Path) -> Path:
    """An untrained network registered as the user's own model 'mine'."""
    from curvedesk.learn.checkpoints import save_model
    from curvedesk.learn.net import CurveNet, Mode, NormRule

    folder = curvedesk_home / "data" / "models" / "mine"
    save_model(folder, CurveNet(Mode.MULTICLASS, NormRule.HALF_OR_16), {"summary": "Made for a test."})
    return folder


def _in_use(listing: str) -> list[str]:
    return [line.split()[1] for line in listing.splitlines() if line.startswith("*")]


def test_own_models_are_listed_beside_the_bundled_ones(run_cli: RunCli, own_model: Path) -> None:
    result = run_cli("models")
    assert (result.status, result.stderr) == (0, "")
    assert "mine" in result.stdout
    assert "bundled" in result.stdout
    assert len(_in_use(result.stdout)) == 1


def test_a_picked_model_is_in_use_until_it_is_rolled_back(run_cli: RunCli, own_model: Path) -> None:
    (before,) = _in_use(run_cli("models").stdout)
    assert run_cli("models", "pick", "mine").status == 0
    assert _in_use(run_cli("models").stdout) == ["mine"]
    assert run_cli("models", "rollback").status == 0
    assert _in_use(run_cli("models").stdout) == [before]
    result = run_cli("models", "rollback")
    assert result.status == 1
    assert result.stderr.count("\n") == 1


def test_show_prints_the_card_and_the_checksum(run_cli: RunCli, own_model: Path) -> None:
    result = run_cli("models", "show", "mine")
    assert result.status == 0
    assert "Made for a test." in result.stdout
    assert "SHA-256 of the weights: " in result.stdout
    assert str(own_model) in result.stdout


def test_show_without_an_id_shows_the_one_in_use(run_cli: RunCli) -> None:
    (used,) = _in_use(run_cli("models").stdout)
    assert run_cli("models", "show").stdout.startswith(f"# {used}")


@pytest.mark.parametrize("verb", ["pick", "show"])
def test_an_unknown_model_is_one_line_that_says_where_to_look(run_cli: RunCli, verb: str) -> None:
    result = run_cli("models", verb, "unheard-of")
    assert result.status == 1
    assert "unheard-of" in result.stderr
    assert "curvedesk models" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_damaged_model_is_listed_as_such_and_hides_no_other(run_cli: RunCli, own_model: Path) -> None:
    (own_model / "manifest.json").write_text("{", encoding="utf-8")
    result = run_cli("models")
    assert result.status == 0
    assert "mine  yours  damaged:" in result.stdout
    assert "bundled" in result.stdout


def test_a_model_goes_to_another_computer_as_a_file_and_is_found_under_a_new_name(
    run_cli: RunCli, own_model: Path, tmp_path: Path
) -> None:
    done = run_cli("models", "export", "mine", "m.curvemodel")
    assert (done.status, done.stderr) == (0, "")
    elsewhere = {"CURVEDESK_HOME": str(tmp_path / "elsewhere")}
    assert run_cli("models", "import", "m.curvemodel", env=elsewhere).stdout.startswith("mine is here now")
    assert run_cli("models", "rename", "mine", "gulf", env=elsewhere).stdout == "mine is called gulf now.\n"
    shown = run_cli("models", "show", "mine", env=elsewhere).stdout
    assert shown.startswith("# gulf\n")
    assert shown.rpartition(": ")[2] == run_cli("models", "show", "mine").stdout.rpartition(": ")[2]


def test_a_model_in_use_is_deleted_only_after_another_is_picked(run_cli: RunCli, own_model: Path) -> None:
    assert run_cli("models", "pick", "mine").status == 0
    refused = run_cli("models", "delete", "mine")
    assert (refused.status, refused.stderr.count("\n")) == (1, 1)
    assert "pick another one first" in refused.stderr
    assert run_cli("models", "rollback").status == 0
    assert run_cli("models", "delete", "mine").status == 0
    assert not own_model.exists()
    assert "mine" not in run_cli("models").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "gone.curvemodel"), "gone.curvemodel: does not exist"),
        (("export", "mine", "no/such/m.curvemodel"), "the folder does not exist"),
        (("rename", "mine", "../mine"), "cannot be used"),
        (("delete", "unheard-of"), "'unheard-of' is registered"),
    ],
)
def test_what_cannot_be_done_with_a_model_is_one_line(
    run_cli: RunCli, own_model: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = run_cli("models", *arguments)
    assert (result.status, result.stderr.count("\n")) == (1, 1)
    assert said in result.stderr


def test_two_models_are_blended_by_share_and_two_kinds_are_not(run_cli: RunCli, tmp_path: Path) -> None:
    import torch

    from curvedesk.learn.checkpoints import load_model, save_model
    from curvedesk.learn.net import CurveNet, Mode

    first, second = CurveNet(), CurveNet()
    save_model(tmp_path / "one", first, {})
    save_model(tmp_path / "two", second, {})
    save_model(tmp_path / "other", CurveNet(Mode.BINARY), {})
    result = run_cli("models", "blend", "one", "two", "--share", "0.25", "-o", "mean")
    assert (result.status, result.stderr) == (0, "")
    got = load_model(tmp_path / "mean").net.head.weight
    assert torch.allclose(got, 0.75 * first.head.weight + 0.25 * second.head.weight, atol=1e-6)
    refused = run_cli("models", "blend", "one", "other", "-o", "none")
    assert refused.status == 1
    assert "two kinds" in refused.stderr
    assert not (tmp_path / "none" / "manifest.json").exists()
