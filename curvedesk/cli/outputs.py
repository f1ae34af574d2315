"""Checks of output paths before long work starts, so that an hour of work never ends at a typing mistake."""

import os
from collections.abc import Sequence
from pathlib import Path

from curvedesk.domain.errors import ExportError


def check_outputs(outputs: Sequence[Path | None], *, inputs: Sequence[Path | None]) -> None:
    """Refuse outputs that cannot be written, that would replace an input, or that are named twice.

    Raises:
        ExportError: with the path and what to do.
    """
    seen: set[Path] = set()
    sources = {path.resolve() for path in inputs if path is not None}
    for path in outputs:
        if path is None:
            continue
        _check_place(path)
        if path.resolve() in sources:
            raise ExportError(f"{path} is an input and would be replaced by the output; give the output another name")
        if path.resolve() in seen:
            raise ExportError(f"{path} is named for two outputs; give each its own name")
        seen.add(path.resolve())


def _check_place(path: Path) -> None:
    if path.is_dir():
        raise ExportError(f"{path} is a folder; give a file name in it")
    if not path.parent.is_dir():
        raise ExportError(f"cannot write {path}: the folder {path.parent} does not exist; make it first")
    if not os.access(path.parent, os.W_OK):
        raise ExportError(f"cannot write {path}: the folder {path.parent} is write-protected; choose another one")


def make_folder(path: Path) -> Path:
    """The output folder, made with its parents where it is not there yet."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise ExportError(f"{path} is a file; give the name of a folder") from error
    except OSError as error:
        raise ExportError(f"cannot make the folder {path}: {error.strerror}; choose another one") from error
    return path
