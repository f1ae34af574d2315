"""Scans without labels, marked by the network: it looks at a window several ways, and what is sure is taught.

Turned and enlarged, the same paper brings other mistakes, so the mean of such looks is better than any of them (F1 at
2 px on hand-traced crops of real paper 0.837, one look 0.814). What is learnt from them is the same paper spoiled.
Sources: Radosavovic et al., arXiv 1712.04440; Xie et al., arXiv 1911.04252.
"""

import copy
import math
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from torch.utils.data import Dataset

from curvedesk import synth
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.corruptions import Corruption, corrupt
from curvedesk.learn.data import CropDataset, mirrored
from curvedesk.learn.device import laid_out, pick_device
from curvedesk.learn.net import CurveNet, Mode
from curvedesk.learn.paper import Source, Windows, bands, fingerprint
from curvedesk.learn.predict import SPECK_PX, without_specks
from curvedesk.store.atomic import replacing
from curvedesk.store.locations import cache_dir

Gray = NDArray[np.uint8]

WINDOWS, SHARE = 400, 0.25  # so many windows make up this share of the crops learnt from
MARGIN_PX = 64  # a window is so much larger than what is cut from it
SURE, BLANK = 0.6, 0.25  # above one a pixel is a curve, below the other paper; between them nothing is taught
_ENLARGED = 1.4
_PLAIN, _TRIES, _CURVE_PX = 1 / 3, 4, 250
_TURNS = ((), (2,), (3,), (2, 3))  # axes of a batch that are turned round


@torch.inference_mode()
def several_looks(net: CurveNet, gray: Gray) -> NDArray[np.float32]:
    """Probability of a window (S, S), S a multiple of 16, from five looks at it; (C, S, S), C as predicted.

    That there is a curve all of them say, of which class the closest look: it sees the gaps of short dashes.
    """
    paper = _as_input(net, gray)
    first = 0 if net.mode is Mode.BINARY else 1
    turned = (net(paper.flip(axes)).flip(axes) for axes in _TURNS)
    side = gray.shape[0]
    closer = round(_ENLARGED * side / 16) * 16
    large = functional.interpolate(paper, size=(closer, closer), mode="bilinear", align_corners=False)
    near = functional.interpolate(net(large), size=(side, side), mode="area")
    looks = [logits.float().sigmoid()[0, first:] for logits in (*turned, near)]
    ink, closest = torch.stack([look.amax(0) for look in looks]).mean(0), looks[-1]
    found: NDArray[np.float32] = (ink * closest / closest.amax(0).clamp_min(1e-6)).cpu().numpy()
    return found


def _as_input(net: CurveNet, gray: Gray) -> torch.Tensor:
    paper = 1 - torch.from_numpy(np.ascontiguousarray(gray))[None, None].float() / 255
    return paper.to(next(net.parameters()).device)


def as_taught(gray: Gray, probability: NDArray[np.float32]) -> synth.Crop:
    """A window as training data: curves where the looks agree, specks and what is in doubt left open."""
    ink = probability.max(0)
    core = without_specks(ink > SURE, SPECK_PX)
    share = probability[0] / np.maximum(probability.sum(0), 1e-6)
    solid = np.where(core, np.round(255 * share), 0).astype(np.uint8)
    dashed = np.where(core, 255 - solid, 0).astype(np.uint8)
    return synth.Crop(gray, solid, dashed, (ink > BLANK) & ~core)


