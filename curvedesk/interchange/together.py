"""Several files that appear together or not at all."""

import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from curvedesk.domain.errors import ExportError
from curvedesk.store.atomic import replacing


@dataclass(frozen=True, slots=True)
class Parts:
    """Where to write: a path for each file, and the folder to fill, if one was asked for."""

    files: list[Path]
    folder: Path | None


@contextmanager
def together(paths: Sequence[Path], *, folder: Path | None = None, marker: str = "") -> Iterator[Parts]:
    """Yield a path to write to for each file, and a new folder to fill in the place of `folder`.

    At the end all take their places, one rename each; where one of them fails, those that had theirs give it back
    to what was there before. Raises ExportError.
    """
    with _restoring(paths), ExitStack() as stack:
        made = stack.enter_context(replacing_folder(folder, marker=marker)) if folder else None  # renamed last
        yield Parts([stack.enter_context(replacing(path)) for path in paths], made)


@contextmanager
def _restoring(paths: Sequence[Path]) -> Iterator[None]:
    """Keep a second name of every old file until all is done; put it back when anything fails."""
    kept: list[_Kept] = []
    try:
        kept = [_kept(Path(path).resolve()) for path in paths]
        yield
    except BaseException:
        for each in kept:
            with suppress(OSError):
                each.put_back()
        raise
    finally:
        for each in kept:
            with suppress(OSError):
                each.second_name.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Kept:
    target: Path
    second_name: Path
    was_there: bool

    def put_back(self) -> None:
        if not self.was_there:
            self.target.unlink(missing_ok=True)
        elif self.second_name.exists() and not self.target.samefile(self.second_name):
            self.second_name.replace(self.target)


def _kept(target: Path) -> _Kept:
    old = target.with_name(f".{target.stem[:100]}.{secrets.token_hex(4)}.old")
    there = target.exists()
    if target.is_file():
        try:
            old.hardlink_to(target)
        except OSError:  # a disk without links: copy, and let a full disk speak when the new file is written
            with suppress(OSError):
                shutil.copy2(target, old)
    return _Kept(target, old, there)


@contextmanager
def replacing_folder(path: Path, *, marker: str) -> Iterator[Path]:
    """Yield an empty folder beside `path` to fill; at the end it takes the place of `path`, whole.

    A folder that stands there is replaced only where it is empty or holds the file `marker`, and removed only after
    the new one is in place. Raises ExportError for anything else that is in the way, and for faults of the disk.
    """
    target = Path(path).resolve()
    part = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
    refuse_other_things(path, marker=marker)
    with _told(path):
        part.mkdir()
    try:
        yield part
        with _told(path):
            _swap_in(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def refuse_other_things(path: Path, *, marker: str) -> None:
    """Raise ExportError where a folder cannot be put at `path` without losing something else, or at all."""
    target = Path(path).resolve()
    if not target.parent.is_dir():
        raise ExportError(f"{path}: the folder it shall lie in does not exist; create it or choose another one")
    if target.exists() and not target.is_dir():
        raise ExportError(f"{path}: a file of this name is in the way; choose another name")
    if target.is_dir() and any(target.iterdir()) and not (target / marker).is_file():
        raise ExportError(f"{path}: the folder holds other things, which would be lost; choose a new or empty one")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        said = fault.strerror or str(fault)
        raise ExportError(f"{path}: the folder cannot be written ({said}); choose another place") from fault


def _swap_in(part: Path, target: Path) -> None:
    old = part.with_suffix(".old")
    if target.exists():
        target.replace(old)
    try:
        part.replace(target)
    except OSError:
        if old.exists():
            old.replace(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
