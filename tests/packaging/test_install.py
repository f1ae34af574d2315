"""packaging/install.py: installs once, again when the pins change, and says what the system lacks."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
STARTED = ("run.py", "test.py")


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module, with a small checkout of its own instead of this one."""
    spec = importlib.util.spec_from_file_location("install_under_test", PACKAGING / "install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    (tmp_path / "constraints.txt").write_text("numpy==2.4.6\n", encoding="utf-8")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "CONSTRAINTS", tmp_path / "constraints.txt")
    monkeypatch.setattr(module, "missing_system_packages", lambda _extra: [])
    return module


class Commands:
    """Stands in for subprocess.run: remembers, and answers with a status."""

    def __init__(self, install: ModuleType, status: int = 0) -> None:
        self.install, self.status, self.lines = install, status, list[str]()

    def __call__(self, command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        self.lines.append(" ".join(command))
        if "venv" in command:
            self.install.PYTHON.parent.mkdir(parents=True)
            self.install.PYTHON.touch()
            return subprocess.CompletedProcess(command, 0)
        if command[0] == str(self.install.PYTHON) and not self.install.PYTHON.exists():
            raise FileNotFoundError(command[0])
        return subprocess.CompletedProcess(command, self.status if "install" in command else 0)

    def installs(self) -> list[str]:
        return [line for line in self.lines if "pip install" in line]


@pytest.fixture
def commands(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Commands:
    recorder = Commands(install)
    monkeypatch.setattr(install.subprocess, "run", recorder)
    return recorder


def test_the_first_start_makes_a_venv_and_installs_with_the_pins(install: ModuleType, commands: Commands) -> None:
    install.python_of_venv("dev")
    assert any(line.startswith(f"{sys.executable} -m venv") for line in commands.lines)
    (pip,) = commands.installs()
    assert f"--constraint {install.CONSTRAINTS}" in pip
    assert pip.endswith(f"--editable {install.ROOT}[dev]")


def test_the_second_start_installs_nothing(install: ModuleType, commands: Commands) -> None:
    install.python_of_venv()
    before = len(commands.lines)
    install.python_of_venv()
    assert len(commands.lines) == before


def test_running_after_testing_installs_nothing_but_testing_after_running_does(
    install: ModuleType, commands: Commands
) -> None:
    install.python_of_venv()
    install.python_of_venv("dev")
    install.python_of_venv()
    assert len(commands.installs()) == 2


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_pins_are_installed_into_the_venv_that_is_there(
    install: ModuleType, commands: Commands, name: str
) -> None:
    install.python_of_venv()
    (install.ROOT / name).write_text("changed", encoding="utf-8")
    install.python_of_venv()
    assert len(commands.installs()) == 2
    assert sum("-m venv" in line for line in commands.lines) == 1


def test_a_failed_install_is_tried_again_at_the_next_start(install: ModuleType, commands: Commands) -> None:
    install.python_of_venv()
    (install.ROOT / "constraints.txt").write_text("changed", encoding="utf-8")
    commands.status = 1
    with pytest.raises(SystemExit, match="pip could not install"):
        install.python_of_venv()
    commands.status = 0
    install.python_of_venv()
    install.python_of_venv()
    assert len(commands.installs()) == 3


@pytest.mark.parametrize(("uid", "expected"), [(0, "apt-get install"), (1000, "sudo apt-get install")])
def test_debian_gets_its_libraries_with_sudo_if_not_root(
    install: ModuleType, commands: Commands, monkeypatch: pytest.MonkeyPatch, uid: int, expected: str
) -> None:
    monkeypatch.setattr(install.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(install.os, "geteuid", lambda: uid, raising=False)
    install.install_system_packages(["libstdc++6"])
    assert commands.lines[-1].startswith(expected)
    assert commands.lines[-1].endswith(" libstdc++6")


def test_another_system_is_told_what_it_lacks(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install.shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit, match=r"^curvedesk: error: this system lacks .* libstdc\+\+6 zlib1g;"):
        install.install_system_packages(["libstdc++6", "zlib1g"])


def test_nothing_is_asked_of_the_system_where_nothing_is_missing(install: ModuleType, commands: Commands) -> None:
    install.install_system_packages([])
    assert not commands.lines


def _fresh(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{name}_fresh", PACKAGING / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs POSIX: packages are Debian's")
def test_a_library_the_loader_does_not_find_is_asked_for_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    module = _fresh("install")
    monkeypatch.setattr(module, "LIBRARIES", {"libc.so.6": "libc6", "libnowhere.so.7": "libnowhere7"})
    monkeypatch.setattr(module, "PROGRAMS_FOR_TESTS", {"no-such-program": "nowhere-tools"})
    assert module.missing_system_packages() == ["libnowhere7"]
    assert module.missing_system_packages("dev") == ["libnowhere7", "nowhere-tools"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs POSIX: what wheels expect of Linux")
def test_every_library_that_qts_platform_needs_is_listed() -> None:
    from importlib.metadata import files

    module = _fresh("install")
    plugins = [file for file in files("PySide6_Essentials") or () if file.name in {"libqxcb.so", "libqoffscreen.so"}]
    assert len(plugins) == 2
    for plugin in plugins:
        listed = subprocess.run(["ldd", str(plugin.locate())], capture_output=True, text=True, check=True).stdout
        direct = {line.split()[0] for line in listed.splitlines() if "libxcb" in line or "libxkb" in line}
        assert direct - {"libxcb-util.so.1"} <= set(module.LIBRARIES), plugin  # libxcb-cursor0 brings that along


@pytest.mark.parametrize(
    ("files", "screen", "expected"),
    [([], True, ["demo"]), ([], False, ["demo", "--headless"]), (["a.tif"], True, [str(Path("a.tif").absolute())])],
)
def test_run_opens_the_window_where_there_is_a_screen(
    monkeypatch: pytest.MonkeyPatch, files: list[str], screen: bool, expected: list[str]
) -> None:
    monkeypatch.syspath_prepend(str(PACKAGING))
    assert _fresh("run").arguments(files, screen=screen)[: len(expected)] == expected


@pytest.mark.parametrize("name", STARTED)
def test_an_old_python_reads_one_sentence(name: str) -> None:
    run = f"runpy.run_path({str(PACKAGING / name)!r}, run_name='__main__')"
    code = f"import sys, runpy; sys.version_info = (3, 9, 2); {run}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        "curvedesk: error: Python 3.11 or newer is needed, this is 3.9.2; start this file with python3.11\n"
    )


@pytest.mark.parametrize("name", STARTED)
def test_an_old_python_can_parse_the_file_that_tells_it(name: str) -> None:
    ast.parse((PACKAGING / name).read_text(encoding="utf-8"), feature_version=(3, 7))


def test_starting_needs_the_standard_library_only() -> None:
    for path in (PACKAGING / name for name in (*STARTED, "install.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= set(sys.stdlib_module_names) | {"install"}, path


def test_every_requirement_of_the_project_is_pinned() -> None:
    import tomllib

    project = tomllib.loads((PACKAGING.parent / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    wanted = project["project"]["dependencies"] + [line for extra in extras.values() for line in extra]
    wanted += project["build-system"]["requires"]
    pins = (PACKAGING / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in pins if "==" in line}
    assert {requirement.partition(">=")[0].lower() for requirement in wanted} <= pinned
