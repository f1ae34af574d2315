"""``python3 packaging/run.py [SCAN or PROJECT]``: installs CurveDesk into ``.venv`` and opens its window.

Without a file the bundled sample is opened; where there is no screen it is digitised into ``out/`` instead.
"""

import sys

if sys.version_info < (3, 11):  # before any import that an older Python cannot read
    found = ".".join(map(str, sys.version_info[:3]))
    sys.exit("curvedesk: error: Python 3.11 or newer is needed, this is %s; start this file with python3.11" % found)

import os
import subprocess
from pathlib import Path

from install import ROOT, python_of_venv

TORCH = (
    "import torch; build = 'CUDA ' + torch.version.cuda if torch.version.cuda else 'CPU only';"
    "print('PyTorch', torch.__version__, '(build: ' + build + ';', 'a CUDA GPU is' + "
    "('' if torch.cuda.is_available() else ' not'), 'seen)')"
)


def main(files: list[str]) -> int:
    """Install what is missing, say which torch that is, open the window or do the main job; the status is its own."""
    python = str(python_of_venv())
    subprocess.run([python, "-c", TORCH], check=False, cwd=ROOT)
    command = [python, "-m", "curvedesk", *arguments(files, screen=has_screen())]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}
    return subprocess.run(command, check=False, env=environment).returncode


def has_screen() -> bool:
    """Whether a window can appear: always on Windows and macOS, elsewhere where a display is named."""
    named = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.platform in {"win32", "darwin"} or bool(named)


def arguments(files: list[str], *, screen: bool) -> list[str]:
    """What CurveDesk is asked to do."""
    if files:
        return [str(Path(name).absolute()) for name in files]
    return ["demo"] if screen else ["demo", "--headless", str(ROOT / "out")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
