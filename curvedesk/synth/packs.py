"""Synthetic paper on disk: label packs of crops, and whole logs with their sheets and truth."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.sheet import Sheet, dump_sheet
from curvedesk.store.atomic import replacing, write_json
from curvedesk.synth.canvas import LABEL_DPI, LABEL_WIDTH_PX
from curvedesk.synth.crops import Crop, crop
from curvedesk.synth.fax import write_group4
from curvedesk.synth.library import CurveLibrary
from curvedesk.synth.named import NamedSet
from curvedesk.synth.sheets import RenderedSheet, sheet
from curvedesk.synth.styles import TRAINING_STYLES

Progress = Callable[[int, int], None]
SOLID, DASHED, BOTH, IGNORE = 1, 2, 3, 255
CLASSES = {"background": 0, "solid": SOLID, "dashed or dotted": DASHED, "both": BOTH, "ignore": IGNORE}
BINARY_CLASSES = {"background": 0, "curve": 1, "ignore": IGNORE}
NULL = -999.25


def _silent(_done: int, _total: int) -> None:
    """Progress nobody watches."""


def label_of(made: Crop) -> NDArray[np.uint8]:
    """Classes (S, S): 0 background, 1 solid pen, 2 dashed or dotted pen, 3 where both cross, 255 not to be judged."""
    label = np.where(made.solid >= 128, SOLID, 0) | np.where(made.dashed >= 128, DASHED, 0)
    return np.where(made.ignore, IGNORE, label).astype(np.uint8)


def write_crops(
    folder: Path, number: int, *, seed: int, size: int = 256, library: CurveLibrary | None = None,
    styles: Collection[str] = TRAINING_STYLES, progress: Progress = _silent,
) -> None:  # fmt: skip
    """`00000.png` (gray) and `00000.label.png` (classes of `label_of`) and so on, with `manifest.json`.

    Crop i depends on seed and i alone, so a longer run begins with a shorter one. Raises ExportError.
    """

    def draw(i: int) -> Crop:
        return crop(np.random.default_rng((seed, i)), size=size, library=library, styles=styles)

    about = {"seed": seed, "count": number, "size_px": size, "styles": sorted(styles)}
    about["real_wells"] = len(library.wells) if library else 0
    _write_pack(folder, draw, about, [_entry(i) for i in range(number)], progress)


def write_set(
    folder: Path, named: NamedSet, *, library: CurveLibrary | None = None, progress: Progress = _silent
) -> None:
    """The same for a set that has a name; its manifest says of each crop whether it is for testing. Raises ExportError.

    `library` is the whole one: the set takes the wells that are its own.
    """
    own = named.library(library)

    def draw(i: int) -> Crop:
        return named.crop(i, library=own)

    about = {"name": named.name, "seed": named.seed, "count": named.count, "size_px": 256}
    about |= {"styles": sorted(named.styles), "real_wells": len(own.wells) if own else 0, "binary": named.binary}
    crops = [_entry(i) | {"part": "test" if named.is_test(i) else "train"} for i in range(named.count)]
    _write_pack(folder, draw, about, crops, progress)


def _entry(number: int) -> dict[str, str]:
    return {"gray": f"{number:05d}.png", "label": f"{number:05d}.label.png"}


def _write_pack(
    folder: Path, draw: Callable[[int], Crop], about: dict[str, Any], crops: list[dict[str, str]], progress: Progress
) -> None:
    for i, entry in enumerate(crops):
        made, label = draw(i), folder / entry["label"]
        _write_png(folder / entry["gray"], made.gray)
        found = label_of(made)
        _write_png(label, np.where(found == IGNORE, IGNORE, np.minimum(found, 1)) if about.get("binary") else found)
        progress(i + 1, len(crops))
    manifest = {"format": "curvedesk-crops", "version": 1, **about, "dpi": LABEL_DPI, "label_width_px": LABEL_WIDTH_PX}
    manifest["classes"] = BINARY_CLASSES if about.get("binary") else CLASSES
    write_json(folder / "manifest.json", manifest | {"crops": crops})


def write_sheets(
    folder: Path, number: int, *, seed: int, library: CurveLibrary | None = None,
    styles: Collection[str] = TRAINING_STYLES, feet: float | None = None, progress: Progress = _silent,
) -> None:  # fmt: skip
    """A folder `0000` and so on for each log: `scan.tif`, `scan.sheet.json`, `truth.las`. Raises ExportError."""
    for i in range(number):
        made = sheet(np.random.default_rng((seed, i)), library=library, styles=styles, feet=feet)
        write_sheet(folder / f"{i:04d}", made)
        progress(i + 1, number)


def write_sheet(folder: Path, made: RenderedSheet) -> None:
    """One log: its scan under the sheet's name for it, the sheet file, the truth. Raises ExportError."""
    folder.mkdir(parents=True, exist_ok=True)
    scan = folder / made.sheet.scan
    dpi = made.sheet.dpi or LABEL_DPI
    if made.bilevel:
        write_group4(scan, made.image, dpi=dpi)
    else:
        _write_gray(scan, made.image, dpi=dpi)
    write_json(scan.with_suffix(".sheet.json"), rounded(dump_sheet(made.sheet)))
    write_truth(folder / "truth.las", made.sheet, made.depth, made.values)


def rounded(value: Any) -> Any:
    """JSON objects with numbers to 4 decimals: a hundredth of what can be seen."""
    if isinstance(value, Mapping):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return round(value, 4) if isinstance(value, float) else value


def write_truth(
    path: Path, meaning: Sheet, depth: NDArray[np.float64], values: Mapping[str, NDArray[np.float64]]
) -> None:
    """What the pens drew, as LAS 2.0 with NULL where there was nothing to read. Raises ExportError."""
    import lasio

    las = lasio.LASFile()
    for key, text in meaning.well.items():
        las.well[key] = lasio.HeaderItem(key, value=text)
    las.append_curve("DEPT", depth, unit=meaning.depth.unit, descr="depth")
    units = {spec.mnemonic: spec.unit for _, spec in meaning.curves()}
    for name, column in values.items():
        las.append_curve(name, column, unit=units[name], descr="what the pen drew")
    las.well["NULL"].value = NULL
    with replacing(path) as part, part.open("w", encoding="ascii", newline="\n") as file:
        las.write(file, version=2.0, fmt="%.5f", STRT=depth[0], STOP=depth[-1], STEP=meaning.depth.step)


def _write_png(path: Path, image: NDArray[np.uint8]) -> None:
    _, coded = cv2.imencode(".png", image)
    with replacing(path) as part:
        part.write_bytes(coded.tobytes())


def _write_gray(path: Path, image: NDArray[np.uint8], *, dpi: float) -> None:
    import tifffile

    with replacing(path) as part:
        tifffile.imwrite(
            part, image, photometric="minisblack", compression="deflate", predictor=2, resolution=(dpi, dpi),
            resolutionunit="INCH", software="CurveDesk", metadata=None,
        )  # fmt: skip
