"""One program plays several roles, in a checkout and in a frozen bundle, and the light ones import nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

from curvedesk import __main__ as program
from curvedesk.child import child_command, child_environment


@pytest.mark.parametrize(
    ("arguments", "role"),
    [
        ([], program._window),
        (["log.tif"], program._window),
        (["C:\\logs\\A 1"], program._window),
        (["../logs/old"], program._window),
        (["work.curvedesk", "other.curvedesk"], program._window),
        (["demo"], program._window),
        (["demo", "--headless", "out"], program._command_line),
        (["digitize", "log.tif", "-o", "x.las"], program._command_line),
        (["digitse"], program._command_line),
        (["--version"], program._command_line),
        (["--debug=x.txt"], program._command_line),
        (["engine"], program._engine),
        (["decoder"], program._decoder),
    ],
)
def test_the_first_argument_tells_the_role(arguments: list[str], role: object) -> None:
    assert program.role_of(arguments) is role


def test_a_child_of_a_checkout_is_started_as_a_module() -> None:
    assert child_command("engine") == (sys.executable, "-P", "-m", "curvedesk", "engine")


def test_a_child_of_a_frozen_bundle_is_the_bundle_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/Applications/CurveDesk")
    assert child_command("decoder") == ("/Applications/CurveDesk", "decoder")


@pytest.mark.parametrize("role", ["engine", "decoder"])
def test_a_child_ends_at_once_when_nobody_speaks_to_it(role: str) -> None:
    done = subprocess.run(
        child_command(role), env=child_environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0


def test_the_window_and_what_it_reaches_never_import_torch() -> None:
    code = (
        "import sys; import curvedesk.ui.app, curvedesk.ui.window, curvedesk.ui.engine_client, curvedesk.ui.desk_jobs;"
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=child_environment(), check=False, timeout=120)
    assert done.returncode == 0
