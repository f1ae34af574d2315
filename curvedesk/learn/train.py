"""Mask training, in one sitting: config, schedule, loop, validation, checkpoint. Resumes where it was stopped."""

import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from curvedesk import synth
from curvedesk.domain.errors import ModelError
from curvedesk.learn.data import Batch, CropDataset, batches
from curvedesk.learn.device import autocast_for, pick_device
from curvedesk.learn.losses import stroke_loss
from curvedesk.learn.metrics import ious
from curvedesk.learn.net import CurveNet, Mode, NormRule
from curvedesk.learn.state import load_state, save_state


STATE, LOG = "state.safetensors", "log.jsonl"


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Everything that decides a run; stored beside its weights."""

    steps: int = 6000
    batch: int = 4
    size: int = 256
    seed: int = 1
    mode: Mode = Mode.MULTICLASS
    rule: NormRule = NormRule.HALF_OR_16
    lr: float = 1e-3
    weight_decay: float = 1e-4
    warmup: float = 0.05
    ema: float = 0.995
    clip: float = 1.0
    val_crops: int = 48
    val_every: int = 500
    save_every: int = 100
    workers: int = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of the log: losses are means since the last line; `iou` by class on held-out crops, 3 px labels."""

    step: int
    steps: int
    loss: float
    val_loss: float | None
    iou: dict[str, float]
    seconds: float


def learning_rate(step: int, config: TrainConfig) -> float:
    """Linear warm-up, then a cosine down to a hundredth."""
    ramp = max(1, round(config.warmup * config.steps))
    if step < ramp:
        return config.lr * (step + 1) / ramp
    done = (step - ramp) / max(1, config.steps - ramp)
    return config.lr * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, done))))


def train(
    folder: Path,
    config: TrainConfig,
    *,
    library: synth.CurveLibrary | None = None,
    device: str = "auto",
    report: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> CurveNet:
    """Train CurveNet on synthetic crops, keeping `folder` resumable at every moment; returns the averaged net.

    Raises ModelError if the folder holds a run with another configuration, Cancelled never: a stop keeps what is there.
    """
    where = pick_device(device)
    torch.manual_seed(config.seed)
    net = CurveNet(config.mode, config.rule).to(where)
    optimizer = torch.optim.AdamW(net.parameters(), lr=config.lr, weight_decay=config.weight_decay)
    average = CurveNet(config.mode, config.rule).to(where).requires_grad_(False)
    first = _resume(folder / STATE, net, average, optimizer, config)
    data = CropDataset(config.seed, config.steps * config.batch, config.size, library)
    stream = batches(data, mode=config.mode, batch=config.batch, first=first, workers=config.workers)
    began, losses = time.monotonic(), list[float]()
    for step, batch in enumerate(stream, first):
        losses.append(_learn(net, optimizer, batch, config, step))
        _follow(average, net, min(config.ema, (step + 1) / (step + 10)))
        last = step + 1 == config.steps or stop()
        if last or (step + 1) % config.save_every == 0:
            val_loss, iou = None, dict[str, float]()
            if last or (step + 1) % config.val_every == 0:
                val_loss, iou = validate(average, config, library)
            line = Progress(
                step + 1, config.steps, sum(losses) / len(losses), val_loss, iou, round(time.monotonic() - began, 1)
            )
            _keep(folder, net, average, optimizer, config, line)
            report(line)
            losses.clear()
        if last:
            break
    return average.eval()


def _resume(path: Path, net: CurveNet, average: CurveNet, optimizer: torch.optim.Optimizer, config: TrainConfig) -> int:
    """The step to go on from; 0 in a fresh folder."""
    if not path.exists():
        average.load_state_dict(net.state_dict())
        return 0
    resumed = load_state(path, net=net, optimizer=optimizer)
    if resumed.extra != _plain(config):
        raise ModelError(f"{path.parent} holds a training with other settings: give another folder.")
    average.load_state_dict(resumed.ema)
    return resumed.step


def _plain(config: TrainConfig) -> dict[str, str | int | float]:
    return dict(json.loads(json.dumps(asdict(config))))


def _keep(
    folder: Path,
    net: CurveNet,
    average: CurveNet,
    optimizer: torch.optim.Optimizer,
    config: TrainConfig,
    line: Progress,
) -> None:
    ema = average.state_dict()
    save_state(folder / STATE, step=line.step, net=net, optimizer=optimizer, ema=ema, extra=_plain(config))
    with (folder / LOG).open("a") as log:
        log.write(json.dumps(asdict(line)) + "\n")


def _learn(net: CurveNet, optimizer: torch.optim.Optimizer, batch: Batch, config: TrainConfig, step: int) -> float:
    for group in optimizer.param_groups:
        group["lr"] = learning_rate(step, config)
    loss = _loss(net, batch)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(net.parameters(), config.clip)
    optimizer.step()
    return float(loss.detach())


def _loss(net: CurveNet, batch: Batch) -> Tensor:
    where = next(net.parameters()).device
    with autocast_for(where):
        logits = net(batch.image.to(where))
    return stroke_loss(logits.float(), batch.target.to(where), batch.known.to(where))


@torch.no_grad()
def _follow(average: nn.Module, net: nn.Module, decay: float) -> None:
    torch._foreach_lerp_(list(average.parameters()), list(net.parameters()), 1 - decay)


@torch.inference_mode()
def validate(net: CurveNet, config: TrainConfig, library: synth.CurveLibrary | None) -> tuple[float, dict[str, float]]:
    """Loss and IoU by class over fixed crops that training never sees (a stream of its own)."""
    data = CropDataset(10_000_019, config.val_crops, config.size, library, mirror=False)
    losses, logits, targets, known = [], [], [], []
    for batch in batches(data, mode=config.mode, batch=min(4, config.val_crops), workers=0):
        out = net(batch.image.to(next(net.parameters()).device)).float().cpu()
        losses.append(float(stroke_loss(out, batch.target, batch.known)))
        logits.append(out)
        targets.append(batch.target)
        known.append(batch.known)
    return sum(losses) / len(losses), ious(torch.cat(logits), torch.cat(targets), torch.cat(known))
