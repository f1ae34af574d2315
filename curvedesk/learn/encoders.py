"""A pretrained encoder on disk, tied to its manifest by checksums, and how it gets into a CurveNet. No pickle."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from curvedesk.domain.errors import ModelError
from curvedesk.learn.autoencoder import Autoencoder
from curvedesk.learn.checkpoints import load_model
from curvedesk.learn.encoder_card import encoder_card
from curvedesk.learn.net import ENCODER_WIDTHS, CurveNet, Encoder, NormRule
from curvedesk.learn.tensors import plain_tensors
from curvedesk.store.atomic import replacing
from curvedesk.store.locations import bundled_models_dir, user_models_dir
from curvedesk.store.manifest import CARD, INPUT, check_id, sha256_of

KIND, FORMAT, VERSION = "encoder", "curvedesk-encoder", 1
MANIFEST = "encoder.json"  # not a model's: whoever lists models passes by
ENCODER_FILE, DECODER_FILE = "encoder.safetensors", "decoder.safetensors"
AGAIN = "make it again with 'curvedesk pretrain'"


@dataclass(frozen=True, slots=True, eq=False)
class Pretrained:
    """An encoder that learnt something, and where from."""

    id: str
    encoder: Encoder  # in eval mode, on the CPU
    rule: NormRule
    sha256: str
    training: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Id and the beginning of the checksum, as a training remembers it."""
        return f"{self.id}@{self.sha256[:12]}"


@dataclass(frozen=True, slots=True)
class _Manifest:
    id: str
    rule: NormRule
    leaky: bool
    files: Mapping[str, str]  # file to SHA-256
    training: Mapping[str, Any]


def save_encoder(folder: Path, net: Autoencoder, card: Mapping[str, Any]) -> None:
    """Write the encoder and, for use as an instrument, its decoder into `folder` (made if absent), manifest last.

    `card` as for ``save_model``: `id`, `training`, `summary`, `data`, `tables`, `commands`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tensors = net.state_dict()
    inside = {n.removeprefix("encoder."): t for n, t in tensors.items() if n.startswith("encoder.")}
    outside = {n: t for n, t in tensors.items() if not n.startswith("encoder.")}
    files = {name: save(plain_tensors(part)) for name, part in ((ENCODER_FILE, inside), (DECODER_FILE, outside))}
    content = {
        "format": FORMAT,
        "version": VERSION,
        "kind": KIND,
        "id": check_id(str(card.get("id", folder.name))),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "network": "CurveNet",
        "norm": net.rule.value,
        "leaky": net.leaky,
        "input": INPUT,
        "parameters": sum(p.numel() for p in net.encoder.parameters()),
        "weights": {name: sha256_of(data) for name, data in files.items()},
        "training": dict(card.get("training", {})),
    }
    for name, data in files.items():
        _write(folder / name, data)
    _write(folder / MANIFEST, (json.dumps(content, indent=1) + "\n").encode())
    _write(folder / CARD, encoder_card(content, card).encode())


def _write(path: Path, data: bytes) -> None:
    with replacing(path) as part:
        part.write_bytes(data)


def find_encoder(ref: str | Path) -> Path | None:
    """The folder of an encoder's id or path; None where no encoder is there."""
    roots = [Path(ref)]
    if isinstance(ref, str):
        roots += [user_models_dir() / ref, bundled_models_dir() / ref]
    return next((folder for folder in roots if (folder / MANIFEST).is_file()), None)


def load_encoder(ref: str | Path) -> Pretrained:
    """The encoder of a folder or an id; of a mask model, the encoder in it.

    Raises ModelError where it is missing, damaged, changed since it was saved, or fits no CurveNet.
    """
    folder = find_encoder(ref)
    if folder is None:
        model = load_model(ref)
        return Pretrained(model.id, model.net.encoder, model.net.rule, model.manifest.weights_sha256)
    manifest = _read_manifest(folder)
    encoder = Encoder(manifest.rule)
    _fill(encoder, _read(folder, manifest, ENCODER_FILE), folder / ENCODER_FILE)
    return Pretrained(manifest.id, encoder.eval(), manifest.rule, manifest.files[ENCODER_FILE], dict(manifest.training))


