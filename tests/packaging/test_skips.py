"""The rule of tests/conftest.py: a skip without an allowed reason fails the run."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"


def _outcome(folder: Path, body: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(CONFTEST, folder / "conftest.py")
    (folder / "test_it.py").write_text("import pytest\n" + body, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("reason", ["shared data absent", "no CUDA device", "needs Windows: registry"])
def test_a_skip_for_an_allowed_reason_passes(tmp_path: Path, reason: str) -> None:
    done = _outcome(tmp_path, f"def test_a():\n    pytest.skip({reason!r})\n")
    assert done.returncode == 0
    assert "1 skipped" in done.stdout


@pytest.mark.parametrize(
    "body",
    [
        "def test_a():\n    pytest.skip('later')\n",
        "@pytest.mark.skipif(True, reason='slow today')\ndef test_a():\n    pass\n",
        "pytest.importorskip('no_such_package')\n",
    ],
)
def test_a_skip_for_any_other_reason_fails_the_run(tmp_path: Path, body: str) -> None:
    done = _outcome(tmp_path, body)
    assert done.returncode != 0
    assert "unexpected skip" in done.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    assert _outcome(tmp_path, "@pytest.mark.xfail\ndef test_a():\n    assert False\n").returncode == 0


def test_shared_data_is_skipped_where_it_is_absent(tmp_path: Path) -> None:
    inner = tmp_path / "checkout" / "tests"
    inner.mkdir(parents=True)
    done = _outcome(inner, "def test_a(shared_dir):\n    assert shared_dir\n")
    assert done.returncode == 0
    assert (
        "shared data absent"
        in subprocess.run(
            [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "--rootdir", str(inner), str(inner)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
    )
