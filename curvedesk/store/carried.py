"""Small zips that travel between computers: the same content makes the same file, and one is read as if by an enemy."""

import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from curvedesk.domain.errors import CurveDeskError
from curvedesk.store.atomic import replacing

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FLAT = (".safetensors", ".png")  # hardly shrink
_ANY_TOTAL = 1 << 30


def write_members(path: Path, members: Mapping[str, bytes]) -> None:
    """Replace the file at `path` whole, without a date or a place in it. Raises ExportError."""
    with replacing(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_STORED if name.endswith(_FLAT) else zipfile.ZIP_DEFLATED
            file.writestr(info, content)


def read_members(
    path: Path, limit_of: Callable[[str], int], *, otherwise: str, error: type[CurveDeskError]
) -> dict[str, bytes]:
    """All members, each checked against its checksum and never longer than `limit_of` its name, 0 for one unknown.

    Raises `error`, one sentence; `otherwise` is its end where the file is of another kind.
    """
    with _damage_told(path, otherwise, error), zipfile.ZipFile(path) as file:
        infos = file.infolist()
        fault = _fault(infos, limit_of, otherwise)
        if fault:
            raise error(f"{path}: {fault}")
        return {info.filename: _content(file, info) for info in infos}


def _fault(infos: list[zipfile.ZipInfo], limit_of: Callable[[str], int], otherwise: str) -> str:
    if len({info.filename for info in infos}) != len(infos):
        return otherwise
    for info in infos:
        limit = limit_of(info.filename)
        if limit <= 0:
            return otherwise
        if info.flag_bits & 1 or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            return "is encrypted or packed in another way; export it again"
        if info.file_size > limit:
            return f"{info.filename} claims {info.file_size / 1e6:,.0f} MB; the file is damaged"
    total = sum(info.file_size for info in infos)
    return f"claims {total / 1e6:,.0f} MB; the file is damaged" if total > _ANY_TOTAL else ""


def _content(file: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A member's bytes: never more than it claims, and exactly as many."""
    with file.open(info) as member:
        content = member.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise zipfile.BadZipFile("a part is not as long as it claims")
    return content


@contextmanager
def _damage_told(path: Path, otherwise: str, error: type[CurveDeskError]) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as fault:
        raise error(f"{path}: does not exist; check the path") from fault
    # zipfile's own words for a method it does not know and for a password: NotImplementedError, RuntimeError
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as fault:
        raise error(f"{path}: is damaged, or {otherwise}") from fault
    except OSError as fault:
        raise error(f"{path}: cannot be read ({fault.strerror or fault}); check the disk") from fault
