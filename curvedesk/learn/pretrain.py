"""Pretraining in one sitting: spoiled paper in, whole paper out, no labels. Resumes where it was stopped."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from curvedesk import synth
from curvedesk.domain.errors import ModelError
from curvedesk.learn.autoencoder import Autoencoder, reconstruction_loss
from curvedesk.learn.corruptions import DEFAULT_MIX, Mix
from curvedesk.learn.device import autocast_for, laid_out, pick_device
from curvedesk.learn.leaks import Leaks, probe
from curvedesk.learn.loss_plot import Point, write_plot
from curvedesk.learn.net import NormRule
from curvedesk.learn.paper import Source, Windows, fingerprint, split
from curvedesk.learn.pretrain_data import PretrainBatch, PretrainDataset, pretrain_batches
from curvedesk.learn.state import load_state, save_state
from curvedesk.learn.train import LOG, STATE, TrainConfig, learning_rate

PLOT = "loss.svg"
WARN_RATIO = 1.5
VAL_STREAM = 20_000_003


@dataclass(frozen=True, slots=True)
class PretrainConfig:
    """Everything that decides a run; stored beside its weights."""

    steps: int = 6000
    batch: int = 4
    size: int = 256
    seed: int = 1
    mix: str = DEFAULT_MIX
    synthetic: float = 0.25  # share of pieces; all of them where no scans are given
    rule: NormRule = NormRule.HALF_OR_16
    leaky: bool = False
    ink_weight: float = 4.0  # of a pixel of ink, added to 1
    restored_weight: float = 8.0  # added again where the ink was spoilt
    lr: float = 1e-3
    weight_decay: float = 1e-4
    warmup: float = 0.05
    ema: float = 0.995
    clip: float = 1.0
    val_pieces: int = 48
    val_every: int = 500
    save_every: int = 100
    workers: int = 1


@dataclass(frozen=True, slots=True)
class PretrainProgress:
    """One line of the log: `loss` is the mean since the last line; the others are there where it was validated."""

    step: int
    steps: int
    loss: float
    val_loss: float | None
    ratio: float | None  # validation to training
    blank_loss: float | None  # of blank paper on the same pieces: what must be beaten
    warning: str | None
    seconds: float


def pretrain(
    folder: Path,
    config: PretrainConfig,
    *,
    sources: tuple[Source, ...] = (),
    library: synth.CurveLibrary | None = None,
    device: str = "auto",
    report: Callable[[PretrainProgress], None] = lambda _: None,
    fault: Callable[[str], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Autoencoder:
    """Train an autoencoder on windows of `sources` and synthetic crops; returns the averaged network.

    `folder` stays resumable at every moment and holds the log and its plot. `fault` is told of scans that turn out
    damaged; they are left out. Raises ModelError if the folder holds a run with other settings or scans, ScanError if
    no scan can be decoded.
    """
    run = _Run(config, pick_device(device), sources)
    first = run.resume(folder)
    learnt, held_out = run.data(config.seed, library)
    stream = pretrain_batches(learnt, batch=config.batch, first=first, workers=config.workers)
    began, losses, known = time.monotonic(), list[float](), set[str]()
    for step, batch in enumerate(stream, first):
        for sentence in sorted(set(batch.faults) - known):
            known.add(sentence)
            fault(sentence)
        losses.append(run.learn(batch, step))
        last = step + 1 == config.steps or stop()
        if last or (step + 1) % config.save_every == 0:
            checked = last or (step + 1) % config.val_every == 0
            line = _line(run, step + 1, losses, held_out if checked else None, time.monotonic() - began)
            run.keep(folder, line)
            report(line)
            losses.clear()
        if last:
            break
    return run.average.eval()


def _line(
    run: "_Run", step: int, losses: list[float], held_out: PretrainDataset | None, seconds: float
) -> PretrainProgress:
    loss, seconds = sum(losses) / len(losses), round(seconds, 1)
    if held_out is None:
        return PretrainProgress(step, run.config.steps, loss, None, None, None, None, seconds)
    val_loss, blank = validate(run.average, run.config, held_out)
    ratio = val_loss / max(loss, 1e-9)
    return PretrainProgress(step, run.config.steps, loss, val_loss, ratio, blank, ratio_warning(ratio), seconds)


def ratio_warning(ratio: float) -> str | None:
    """A sentence where the network does much worse on paper it has not seen than on what it learns from."""
    if ratio <= WARN_RATIO:
        return None
    return f"The loss on held-out paper is {ratio:.2f} times that in training (over {WARN_RATIO:g}): add other scans."


class _Run:
    """An autoencoder, its running average and its optimizer."""

    def __init__(self, config: PretrainConfig, where: torch.device, sources: tuple[Source, ...]) -> None:
        torch.manual_seed(config.seed)
        self.config, self.where, self.sources = config, where, sources
        self.net = laid_out(Autoencoder(config.rule, leaky=config.leaky), where)
        self.average = self.net.frozen_copy()
        self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=config.lr, weight_decay=config.weight_decay)
        self.schedule = TrainConfig(steps=config.steps, lr=config.lr, warmup=config.warmup)

    def data(self, seed: int, library: synth.CurveLibrary | None) -> tuple[PretrainDataset, PretrainDataset]:
        """What is learnt from, and a stream of its own on paper held out."""
        config = self.config
        learnt, held_out = split(self.sources) if self.sources else ((), ())

        def pieces(stream: int, count: int, of: tuple[Any, ...]) -> PretrainDataset:
            mix, windows = Mix.parse(config.mix), Windows(of) if of else None
            return PretrainDataset(stream, count, config.size, mix, config.synthetic, windows, library)

        return pieces(seed, config.steps * config.batch, learnt), pieces(VAL_STREAM, config.val_pieces, held_out)

    def resume(self, folder: Path) -> int:
        """The step to go on from; 0 in a fresh folder."""
        path = folder / STATE
        if not path.exists():
            return 0
        resumed = load_state(path, net=self.net, optimizer=self.optimizer)
        if resumed.extra != self._settings():
            raise ModelError(f"{folder} holds a pretraining with other settings or scans: give another folder.")
        self.average.load_state_dict(resumed.ema)
        return resumed.step

    def keep(self, folder: Path, line: PretrainProgress) -> None:
        """Everything a later start needs, one more line of the log, and its plot."""
        ema, settings = self.average.state_dict(), self._settings()
        save_state(folder / STATE, step=line.step, net=self.net, optimizer=self.optimizer, ema=ema, extra=settings)
        with (folder / LOG).open("a") as log:
            log.write(json.dumps(asdict(line)) + "\n")
        write_plot(folder / PLOT, read_log(folder), warn_at=WARN_RATIO)

    def _settings(self) -> dict[str, Any]:
        return {**json.loads(json.dumps(asdict(self.config))), "paper": fingerprint(self.sources)}

    def learn(self, batch: PretrainBatch, step: int) -> float:
        """One step; returns its loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(step, self.schedule)
        with autocast_for(self.where):
            out = self.net(batch.image.to(self.where))
        loss = _loss(out, batch, self.config)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.net.parameters(), self.config.clip)
        self.optimizer.step()
        decay = min(self.config.ema, (step + 1) / (step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.net.parameters()), 1 - decay)
        return float(loss.detach())


