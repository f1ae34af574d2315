"""Makes ``.venv`` and installs CurveDesk with its pinned packages into it; Python standard library only.

Nothing is done twice: a stamp in ``.venv`` remembers what was installed from which pins.
"""

import ctypes
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"

# What the wheels expect of the system, by the name the loader knows -> Debian package. All but the first three are
# Qt's (PySide6-Essentials with its xcb platform).
LIBRARIES = {
    "libstdc++.so.6": "libstdc++6",
    "libgcc_s.so.1": "libgcc-s1",
    "libz.so.1": "zlib1g",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
PROGRAMS_FOR_TESTS = {"Xvfb": "xvfb"}  # a screen in memory, for tests that want a real window


def python_of_venv(extra: str = "") -> Path:
    """The interpreter of ``.venv`` with CurveDesk and ``extra`` ('' or 'dev') installed, made where it is not."""
    if not _is_installed(extra):
        install_system_packages(missing_system_packages(extra))
        _make_venv()
        _pip_install(extra)
    return PYTHON


def stamp(extra: str) -> str:
    """What an install depends on: the project's metadata, the pins, the place, this Python and the extra."""
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + CONSTRAINTS.read_bytes())
    digest.update(f"{ROOT} {platform.python_version()}".encode())
    return f"{digest.hexdigest()} {extra}".strip()


def _stamp_file() -> Path:
    return VENV / "curvedesk.stamp"


def _is_installed(extra: str) -> bool:
    if not (_stamp_file().is_file() and PYTHON.exists()):
        return False
    return _stamp_file().read_text(encoding="utf-8") in {stamp(extra), stamp("dev")}


def missing_system_packages(extra: str = "") -> list[str]:
    """Debian packages that are missing here; empty where nothing is, and on Windows and macOS."""
    if not sys.platform.startswith("linux"):
        return []
    missing = [package for soname, package in LIBRARIES.items() if not _has_library(soname)]
    if extra == "dev":
        missing += [package for name, package in PROGRAMS_FOR_TESTS.items() if shutil.which(name) is None]
    if importlib.util.find_spec("ensurepip") is None:
        missing.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    return missing


def _has_library(soname: str) -> bool:
    """Asked of the loader, which never lies; ldconfig may be absent from a slim container, and its cache old."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def install_system_packages(packages: list[str]) -> None:
    """Install with apt on Debian and Ubuntu (with sudo if not root); elsewhere end with their names."""
    if not packages:
        return
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        sys.exit(f"curvedesk: error: this system lacks libraries that Debian calls {names}; install them, start again")
    is_root = os.geteuid() == 0
    if not is_root and shutil.which("sudo") is None:
        sys.exit(f"curvedesk: error: as root, run 'apt-get install {names}', then start again")
    prefix = [] if is_root else ["sudo"]
    print(f"Installing system packages: {names}", flush=True)
    subprocess.run([*prefix, "apt-get", "update", "-q"], check=False)  # an old list may still do
    command = [*prefix, "apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"curvedesk: error: apt-get could not install {names}; its message is above")


def _make_venv() -> None:
    if _runs([str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]):
        if not _runs([str(PYTHON), "-m", "pip", "--version"]):
            subprocess.run([str(PYTHON), "-m", "ensurepip", "--upgrade"], check=True)
        return
    print(f"Making {VENV}", flush=True)
    if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False).returncode:
        sys.exit(f"curvedesk: error: {sys.executable} could not make {VENV}; its message is above")


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _pip_install(extra: str) -> None:
    print("Installing the pinned packages into .venv; the first time this takes minutes", flush=True)
    _stamp_file().unlink(missing_ok=True)
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    command += [] if sys.stdout.isatty() else ["--quiet", "--progress-bar", "off"]
    command += ["--constraint", str(CONSTRAINTS), "--editable", target]
    environment = {**os.environ, "PIP_CONSTRAINT": str(CONSTRAINTS)}  # holds for the build backend, too
    if subprocess.run(command, check=False, env=environment).returncode:
        sys.exit("curvedesk: error: pip could not install the packages; its message is above; start again to go on")
    _stamp_file().write_text(stamp(extra), encoding="utf-8")