def load_autoencoder(ref: str | Path) -> Autoencoder:
    """Encoder and decoder of a folder or an id, in eval mode. Errors as ``load_encoder``."""
    folder = find_encoder(ref)
    if folder is None:
        raise ModelError(f"No encoder {str(ref)!r}: give the folder that 'curvedesk pretrain' wrote.")
    manifest = _read_manifest(folder)
    net = Autoencoder(manifest.rule, leaky=manifest.leaky)
    inside = {f"encoder.{n}": t for n, t in _read(folder, manifest, ENCODER_FILE).items()}
    _fill(net, inside | _read(folder, manifest, DECODER_FILE), folder / DECODER_FILE)
    return net.eval()


def _read_manifest(folder: Path) -> _Manifest:
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if (content["format"], content["version"], content["kind"]) != (FORMAT, VERSION, KIND):
            raise ValueError(f"'format', 'version' and 'kind' must be {FORMAT!r}, {VERSION} and {KIND!r}")
        files = {name: str(content["weights"][name]) for name in (ENCODER_FILE, DECODER_FILE)}
        training = dict(content.get("training", {}))
        return _Manifest(check_id(content["id"]), NormRule(content["norm"]), bool(content["leaky"]), files, training)
    except KeyError as error:
        raise ModelError(f"{path} is not an encoder's manifest: {error} is missing; {AGAIN}.") from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        reason = str(error).splitlines()[0]
        raise ModelError(f"{path} is not an encoder's manifest: {reason}; {AGAIN}.") from error


def _read(folder: Path, manifest: _Manifest, name: str) -> dict[str, Tensor]:
    path = folder / name
    try:
        data = path.read_bytes()
        if sha256_of(data) != manifest.files[name]:
            raise ModelError(
                f"The weights {path} are not those of encoder {manifest.id} (checksum differs, the file is damaged or "
                f"changed): {AGAIN}."
            )
        tensors = load(data)
    except OSError as error:
        raise ModelError(f"The weights {path} of encoder {manifest.id} cannot be read: {AGAIN}.") from error
    except SafetensorError as error:
        raise ModelError(f"The weights {path} are not a safetensors file: {AGAIN}.") from error
    if not all(bool(torch.isfinite(t).all()) for t in tensors.values()):
        raise ModelError(f"The weights {path} hold numbers that are not finite: {AGAIN}.")
    return tensors


def _fill(net: nn.Module, tensors: Mapping[str, Tensor], path: Path) -> None:
    try:
        net.load_state_dict(dict(tensors))
    except RuntimeError as error:
        raise ModelError(f"The weights {path} do not fit this program's network: {AGAIN}.") from error


def transplant(
    net: CurveNet,
    source: Pretrained,
    *,
    front: int = len(ENCODER_WIDTHS),
    bottleneck: bool = True,
    frozen: bool = False,
) -> None:
    """Give `net` the first `front` stages of `source` and, with `bottleneck`, its attention layers, in place.

    `frozen` leaves what was given as it is: it gets no gradients. Raises ModelError where the GroupNorm rules differ,
    since the same weights would then mean something else.
    """
    if not 0 <= front <= len(ENCODER_WIDTHS):
        raise ModelError(f"A front of {front} stages cannot be taken: the encoder has {len(ENCODER_WIDTHS)}.")
    if net.rule is not source.rule:
        raise ModelError(
            f"Encoder {source.id} was trained with GroupNorm {source.rule} and does not fit a network with {net.rule}: "
            f"train with --norm {source.rule}."
        )
    pairs = list(zip(net.encoder.stages, source.encoder.stages, strict=True))[:front]
    pairs += list(zip(net.encoder.attention, source.encoder.attention, strict=True)) if bottleneck else []
    for mine, theirs in pairs:
        mine.load_state_dict(theirs.state_dict())
        mine.requires_grad_(not frozen)
