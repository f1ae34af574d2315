"""Before a training starts: how long it will take here and what memory it needs, measured, not guessed."""

import copy
import platform
import time
from dataclasses import dataclass, replace

import numpy as np
import psutil
import torch

from curvedesk import synth
from curvedesk.learn.data import to_batch
from curvedesk.learn.device import autocast_for, pick_device
from curvedesk.learn.finetune_run import set_learning
from curvedesk.learn.lesson import FinetuneConfig
from curvedesk.learn.losses import stroke_loss
from curvedesk.learn.net import CurveNet

_GIB = 2**30
_PER_CROP = 0.32 * _GIB  # of training memory for 256 x 256 in float32, measured
_STREAM = 40_000_003
_LEAST_SIZE = 64  # pixels; smaller crops show too little around a stroke
_BESIDE = 1.5  # times a step's own time, with measuring and keeping: 23 runs then took 0.97 to 1.72 of what was told
_BUSY = 50.0
_LOW_BATTERY = 30.0


@dataclass(frozen=True, slots=True)
class Preflight:
    """What a fine-tuning will take: seconds a step and in all, memory in GiB, and what to say of it."""

    device: str
    batch: int
    size: int  # side of a crop, pixels
    step_seconds: float
    seconds: float
    needs_gib: float
    free_gib: float
    sentence: str
    warnings: tuple[str, ...]


def measure(base: CurveNet, config: FinetuneConfig, *, device: str = "auto", more_s: float = 0.0) -> Preflight:
    """Time a few steps on the device; `more_s` is what comes beside the steps. Changes nothing."""
    where, batch = pick_device(device), config.batch
    while True:
        free = _free(where)
        fitting, size = _fitting(free, batch, config.size)
        try:
            each = _timed(base, where, fitting, replace(config, size=size))
            break
        except torch.OutOfMemoryError:
            if fitting > 2:
                batch = fitting // 2
                continue
            where = torch.device("cpu")
    seconds = each * config.steps + more_s
    needs = _needs(where, fitting, size)
    return Preflight(
        where.type,
        fitting,
        size,
        each,
        seconds,
        needs / _GIB,
        free / _GIB,
        _sentence(where, seconds, needs),
        _warnings(where, needs, free),
    )


def _fitting(free: float, batch: int, size: int) -> tuple[int, int]:
    """How many crops of which size memory has room for: fewer first, then smaller ones; two of the least always."""
    while (room := int(free / (_PER_CROP * (size / 256) ** 2)) // 2 * 2) < 2 and size // 2 >= _LEAST_SIZE:
        size //= 2
    return max(2, min(batch, room)), size


def promised(ready: Preflight, seconds: float) -> Preflight:
    """The same, with so many seconds in all."""
    where = torch.device(ready.device)
    return replace(ready, seconds=seconds, sentence=_sentence(where, seconds, ready.needs_gib * _GIB))


def _timed(base: CurveNet, where: torch.device, batch: int, config: FinetuneConfig) -> float:
    net, size = copy.deepcopy(base).to(where).train(), config.size
    set_learning(net, config)
    optimizer = torch.optim.AdamW([p for p in net.parameters() if p.requires_grad], lr=0.0)
    crops = [synth.crop(np.random.default_rng((_STREAM, k)), size=size) for k in range(batch)]
    data, spent = to_batch(crops, net.mode), []
    for _ in range(3):
        began = time.perf_counter()
        with autocast_for(where):
            logits = net(data.image.to(where)).float()
        stroke_loss(logits, data.target.to(where), data.known.to(where)).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if where.type == "cuda":
            torch.cuda.synchronize()
        spent.append(time.perf_counter() - began)
    return _BESIDE * (min(spent[1:]) + _drawing(size, batch))


def _drawing(size: int, batch: int) -> float:
    """Seconds the crops of a step take to draw, which the processor does between steps."""
    began = time.perf_counter()
    synth.crop(np.random.default_rng((_STREAM, 99)), size=size)
    return (time.perf_counter() - began) * batch * 0.75


def _free(where: torch.device) -> float:
    if where.type == "cuda":
        return float(torch.cuda.mem_get_info(where)[0]) * 0.9
    return float(psutil.virtual_memory().available) * 0.7


def _needs(where: torch.device, batch: int, size: int) -> float:
    if where.type == "cuda":
        return float(torch.cuda.max_memory_allocated(where))
    return batch * _PER_CROP * (size / 256) ** 2


def _sentence(where: torch.device, seconds: float, needs: float) -> str:
    if where.type == "cuda":
        total = torch.cuda.get_device_properties(where).total_memory / _GIB
        return f"About {_spoken(seconds)} on this GPU, {needs / _GIB:.1f} of {total:.0f} GB."
    name = "Apple GPU" if where.type == "mps" else "processor"
    return f"About {_spoken(seconds)} on this {name}."


def _spoken(seconds: float) -> str:
    return f"{max(5, round(seconds / 5) * 5):.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def _warnings(where: torch.device, needs: float, free: float) -> tuple[str, ...]:
    found = []
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    if battery is not None and not battery.power_plugged:
        low = " and nearly empty" if battery.percent < _LOW_BATTERY else ""
        found.append(f"The computer runs on battery ({battery.percent:.0f} %{low}); training uses much of it.")
    if where.type == "cuda" and torch.cuda.mem_get_info(where)[0] < 0.5 * torch.cuda.mem_get_info(where)[1]:
        found.append("Another program uses much of the GPU's memory; it may take longer.")
    if where.type == "cpu" and psutil.cpu_percent(interval=None) > _BUSY:
        found.append(f"The {platform.machine()} processor is busy with something else; it may take longer.")
    if needs > free:
        found.append("Memory is short; close other programs if this gets slow.")
    return tuple(found)
