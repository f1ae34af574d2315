"""The container of a project: a zip of plain members that is replaced whole, and read as if by an enemy."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from curvedesk.domain.errors import ExportError, ProjectError
from curvedesk.store.atomic import replacing

HEAD = "project.json"
MAX_TOTAL = 8 << 30  # what all members may claim together
MAX_JSON = 512 << 20
_LEVEL = 1  # numbers of pens hardly shrink; more effort only takes longer
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SAFE = re.compile(
    r"project\.json|strokes\.json|history\.json|(sheets/\d{1,6})\.json|arrays/\d{1,6}\.npy"
    r"|(scan|masks)/[^/\\:\x00-\x1f]{1,200}"
)

Member = bytes | Path  # content, or a file to copy


def write_parts(path: Path, parts: Mapping[str, Member]) -> None:
    """Replace the file at `path` whole. Raises ProjectError, one sentence; the old file is then as it was."""
    for name in parts:
        if not _is_safe(name):
            raise ValueError(f"{name} is no member of a project")
    try:
        with replacing(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as file:
            for name, content in parts.items():
                _write(file, name, content)
    except ExportError as fault:
        raise ProjectError(str(fault)) from fault
    except OSError as fault:  # of a file that was to be carried along
        raise ProjectError(f"{fault.filename}: cannot be read ({fault.strerror}); check its disk") from fault


def _write(file: zipfile.ZipFile, name: str, content: Member) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    if isinstance(content, Path):
        info.file_size = content.stat().st_size
        if name.startswith("masks/"):  # nearly empty, and large
            info.compress_type = zipfile.ZIP_DEFLATED
        with file.open(info, "w", force_zip64=True) as to, content.open("rb") as source:
            while chunk := source.read(1 << 20):
                to.write(chunk)
        return
    info.compress_type = zipfile.ZIP_DEFLATED
    file.writestr(info, content, compresslevel=_LEVEL)


class Parts:
    """The members of an open project file."""

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self.path = path
        self._file = file
        self._members = self._judged()

    def names(self, folder: str = "") -> tuple[str, ...]:
        """Names of the members, those in a folder only if given."""
        return tuple(name for name in self._members if name.startswith(folder))

    def read(self, name: str, limit: int = MAX_JSON) -> bytes:
        """A member's bytes, checked against its checksum. Raises ProjectError."""
        info = self._member(name)
        if info.file_size > limit:
            raise ProjectError(f"{self.path}: {name} claims {info.file_size / 1e6:,.0f} MB; the file is damaged")
        with _damage_told(self.path), self._file.open(info) as member:
            return member.read()

    def extract(self, name: str, to: Path) -> None:
        """A member as a file of its own, appearing whole. Raises ProjectError."""
        info = self._member(name)
        try:
            with (
                _damage_told(self.path),
                self._file.open(info) as member,
                replacing(to) as part,
                part.open("wb") as out,
            ):
                while chunk := member.read(1 << 20):
                    out.write(chunk)
        except ExportError as fault:
            raise ProjectError(str(fault)) from fault

    def _member(self, name: str) -> zipfile.ZipInfo:
        if name not in self._members:
            raise ProjectError(f"{self.path}: {name} is missing in it; the file is damaged")
        return self._members[name]

    def _judged(self) -> dict[str, zipfile.ZipInfo]:
        members: dict[str, zipfile.ZipInfo] = {}
        for info in self._file.infolist():
            if not _is_safe(info.filename) or info.filename in members or info.is_dir():
                raise ProjectError(f"{self.path}: holds a part that no project has; it is damaged or of another kind")
            if info.flag_bits & 1 or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise ProjectError(f"{self.path}: is encrypted or packed in another way; it cannot be read")
            members[info.filename] = info
        if sum(info.file_size for info in members.values()) > MAX_TOTAL:
            raise ProjectError(f"{self.path}: claims more than {MAX_TOTAL >> 30} GB; the file is damaged")
        if HEAD not in members:
            raise ProjectError(f"{self.path}: is no CurveDesk project; choose a .curvedesk file")
        return members


@contextmanager
def open_parts(path: Path) -> Iterator[Parts]:
    """The members of the project at `path`. Raises ProjectError, one sentence."""
    with _damage_told(path):
        file = zipfile.ZipFile(path)
    with file:
        yield Parts(path, file)


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except zipfile.BadZipFile as fault:
        raise ProjectError(f"{path}: is damaged or no CurveDesk project; restore it from a copy") from fault
    except FileNotFoundError as fault:
        raise ProjectError(f"{path}: does not exist; check the path") from fault
    except OSError as fault:
        raise ProjectError(f"{path}: cannot be read ({fault.strerror or fault}); check the disk") from fault
    # zipfile's own words for a method it does not know and for a password: NotImplementedError, RuntimeError
    except (zlib.error, EOFError, ValueError, NotImplementedError, OverflowError, RuntimeError) as fault:
        raise ProjectError(f"{path}: is damaged or cut off; restore it from a copy") from fault


def _is_safe(name: str) -> bool:
    return _SAFE.fullmatch(name) is not None and name.rpartition("/")[2] not in {".", ".."}
