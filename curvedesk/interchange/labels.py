"""The label pack: reviewed paper for training others, as images, class masks and COCO, without the rest of the scan."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from curvedesk import __version__
from curvedesk.domain.curve import DigitisedLog
from curvedesk.domain.errors import ExportError
from curvedesk.domain.sheet import Style
from curvedesk.interchange.coco import box_of, decode, encode
from curvedesk.interchange.label_crops import DASHED, SOLID, Bytes, LabelCrop, LabelledCurve, crops_of
from curvedesk.interchange.overlay import DPI, Raster
from curvedesk.interchange.table import word
from curvedesk.interchange.together import refuse_other_things, replacing_folder

ANNOTATIONS = "annotations.json"
FOLDERS = ("images", "masks", "known")
CATEGORIES: Mapping[int, str] = {SOLID: "solid", DASHED: "dashed"}
README = """Curves of paper well logs, labelled.

images/*.png   gray crops at 200 dpi, one track wide
masks/*.png    class of each pixel: 0 background, 1 solid curve, 2 dashed or dotted curve
known/*.png    255 where the label can be relied upon, 0 where nobody has looked: leave those pixels out of training
annotations.json  the same as COCO: one annotation a curve, its band of 3 px as run lengths, `curve` its name
"""


def check_folder(folder: Path) -> None:
    """Raise ExportError where a label pack cannot take this place."""
    refuse_other_things(folder, marker=ANNOTATIONS)


def write_labels(scan: Raster, log: DigitisedLog, folder: Path, *, everything: bool = False) -> int:
    """Write the pack, whole or not at all; returns the number of crops. Raises ExportError, ScanError."""
    with replacing_folder(folder, marker=ANNOTATIONS) as part:
        return put_labels(scan, log, part, named=folder, everything=everything)


def put_labels(scan: Raster, log: DigitisedLog, part: Path, *, named: Path, everything: bool = False) -> int:
    """Fill an empty folder with the pack and read it back; `named` is what it will be called. Raises ExportError."""
    for name in FOLDERS:
        (part / name).mkdir()
    content = _coco()
    for number, crop in enumerate(crops_of(scan, log, everything=everything), 1):
        _put_crop(part, number, crop)
        _describe(content, number, crop)
    count = len(content["images"])
    if not count:
        raise ExportError(f"{named}: no curve was reviewed, so there is nothing to label; draw strokes or accept first")
    (part / ANNOTATIONS).write_text(json.dumps(content, allow_nan=False) + "\n", encoding="utf-8", newline="\n")
    (part / "README.txt").write_text(README, encoding="ascii", newline="\n")
    try:
        read = read_labels(part)
    except ExportError as fault:
        raise ExportError(f"{named}: the labels did not read back as written; nothing was kept, try again") from fault
    return len(read)


def _coco() -> dict[str, Any]:
    categories = [{"id": number, "name": name, "supercategory": "curve"} for number, name in CATEGORIES.items()]
    info = {"description": "Curves of paper well logs", "version": "1", "contributor": f"CurveDesk {__version__}"}
    return {"info": info | {"dpi": DPI}, "licenses": [], "categories": categories, "images": [], "annotations": []}


def _put_crop(part: Path, number: int, crop: LabelCrop) -> None:
    known = np.where(crop.known, 255, 0).astype(np.uint8)
    for name, picture in zip(FOLDERS, (crop.image, crop.mask, known), strict=True):
        _, png = cv2.imencode(".png", picture)
        (part / name / f"{number:06d}.png").write_bytes(png.tobytes())


def _describe(content: dict[str, Any], number: int, crop: LabelCrop) -> None:
    height, width = crop.image.shape
    name = f"{number:06d}.png"
    image = {"id": number, "file_name": f"images/{name}", "width": width, "height": height}
    content["images"].append(image | {"mask": f"masks/{name}", "known": f"known/{name}"})
    for curve in crop.curves:
        content["annotations"].append({
            "id": len(content["annotations"]) + 1,
            "image_id": number,
            "category_id": curve.category,
            "segmentation": encode(curve.band),
            "area": int(curve.band.sum()),
            "bbox": box_of(curve.band),
            "iscrowd": 0,
            "curve": word(curve.name) or "CURVE",
            "style": str(curve.style),
        })  # fmt: skip


def read_labels(folder: Path) -> tuple[LabelCrop, ...]:
    """Read a pack. Raises ExportError, one sentence, where a part of it is missing or they do not agree."""
    try:
        content = json.loads((folder / ANNOTATIONS).read_text(encoding="utf-8"))
        return tuple(_read_crop(folder, image, content["annotations"]) for image in content["images"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise ExportError(f"{folder}: this is not a whole label pack ({fault}); export it again") from fault


def _read_crop(folder: Path, image: Mapping[str, Any], annotations: Sequence[Mapping[str, Any]]) -> LabelCrop:
    shape = (image["height"], image["width"])
    gray, mask, known = (_picture(folder, image[key], shape) for key in ("file_name", "mask", "known"))
    curves = tuple(_read_curve(a) for a in annotations if a["image_id"] == image["id"])
    crop = LabelCrop(gray, known > 0, curves)
    if not np.array_equal(crop.mask, mask):
        raise ValueError(f"{image['mask']} is not what the annotations say")
    return crop


def _read_curve(annotation: Mapping[str, Any]) -> LabelledCurve:
    return LabelledCurve(annotation["curve"], Style(annotation["style"]), decode(annotation["segmentation"]))


def _picture(folder: Path, name: str, shape: tuple[int, int]) -> Bytes:
    picture = cv2.imread(str(folder / name), cv2.IMREAD_GRAYSCALE)
    if picture is None or picture.shape != shape:
        raise ValueError(f"{name} is missing or of another size")
    return np.asarray(picture, dtype=np.uint8)
