"""Weights on disk: a model is a folder of weights, manifest and card, tied together by a checksum. No pickle."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from curvedesk.domain.errors import ModelError
from curvedesk.learn.card import card_text
from curvedesk.learn.net import CurveNet, Mode, NormRule
from curvedesk.learn.tensors import plain_tensors
from curvedesk.store.atomic import replacing
from curvedesk.store.manifest import (
    CARD,
    MANIFEST,
    WEIGHTS,
    Manifest,
    check_id,
    dump_manifest,
    read_manifest,
    sha256_of,
)
from curvedesk.store.registry import find_model

INSTALL_AGAIN = "install the model again or pick another with 'curvedesk models'"


@dataclass(frozen=True, slots=True)
class Model:
    """Weights ready to predict, and what is known of them."""

    id: str
    net: CurveNet  # in eval mode, on the CPU
    manifest: Manifest


def _weights_name(folder: Path, digest: str) -> str:
    """A name no earlier manifest points at: until the new manifest is in place the old model stays whole."""
    taken = (folder / MANIFEST).exists()
    return f"weights-{digest[:8]}.safetensors" if taken else WEIGHTS


def _write(path: Path, data: bytes) -> None:
    with replacing(path) as part:
        part.write_bytes(data)


def save_model(folder: Path, net: CurveNet, card: Mapping[str, Any]) -> None:
    """Write ``net`` as a model into ``folder`` (made if absent); replacing the manifest is the moment it counts.

    ``card`` may hold ``id`` (else the folder's name), ``parent``, ``training`` (settings, a mapping), and for the
    card's text ``summary``, ``data``, ``tables`` (title to Markdown) and ``commands`` (lines that reproduce it).
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = save(plain_tensors(net.state_dict()))
    digest = sha256_of(data)
    manifest = Manifest(
        id=check_id(str(card.get("id", folder.name))),
        mode=net.mode.value,
        norm=net.rule.value,
        weights_file=_weights_name(folder, digest),
        weights_sha256=digest,
        parameters=sum(p.numel() for p in net.parameters()),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        parent=card.get("parent"),
        training=dict(card.get("training", {})),
    )
    _write(folder / manifest.weights_file, data)
    _write(folder / MANIFEST, dump_manifest(manifest).encode())
    _write(folder / CARD, card_text(manifest, card).encode())
    for stale in folder.glob("weights*.safetensors"):
        if stale.name != manifest.weights_file:
            stale.unlink()


def read_weights(folder: Path, manifest: Manifest) -> dict[str, Tensor]:
    """The tensors of a model, after comparing their checksum; a ModelError where they are missing or changed."""
    path = folder / manifest.weights_file
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"The weights {path} of model {manifest.id} cannot be read: {INSTALL_AGAIN}.") from error
    if sha256_of(data) != manifest.weights_sha256:
        raise ModelError(
            f"The weights {path} are not those of model {manifest.id} (checksum differs, the file is damaged or "
            f"changed): {INSTALL_AGAIN}."
        )
    try:
        return load(data)
    except SafetensorError as error:
        raise ModelError(f"The weights {path} are not a safetensors file: {INSTALL_AGAIN}.") from error


def load_model(ref: str | Path | None = None) -> Model:
    """The model of an id or a folder; None is the one the user picked, else the bundled default.

    Raises ModelError where it is missing, damaged, changed since it was saved, or fits no CurveNet.
    """
    folder = find_model(ref)
    manifest = read_manifest(folder)
    net = CurveNet(Mode(manifest.mode), NormRule(manifest.norm))
    tensors = read_weights(folder, manifest)
    if not all(bool(torch.isfinite(t).all()) for t in tensors.values()):
        raise ModelError(f"The weights of model {manifest.id} hold numbers that are not finite: {INSTALL_AGAIN}.")
    _fill(net, tensors, manifest.id)
    return Model(manifest.id, net.eval(), manifest)


def _fill(net: nn.Module, tensors: Mapping[str, Tensor], name: str) -> None:
    try:
        net.load_state_dict(dict(tensors))
    except RuntimeError as error:
        raise ModelError(f"The weights of {name} do not fit this program's network: {INSTALL_AGAIN}.") from error
