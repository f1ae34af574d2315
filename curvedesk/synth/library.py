"""Where curve shapes come from: random processes, and real logs when a folder of LAS files is given."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from curvedesk.synth.shapes import Shape, random_shape

_SHORTEST = 200


@dataclass(frozen=True, slots=True)
class CurveLibrary:
    """Curve shapes to draw from. `wells`: per well (file stem) its log curves as float32 arrays without NaN."""

    wells: Mapping[str, tuple[NDArray[np.float32], ...]] = field(default_factory=dict)
    real_share: float = 0.6

    @classmethod
    def from_folder(cls, folder: Path, *, real_share: float = 0.6) -> CurveLibrary:
        """All LAS files below `folder`; files that do not read, and curves too short or constant, are passed over."""
        wells: dict[str, tuple[NDArray[np.float32], ...]] = {}
        for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() == ".las"):
            curves = _read_curves(path)
            if curves:
                wells[path.stem] = curves
        return cls(wells, real_share)

    def only(self, names: Collection[str]) -> CurveLibrary:
        """The library of these wells alone."""
        return CurveLibrary({k: v for k, v in self.wells.items() if k in names}, self.real_share)

    def without(self, names: Collection[str]) -> CurveLibrary:
        """The library with these wells held out."""
        return CurveLibrary({k: v for k, v in self.wells.items() if k not in names}, self.real_share)

    def part(self, *, held_out: bool) -> CurveLibrary:
        """The wells kept for testing, about one in eight by their names, or all the others."""
        return self.only({name for name in self.wells if _is_held_out(name) is held_out})

    def shape(self, rng: np.random.Generator, n: int) -> Shape:
        """`n` samples of one curve in fractions of a track around 0."""
        if not self.wells or rng.random() > self.real_share:
            return random_shape(rng, n)
        curves = self.wells[sorted(self.wells)[int(rng.integers(len(self.wells)))]]
        return _cut(rng, curves[int(rng.integers(len(curves)))], n)


def _is_held_out(well: str) -> bool:
    """The same wells on every computer, whatever others lie beside them."""
    return sha256(well.upper().encode()).digest()[0] % 8 == 0


def _read_curves(path: Path) -> tuple[NDArray[np.float32], ...]:
    import lasio

    logging.getLogger("lasio").setLevel(logging.CRITICAL)  # what is odd about a file is of no interest here
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            las = lasio.read(path, ignore_header_errors=True)
    except Exception:  # noqa: BLE001 - ugly files raise anything; the library passes over what does not read
        return ()
    found = (_clean(np.asarray(curve.data)) for curve in las.curves[1:])
    return tuple(curve for curve in found if curve is not None)


def _clean(data: NDArray[np.generic]) -> NDArray[np.float32] | None:
    """The longest run without a null, or None if it is too short or constant."""
    if data.ndim != 1 or not np.issubdtype(data.dtype, np.number):
        return None
    values = data.astype(np.float64)
    good = np.isfinite(values) & (np.abs(values) < 1e5) & (values > -900)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], good.astype(np.int8), [0]))))
    if not edges.size:
        return None
    runs = edges.reshape(-1, 2)
    start, stop = runs[int(np.argmax(runs[:, 1] - runs[:, 0]))]
    run = values[start:stop].astype(np.float32)
    return run if run.size >= _SHORTEST and np.std(run) > 0 and np.unique(run).size > 20 else None


def _cut(rng: np.random.Generator, curve: NDArray[np.float32], n: int) -> Shape:
    """A stretch of a real curve, resampled, in units of its own spread."""
    stride = float(np.exp(rng.uniform(np.log(0.15), np.log(1.6))))
    stride = min(stride, (curve.size - 2) / n)
    start = rng.uniform(0, curve.size - 1 - stride * n)
    values = np.log10(np.maximum(curve, 1e-2)) if curve.min() > 0 and rng.random() < 0.3 else curve
    low, high = np.percentile(values, [3, 97])
    piece = np.interp(start + stride * np.arange(n), np.arange(values.size), values)
    piece = (piece - np.median(piece)) / (high - low + 1e-6)
    return np.asarray(piece * rng.uniform(0.15, 1.0), dtype=np.float32)
