"""How this program starts a child of itself, from a checkout, an installation or a frozen bundle alike."""

import os
import sys
from pathlib import Path

PACKAGE_ROOT = Path(__file__).resolve().parents[1]


def child_command(role: str) -> tuple[str, ...]:
    """The command whose process plays `role` (see ``curvedesk.__main__``): program and arguments."""
    if getattr(sys, "frozen", False):
        return sys.executable, role  # the bundle's own program; it has no Python to hand a module to
    return sys.executable, "-P", "-m", "curvedesk", role


def child_environment(**more: str) -> dict[str, str]:
    """The environment of a child: this package can be found in it, wherever the working folder is."""
    path = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(PACKAGE_ROOT))))
    return {**os.environ, "PYTHONPATH": path, **more}
