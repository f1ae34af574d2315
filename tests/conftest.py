"""What every test shares: shared data, a fresh home, the real command line; and a skip needs a known reason."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Protocol

import pytest
from hypothesis import HealthCheck, settings

REPO = Path(__file__).resolve().parents[1]
SHARED = REPO.parent / "shared"

# A busy machine is slow, not wrong; and a continuous-integration run tells about the change, not about its luck.
settings.register_profile(
    "curvedesk", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("curvedesk")

# A skip with any other reason fails the run: a test that silently stops running protects nothing.
ALLOWED_SKIPS = ("shared data absent", "no CUDA device", "needs Windows", "needs macOS", "needs POSIX")


def _refusal(longrepr: object) -> str | None:
    """Why this skip is not allowed, or None where it is."""
    reason = str(longrepr[2] if isinstance(longrepr, tuple) else longrepr).removeprefix("Skipped: ")
    if reason.startswith(ALLOWED_SKIPS):
        return None
    return f"unexpected skip ({reason!r}): reasons allowed in tests/conftest.py start with {', '.join(ALLOWED_SKIPS)}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip without an allowed reason into a failure."""
    report = yield
    refusal = _refusal(report.longrepr) if report.skipped and not hasattr(report, "wasxfail") else None
    if refusal:
        report.outcome, report.longrepr = "failed", refusal
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same rule for whole modules (``importorskip`` and friends)."""
    report = yield
    refusal = _refusal(report.longrepr) if report.skipped else None
    if refusal:
        report.outcome, report.longrepr = "failed", refusal
    return report


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of shared data and tools beside the checkout; tests that need it are skipped where it is absent."""
    if not (SHARED / "data").is_dir():
        pytest.skip("shared data absent: ../shared/data is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def scorer(shared_dir: Path) -> ModuleType:
    """The shared scorer as a module."""
    spec = importlib.util.spec_from_file_location("score", shared_dir / "tools" / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def curvedesk_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home for caches, registered models and logs, so that no test sees another's, or the user's."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("CURVEDESK_HOME", str(home))
    monkeypatch.delenv("CURVEDESK_DEBUG", raising=False)
    return home


@dataclass(frozen=True, slots=True)
class CliResult:
    """What a user sees of one command."""

    status: int
    stdout: str
    stderr: str


class RunCli(Protocol):
    """Runs ``python -m curvedesk ARGS``."""

    def __call__(self, *args: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> CliResult:
        """Run to the end and return status, standard output and standard error."""


@pytest.fixture
def run_cli(tmp_path: Path, curvedesk_home: Path) -> RunCli:
    """The real command line in a process of its own, started in ``tmp_path``, with pipes for outputs."""

    def run(*args: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> CliResult:
        path = os.pathsep.join(filter(None, (str(REPO), os.environ.get("PYTHONPATH"))))
        done = subprocess.run(
            [sys.executable, "-m", "curvedesk", *map(str, args)],
            cwd=cwd or tmp_path,
            env={**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", "COLUMNS": "100", **(env or {})},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return CliResult(done.returncode, done.stdout, done.stderr)

    return run
