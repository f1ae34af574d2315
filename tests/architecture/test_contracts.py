"""The shape of the house: layers, what starts without what, sizes, and things that must not be in the code."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

REPO = Path(__file__).resolve().parents[2]
FILES = sorted((REPO / "curvedesk").rglob("*.py"))
CONTRACTS = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def test_the_three_import_contracts_hold() -> None:
    done = subprocess.run([sys.executable, "-c", CONTRACTS], cwd=REPO, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Contracts: 3 kept, 0 broken" in done.stdout


def test_every_room_is_in_the_contracts() -> None:
    rooms = {f"curvedesk.{path.parent.name}" for path in FILES if path.parent.parent == REPO / "curvedesk"}
    contracts = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers, qt, torch = contracts
    assert rooms <= {room.strip(" ()") for row in layers["layers"] for room in row.split("|")}
    assert rooms - {"curvedesk.ui"} <= set(qt["source_modules"])
    assert rooms - {"curvedesk.cli", "curvedesk.learn", "curvedesk.engine"} <= set(torch["source_modules"])


def _tool(name: str) -> dict[str, Any]:
    settings: dict[str, Any] = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["tool"][name]
    return settings


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["digitize", "--help"], ["info", "SCAN"], ["models"]])
def test_starting_imports_neither_torch_nor_qt(arguments: list[str], tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    _write_png(scan)
    code = (
        "import sys; from curvedesk.__main__ import main; status = main();"
        "heavy = {'torch', 'PySide6', 'matplotlib', 'pandas'} & set(sys.modules);"
        "sys.exit(f'imported {heavy}' if heavy else status)"
    )
    command = [sys.executable, "-c", code, *(str(scan) if word == "SCAN" else word for word in arguments)]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _write_png(path: Path) -> None:
    import cv2
    import numpy as np

    assert cv2.imwrite(str(path), np.full((40, 30), 255, np.uint8))


def test_files_and_functions_keep_to_the_band_of_the_field() -> None:
    lines = [path.read_text(encoding="utf-8").count("\n") for path in FILES if path.name != "__init__.py"]
    # A verb's signature is its list of options; what counts is what a function does.
    lengths = [(node.end_lineno or 0) - node.body[0].lineno + 1 for _path, node in _functions()]
    assert statistics.median(lines) <= 130
    assert sum(n < 280 for n in lines) >= 0.9 * len(lines)
    assert max(lines) < 400
    assert statistics.median(lengths) <= 12
    assert sum(n < 40 for n in lengths) >= 0.9 * len(lengths)
    assert max(lengths) < 70


def _functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path, node in _nodes():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield path, node


def _nodes() -> Iterator[tuple[Path, ast.AST]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield path.relative_to(REPO), node


UNPICKLERS = {"pickle", "dill", "joblib", "shelve", "marshal"}
NETWORK = {"requests", "urllib.request", "http.client", "socket"}


def test_nothing_unpickles_and_nothing_reaches_for_the_network() -> None:
    found = [
        f"{path}:{node.lineno} {name}"
        for path, node in _nodes()
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in _imported(node)
        if {name, name.partition(".")[0]} & (UNPICKLERS | NETWORK)
    ]
    assert not found


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]


@pytest.mark.parametrize(
    "call", ["torch.load", "torch.save", "np.load", "numpy.load", "torch.hub.load", "eval", "exec"]
)
def test_no_call_can_run_code_from_a_file(call: str) -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, node in _nodes()
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == call
        and not any(
            keyword.arg == "allow_pickle" and ast.unparse(keyword.value) == "False" for keyword in node.keywords
        )
    ]
    assert not found


def test_no_except_is_bare() -> None:
    assert not [
        f"{path}:{node.lineno}" for path, node in _nodes() if isinstance(node, ast.ExceptHandler) and not node.type
    ]


def test_types_are_checked_without_exceptions_for_our_own_modules() -> None:
    mypy = _tool("mypy")
    assert mypy["strict"] is True
    for override in mypy["overrides"]:
        assert set(override) == {"module", "ignore_missing_imports"}
        assert not [module for module in override["module"] if module.startswith("curvedesk")]
