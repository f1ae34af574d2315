"""What a project carries on request: a copy of the scan, and the network's answer."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from curvedesk.domain.errors import ProjectError
from curvedesk.domain.project import Prediction
from curvedesk.session.document import Document
from curvedesk.store.digest import sha256_of
from curvedesk.store.evidence_cache import EvidenceCache
from curvedesk.store.locations import cache_dir
from curvedesk.store.project_zip import Member, open_parts

MASKS = ("evidence.json", "probability.bin", "gray.bin", "rows.bin")


@contextmanager
def scan_part(document: Document, *, wanted: bool) -> Iterator[tuple[str, Mapping[str, Member]]]:
    """Name and content of the scan's member: the file itself, else the copy that the project carried before."""
    scan = document.project.scan
    if not wanted or scan is None:
        yield "", {}
        return
    path = Path(scan.path)
    member = f"scan/{_plain(path.name)}"
    if sha256_of(path) == scan.sha256:
        yield member, {member: path}
        return
    if document.path is None or not document.scan_member:
        raise ProjectError(
            f"{path}: the scan is not there as it was, so the project cannot carry it; find the scan first"
        )
    with tempfile.TemporaryDirectory() as folder, open_parts(document.path) as parts:
        copy = Path(folder) / "scan"
        parts.extract(document.scan_member, copy)
        yield document.scan_member, {document.scan_member: copy}


def masks_parts(prediction: Prediction | None) -> Mapping[str, Member]:
    """The network's answer as members; nothing where there is none any more."""
    evidence = EvidenceCache().find(prediction.evidence) if prediction else None
    return {} if evidence is None else {f"masks/{name}": evidence.folder / name for name in MASKS}


def unpack_scan(document: Document) -> Path | None:
    """The copy of the scan that the project carries, as a file in the cache; None where it carries none.

    Raises ProjectError, one sentence.
    """
    scan = document.project.scan
    if scan is None or document.path is None or not document.scan_member:
        return None
    folder = cache_dir() / "scans" / scan.sha256[:32]
    target = folder / _plain(Path(document.scan_member).name)
    if not target.is_file():
        _make(folder)
        with open_parts(document.path) as parts:
            parts.extract(document.scan_member, target)
    return target


def unpack_masks(document: Document) -> bool:
    """Whether the network's answer is in the cache now: it was there, or the project carries it.

    Raises ProjectError, one sentence.
    """
    prediction, cache = document.project.prediction, EvidenceCache()
    if prediction is None or document.path is None:
        return False
    name = prediction.evidence
    if cache.find(name) is not None or not name or Path(name).name != name or name.startswith("."):
        return cache.find(name) is not None
    with open_parts(document.path) as parts:
        if not all(f"masks/{each}" in parts.names("masks/") for each in MASKS):
            return False
        _make(cache.folder / name)
        for each in reversed(MASKS):  # the description last: without it the rest is nothing
            parts.extract(f"masks/{each}", cache.folder / name / each)
    return cache.find(name) is not None


def _plain(name: str) -> str:
    return "".join(c if c.isprintable() and c not in "/\\:" else "_" for c in name)[:100] or "scan"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise ProjectError(f"{folder}: cannot be made ({fault.strerror or fault}); free some space") from fault
