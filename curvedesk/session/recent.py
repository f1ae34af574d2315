"""What was open lately, newest first: bounded, kept in the settings folder, worth losing."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from curvedesk.domain.errors import ExportError
from curvedesk.store.atomic import write_json
from curvedesk.store.locations import config_dir

MOST = 12


@dataclass(frozen=True, slots=True)
class RecentFile:
    """A project or a scan."""

    path: str
    at: str

    @property
    def exists(self) -> bool:
        """Whether it can be opened now."""
        try:
            return Path(self.path).is_file()
        except (OSError, ValueError):
            return False


def recent_files() -> tuple[RecentFile, ...]:
    """Newest first; files that are on a drive that is away are in it too. Empty where the list cannot be read."""
    try:
        rows = json.loads(_file().read_text(encoding="utf-8"))["files"]
        found = [RecentFile(row["path"], row["at"]) for row in rows]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ()
    return tuple(each for each in found if isinstance(each.path, str) and isinstance(each.at, str))[:MOST]


def remember(path: Path) -> None:
    """Put it first. A disk that does not take it is nobody's trouble."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    _write([RecentFile(str(Path(path).absolute()), now), *_others(path)])


def _others(path: Path) -> list[RecentFile]:
    return [each for each in recent_files() if each.path != str(Path(path).absolute())]


def _write(files: list[RecentFile]) -> None:
    with suppress(OSError, ExportError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        write_json(_file(), {"version": 1, "files": [asdict(each) for each in files[:MOST]]})


def _file() -> Path:
    return config_dir() / "recent.json"
