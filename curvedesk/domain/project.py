"""The project: everything one document holds, as plain values that never change in place."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.depth import NOTHING
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.strokes import Stroke
from curvedesk.domain.track import CurveSpec, Track

CurveKey = str  # "TRACK/MNEMONIC"; repeats of a mnemonic in one track get "#2", "#3" in the sheet's order

# Okabe and Ito's palette, which colour-blind eyes can tell apart, in the order the curves of a sheet take it.
OKABE_ITO = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")


@dataclass(frozen=True, slots=True)
class ScanRef:
    """The scan a project was made from: where it lay, the digest of its bytes, and the page's size in pixels."""

    path: str
    sha256: str
    page: int
    width: int
    height: int
    dpi: float


@dataclass(frozen=True, slots=True)
class Look:
    """How a curve is shown; says nothing about its values."""

    colour: str
    width_px: float = 1.5
    visible: bool = True
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Prediction:
    """Which answer of the network the curves were traced from.

    `evidence` names a folder in the evidence cache; `sheet_print` is `sheet_print` of the sheet it was made for.
    """

    evidence: str
    model_id: str
    sheet_print: str


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """Everything an analyst would miss. `strokes` are in the order drawn: "s1", "s2" and so on."""

    scan: ScanRef | None = None
    sheet: Sheet | None = None
    strokes: Mapping[str, Stroke] = field(default_factory=lambda: NOTHING)
    curves: Mapping[CurveKey, TracedCurve] = field(default_factory=lambda: NOTHING)
    looks: Mapping[CurveKey, Look] = field(default_factory=lambda: NOTHING)
    model_id: str = ""
    prediction: Prediction | None = None
    export: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    notes: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    def __post_init__(self) -> None:
        for name in ("strokes", "curves", "looks", "export", "notes"):
            value = getattr(self, name)
            if not isinstance(value, MappingProxyType):
                object.__setattr__(self, name, MappingProxyType(dict(value)))

    def look(self, key: CurveKey) -> Look:
        """How a curve is shown: what the analyst chose, else the colour of its place in the sheet."""
        chosen = self.looks.get(key)
        if chosen is not None:
            return chosen
        keys = list(curve_keys(self.sheet)) if self.sheet else []
        place = keys.index(key) if key in keys else 0
        return Look(OKABE_ITO[place % len(OKABE_ITO)])

    def keys_of(self, mnemonic: str) -> tuple[CurveKey, ...]:
        """The keys of every curve of the sheet that bears this name (strokes speak of names)."""
        keys = curve_keys(self.sheet) if self.sheet else {}
        return tuple(key for key, (_, spec) in keys.items() if spec.mnemonic == mnemonic)


def curve_keys(sheet: Sheet) -> dict[CurveKey, tuple[Track, CurveSpec]]:
    """Every curve of the sheet under its key, in the sheet's order, those not to be digitised included."""
    seen: Counter[str] = Counter()
    keys = {}
    for track, spec in sheet.curves():
        name = f"{track.name}/{spec.mnemonic}"
        seen[name] += 1
        keys[name if seen[name] == 1 else f"{name}#{seen[name]}"] = (track, spec)
    return keys


def sheet_print(sheet: Sheet) -> str:
    """Digest of the sheet's geometry (ties, borders): equal where a network's answer can be used again."""
    digest = hashlib.sha256(repr((sheet.dpi, sheet.depth.unit, sheet.depth.x_px)).encode())
    digest.update(sheet.depth.ties.tobytes())
    for track in sheet.tracks:
        digest.update(repr((track.name, len(track.left), len(track.right))).encode())
        digest.update(track.left.tobytes())
        digest.update(track.right.tobytes())
    return digest.hexdigest()[:32]
