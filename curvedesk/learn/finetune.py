"""Fine-tuning in one sitting: what the analyst said beside replay, a gate, and the better of two models."""

import copy
import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from curvedesk import synth
from curvedesk.domain.errors import Cancelled, StrokesError
from curvedesk.learn.data import Batch, to_batch
from curvedesk.learn.device import autocast_for, pick_device
from curvedesk.learn.gate import Split
from curvedesk.learn.losses import stroke_loss
from curvedesk.learn.net import ENCODER_WIDTHS, CurveNet
from curvedesk.learn.packs import part_of
from curvedesk.learn.spoken import Spoken
from curvedesk.learn.spoken_crops import SpokenCrop, cut, varied
from curvedesk.learn.spoken_loss import SpokenBatch, spoken_loss, to_spoken_batch
from curvedesk.learn.state import load_state, save_state, state_settings

STATE = "state.safetensors"
WARN_RATIO = 1.5
_REPLAY_STREAM = 30_000_001
_HELD_OUT_CROPS = 4
PACK_SHARE = 1 / 3  # of what was said: this log is the one to get right


@dataclass(frozen=True, slots=True)
class FinetuneConfig:
    """Everything that decides a fine-tuning; stored in the card. `front` None keeps the whole encoder of the base,
    k keeps its first k stages and takes the others from the bundled one."""

    steps: int = 80
    batch: int = 4  # half of it replay
    size: int = 256
    seed: int = 1
    decoder_lr: float = 2e-4
    encoder_lr: float = 6e-5
    weight_decay: float = 1e-4
    ema: float = 0.95
    clip: float = 1.0
    frozen: bool = False
    front: int | None = None
    check_every: int = 10
    save_every: int = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One step: loss on what was said, and now and then on what was held out."""

    step: int
    steps: int
    loss: float
    held_out: float | None
    seconds_left: float
    warning: str | None = None


@dataclass(slots=True)
class Control:
    """How a training is steered from outside; each is asked between steps."""

    cancelled: Callable[[], bool] = lambda: False
    enough: Callable[[], bool] = lambda: False  # stop and keep
    paused: Callable[[], bool] = lambda: False
    report: Callable[[Step], None] = lambda _step: None
    preview: Callable[[CurveNet], None] | None = None  # after every step; whoever looks chooses how often


@dataclass(slots=True)
class Lesson:
    """What there is to learn from: paper (H, W) at 200 dpi, what was said, and the rows (of it) kept for judging;
    `packs` are crops of other logs."""

    gray: NDArray[np.uint8]
    spoken: Spoken
    judged: Spoken
    split: Split
    closed: tuple[tuple[float, float], ...] = field(default=())
    packs: tuple[SpokenCrop, ...] = field(default=())


def learn(
    base: CurveNet,
    lesson: Lesson,
    config: FinetuneConfig,
    *,
    folder: Path,
    device: str = "auto",
    seconds: float = math.inf,
    control: Control | None = None,
) -> tuple[CurveNet, int]:
    """The averaged network after at most `config.steps` steps or `seconds`, and the steps made.

    `folder` keeps a checkpoint; a later start with the same settings goes on from it. Raises Cancelled, and
    StrokesError where nothing was said that could be learnt.
    """
    control = control or Control()
    run = _Run(base, lesson, config, pick_device(device))
    done = run.resume(folder / STATE)
    began, first, held_out, losses = time.monotonic(), done, None, list[float]()
    while done < config.steps and time.monotonic() - began < seconds and not control.enough():
        if control.paused():
            run.keep(folder / STATE, done)
            began += _rested(control)
        if control.cancelled():
            raise Cancelled("The training was stopped; nothing was changed.")
        losses.append(run.step(done))
        done += 1
        if done % config.check_every == 0 or done == config.steps:
            held_out = run.held_out_loss()
        if control.preview is not None:
            control.preview(run.average)
        if done % config.save_every == 0:
            run.keep(folder / STATE, done)
        each = (time.monotonic() - began) / (done - first)
        left = min(each * (config.steps - done), max(0.0, seconds - (time.monotonic() - began)))
        now = float(np.mean(losses[-config.check_every :]))
        control.report(Step(done, config.steps, now, held_out, left, _warning(now, held_out)))
    run.keep(folder / STATE, done)
    return run.average.eval(), done


def _rested(control: Control) -> float:
    """Seconds of a pause, which count for nothing."""
    began = time.monotonic()
    while control.paused() and not control.cancelled():
        time.sleep(0.05)
    return time.monotonic() - began


def _warning(train: float, held_out: float | None) -> str | None:
    if held_out is None or held_out <= WARN_RATIO * train:
        return None
    ratio = held_out / max(train, 1e-9)
    return f"It learns by heart: its loss on strokes it has not seen is {ratio:.1f} times that on the others."


class _Run:
    def __init__(self, base: CurveNet, lesson: Lesson, config: FinetuneConfig, where: torch.device) -> None:
        torch.manual_seed(config.seed)
        self.lesson, self.config, self.where = lesson, config, where
        self.net = copy.deepcopy(base).to(where).train()
        self.average = copy.deepcopy(self.net).requires_grad_(False)
        self.places, weights = lesson.spoken.places()
        inside = np.ones(len(self.places), bool)
        for first, last in lesson.closed:
            inside &= (self.places[:, 1] < first) | (self.places[:, 1] > last)
        self.places, weights = self.places[inside], weights[inside]
        if not len(self.places):
            raise StrokesError(
                "there is nothing to learn from yet: draw where a curve runs, or accept a stretch that is right"
            )
        self.chances = weights / weights.sum()
        self.batch = max(2, config.batch)
        self.optimizer = torch.optim.AdamW(self._groups(), weight_decay=config.weight_decay)

    def _groups(self) -> list[dict[str, object]]:
        encoder = list(self.net.encoder.parameters())
        theirs = {id(p) for p in encoder}
        decoder = [p for p in self.net.parameters() if id(p) not in theirs]
        for p in encoder:
            p.requires_grad_(not self.config.frozen)
        groups: list[dict[str, object]] = [{"params": decoder, "lr": self.config.decoder_lr}]
        return groups if self.config.frozen else [*groups, {"params": encoder, "lr": self.config.encoder_lr}]

    def step(self, number: int) -> float:
        """One step; returns the loss of what was said. Out of memory halves the batch, then goes to the CPU."""
        while True:
            try:
                return self._step(number)
            except torch.OutOfMemoryError:
                self._give_way()

    def _step(self, number: int) -> float:
        rng = np.random.default_rng((self.config.seed, number))
        spoken = to_spoken_batch(list(self._spoken(rng, self.batch // 2))).to(self.where)
        replay = self._replay(number, self.batch - self.batch // 2)
        with autocast_for(self.where):
            logits = self.net(torch.cat([spoken.image, replay.image.to(self.where)])).float()
        n = len(spoken.image)
        said = spoken_loss(logits[:n], spoken)
        loss = said + stroke_loss(logits[n:], replay.target.to(self.where), replay.known.to(self.where))
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.net.parameters(), self.config.clip)
        self.optimizer.step()
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.net.parameters()), 1 - self.config.ema)
        return float(said.detach())

    def _spoken(self, rng: np.random.Generator, count: int) -> Iterator[SpokenCrop]:
        packs = self.lesson.packs
        for _ in range(count):
            if packs and rng.random() < PACK_SHARE:
                yield varied(part_of(packs[rng.integers(len(packs))], self.config.size, rng), rng)
                continue
            at = self.places[rng.choice(len(self.places), p=self.chances)]
            x, y = at + rng.uniform(-0.3, 0.3, 2) * self.config.size
            yield varied(cut(self.lesson.spoken, self.lesson.gray, (x, y), self.config.size, self.lesson.closed), rng)

    def _replay(self, number: int, count: int) -> Batch:
        crops = [
            synth.crop(np.random.default_rng((_REPLAY_STREAM, self.config.seed, number, k)), size=self.config.size)
            for k in range(count)
        ]
        return to_batch(crops, self.net.mode)

    @torch.no_grad()
    def held_out_loss(self) -> float | None:
        """The loss of what was kept for judging, on fixed crops."""
        places, _ = self.lesson.judged.places()
        if not len(places):
            return None
        chosen = places[np.linspace(0, len(places) - 1, _HELD_OUT_CROPS).round().astype(int)]
        crops = [cut(self.lesson.judged, self.lesson.gray, (float(x), float(y)), self.config.size) for x, y in chosen]
        batch: SpokenBatch = to_spoken_batch(crops).to(self.where)
        with autocast_for(self.where):
            logits = self.average(batch.image).float()
        return float(spoken_loss(logits, batch))

    def _give_way(self) -> None:
        if self.where.type == "cpu":
            raise MemoryError
        torch.cuda.empty_cache()
        if self.batch > 2:
            self.batch //= 2
            return
        self.where = torch.device("cpu")
        self.net, self.average = self.net.to(self.where), self.average.to(self.where)
        self.optimizer = torch.optim.AdamW(self._groups(), weight_decay=self.config.weight_decay)

    def resume(self, path: Path) -> int:
        """The step to go on from; a checkpoint of other strokes or settings says nothing about these."""
        if not path.exists():
            return 0
        if state_settings(path) != self._settings():
            path.unlink()
            return 0
        resumed = load_state(path, net=self.net, optimizer=self.optimizer)
        self.average.load_state_dict(resumed.ema)
        return resumed.step

    def keep(self, path: Path, done: int) -> None:
        save_state(
            path,
            step=done,
            net=self.net,
            optimizer=self.optimizer,
            ema=self.average.state_dict(),
            extra=self._settings(),
        )

    def _settings(self) -> dict[str, object]:
        points = [len(self.places), round(float(self.places.sum()), 3)]
        packs = [len(self.lesson.packs), round(float(sum(p.known.sum() for p in self.lesson.packs)), 3)]
        return dict(json.loads(json.dumps({**asdict(self.config), "places": points, "packs": packs})))


def warmed(base: CurveNet, bundled: CurveNet, front: int | None) -> CurveNet:
    """`base` with only its first `front` encoder stages, the rest of the encoder as in `bundled`; None: as it is."""
    if front is None:
        return base
    if not 0 <= front <= len(ENCODER_WIDTHS):
        raise ValueError(f"a front of {front} stages, where the encoder has {len(ENCODER_WIDTHS)}")
    mixed = copy.deepcopy(base)
    for stage, other in list(zip(mixed.encoder.stages, bundled.encoder.stages, strict=True))[front:]:
        stage.load_state_dict(other.state_dict())
    mixed.encoder.attention.load_state_dict(bundled.encoder.attention.state_dict())
    return mixed
