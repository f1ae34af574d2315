"""Traced curves in one file, exact to the last bit: from the engine to the window. Plain arrays, nothing that runs."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.errors import ProjectError
from curvedesk.domain.project import CurveKey, curve_keys
from curvedesk.domain.sheet import CurveSpec, Sheet, Track
from curvedesk.store.atomic import replacing

_ARRAYS = ("x_px", "y_px", "turn", "confidence")


def write_curves(path: Path, curves: Mapping[CurveKey, TracedCurve]) -> None:
    """Write an .npz of curves by their keys. Raises ExportError."""
    arrays = {f"{n}.{name}": getattr(c, name) for n, c in enumerate(curves.values()) for name in _ARRAYS}
    keys = np.frombuffer(json.dumps(list(curves)).encode(), np.uint8)
    with replacing(path) as part, part.open("wb") as file:
        np.savez(file, allow_pickle=False, keys=keys, **arrays)


def read_curves(path: Path, sheet: Sheet) -> dict[CurveKey, TracedCurve]:
    """Curves of a file as those of `sheet`, whose tracks and specs they get.

    Raises ProjectError: the file cannot be read, or has a curve that the sheet lacks.
    """
    known = curve_keys(sheet)
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            keys = json.loads(file["keys"].tobytes())
            return {key: _curve(file, number, known[key]) for number, key in enumerate(keys)}
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ProjectError(f"{path}: these are no curves of this sheet; trace them again") from error


def _curve(file: Mapping[str, NDArray[Any]], number: int, place: tuple[Track, CurveSpec]) -> TracedCurve:
    track, spec = place
    x_px, y_px, turn, confidence = (file[f"{number}.{name}"] for name in _ARRAYS)
    if len({len(array) for array in (x_px, y_px, turn, confidence)}) > 1:
        raise ValueError
    return TracedCurve(
        spec,
        track.name,
        np.asarray(x_px, np.float64),
        np.asarray(y_px, np.float64),
        np.asarray(turn, np.int32),
        np.asarray(confidence, np.float32),
    )
