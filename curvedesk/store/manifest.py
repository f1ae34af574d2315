"""What a model says of itself: ``manifest.json`` beside its weights, and the checksum that ties the two together."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curvedesk.domain.errors import ModelError

FORMAT, VERSION = "curvedesk-model", 1
MANIFEST, WEIGHTS, CARD = "manifest.json", "weights.safetensors", "card.md"
INPUT = {"channels": "gray", "paper": 0, "ink": 1, "multiple_of": 16, "dpi": 200}
LABEL_WIDTH_PX = 3  # width of the strokes a model is trained on; an IoU means nothing without it
CLASSES = {"multiclass": ("background", "solid", "dashed"), "binary": ("curve",)}
RULES = ("half-or-16", "half")

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One registered model, without its weights."""

    id: str
    mode: str
    norm: str
    weights_file: str
    weights_sha256: str
    parameters: int
    created: str  # ISO 8601, UTC
    parent: str | None = None  # id of the model or encoder the training started from
    training: Mapping[str, Any] = field(default_factory=dict)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the output channels, in order."""
        return CLASSES[self.mode]


def check_id(model_id: str) -> str:
    """The id itself; a ModelError where it could not be a folder's name on every system."""
    if not _PLAIN.fullmatch(model_id) or ".." in model_id:
        raise ModelError(f"Model id {model_id!r} cannot be used: take letters, digits, '-', '_' and '.', 64 at most.")
    return model_id


def sha256_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def dump_manifest(manifest: Manifest) -> str:
    """JSON text of ``manifest.json``."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "id": manifest.id,
        "created": manifest.created,
        "parent": manifest.parent,
        "network": "CurveNet",
        "mode": manifest.mode,
        "norm": manifest.norm,
        "classes": list(manifest.classes),
        "input": INPUT,
        "label_width_px": LABEL_WIDTH_PX,
        "parameters": manifest.parameters,
        "weights": {"file": manifest.weights_file, "sha256": manifest.weights_sha256},
        "training": dict(manifest.training),
    }
    return json.dumps(content, indent=1) + "\n"


def parse_manifest(content: Any) -> Manifest:
    """The manifest of decoded JSON; ModelError, ValueError, KeyError, TypeError or AttributeError where it is none."""
    if content["format"] != FORMAT or content["version"] != VERSION:
        raise ValueError(f"'format' and 'version' must be {FORMAT!r} and {VERSION}")
    if content["mode"] not in CLASSES or content["norm"] not in RULES:
        raise ValueError("'mode' or 'norm' is one this program does not know")
    name, digest = content["weights"]["file"], content["weights"]["sha256"]
    if not _PLAIN.fullmatch(name):
        raise ValueError("'weights' must name a file in the model's own folder")
    return Manifest(
        id=check_id(content["id"]),
        mode=content["mode"],
        norm=content["norm"],
        weights_file=name,
        weights_sha256=str(digest),
        parameters=int(content["parameters"]),
        created=str(content["created"]),
        parent=content.get("parent"),
        training=dict(content.get("training", {})),
    )


def read_manifest(folder: Path) -> Manifest:
    """The manifest in ``folder``; a ModelError where there is none or it is wrong."""
    path = folder / MANIFEST
    try:
        return parse_manifest(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ModelError(
            f"No model in {folder}: {MANIFEST} cannot be read; give a model's id or the folder that holds it."
        ) from error
    except KeyError as error:
        raise ModelError(f"{path} is not a model's manifest: {error} is missing; install the model again.") from error
    except (ValueError, TypeError, AttributeError) as error:
        reason = str(error).splitlines()[0]
        raise ModelError(f"{path} is not a model's manifest: {reason}; install the model again.") from error
