"""A model as one file to carry to another computer: a zip of its manifest, card and weights, read as if by an enemy."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from curvedesk.domain.errors import ExportError, ModelError
from curvedesk.store.atomic import replacing
from curvedesk.store.carried import read_members, write_members
from curvedesk.store.manifest import CARD, MANIFEST, WEIGHTS, Manifest, parse_manifest, read_manifest, sha256_of
from curvedesk.store.registry import find_model
from curvedesk.store.registry_names import reserve
from curvedesk.store.weights_file import check_weights

SUFFIX = ".curvemodel"
_LIMITS: Mapping[str, int] = {MANIFEST: 1 << 20, CARD: 4 << 20, WEIGHTS: 1 << 30}
_NO_MODEL = "is no CurveDesk model; choose a file that 'curvedesk models export' wrote"

Parts = Mapping[str, bytes]


def export_model(ref: str | Path, path: Path) -> Path:
    """Write a model of an id or a folder as one file, whole or not at all. Raises ModelError, ExportError."""
    folder = find_model(ref)
    write_members(path, named(folder, read_manifest(folder).id))
    return path


def import_model(path: Path) -> str:
    """Register the model in a file under its own name, or the next free one; returns it. Raises ModelError.

    The checksum and the layout of the weights are checked before anything is written; no other model is touched.
    """
    parts = _read(path)
    manifest = _manifest_of(parts, path)
    if sha256_of(parts[WEIGHTS]) != manifest.weights_sha256:
        raise ModelError(f"{path}: its weights are damaged or changed (the checksum differs); export the model again")
    check_weights(parts[WEIGHTS], path, at_least=manifest.parameters)
    folder = reserve(manifest.id, weights_sha256=manifest.weights_sha256)
    put_model(folder, _renamed(parts, folder.name))
    return folder.name


def named(folder: Path, name: str) -> Parts:
    """The parts of the model in `folder`, its weights verified, under the name. Raises ModelError."""
    manifest = read_manifest(folder)
    try:
        weights = (folder / manifest.weights_file).read_bytes()
        card = (folder / CARD).read_bytes() if (folder / CARD).is_file() else b""
        parts = {MANIFEST: (folder / MANIFEST).read_bytes(), CARD: card, WEIGHTS: weights}
    except OSError as fault:
        raise ModelError(f"{folder}: the model cannot be read ({fault.strerror}); install it again.") from fault
    if sha256_of(weights) != manifest.weights_sha256:
        raise ModelError(f"{folder}: the weights are damaged or changed (the checksum differs); install them again.")
    return _renamed(parts, name)


def put_model(folder: Path, parts: Parts) -> None:
    """Fill a reserved folder, its manifest last; where that fails nothing of it stays. Raises ModelError."""
    try:
        for name in (WEIGHTS, CARD, MANIFEST):
            with replacing(folder / name) as part:
                part.write_bytes(parts[name])
    except (ExportError, OSError) as fault:
        shutil.rmtree(folder, ignore_errors=True)
        raise ModelError(str(fault)) from fault


def _renamed(parts: Parts, name: str) -> Parts:
    content: dict[str, Any] = json.loads(parts[MANIFEST])
    before, content["id"] = content["id"], name
    content["weights"]["file"] = WEIGHTS
    title, _, rest = parts[CARD].decode("utf-8", "replace").partition("\n")
    card = f"# {name}\n{rest}" if title.strip() == f"# {before}" else f"{title}\n{rest}"
    return {MANIFEST: (json.dumps(content, indent=1) + "\n").encode(), CARD: card.encode(), WEIGHTS: parts[WEIGHTS]}


def _manifest_of(parts: Parts, path: Path) -> Manifest:
    try:
        return parse_manifest(json.loads(parts[MANIFEST]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ModelError) as fault:
        raise ModelError(f"{path}: {_NO_MODEL}") from fault


def _read(path: Path) -> Parts:
    members = read_members(path, lambda name: _LIMITS.get(name, 0), otherwise=_NO_MODEL, error=ModelError)
    if not {MANIFEST, WEIGHTS} <= members.keys():
        raise ModelError(f"{path}: {_NO_MODEL}")
    return {CARD: b"", **members}
