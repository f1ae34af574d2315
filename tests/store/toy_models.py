"""Models of a few numbers, for tests that never load one."""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path
from typing import Any

from curvedesk.store.locations import user_models_dir


def digest(data: bytes) -> str:
    """SHA-256."""
    return hashlib.sha256(data).hexdigest()


def weights(seed: int) -> bytes:
    """A safetensors file of eight numbers."""
    head = json.dumps({"w": {"dtype": "F32", "shape": [2, 4], "data_offsets": [0, 32]}}).encode()
    return struct.pack("<Q", len(head)) + head + struct.pack("<8f", *(seed + k for k in range(8)))


def manifest_of(model_id: str, data: bytes, **more: Any) -> dict[str, Any]:
    """The decoded manifest of a model with these weights."""
    return {
        "format": "curvedesk-model",
        "version": 1,
        "id": model_id,
        "created": "2026-01-02T03:04:05+00:00",
        "parent": None,
        "mode": "multiclass",
        "norm": "half",
        "parameters": 8,
        "weights": {"file": "weights.safetensors", "sha256": digest(data)},
        "training": {"steps": 3},
        **more,
    }


def put(model_id: str, *, root: Path | None = None, seed: int = 1, **more: Any) -> Path:
    """Register one among the user's own models, or in another folder of models."""
    folder = (root or user_models_dir()) / model_id
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").write_bytes(weights(seed))
    (folder / "manifest.json").write_text(json.dumps(manifest_of(model_id, weights(seed), **more)), encoding="utf-8")
    (folder / "card.md").write_text(f"# {model_id}\n\nA toy.\n", encoding="utf-8")
    return folder
