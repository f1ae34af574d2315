"""Files that appear whole or not at all."""

import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from curvedesk.domain.errors import ExportError

_REMEDIES = {
    errno.ENOSPC: "the disk is full; free some space and try again",
    errno.EDQUOT: "the disk quota is used up; free some space and try again",
    errno.EFBIG: "the file is too large for this disk; choose another one",
    errno.EACCES: "the folder may not be written to; choose another one or change its permissions",
    errno.EPERM: "the folder may not be written to; choose another one or change its permissions",
    errno.EROFS: "the disk is read-only; choose another one",
    errno.ENOENT: "the folder does not exist; create it or choose another one",
    errno.ENOTDIR: "the folder is a file; choose another one",
    errno.EISDIR: "a folder of this name is in the way; choose another name",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
}


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to; at the end it takes the place of `path`, flushed to the disk.

    When anything fails the old file stays as it was and nothing is left behind. The yielded name keeps the
    suffix, for writers that choose a format by it. Raises ExportError, one sentence, for faults of the disk.
    """
    target = Path(path).resolve()  # a link stays a link to the new content
    part = target.with_name(f".{target.stem[:100]}.{secrets.token_hex(4)}.part{target.suffix}")
    try:
        _refuse_odd_targets(target)
        yield part
        _finish(part, target)
    except OSError as fault:
        if fault.filename is not None and Path(os.fsdecode(fault.filename)) not in {part, target, target.parent}:
            raise  # a fault of something else that the caller read meanwhile
        raise ExportError(_sentence(path, fault)) from fault
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """A JSON file that people may read, whole or not at all. Raises ExportError as `replacing` does."""
    with replacing(path) as part:
        part.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _refuse_odd_targets(target: Path) -> None:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "it is a device, not a file", str(target))
    if not target.parent.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(target.parent))


def _finish(part: Path, target: Path) -> None:
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    if target.exists():
        shutil.copymode(target, part)
    part.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut; Windows has no such call and journals it anyway."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remedy(fault: OSError) -> str:
    """What is wrong with the disk and what to do about it, for the end of a sentence."""
    return _REMEDIES.get(fault.errno or 0, f"{fault.strerror or fault}; choose another place")


def _sentence(path: Path, fault: OSError) -> str:
    return f"{path}: cannot be written: {remedy(fault)}"
