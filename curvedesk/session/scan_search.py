"""Where the scan of a project is now: known by the digest of its bytes, whatever it is called and wherever it went."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from curvedesk.domain.errors import ProjectError
from curvedesk.domain.project import ScanRef
from curvedesk.session.document import Document
from curvedesk.session.extras import unpack_scan
from curvedesk.store.digest import sha256_of

MAX_LOOKED_AT = 500  # files of one folder; a search is no census


class ScanState(StrEnum):
    """How the scan was found."""

    SAME = "same"  # where it was, as it was
    MOVED = "moved"  # elsewhere, as it was: `RelocateScan` writes it down
    CARRIED = "carried"  # only the copy that the project carries
    CHANGED = "changed"  # where it was, but with other content: the analyst decides
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ScanSearch:
    """`path` of what was found, None where nothing. `question`: one sentence to ask, empty where all is well."""

    state: ScanState
    path: Path | None
    sha256: str
    question: str = ""


def find_scan(document: Document) -> ScanSearch:
    """Look where it was, beside the project (by its name, then by its content), then in the project itself.

    Reads files whole; may be run in another thread on a document that nobody changes. A scan whose content differs
    is never taken silently.
    """
    scan = document.project.scan
    if scan is None:
        raise ProjectError("there is no scan in this project; open one")
    changed = None
    for path in _places(document, scan):
        digest = sha256_of(path)
        if digest == scan.sha256:
            same = path == Path(scan.path)
            return ScanSearch(ScanState.SAME if same else ScanState.MOVED, path, digest)
        if digest and changed is None and path.name == Path(scan.path).name:
            changed = ScanSearch(ScanState.CHANGED, path, digest, _changed_question(path))
    carried = unpack_scan(document)
    if carried is not None and sha256_of(carried) == scan.sha256:
        return ScanSearch(ScanState.CARRIED, carried, scan.sha256)
    return changed or ScanSearch(ScanState.MISSING, None, "", _missing_question(scan))


def _places(document: Document, scan: ScanRef) -> Iterator[Path]:
    """Where it may be, likeliest first, each once."""
    seen = set()
    for path in _guesses(document, Path(scan.path)):
        if path not in seen and _is_file(path):
            seen.add(path)
            yield path


def _guesses(document: Document, was: Path) -> Iterator[Path]:
    yield was
    if document.path is None:
        return
    folder = document.path.parent
    if document.scan_relative:
        yield folder / document.scan_relative
    yield folder / _last_part(str(was))
    yield from _alike(folder, was.suffix)


def _last_part(path: str) -> str:
    """What comes after the last slash of either kind: another system may have written the path."""
    return path.replace("\\", "/").rpartition("/")[2] or "scan"


def _alike(folder: Path, suffix: str) -> Iterator[Path]:
    """Files of the same kind beside the project, which may be the scan under another name."""
    try:
        names = sorted(folder.iterdir())[:MAX_LOOKED_AT]
    except OSError:
        return
    yield from (path for path in names if path.suffix.lower() == suffix.lower() and suffix)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _changed_question(path: Path) -> str:
    return f"{path.name} is not the scan this project was made from: its content changed; use it all the same?"


def _missing_question(scan: ScanRef) -> str:
    return f"The scan {_last_part(scan.path)} is not where it was ({scan.path}); where is it now?"
