"""Pieces of paper to spoil and restore: real windows and synthetic crops, each drawn from its own number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from curvedesk import synth
from curvedesk.learn.corruptions import Corrupted, Mix, corrupt
from curvedesk.learn.paper import Windows
from curvedesk.learn.ridges import curve_ridges

STROKE = 128  # a label pixel covered half or more is the curve's


class Piece(NamedTuple):
    """Paper as it is, as the network gets it, and sentences on scans that turned out damaged."""

    paper: NDArray[np.uint8]
    spoiled: Corrupted
    faults: tuple[str, ...] = ()


class PretrainBatch(NamedTuple):
    """`image`, what the network sees, `paper`, what it should give back, `touched` 0/1; all (N, 1, H, W), 1 is ink."""

    image: Tensor
    paper: Tensor
    touched: Tensor
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PretrainDataset(Dataset[Piece]):
    """Piece number i of stream `seed`; `synthetic` of them drawn by the generator, the others cut from `windows`."""

    seed: int
    count: int
    size: int
    mix: Mix
    synthetic: float = 1.0
    windows: Windows | None = None
    library: synth.CurveLibrary | None = None

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Piece:
        rng = np.random.default_rng((self.seed, index))
        if self.windows is None or rng.random() < self.synthetic:
            return self._drawn(rng)
        known = set(self.windows.faults)
        paper = _turned(rng, self.windows.draw(rng, self.size))
        spoiled = corrupt(rng, paper, self.mix.draw(rng), lambda: curve_ridges(paper))
        return Piece(paper, spoiled, tuple(text for path, text in self.windows.faults.items() if path not in known))

    def _drawn(self, rng: np.random.Generator) -> Piece:
        """A crop, whose labels say exactly where its curves run."""
        crop = synth.crop(rng, size=self.size, library=self.library)
        both = _turned(rng, np.stack((crop.gray, np.maximum(crop.solid, crop.dashed))))
        lines = both[1] >= STROKE
        return Piece(both[0], corrupt(rng, both[0], self.mix.draw(rng), lambda: lines))


def _turned(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Half of the pieces mirrored: a log reads as well from right to left."""
    return np.ascontiguousarray(image[..., ::-1]) if rng.random() < 0.5 else image


def to_pretrain_batch(pieces: Sequence[Piece]) -> PretrainBatch:
    """Pieces of one size as tensors."""
    image, paper = (_ink(np.stack(g)) for g in ([p.spoiled.gray for p in pieces], [p.paper for p in pieces]))
    touched = torch.from_numpy(np.stack([p.spoiled.touched for p in pieces])[:, None]).float()
    return PretrainBatch(image, paper, touched, tuple(text for p in pieces for text in p.faults))


def _ink(gray: NDArray[np.uint8]) -> Tensor:
    return 1 - torch.from_numpy(gray[:, None]).float() / 255


def pretrain_batches(data: PretrainDataset, *, batch: int, first: int = 0, workers: int = 1) -> Iterator[PretrainBatch]:
    """Batches of pieces number first * batch onwards, drawn ahead by worker processes (0: in this one)."""
    loader = DataLoader(
        data, batch_size=batch, sampler=range(first * batch, len(data)), num_workers=workers,
        collate_fn=to_pretrain_batch, drop_last=True, prefetch_factor=8 if workers else None,
    )  # fmt: skip
    return iter(loader)
