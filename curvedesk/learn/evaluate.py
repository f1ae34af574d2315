"""The measured tables of a model's card: masks on synthetic crops and on hand-traced crops of real paper."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from curvedesk import synth
from curvedesk.domain.errors import CurveDeskError
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.data import CropDataset
from curvedesk.learn.evaluate_sheets import Digitize, sheets_report
from curvedesk.learn.labelled import Labelled, of_crop, plot, read_label, where_known
from curvedesk.learn.metrics import Overlap, agreement, outside, overlap, skeleton, total
from curvedesk.learn.predict import class_mask, predict
from curvedesk.learn.report import Report, means, table_of

Bool = NDArray[np.bool_]
REPLAY_SEED = 50_000_017
RING_PX = 2  # ignored pixels so near to known ones may be the ring around a stroke, which a centreline may well cross
DEFINITIONS = (
    "F1 @n: share of mask centrelines and of true lines within n px of each other, mean of the crops that hold the "
    "class. IoU 3 px: against 3 px strokes, all pixels together; IoU 1 px: of centrelines."
)


class Suite(StrEnum):
    """What can be measured."""

    SYNTHETIC = "synthetic"
    LABELS = "labels"
    SHEETS = "sheets"


def evaluate(
    suite: str,
    model: Model,
    *,
    data: Path | None = None,
    digitize: Digitize | None = None,
    library: synth.CurveLibrary | None = None,
    crops: int = 64,
    device: str = "auto",
    progress: Callable[[float], None] | None = None,
) -> Report:
    """Measure ``model``; ``progress`` takes the fraction done.

    ``synthetic`` draws ``crops`` crops of the test part of each named set; ``labels`` needs
    ``data``, a folder of NAME.png and NAME.json; ``sheets`` needs ``data``, a folder of sheets with truth, and
    ``digitize``. Raises CurveDeskError where the suite is unknown or its data are missing.
    """
    if suite not in set(Suite):
        raise CurveDeskError(f"No suite {suite!r}: choose one of {', '.join(Suite)}.")
    notify = progress or (lambda _fraction: None)
    if suite == Suite.SYNTHETIC:
        return _synthetic(model, library, crops, device, notify)
    if data is None or not data.is_dir():
        raise CurveDeskError(f"The suite {suite} needs a folder of its data: give one with --data.")
    if suite == Suite.LABELS:
        return _labels(model, data, device, notify)
    if digitize is None:
        raise CurveDeskError("The suite sheets cannot be measured without a way to digitise; run curvedesk evaluate.")
    return sheets_report(model.id, data, digitize, notify)


def _synthetic(
    model: Model, library: synth.CurveLibrary | None, crops: int, device: str, notify: Callable[[float], None]
) -> Report:
    """The test parts of the named sets, as many crops of each as asked for."""
    scores: dict[str, dict[str, float | None]] = {}
    for part, named in enumerate(synth.SETS.values()):
        items = []
        for crop in named.test_crops(crops, library=library):
            item = _measure(model, of_crop(crop), device)
            items.append({name: item[name] for name in ("any", "background")} if named.binary else item)
            notify(min(1.0, (part * crops + len(items)) / (len(synth.SETS) * crops)))
        scores |= {f"{named.name}, {kind}": row for kind, row in _by_class(items).items()}
    notify(1.0)
    wells = f"with shapes from {len(library.wells)} wells" if library else "shapes from random processes only"
    note = f"At most {crops} crops of the test part of each named set, 256 px at 200 dpi, {wells}. {DEFINITIONS}"
    return Report(Suite.SYNTHETIC, model.id, note, (table_of("Masks of synthetic crops", "class", scores),))


def replay_score(model: Model, *, device: str = "auto", crops: int = 16) -> float:
    """Mean F1 at 2 px of any curve over a fixed set of synthetic crops: what a fine-tuning must not forget."""
    drawn = CropDataset(REPLAY_SEED, crops, held_out_styles=True, mirror=False)
    scores = [_measure(model, of_crop(drawn[i]), device)["any"] for i in range(crops)]
    return float(np.mean([score.f1["F1 @2"] for score in scores if score.drawn]))


def label_score(model: Model, path: Path, *, device: str = "auto") -> float:
    """F1 at 2 px of any curve on one hand-traced crop, NAME.json beside NAME.png."""
    return crop_score(model, read_label(path), device=device)


def crop_score(model: Model, crop: Labelled, *, device: str = "auto") -> float:
    """F1 at 2 px of any curve."""
    return _measure(model, crop, device)["any"].f1["F1 @2"]


def _labels(model: Model, folder: Path, device: str, notify: Callable[[float], None]) -> Report:
    paths = sorted(path for path in folder.glob("*.json") if path.with_suffix(".png").exists())
    if not paths:
        raise CurveDeskError(f"{folder} holds no hand-traced crops (NAME.png with NAME.json): give another --data.")
    items: dict[str, _Measured] = {}
    for i, path in enumerate(paths):
        items[path.stem] = _measure(model, read_label(path), device)
        notify((i + 1) / len(paths))
    each = {name: {**item["any"].f1, "IoU 3 px": item["any"].wide.iou} for name, item in items.items()}
    note = f"{len(paths)} hand-traced crops of real paper. {DEFINITIONS}"
    tables = (
        table_of("Masks of real paper", "class", _by_class(list(items.values()))),
        table_of("Any curve, crop by crop", "crop", each),
    )
    return Report(Suite.LABELS, model.id, note, tables)


@dataclass(frozen=True, slots=True)
class _ClassScore:
    """One class of one crop."""

    drawn: bool  # whether the truth holds it at all
    f1: Mapping[str, float]
    wide: Overlap  # of 3 px strokes
    thin: Overlap  # of 1 px centrelines


_Measured = Mapping[str, _ClassScore]


def _by_class(items: list[_Measured]) -> dict[str, dict[str, float | None]]:
    """One row a class: F1 averaged over the crops that hold it, overlaps added up over all."""
    rows: dict[str, dict[str, float | None]] = {}
    for name in items[0]:
        scores = [item[name] for item in items]
        held = [score.f1 for score in scores if score.drawn]
        rows[name] = {"crops": len(held), **means(held)}
        rows[name]["IoU 3 px"] = total(score.wide for score in scores).iou
        if name != "background":
            rows[name]["IoU 1 px"] = total(score.thin for score in scores).iou
    return rows


def _measure(model: Model, crop: Labelled, device: str) -> _Measured:
    mask = class_mask(predict(model, crop.gray, device=device))
    found = {"any": mask > 0, "solid": mask == 1, "dashed": mask == 2}
    if len(model.manifest.classes) == 1:
        del found["solid"], found["dashed"]
    result = {name: _measure_class(where, name, crop) for name, where in found.items()}
    paper = overlap(~found["any"], ~crop.strokes["any"], crop.known)
    return result | {"background": _ClassScore(True, {}, paper, Overlap(0, 0))}


def _measure_class(found: Bool, name: str, crop: Labelled) -> _ClassScore:
    middle, wanted = skeleton(found), crop.lines[name]
    seen = outside(where_known(middle, crop.known), crop.boxes)
    return _ClassScore(
        drawn=len(wanted) > 0,
        f1={f"F1 @{px}": agreement(seen, wanted, tolerance_px=px).f1 for px in (1, 2, 3)},
        wide=overlap(found, crop.strokes[name], crop.known),
        thin=overlap(plot(middle, found.shape), plot(wanted, found.shape), crop.known),
    )