def look_at(
    net: CurveNet,
    windows: Windows,
    *,
    count: int,
    size: int,
    seed: int,
    kept: Path,
    device: str = "auto",
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> list[synth.Crop]:
    """`count` windows marked for crops of `size`; `kept`, a file of an earlier call with the same arguments, is read.

    Raises ScanError where no scan can be decoded.
    """
    if kept.exists():
        try:
            return _read(kept)
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            kept.unlink()  # damaged: it is only a copy
    net, found = laid_out(copy.deepcopy(net).eval(), pick_device(device)), list[synth.Crop]()
    for number in range(count):
        gray = _worth_while(net, windows, np.random.default_rng((seed, number)), size + MARGIN_PX)
        found.append(as_taught(gray, several_looks(net, gray)))
        progress(number + 1, count)
    kept.parent.mkdir(parents=True, exist_ok=True)
    with replacing(kept) as part, part.open("wb") as out:
        np.savez_compressed(out, allow_pickle=False, **_columns(found))
    return found


@torch.inference_mode()
def _worth_while(net: CurveNet, windows: Windows, rng: np.random.Generator, size: int) -> Gray:
    """A window that shows a curve at a first look; every third may show none, and so may the last one tried."""
    gray = windows.draw(rng, size)
    for _ in range(_TRIES):
        curves = net(_as_input(net, gray))[:, -2:].amax(1) > 0
        if rng.random() < _PLAIN or int(curves.sum()) >= _CURVE_PX:
            break
        gray = windows.draw(rng, size)
    return gray


def _columns(found: Sequence[synth.Crop]) -> dict[str, Gray]:
    return {name: np.stack([getattr(crop, name) for crop in found]) for name in synth.Crop.__slots__}


def _read(kept: Path) -> list[synth.Crop]:
    with np.load(kept, allow_pickle=False) as stored:
        parts = [stored[name] for name in synth.Crop.__slots__]
    return [synth.Crop(*crop) for crop in zip(*parts, strict=True)]


@dataclass(frozen=True, slots=True)
class ScannedDataset(Dataset[synth.Crop]):
    """Drawn crops, `share` of them replaced by cuts of marked scans, spoiled in another way each time."""

    drawn: CropDataset
    found: Sequence[synth.Crop]
    share: float

    def __len__(self) -> int:
        return len(self.drawn)

    def __getitem__(self, index: int) -> synth.Crop:
        rng = np.random.default_rng((self.drawn.seed, index, 1))
        if rng.random() >= self.share:
            return self.drawn[index]
        crop = spoiled(rng, self.found[int(rng.integers(len(self.found)))], self.drawn.size)
        return mirrored(crop) if rng.random() < 0.5 else crop


def scanned_data(
    base: Model,
    sources: Sequence[Source],
    drawn: CropDataset,
    *,
    device: str = "auto",
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> ScannedDataset:
    """`drawn`, a quarter of it replaced by crops of `sources` that `base` marks, or has marked in an earlier start.

    Raises ScanError where no scan can be decoded.
    """
    count = min(WINDOWS, math.ceil(len(drawn) * SHARE))
    name = f"{base.manifest.weights_sha256[:16]}-{fingerprint(sources)}-{count}-{drawn.seed}-{drawn.size}.npz"
    found = look_at(
        base.net, Windows(tuple(bands(source) for source in sources)), count=count, size=drawn.size, seed=drawn.seed,
        kept=cache_dir() / "looks" / name, device=device, progress=progress,
    )  # fmt: skip
    return ScannedDataset(drawn, found, SHARE)


def spoiled(rng: np.random.Generator, crop: synth.Crop, size: int) -> synth.Crop:
    """A cut of `size` at another scale, with its ink thinned or spread, its contrast lost, grained or cut to 1 bit."""
    side = crop.gray.shape[0]
    taken = round(min(side, size * rng.uniform(0.8, 1.25))) if rng.random() < 0.6 else size
    y, x = (int(n) for n in rng.integers(0, side - taken + 1, 2))
    part = np.s_[y : y + taken, x : x + taken]
    gray, solid, dashed = (_resized(a[part], size) for a in (crop.gray, crop.solid, crop.dashed))
    ignore = _resized(crop.ignore[part].astype(np.uint8) * np.uint8(255), size) > 127
    return synth.Crop(_worn(rng, gray), solid, dashed, ignore)


def _resized(image: Gray, size: int) -> Gray:
    if image.shape[0] == size:
        return np.ascontiguousarray(image)
    how = cv2.INTER_AREA if image.shape[0] > size else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (size, size), interpolation=how), np.uint8)


def _worn(rng: np.random.Generator, gray: Gray) -> Gray:
    if rng.random() < 0.25:
        spread = (cv2.erode if rng.random() < 0.5 else cv2.dilate)(gray, np.ones((3, 3), np.uint8))
        gray = np.asarray(cv2.addWeighted(gray, 0.6, np.asarray(spread, np.uint8), 0.4, 0), np.uint8)
    if rng.random() < 0.3:
        low, high = rng.uniform(0, 90), rng.uniform(170, 255)
        gray = (low + gray.astype(np.float32) * ((high - low) / 255)).astype(np.uint8)
    if rng.random() < 0.4:
        gray = corrupt(rng, gray, (Corruption.DENOISE,), lambda: np.zeros(gray.shape, bool)).gray
    if rng.random() < 0.25:
        soft = cv2.GaussianBlur(gray, (0, 0), rng.uniform(0.4, 1.0))
        level = np.quantile(soft, 0.9) * rng.uniform(0.45, 0.75)
        gray = np.where(soft > level, 255, 0).astype(np.uint8)
    return gray
