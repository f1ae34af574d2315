"""Few labelled windows, drawn from over and over: what a training has where labels are scarce."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Dataset

from curvedesk import synth
from curvedesk.learn.data import mirrored
from curvedesk.learn.labelled import Labelled, read_label

_TRIES = 40
_LEAST_PX = 200  # of labelled stroke in a window that is worth labelling


def well_of(name: str) -> str:
    """The scan a hand-traced crop is of: `BXG57_a` and `BXG57_b` are two depths of one log."""
    return name.rsplit("_", 1)[0].rstrip("_")


def label_files(folder: Path) -> dict[str, list[Path]]:
    """Hand-traced crops (NAME.json beside NAME.png) by well, in order of name."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.json")):
        if path.with_suffix(".png").exists():
            found.setdefault(well_of(path.stem), []).append(path)
    return found


def as_crop(label: Labelled) -> synth.Crop:
    """A whole hand-traced crop as training data; strokes carry an ignored ring of 1 px, as synthetic ones do."""
    solid, dashed = label.strokes["solid"], label.strokes["dashed"]
    core = (solid | dashed).astype(np.uint8)
    ring = (cv2.dilate(core, np.ones((3, 3), np.uint8)) > 0) & (core == 0)
    return synth.Crop(label.gray, _bytes(solid), _bytes(dashed), ring | ~label.known)


def _bytes(mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return mask.astype(np.uint8) * np.uint8(255)


def windows(paths: Sequence[Path], *, count: int, size: int, rng: np.random.Generator) -> list[synth.Crop]:
    """So many windows of `size` px of these hand-traced crops, taken in turn, at random places that hold a curve."""
    crops = [as_crop(read_label(path)) for path in paths]
    order = rng.permutation(len(crops))
    return [_window(crops[order[i % len(crops)]], size, rng) for i in range(count)]


def _window(crop: synth.Crop, size: int, rng: np.random.Generator) -> synth.Crop:
    parts = (crop.gray, crop.solid, crop.dashed, crop.ignore)
    height, width = crop.gray.shape
    cut = parts
    for _ in range(_TRIES):
        y, x = (int(rng.integers(0, max(n - size, 0) + 1)) for n in (height, width))
        cut = tuple(part[y : y + size, x : x + size] for part in parts)  # type: ignore[assignment]
        if ((cut[1] > 0) | (cut[2] > 0)).sum() >= _LEAST_PX:
            break
    return synth.Crop(*(_filled(part, size, 255 if i == 0 else 0) for i, part in enumerate(cut)))  # type: ignore[arg-type]


def _filled(part: NDArray[np.generic], size: int, value: int) -> NDArray[np.generic]:
    """Blank paper around what is smaller than a window."""
    short = [(0, size - n) for n in part.shape]
    return np.pad(part, short, constant_values=value)


@dataclass(frozen=True, slots=True)
class FewDataset(Dataset[synth.Crop]):
    """Item i is one of `crops` by chance, half of them mirrored; the same seed gives the same order."""

    crops: Sequence[synth.Crop]
    seed: int
    count: int

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> synth.Crop:
        rng = np.random.default_rng((self.seed, index))
        crop = self.crops[int(rng.integers(len(self.crops)))]
        return mirrored(crop) if rng.random() < 0.5 else crop
