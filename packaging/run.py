"""``python3 packaging/run.py``: installs CurveDesk into ``.venv`` and digitises the bundled sample into ``out/``."""

import sys

if sys.version_info < (3, 11):  # before any import that an older Python cannot read
    found = ".".join(map(str, sys.version_info[:3]))
    sys.exit("curvedesk: error: Python 3.11 or newer is needed, this is %s; start this file with python3.11" % found)

import subprocess

from install import ROOT, python_of_venv

TORCH = (
    "import torch; build = 'CUDA ' + torch.version.cuda if torch.version.cuda else 'CPU only';"
    "print('PyTorch', torch.__version__, '(build: ' + build + ';', 'a CUDA GPU is' + "
    "('' if torch.cuda.is_available() else ' not'), 'seen)')"
)


def main() -> int:
    """Install what is missing, say which torch that is, do the main job; the status is that of the job."""
    python = str(python_of_venv())
    subprocess.run([python, "-c", TORCH], check=False, cwd=ROOT)
    command = [python, "-m", "curvedesk", "demo", "--headless", str(ROOT / "out")]
    return subprocess.run(command, check=False, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
