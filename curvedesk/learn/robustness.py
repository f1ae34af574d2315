"""How a network's masks hold when the scan gets worse: score against severity, one fault at a time."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk import synth
from curvedesk.domain.errors import CurveDeskError
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.data import CropDataset
from curvedesk.learn.evaluate import crop_score
from curvedesk.learn.few import as_crop, label_files
from curvedesk.learn.labelled import of_crop, read_label
from curvedesk.learn.report import Report, Table

Gray = NDArray[np.uint8]
FAULTS: Mapping[str, tuple[float, ...]] = {
    "resolution, dpi": (150, 120, 100),
    "skew, degrees": (0.5, 1, 2),
    "JPEG quality": (60, 30, 12),
    "threshold, darkness": (0.25, 0.5, 0.75),
    "fading, ink left": (0.6, 0.4, 0.25),
}
_SEED = 80_000_023  # a stream of crops of its own
_NOISE = 6.0  # gray levels, of a faded scan


def robustness(
    model: Model,
    data: Path | None,
    *,
    crops: int = 32,
    device: str = "auto",
    progress: Callable[[float], None] = lambda _: None,
) -> Report:
    """Mean F1 at 2 px of any curve over `crops` synthetic crops of held-out styles, or over hand-traced ones (`data`).

    Raises CurveDeskError where a folder holds no hand-traced crops.
    """
    paper = _traced(data) if data else _drawn(crops)
    cases = [("as it is", 0.0), *((fault, severity) for fault, steps in FAULTS.items() for severity in steps)]
    found: dict[tuple[str, float], float] = {}
    for number, (fault, severity) in enumerate(cases):
        spoiled = [spoil(crop, fault, severity, seed=i) for i, crop in enumerate(paper)]
        found[fault, severity] = float(np.mean([crop_score(model, of_crop(crop), device=device) for crop in spoiled]))
        progress((number + 1) / len(cases))
    plain = found["as it is", 0.0]
    rows = [(fault, severity, f1, f1 - plain) for (fault, severity), f1 in found.items()]
    kind = "hand-traced crops of real paper" if data else "synthetic crops of styles held out"
    note = f"{len(paper)} {kind}, F1 at 2 px of any curve, one fault at a time on the scan at 200 dpi."
    return Report(
        "robustness", model.id, note, (Table("Faults", ("fault", "severity", "F1 @2", "change"), tuple(rows)),)
    )


def _traced(folder: Path) -> Sequence[synth.Crop]:
    labels = [read_label(path) for paths in label_files(folder).values() for path in paths]
    held = [as_crop(label) for label in labels if len(label.lines["any"])]
    if not held:
        raise CurveDeskError(f"{folder} holds no hand-traced crops with curves: give another --data.")
    return held


def _drawn(count: int) -> Sequence[synth.Crop]:
    """So many crops that hold a curve."""
    drawn, held = CropDataset(_SEED, 20 * count, held_out_styles=True, mirror=False), list[synth.Crop]()
    for i in range(len(drawn)):
        crop = drawn[i]
        if len(of_crop(crop).lines["any"]) and len(held) < count:
            held.append(crop)
        if len(held) == count:
            break
    return held


def spoil(crop: synth.Crop, fault: str, severity: float, *, seed: int = 0) -> synth.Crop:
    """The crop as a worse scan shows it; labels follow where the paper turns."""
    gray = crop.gray
    if fault.startswith("resolution"):
        return _with(crop, _coarse(gray, severity / 200))
    if fault.startswith("skew"):
        return _turned(crop, severity)
    if fault.startswith("JPEG"):
        _, coded = cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, int(severity)])
        return _with(crop, np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8))
    if fault.startswith("threshold"):
        blurred = cv2.GaussianBlur(gray, (0, 0), 0.8)
        return _with(crop, np.where(blurred < 255 * (1 - severity), 0, 255).astype(np.uint8))
    if fault.startswith("fading"):
        noise = np.random.default_rng(seed).normal(0, _NOISE, gray.shape)
        return _with(crop, np.clip(255 - severity * (255.0 - gray) + noise, 0, 255).astype(np.uint8))
    return crop


def _with(crop: synth.Crop, gray: Gray) -> synth.Crop:
    return synth.Crop(gray, crop.solid, crop.dashed, crop.ignore)


def _coarse(gray: Gray, scale: float) -> Gray:
    """Scanned at fewer dots, and brought to 200 dpi again, as the program does."""
    height, width = gray.shape
    small = cv2.resize(
        gray, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def _turned(crop: synth.Crop, degrees: float) -> synth.Crop:
    height, width = crop.gray.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)

    def turned(image: NDArray[np.uint8], rim: int) -> NDArray[np.uint8]:
        return np.asarray(cv2.warpAffine(image, turn, (width, height), borderValue=rim), np.uint8)

    ignore = turned(crop.ignore.astype(np.uint8) * np.uint8(255), 255) > 127
    return synth.Crop(turned(crop.gray, 255), turned(crop.solid, 0), turned(crop.dashed, 0), ignore)
