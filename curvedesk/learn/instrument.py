"""The autoencoder as an instrument: does it point at what is no log, and do its features say more than arithmetic?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from curvedesk import synth
from curvedesk.learn.anomaly import Threshold, error_map
from curvedesk.learn.autoencoder import Autoencoder
from curvedesk.learn.data import CropDataset, to_batch
from curvedesk.learn.encoders import load_autoencoder
from curvedesk.learn.net import Mode
from curvedesk.learn.report import Report, Table
from curvedesk.learn.subspace import Components, Features, bottleneck_features, cells_with, compare, probe_accuracy
from curvedesk.synth import clutter

Gray = NDArray[np.uint8]
Bool = NDArray[np.bool_]
_SEED = 90_000_049  # a stream of crops of its own
_INK = 30  # gray level of what is planted


@dataclass(frozen=True, slots=True)
class Planted:
    """Ordinary paper with something on it: gray (H, W), and where it lies."""

    gray: Gray
    where: Bool


def plant(gray: Gray, kind: str, rng: np.random.Generator) -> Planted:
    """A stain, handwriting or a header box on a crop (H, W) at 200 dpi."""
    layer = np.zeros_like(gray)
    size = min(gray.shape)
    x, y = rng.uniform(0.25 * size, 0.6 * size, 2).tolist()
    if kind == "stain":
        rows, columns = np.mgrid[: gray.shape[0], : gray.shape[1]]
        wide, tall = rng.uniform(14, 34, 2)
        layer[((columns - x) / wide) ** 2 + ((rows - y) / tall) ** 2 < 1] = 255
    elif kind == "handwriting":
        clutter.scribble(rng, layer, x, y, scale=1.0)
    else:
        face = clutter.Face.random(rng)
        for line in range(3):
            at = np.array([[x + 30, y + 20 * line]])
            clutter.write(layer, clutter.phrase(rng), at, height_px=13, scale=1.0, face=face)
        cv2.rectangle(layer, (int(x - 30), int(y - 18)), (int(x + 95), int(y + 58)), 255, 2)
    inked = layer > 100
    where = np.zeros_like(inked)
    if inked.any():
        rows, columns = np.nonzero(inked)
        where[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] = True
    return Planted(np.where(inked, np.minimum(gray, _INK), gray).astype(np.uint8), where)


KINDS = ("stain", "handwriting", "header box")


def instrument(folder: Path | str, *, crops: int = 24, progress: Callable[[float], None] = lambda _: None) -> Report:
    """Measure an encoder's autoencoder on synthetic paper; errors as ``load_autoencoder``."""
    net = load_autoencoder(folder)
    ordinary, tested = list(_paper(0, crops)), list(_paper(1, crops))
    threshold = Threshold.of(error_map(net, crop.gray) for crop in ordinary)
    progress(0.3)
    rows = [(kind, *_found(net, threshold, tested, kind)) for kind in KINDS]
    progress(0.7)
    tables = (
        Table(
            "What is no log, from mean + 3 sigma on", ("planted", "precision", "recall", "places found"), tuple(rows)
        ),
        *_features(net, ordinary, tested),
    )
    progress(1.0)
    note = f"{crops} synthetic crops of 256 px to learn what is ordinary, {crops} others to be judged on."
    return Report("autoencoder", Path(folder).name, note, tables)


def _paper(part: int, count: int) -> Iterator[synth.Crop]:
    drawn = CropDataset(_SEED + part, count, mirror=False)
    return (drawn[i] for i in range(count))


def _found(net: Autoencoder, threshold: Threshold, paper: list[synth.Crop], kind: str) -> tuple[float, float, float]:
    """Precision and recall of pixels over all crops, and the share of crops in which the place was touched."""
    hit = said = there = touched = 0
    for i, crop in enumerate(paper):
        planted = plant(crop.gray, kind, np.random.default_rng((_SEED, i)))
        found = threshold.exceeded(error_map(net, planted.gray))
        both = int((found & planted.where).sum())
        hit, touched = hit + both, touched + (both > 0)
        said, there = said + int(found.sum()), there + int(planted.where.sum())
    return hit / max(said, 1), hit / max(there, 1), touched / len(paper)


def _features(net: Autoencoder, ordinary: list[synth.Crop], tested: list[synth.Crop]) -> tuple[Table, Table]:
    (learnt, learnt_truth), (judged, judged_truth) = (_tensors(crops) for crops in (ordinary, tested))
    components = Components.fit(learnt)
    score = compare(net, components, judged)
    torch.manual_seed(_SEED)
    untrained = Autoencoder(net.rule).eval()

    def probe(features: Callable[[Tensor], Features]) -> float:
        return probe_accuracy((features(learnt), learnt_truth), (features(judged), judged_truth))

    restored = (
        ("autoencoder", score.autoencoder_loss, score.autoencoder_error),
        (f"{score.size} principal components", score.components_loss, score.components_error),
    )
    probes = (
        ("autoencoder's bottleneck", probe(lambda paper: bottleneck_features(net, paper))),
        ("the same, untrained", probe(lambda paper: bottleneck_features(untrained, paper))),
        (f"{score.size} principal components", probe(components.features)),
    )
    return (
        Table("Giving paper back", ("by", "loss weighted to ink", "mean absolute error"), restored),
        Table("Is there a curve in this cell? A linear probe", ("features", "balanced accuracy"), probes),
    )


def _tensors(crops: list[synth.Crop]) -> tuple[Tensor, Bool]:
    batch = to_batch(crops, Mode.BINARY)
    return batch.image, cells_with(batch.target > 0.5)
