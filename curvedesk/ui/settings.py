"""What the window remembers between starts: one small file in the user's settings folder, with a version."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from curvedesk.domain.errors import ExportError
from curvedesk.store.atomic import write_json
from curvedesk.store.locations import config_dir

VERSION = 1
FILE_NAME = "window.json"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """``geometry`` and ``docks`` are Qt's own states in base 64; ``shortcuts`` holds only what was rebound."""

    version: int = VERSION
    theme: str = "system"
    geometry: str = ""
    docks: str = ""
    column_shown: bool = True
    guide_done: bool = False
    folder: str = ""
    shortcuts: Mapping[str, str] = field(default_factory=dict)


class SettingsFile:
    """Reads once, writes at every change. A damaged file counts as none; one of a newer version is left alone."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or config_dir() / FILE_NAME
        self._newer = False
        self.value = self._read()

    def change(self, **changes: Any) -> None:
        """Remember these; a disk that cannot be written costs nobody their work, so it is only logged."""
        value = replace(self.value, **changes)
        if value == self.value:
            return
        self.value = value
        if self._newer:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_json(self._path, asdict(value))
        except (OSError, ExportError) as error:
            _log.warning("The window's settings were not kept: %s", error)

    def _read(self) -> Settings:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return Settings()
        version = found.get("version") if isinstance(found, dict) else None
        self._newer = isinstance(version, int) and version > VERSION
        return _settings_of(found) if version == VERSION else Settings()


def _settings_of(found: Mapping[str, Any]) -> Settings:
    """What has the right type; the rest as at first."""
    default = Settings()
    kept = {}
    for one in fields(Settings):
        value, first = found.get(one.name), getattr(default, one.name)
        if isinstance(value, type(first)):
            kept[one.name] = value
    shortcuts = {k: v for k, v in dict(kept.get("shortcuts", {})).items() if isinstance(v, str)}
    return replace(default, **{**kept, "shortcuts": shortcuts})
