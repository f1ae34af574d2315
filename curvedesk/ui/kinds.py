"""What a file is, by its name: a project, a sheet, strokes, or else a scan."""

from __future__ import annotations

from enum import Enum
from pathlib import Path


class FileKind(Enum):
    """What can be dropped on the window."""

    PROJECT = "project"
    SHEET = "sheet"
    STROKES = "strokes"
    SCAN = "scan"


SCAN_SUFFIXES = frozenset({".tif", ".tiff", ".png", ".jpg", ".jpeg", ".bmp", ".pdf"})
FILTERS = (
    "All that can be opened (*.tif *.tiff *.pdf *.png *.jpg *.jpeg *.bmp *.curvedesk *.sheet.json *.strokes.json)",
    "Scans (*.tif *.tiff *.pdf *.png *.jpg *.jpeg *.bmp)",
    "Projects (*.curvedesk)",
    "Sheets (*.sheet.json)",
    "Strokes (*.strokes.json)",
    "All files (*)",
)


def kind_of(path: Path) -> FileKind:
    """By the name alone; a scan of any name is looked into when it is opened."""
    name = path.name.casefold()
    if name.endswith(".curvedesk"):
        return FileKind.PROJECT
    if name.endswith(".sheet.json"):
        return FileKind.SHEET
    if name.endswith(".strokes.json"):
        return FileKind.STROKES
    return FileKind.SCAN


def can_open(path: Path) -> bool:
    """Whether a dropped file is worth taking."""
    return kind_of(path) is not FileKind.SCAN or path.suffix.casefold() in SCAN_SUFFIXES


def sheet_beside(scan: Path) -> Path | None:
    """The sheet that lies beside a scan under its name."""
    beside = scan.with_name(f"{scan.stem}.sheet.json")
    return beside if beside.is_file() else None


def scan_beside(sheet: Path, named: str) -> Path | None:
    """The scan a sheet speaks of: the one it names, else one of its own name beside it."""
    candidates = [sheet.with_name(named)] if named else []
    stem = sheet.name[: -len(".sheet.json")]
    candidates += [sheet.with_name(stem + suffix) for suffix in sorted(SCAN_SUFFIXES)]
    return next((path for path in candidates if path.is_file()), None)
