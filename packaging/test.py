"""``python3 packaging/test.py [PYTEST ARGUMENTS]``: lint, types, contracts and tests, in ``.venv``."""

import sys

if sys.version_info < (3, 11):  # before any import that an older Python cannot read
    found = ".".join(map(str, sys.version_info[:3]))
    sys.exit("curvedesk: error: Python 3.11 or newer is needed, this is %s; start this file with python3.11" % found)

import os
import subprocess
import time

from install import ROOT, python_of_venv

CHECKS = {
    "lint": ["-m", "ruff", "check", "."],
    "format": ["-m", "ruff", "format", "--check", "."],
    "types": ["-m", "mypy"],
    "contracts": ["-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_logo=True))"],
}


SPREAD = ["-n", "auto", "--dist", "loadfile"]  # a process a core, each file in one of them


def main(pytest_arguments: list[str]) -> int:
    """Run every check, then pytest, whose own summary comes last; 0 only if all of them are content."""
    started = time.monotonic()
    python = str(python_of_venv("dev"))
    print(f"install: {time.monotonic() - started:.0f} s", flush=True)
    statuses = {name: _run(name, [python, *command]) for name, command in CHECKS.items()}
    for name, status in statuses.items():
        print(f"{name}: {'FAILED' if status else 'passed'}", flush=True)
    return _run("tests", [python, "-m", "pytest", *SPREAD, *pytest_arguments]) or max(statuses.values())


def _run(name: str, command: list[str]) -> int:
    print(f"--- {name}", flush=True)
    environment = {"OMP_NUM_THREADS": "1", **os.environ, "PYTHONUTF8": "1"}
    return abs(subprocess.run(command, cwd=ROOT, check=False, env=environment).returncode)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
