"""How the command line answers before any verb works: help, version, wrong usage, and the endings of a command."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.conftest import REPO, RunCli

VERBS = (
    *("digitize", "demo", "info", "register", "trace", "predict", "finetune", "pack", "doctor", "synth"),
    *("pretrain", "train", "evaluate", "models", "templates"),
)


def test_help_lists_every_verb_with_a_whole_sentence(run_cli: RunCli) -> None:
    result = run_cli("--help", env={"COLUMNS": "80"})
    assert result.status == 0
    listed = dict(line.split(maxsplit=1) for line in result.stdout.partition("Commands:\n")[2].splitlines())
    assert tuple(listed) == VERBS
    assert all(sentence.endswith(".") and not sentence.endswith("...") for sentence in listed.values())


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_each_of_its_options(run_cli: RunCli, verb: str) -> None:
    result = run_cli(verb, "--help")
    assert result.status == 0
    options = result.stdout.partition("Options:\n")[2].partition("Commands:\n")[0]
    for paragraph in options.split("\n  -"):
        assert len(paragraph.split("  ", 1)[-1].split()) > 3, f"{verb}: {paragraph}"


def test_version_names_program_and_version(run_cli: RunCli) -> None:
    result = run_cli("--version")
    assert (result.status, result.stdout.split()[0]) == (0, "CurveDesk")


NO_SCREEN = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="needs POSIX: elsewhere there is always a screen")
@pytest.mark.parametrize("arguments", [(), ("log.tif",), ("../logs/A 1",), ("demo",)])
def test_without_a_verb_the_window_is_wanted_and_where_there_is_no_screen_it_says_so(
    run_cli: RunCli, arguments: tuple[str, ...]
) -> None:
    result = run_cli(*arguments, env=NO_SCREEN)
    assert result.status == 1
    assert result.stderr.startswith("curvedesk: error: there is no screen here; use 'curvedesk digitize'")
    assert result.stderr.count("\n") == 1
    assert not result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("digitse", "a.tif"),
        ("info",),
        ("info", "--nonsense", "a.tif"),
        ("demo", "--device", "cpu"),
        ("predict", "a.tif"),
        ("predict", "a.tif", "-o", "m.tif", "--region", "1", "2", "3"),
        ("predict", "a.tif", "-o", "m.tif", "--region", "1", "2", "3", "wide"),
        ("predict", "a.tif", "-o", "m.tif", "--device", "tpu"),
        ("synth", "-n", "0", "-o", "x"),
        ("train", "--size", "100", "-o", "x"),
        ("models", "sell"),
    ],
)
def test_wrong_usage_ends_with_status_2_and_no_traceback(run_cli: RunCli, arguments: tuple[str, ...]) -> None:
    result = run_cli(*arguments)
    assert result.status == 2
    assert "Error: " in result.stderr
    assert "Traceback" not in result.stderr


def test_a_mistyped_verb_gets_a_suggestion(run_cli: RunCli) -> None:
    assert "Did you mean 'digitize'?" in run_cli("digitse").stderr


def _broken(folder: Path, name: str, statement: str) -> dict[str, str]:
    """An environment in which importing ``curvedesk.imaging`` does something else."""
    module = folder / "sitecustomize.py"
    module.write_text(
        "import sys, types\n"
        "fake = types.ModuleType('curvedesk.imaging')\n"
        f"def {name}(*_):\n    {statement}\n"
        f"fake.{name} = {name}\n"
        "sys.modules['curvedesk.imaging'] = fake\n",
        encoding="utf-8",
    )
    return {"PYTHONPATH": f"{folder}{os.pathsep}{REPO}"}


def test_a_fault_of_ours_is_one_line_that_names_a_file_with_the_traceback(
    run_cli: RunCli, tmp_path: Path, curvedesk_home: Path
) -> None:
    result = run_cli("info", "a.tif", env=_broken(tmp_path, "describe", "return {}['nonsense']"))
    assert result.status == 1
    assert result.stderr.startswith("curvedesk: error: CurveDesk has a fault (KeyError)")
    assert result.stderr.count("\n") == 1
    (log,) = (curvedesk_home / "log").iterdir()
    assert str(log) in result.stderr
    assert "nonsense" in log.read_text(encoding="utf-8")


def test_debug_shows_the_traceback_as_well(run_cli: RunCli, tmp_path: Path) -> None:
    env = _broken(tmp_path, "describe", "return {}['nonsense']") | {"CURVEDESK_DEBUG": "1"}
    assert "Traceback" in run_cli("info", "a.tif", env=env).stderr


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("raise KeyboardInterrupt", "stopped before the end"),
        ("raise MemoryError", "the memory of this computer is not enough"),
        ("raise PermissionError(13, 'Permission denied', 'log.tif')", "log.tif: Permission denied; check the path"),
    ],
)
def test_every_other_ending_is_one_line_with_status_1(
    run_cli: RunCli, tmp_path: Path, statement: str, sentence: str
) -> None:
    result = run_cli("info", "a.tif", env=_broken(tmp_path, "describe", statement))
    assert result.status == 1
    assert result.stderr.startswith(f"curvedesk: error: {sentence}")
    assert result.stderr.count("\n") == 1
