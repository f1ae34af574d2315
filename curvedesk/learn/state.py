"""The state a training resumes from: one safetensors file, replaced atomically, so that a kill is always safe."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn
from torch.optim import Optimizer

from curvedesk.domain.errors import ModelError
from curvedesk.learn.tensors import plain_tensors
from curvedesk.store.atomic import replacing

FORMAT, VERSION = "curvedesk-training", 1


@dataclass(frozen=True, slots=True)
class Resumed:
    """What ``load_state`` could not put back in place itself."""

    step: int
    ema: dict[str, Tensor]  # on the CPU; empty where none was saved
    extra: dict[str, Any]  # as it was given to ``save_state``


def _split_optimizer(optimizer: Optimizer) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors by flat name, and everything else as JSON."""
    content = optimizer.state_dict()
    tensors: dict[str, Tensor] = {}
    plain: dict[str, dict[str, Any]] = {}
    for index, slots in content["state"].items():
        for name, value in slots.items():
            if isinstance(value, Tensor):
                tensors[f"optimizer.{index}.{name}"] = value
            else:
                plain.setdefault(str(index), {})[name] = value
    return tensors, {"plain": plain, "groups": content["param_groups"]}


def _join_optimizer(tensors: Mapping[str, Tensor], kept: Mapping[str, Any]) -> dict[str, Any]:
    state: dict[int, dict[str, Any]] = {int(index): dict(slots) for index, slots in kept["plain"].items()}
    for flat, value in _below("optimizer.", tensors):
        index, name = flat.split(".", 1)
        state.setdefault(int(index), {})[name] = value
    groups = [{k: tuple(v) if k == "betas" else v for k, v in group.items()} for group in kept["groups"]]
    return {"state": state, "param_groups": groups}


def _below(prefix: str, tensors: Mapping[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    return ((name.removeprefix(prefix), t) for name, t in tensors.items() if name.startswith(prefix))


def _generators() -> dict[str, Tensor]:
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    return {"rng.cpu": torch.get_rng_state(), **{f"rng.cuda.{i}": state for i, state in enumerate(cuda)}}


def _restore_generators(tensors: Mapping[str, Tensor]) -> None:
    torch.set_rng_state(tensors["rng.cpu"])
    cuda = [state for _name, state in sorted(_below("rng.cuda.", tensors))]
    if cuda and torch.cuda.is_available() and len(cuda) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(cuda)


def save_state(
    path: Path,
    *,
    step: int,
    net: nn.Module,
    optimizer: Optimizer,
    ema: Mapping[str, Tensor] | None = None,
    rng: np.random.Generator | None = None,
    extra: Mapping[str, Any] | None = None,
) -> None:
    """Write everything a training needs to go on as if it had never stopped.

    ``extra`` is plain JSON (settings, loss curve). torch's own generators are saved and put back as well.
    """
    moments, kept = _split_optimizer(optimizer)
    tensors = {f"net.{name}": t for name, t in net.state_dict().items()}
    tensors |= {f"ema.{name}": t for name, t in (ema or {}).items()} | moments | _generators()
    state = {"format": FORMAT, "version": VERSION, "step": step, "optimizer": kept, "extra": dict(extra or {})}
    state["rng"] = None if rng is None else rng.bit_generator.state
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        part.write_bytes(save(plain_tensors(tensors), metadata={"state": json.dumps(state)}))


def _read(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            state = json.loads((file.metadata() or {})["state"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise ModelError(f"{path} is not the saved state of a training: delete it to start afresh.") from error
    if (state.get("format"), state.get("version")) != (FORMAT, VERSION):
        raise ModelError(f"{path} was saved by another version of CurveDesk: delete it to start afresh.")
    return tensors, state


def load_state(path: Path, *, net: nn.Module, optimizer: Optimizer, rng: np.random.Generator | None = None) -> Resumed:
    """Put a saved training back into ``net``, ``optimizer``, ``rng`` and torch's generators.

    Raises ModelError where the file is damaged or belongs to another network.
    """
    tensors, state = _read(path)
    try:
        net.load_state_dict(dict(_below("net.", tensors)))
        optimizer.load_state_dict(_join_optimizer(tensors, state["optimizer"]))
    except (RuntimeError, ValueError, KeyError) as error:
        raise ModelError(f"{path} belongs to another network or optimizer: delete it to start afresh.") from error
    if rng is not None and state["rng"] is not None:
        rng.bit_generator.state = state["rng"]
    _restore_generators(tensors)
    return Resumed(int(state["step"]), dict(_below("ema.", tensors)), state["extra"])


def state_settings(path: Path) -> dict[str, Any]:
    """What ``save_state`` was given as ``extra``; a ModelError where the file is damaged."""
    return dict(_read(path)[1]["extra"])
