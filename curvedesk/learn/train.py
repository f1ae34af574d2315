"""Mask training, in one sitting: config, schedule, loop, validation, checkpoint. Resumes where it was stopped."""

import copy
import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import Dataset

from curvedesk import synth
from curvedesk.domain.errors import ModelError
from curvedesk.learn.data import Batch, CropDataset, batches
from curvedesk.learn.device import autocast_for, laid_out, pick_device
from curvedesk.learn.encoders import Pretrained, transplant
from curvedesk.learn.losses import LOSSES
from curvedesk.learn.metrics import ious
from curvedesk.learn.net import ENCODER_WIDTHS, CurveNet, Mode, NormRule
from curvedesk.learn.state import load_state, save_state

STATE, LOG = "state.safetensors", "log.jsonl"


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Everything that decides a run; stored beside its weights. The last four say what came from which encoder.

    `scans` and `scanned`: which unlabelled scans the base marked, and their share of the crops, see `looks`; `traced`:
    how many hand-traced crops of real paper were learnt from, see `wells`; `loss`: one of `losses.LOSSES`.
    """

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
    loss: str = "stroke"
    traced: int = 0
    scans: str = ""
    scanned: float = 0.0
    encoder: str = ""  # its name; empty for none
    front: int = len(ENCODER_WIDTHS)  # stages taken from it
    bottleneck: bool = True  # and its attention layers
    frozen: bool = False  # what was taken, or else the whole encoder of the base, is left as it is


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
    base: CurveNet | None = None,
    encoder: Pretrained | None = None,
    library: synth.CurveLibrary | None = None,
    data: Dataset[synth.Crop] | None = None,
    network: Callable[[Mode, NormRule], CurveNet] = CurveNet,
    device: str = "auto",
    report: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> CurveNet:
    """Train CurveNet on synthetic crops, keeping `folder` resumable at every moment; returns the averaged net.

    Starts from `base`, else from random weights; of `encoder` it takes over what `config` says. `data`, steps x batch
    crops of the configured size, takes the place of what is drawn otherwise; `network` makes one of another depth.

    Raises ModelError if the folder holds a run with another configuration or the encoder does not fit, Cancelled never:
    a stop keeps what is there.
    """
    config = replace(config, encoder=encoder.name if encoder else "")
    torch.manual_seed(config.seed)
    run = _Run(config, network(config.mode, config.rule), pick_device(device), base, encoder)
    first = run.resume(folder)
    if data is None:
        data = CropDataset(config.seed, config.steps * config.batch, config.size, library)
    stream = batches(data, mode=config.mode, batch=config.batch, first=first, workers=config.workers)
    began, losses = time.monotonic(), list[float]()
    for step, batch in enumerate(stream, first):
        losses.append(run.learn(batch, step))
        last = step + 1 == config.steps or stop()
        if last or (step + 1) % config.save_every == 0:
            val_loss, iou = None, dict[str, float]()
            if last or (step + 1) % config.val_every == 0:
                val_loss, iou = validate(run.average, config, library)
            seconds = round(time.monotonic() - began, 1)
            line = Progress(step + 1, config.steps, sum(losses) / len(losses), val_loss, iou, seconds)
            run.keep(folder, line)
            report(line)
            losses.clear()
        if last:
            break
    return run.average.eval()


class _Run:
    """A network, its running average and its optimizer."""

    def __init__(
        self,
        config: TrainConfig,
        net: CurveNet,
        where: torch.device,
        base: CurveNet | None,
        encoder: Pretrained | None,
    ) -> None:
        self.config, self.where = config, where
        self.net = laid_out(net, where)
        if base is not None:
            self.net.load_state_dict(base.state_dict())
        if encoder is not None:
            transplant(self.net, encoder, front=config.front, bottleneck=config.bottleneck, frozen=config.frozen)
        elif config.frozen:
            self.net.encoder.requires_grad_(False)
        self.average = copy.deepcopy(self.net).requires_grad_(False)
        learning = [p for p in self.net.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(learning, lr=config.lr, weight_decay=config.weight_decay)

    def resume(self, folder: Path) -> int:
        """The step to go on from; 0 in a fresh folder."""
        path = folder / STATE
        if not path.exists():
            return 0
        resumed = load_state(path, net=self.net, optimizer=self.optimizer)
        known = _settings(TrainConfig()) | resumed.extra  # what a run did not know of yet, it did by default
        if known != _settings(self.config):
            raise ModelError(f"{folder} holds a training with other settings: give another folder.")
        self.average.load_state_dict(resumed.ema)
        return resumed.step

    def keep(self, folder: Path, line: Progress) -> None:
        """Everything a later start needs, and one more line of the log."""
        ema, settings = self.average.state_dict(), _settings(self.config)
        save_state(folder / STATE, step=line.step, net=self.net, optimizer=self.optimizer, ema=ema, extra=settings)
        with (folder / LOG).open("a") as log:
            log.write(json.dumps(asdict(line)) + "\n")

    def learn(self, batch: Batch, step: int) -> float:
        """One step; returns its loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(step, self.config)
        with autocast_for(self.where):
            logits = self.net(batch.image.to(self.where))
        loss_of = LOSSES[self.config.loss]
        loss = loss_of(logits.float(), batch.target.to(self.where), batch.known.to(self.where))
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.net.parameters(), self.config.clip)
        self.optimizer.step()
        _follow(self.average, self.net, min(self.config.ema, (step + 1) / (step + 10)))
        return float(loss.detach())


def _settings(config: TrainConfig) -> dict[str, str | int | float]:
    return dict(json.loads(json.dumps(asdict(config))))


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
        losses.append(float(LOSSES[config.loss](out, batch.target, batch.known)))
        logits.append(out)
        targets.append(batch.target)
        known.append(batch.known)
    return sum(losses) / len(losses), ious(torch.cat(logits), torch.cat(targets), torch.cat(known))