def _loss(out: torch.Tensor, batch: PretrainBatch, config: PretrainConfig) -> torch.Tensor:
    paper, touched = batch.paper.to(out.device), batch.touched.to(out.device)
    weights = {"ink_weight": config.ink_weight, "restored_weight": config.restored_weight}
    return reconstruction_loss(out.float(), paper, touched, **weights)


@torch.inference_mode()
def validate(net: Autoencoder, config: PretrainConfig, data: PretrainDataset) -> tuple[float, float]:
    """Loss on held-out pieces, and the loss of blank paper on the same."""
    where, losses, blanks = next(net.parameters()).device, list[float](), list[float]()
    for batch in pretrain_batches(data, batch=min(4, config.val_pieces), workers=0):
        out = net(batch.image.to(where))
        losses.append(float(_loss(out, batch, config)))
        blanks.append(float(_loss(torch.zeros_like(out), batch, config)))
    return sum(losses) / len(losses), sum(blanks) / len(blanks)


def probe_run(net: Autoencoder, config: PretrainConfig, sources: tuple[Source, ...] = ()) -> Leaks:
    """The leak probes on four held-out pieces, spoiled as in training."""
    windows = Windows(split(sources)[1]) if sources else None
    data = PretrainDataset(VAL_STREAM, 4, config.size, Mix.parse(config.mix), config.synthetic, windows)
    return probe(net, next(pretrain_batches(data, batch=4, workers=0)))


def read_log(folder: Path) -> list[Point]:
    """The loss curve of a run."""
    lines = (json.loads(line) for line in (folder / LOG).read_text().splitlines())
    return [Point(entry["step"], entry["loss"], entry["val_loss"]) for entry in lines]
