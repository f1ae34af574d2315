"""Synthetic crops as training batches: every item is drawn from its own number, so any run can be resumed exactly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from curvedesk import synth
from curvedesk.learn.net import Mode


class Batch(NamedTuple):
    """`image` (N, 1, H, W) 0 paper 1 ink; `target` (N, C, H, W) and `known` (N, 1, H, W) in 0..1."""

    image: Tensor
    target: Tensor
    known: Tensor


def to_batch(crops: Sequence[synth.Crop], mode: Mode) -> Batch:
    """Crops of one size as tensors; pixels a crop ignores get `known` = 0."""
    image = 1 - torch.from_numpy(np.stack([c.gray for c in crops])[:, None]).float() / 255
    pens = torch.from_numpy(np.stack([(c.solid, c.dashed) for c in crops])).float() / 255
    any_curve = pens.amax(1, keepdim=True)
    target = any_curve if mode is Mode.BINARY else torch.cat((1 - any_curve, pens), 1)
    known = torch.from_numpy(~np.stack([c.ignore for c in crops])[:, None]).float()
    return Batch(image, target, known)


@dataclass(frozen=True, slots=True)
class CropDataset(Dataset[synth.Crop]):
    """Crop number i of stream `seed`; half of them mirrored, since a log reads as well from right to left."""

    seed: int
    count: int
    size: int = 256
    library: synth.CurveLibrary | None = None
    held_out_styles: bool = False
    mirror: bool = True

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> synth.Crop:
        rng = np.random.default_rng((self.seed, index))
        styles = synth.HELD_OUT_STYLES if self.held_out_styles else synth.TRAINING_STYLES
        crop = synth.crop(rng, size=self.size, library=self.library, styles=styles)
        return mirrored(crop) if self.mirror and rng.random() < 0.5 else crop


def mirrored(crop: synth.Crop) -> synth.Crop:
    """The crop from right to left."""
    gray, solid, dashed = (np.ascontiguousarray(a[:, ::-1]) for a in (crop.gray, crop.solid, crop.dashed))
    return synth.Crop(gray, solid, dashed, np.ascontiguousarray(crop.ignore[:, ::-1]))


@dataclass(frozen=True, slots=True)
class _Collate:
    mode: Mode

    def __call__(self, crops: list[synth.Crop]) -> Batch:
        return to_batch(crops, self.mode)


def batches(data: Dataset[synth.Crop], *, mode: Mode, batch: int, first: int = 0, workers: int = 1) -> Iterator[Batch]:
    """Batches of crops number first * batch onwards, drawn ahead by worker processes (0: in this one)."""
    order = range(first * batch, len(data))  # type: ignore[arg-type]  # torch's Dataset has no length of its own
    loader = DataLoader(
        data, batch_size=batch, sampler=order, num_workers=workers, collate_fn=_Collate(mode), drop_last=True,
        prefetch_factor=8 if workers else None,
    )  # fmt: skip
    return iter(loader)
