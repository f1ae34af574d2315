"""Where things lie: the user's own folders, and what came with the program.

The variable CURVEDESK_HOME moves all of the user's folders under one, for tests and for portable installations.
Folders are not created here; who writes into one makes it.
"""

import os
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parents[1]


def _under_home(name: str) -> Path | None:
    home = os.environ.get("CURVEDESK_HOME")
    return Path(home).expanduser() / name if home else None


def data_dir() -> Path:
    """What the user would miss: models, project copies."""
    return _under_home("data") or platformdirs.user_data_path("CurveDesk", appauthor=False)


def cache_dir() -> Path:
    """What can be made again: tile pyramids."""
    return _under_home("cache") or platformdirs.user_cache_path("CurveDesk", appauthor=False)


def config_dir() -> Path:
    """Settings."""
    return _under_home("config") or platformdirs.user_config_path("CurveDesk", appauthor=False)


def log_dir() -> Path:
    """Logs and crash reports."""
    return _under_home("log") or platformdirs.user_log_path("CurveDesk", appauthor=False)


def user_models_dir() -> Path:
    """Models the user trained or installed, a folder each."""
    return data_dir() / "models"


def bundled_models_dir() -> Path:
    """Models that came with the program, a folder each."""
    return _bundled("models")


def bundled_resources_dir() -> Path:
    """The sample and other files that came with the program."""
    return _bundled("resources")


def _bundled(name: str) -> Path:
    installed = PACKAGE / "_bundled" / name  # a wheel carries them inside the package, a checkout beside it
    return installed if installed.is_dir() else PACKAGE.parent / name
