"""What a fine-tuning is given: settings, and what there is to learn from."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from curvedesk.learn.gate import Split
from curvedesk.learn.spoken import Spoken
from curvedesk.learn.spoken_crops import SpokenCrop


@dataclass(frozen=True, slots=True)
class FinetuneConfig:
    """Everything that decides a fine-tuning; stored in the card.

    Only what scales features and the last layer learns, at `scale_lr`: a few strokes cannot say more, and the other
    weights, once moved by so little evidence, find the curves of any log less well. `whole` lets all of them learn.
    `front` None keeps the whole encoder of the base, k keeps its first k stages and takes the others from the bundled
    one.
    """

    steps: int = 40
    batch: int = 6  # half of it replay
    size: int = 128
    seed: int = 1
    scale_lr: float = 1e-3
    decoder_lr: float = 3e-5
    encoder_lr: float = 1e-5
    weight_decay: float = 1e-4
    ema: float = 0.9
    clip: float = 1.0
    whole: bool = False
    frozen: bool = False
    front: int | None = None
    check_every: int = 10
    save_every: int = 10


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
