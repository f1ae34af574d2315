"""Fine-tuning in one sitting: what the analyst said beside replay, a gate, and the better of two models."""

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from curvedesk.domain.errors import Cancelled
from curvedesk.learn.device import pick_device
from curvedesk.learn.finetune_run import Run
from curvedesk.learn.lesson import FinetuneConfig, Lesson
from curvedesk.learn.net import ENCODER_WIDTHS, CurveNet

__all__ = ["Control", "FinetuneConfig", "Lesson", "Step", "learn", "warmed"]

STATE = "state.safetensors"
WARN_RATIO = 1.5


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
    run = Run(base, lesson, config, pick_device(device))
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
