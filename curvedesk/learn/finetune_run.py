"""The steps of a fine-tuning: what was said under the scan's normalisation, replay under each crop's own."""

import copy
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from curvedesk import synth
from curvedesk.domain.errors import StrokesError
from curvedesk.learn.data import to_batch
from curvedesk.learn.device import autocast_for
from curvedesk.learn.held_norms import HeldNorms
from curvedesk.learn.lesson import FinetuneConfig, Lesson
from curvedesk.learn.losses import stroke_loss
from curvedesk.learn.net import CurveNet
from curvedesk.learn.packs import part_of
from curvedesk.learn.spoken import Points
from curvedesk.learn.spoken_crops import SpokenCrop, cut, varied
from curvedesk.learn.spoken_loss import spoken_loss, to_spoken_batch
from curvedesk.learn.state import load_state, save_state, state_settings
from curvedesk.learn.steady import hold_statistics, sample_windows

PACK_SHARE = 1 / 3  # of what was said: this log is the one to get right
_REPLAY_STREAM = 30_000_001
_HELD_OUT_CROPS = 4
_MEASURE_EVERY = 8  # steps: so little moves between, and measuring takes as long as a step
_WARM_UP = 6  # steps in which the optimizer learns how large gradients are before it makes great strides


class Run:
    """A copy of a network that learns, its running average and its optimizer. Raises StrokesError where nothing was
    said that could be learnt."""

    def __init__(self, base: CurveNet, lesson: Lesson, config: FinetuneConfig, where: torch.device) -> None:
        torch.manual_seed(config.seed)
        self.lesson, self.config, self.where = lesson, config, where
        self.net = copy.deepcopy(base).to(where).train()
        self.average = copy.deepcopy(self.net).requires_grad_(False)
        self.norms = HeldNorms(self.net)
        windows = sample_windows(lesson.gray)
        self.sample = None if windows is None else 1 - torch.from_numpy(windows)[:, None].float() / 255
        self.places, self.chances = _places(lesson)
        self.batch = max(2, config.batch)
        self.optimizer = self._optimizer()

    def _optimizer(self) -> torch.optim.AdamW:
        """Over what scales features and the last layer; over all weights where `whole`."""
        net, config = self.net, self.config
        set_learning(net, config)
        theirs = {id(p) for p in net.encoder.parameters()}
        learning = [p for p in net.parameters() if p.requires_grad]
        if not config.whole:
            return torch.optim.AdamW([{"params": learning, "top": config.scale_lr}], weight_decay=0.0)
        groups = [
            {"params": [p for p in learning if id(p) not in theirs], "top": config.decoder_lr},
            {"params": [p for p in learning if id(p) in theirs], "top": config.encoder_lr},
        ]
        return torch.optim.AdamW([g for g in groups if g["params"]], weight_decay=config.weight_decay)

    def step(self, number: int) -> float:
        """One step; returns the loss of what was said. Out of memory halves the batch, then goes to the CPU."""
        while True:
            try:
                return self._step(number)
            except torch.OutOfMemoryError:
                self._give_way()

    def _step(self, number: int) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = group["top"] * _share_of_rate(number, self.config.steps)
        rng = np.random.default_rng((self.config.seed, number))
        half = self.batch // 2
        others = sum(rng.random(half) < PACK_SHARE) if self.lesson.packs else 0
        self.optimizer.zero_grad(set_to_none=True)
        said = self._learn_from_packs(rng, others) if others else 0.0
        if others < half:
            said += self._learn_from_this_log(rng, half - others, number)
        self._learn_from_replay(number, self.batch - half)
        nn.utils.clip_grad_norm_(self.net.parameters(), self.config.clip)
        self.optimizer.step()
        self._follow(number)
        return said

    def _learn_from_this_log(self, rng: np.random.Generator, count: int, number: int) -> float:
        if self.sample is not None:
            if number % _MEASURE_EVERY == 0 or not self.norms.measured:
                turn = number // _MEASURE_EVERY % 2 if len(self.sample) > 1 else 0
                self.norms.measure(self.sample[turn::2].to(self.where))
            self.norms.hold()
        loss = self._spoken_loss([self._from_this_log(rng) for _ in range(count)])
        loss.backward()  # type: ignore[no-untyped-call]
        self.norms.release()
        return float(loss.detach())

    def _learn_from_packs(self, rng: np.random.Generator, count: int) -> float:
        """Of scans whose statistics nobody knows: each crop is normalised by itself."""
        packs, size = self.lesson.packs, self.config.size
        loss = self._spoken_loss(
            [varied(part_of(packs[rng.integers(len(packs))], size, rng), rng) for _ in range(count)]
        )
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss.detach())

    def _learn_from_replay(self, number: int, count: int) -> None:
        streams = [(_REPLAY_STREAM, self.config.seed, number, k) for k in range(count)]
        crops = [synth.crop(np.random.default_rng(stream), size=self.config.size) for stream in streams]
        replay = to_batch(crops, self.net.mode)
        logits = self._logits(self.net, replay.image)
        loss = stroke_loss(logits, replay.target.to(self.where), replay.known.to(self.where))
        loss.backward()  # type: ignore[no-untyped-call]

    def _from_this_log(self, rng: np.random.Generator) -> SpokenCrop:
        lesson, size = self.lesson, self.config.size
        at = self.places[rng.choice(len(self.places), p=self.chances)]
        x, y = at + rng.uniform(-0.3, 0.3, 2) * size
        return varied(cut(lesson.spoken, lesson.gray, (x, y), size, lesson.closed), rng)

    def _spoken_loss(self, crops: Sequence[SpokenCrop]) -> Tensor:
        batch = to_spoken_batch(crops).to(self.where)
        return spoken_loss(self._logits(self.net, batch.image), batch)

    def _logits(self, net: CurveNet, image: Tensor) -> Tensor:
        with autocast_for(self.where):
            logits: Tensor = net(image.to(self.where)).float()
        return logits

    @torch.no_grad()
    def _follow(self, number: int) -> None:
        kept = min(self.config.ema, (number + 1) / (number + 4))
        torch._foreach_lerp_(list(self.average.parameters()), list(self.net.parameters()), 1 - kept)

    @torch.no_grad()
    def held_out_loss(self) -> float | None:
        """The loss of what was kept for judging, on fixed crops, as a prediction would normalise them."""
        places, _ = self.lesson.judged.places()
        if not len(places):
            return None
        chosen = places[np.linspace(0, len(places) - 1, _HELD_OUT_CROPS).round().astype(int)]
        size = self.config.size
        crops = [cut(self.lesson.judged, self.lesson.gray, (float(x), float(y)), size) for x, y in chosen]
        batch, net = to_spoken_batch(crops).to(self.where), copy.deepcopy(self.average)
        if self.sample is not None:
            hold_statistics(net, self.sample[::2].to(self.where))
        return float(spoken_loss(self._logits(net, batch.image), batch))

    def _give_way(self) -> None:
        if self.where.type == "cpu":
            raise MemoryError
        torch.cuda.empty_cache()
        self.norms.release()
        if self.batch > 2:
            self.batch //= 2
            return
        self.where = torch.device("cpu")
        self.net, self.average = self.net.to(self.where), self.average.to(self.where)
        self.norms.forget()
        self.optimizer = self._optimizer()

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


def set_learning(net: CurveNet, config: FinetuneConfig) -> None:
    """Let learn what shall: the scale and shift of features and the last layer, or all."""
    net.requires_grad_(config.whole)
    for part in (net.head, *(m for m in net.modules() if isinstance(m, nn.GroupNorm))):
        part.requires_grad_(True)
    if config.frozen:
        net.encoder.requires_grad_(False)


def _places(lesson: Lesson) -> tuple[Points, Points]:
    """Points (n, 2) to look at outside the rows kept for judging, and the chance of each."""
    places, weights = lesson.spoken.places()
    inside = np.ones(len(places), bool)
    for first, last in lesson.closed:
        inside &= (places[:, 1] < first) | (places[:, 1] > last)
    if not inside.any():
        raise StrokesError(
            "there is nothing to learn from yet: draw where a curve runs, or accept a stretch that is right"
        )
    return places[inside], weights[inside] / weights[inside].sum()


def _share_of_rate(step: int, steps: int) -> float:
    """Up to the whole rate in a few steps, then a cosine down to a tenth."""
    return min(1.0, (step + 1) / _WARM_UP) * (0.1 + 0.45 * (1 + math.cos(math.pi * step / steps)))
