"""How sure each part of a proposed sheet is, where on the paper it was read, and accepting it.

A part is named by a path: `depth`, `ties.3`, `track.1`, `curve.1/GR`, `well.COMP`. Where it was read stands in the
sheet's own `evidence`: {"well.COMP": {"box": [x0, y0, x1, y1], "text": "...", "turn": 90}}, scan pixels; or in the
`read_from` that reading the paper leaves with each part.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from curvedesk.domain.fields import is_number
from curvedesk.domain.presets import range_shown, unit_shown
from curvedesk.domain.print_scale import lines_in_words
from curvedesk.domain.project import curve_keys
from curvedesk.domain.sheet import Sheet
from curvedesk.session.refit import confirmed

SURE, UNSURE = 0.9, 0.6


@dataclass(frozen=True, slots=True)
class Crop:
    """A place on the paper, scan pixels; `turn` degrees clockwise make its text upright."""

    x0_px: float
    y0_px: float
    x1_px: float
    y1_px: float
    text: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the sheet: `confidence` None was given by a person."""

    path: str
    title: str
    value: str
    confidence: float | None
    crop: Crop | None


def parts(sheet: Sheet) -> tuple[Part, ...]:
    """Every part that carries a confidence: depth, tracks, curves, then the header."""
    found = [Part("depth", "Depth", _depth_text(sheet), sheet.depth.confidence, crop_of(sheet, "depth"))]
    for track in sheet.tracks:
        path = f"track.{track.name}"
        found.append(Part(path, f"Track {track.name}", "borders", track.confidence, crop_of(sheet, path)))
    for key, (_track, spec) in curve_keys(sheet).items():
        found.append(_curve_part(sheet, key, spec.mnemonic, spec.confidence))
    for name, value in sheet.well.items():
        path = f"well.{name}"
        found.append(Part(path, name, value, sheet.well_confidence.get(name), crop_of(sheet, path)))
    return tuple(part for part in found if part.confidence is not None)


def warnings(sheet: Sheet) -> tuple[str, ...]:
    """What reading the paper says is missing or not clear; nothing of a sheet that makes no sense of it."""
    said = sheet.extra.get("warnings")
    return tuple(text for text in said if isinstance(text, str)) if isinstance(said, list | tuple) else ()


def ruled(sheet: Sheet) -> str:
    """How close the print rules its depth lines, in words; "" where nobody read it, or it makes no sense."""
    page = sheet.extra.get("page")
    lines = page.get("depth_lines") if isinstance(page, Mapping) else None
    try:
        return lines_in_words(lines, sheet.depth.unit) if isinstance(lines, Mapping) else ""
    except (KeyError, TypeError, ValueError):
        return ""


def accepted(sheet: Sheet, path: str) -> Sheet:
    """The sheet with one part said to be right by a person."""
    kind, _, name = path.partition(".")
    if kind == "depth":
        return replace(sheet, depth=confirmed(sheet.depth))
    if kind == "track":
        tracks = (replace(t, confidence=None) if t.name == name else t for t in sheet.tracks)
        return replace(sheet, tracks=tuple(tracks))
    if kind == "curve":
        return _curve_accepted(sheet, name)
    sure = {key: share for key, share in sheet.well_confidence.items() if key != name}
    return replace(sheet, well_confidence=sure)


def all_accepted(sheet: Sheet) -> Sheet:
    """The sheet with every part said to be right by a person."""
    for part in parts(sheet):
        sheet = accepted(sheet, part.path)
    return replace(sheet, well_confidence={})


def crop_of(sheet: Sheet, path: str) -> Crop | None:
    """Where a part was read; None where the sheet does not say, or says nonsense."""
    evidence = sheet.extra.get("evidence")
    entry = evidence.get(path) if isinstance(evidence, Mapping) else None
    return _crop(entry) if isinstance(entry, Mapping) else _crop({"box": _read_from(sheet, path)})


def _read_from(sheet: Sheet, path: str) -> Any:
    """The box that reading the paper left with the part itself; of the depths, that of a number in the middle."""
    kind, _, name = path.partition(".")
    if kind == "depth":
        ties = sheet.depth.extra.get("tie_evidence")
        known = [tie.get("read_from") for tie in ties if isinstance(tie, Mapping)] if isinstance(ties, list) else []
        boxes = [box for box in known if box]
        return boxes[len(boxes) // 2] if boxes else None
    if kind == "track":
        return next((track.extra.get("read_from") for track in sheet.tracks if track.name == name), None)
    if kind == "curve":
        found = curve_keys(sheet).get(name)
        return found[1].extra.get("read_from") if found else None
    wells = sheet.extra.get("well_read_from")
    return wells.get(name) if isinstance(wells, Mapping) else None


def _crop(entry: Mapping[str, Any]) -> Crop | None:
    box = entry.get("box")
    if not isinstance(box, list | tuple) or len(box) != 4 or not all(map(is_number, box)):
        return None
    x0, y0, x1, y1 = map(float, box)
    if x1 <= x0 or y1 <= y0:
        return None
    turn = entry.get("turn", 0)
    return Crop(x0, y0, x1, y1, str(entry.get("text", "")), int(turn) if is_number(turn) else 0)


def _depth_text(sheet: Sheet) -> str:
    axis = sheet.depth
    return f"{len(axis.ties)} ties, {axis.ties[0, 1]:,g} to {axis.ties[-1, 1]:,g} {axis.unit.lower()}"


def _curve_part(sheet: Sheet, key: str, mnemonic: str, confidence: float | None) -> Part:
    spec = curve_keys(sheet)[key][1]
    value = f"{range_shown(spec.scale)} {unit_shown(spec.unit)}"
    return Part(f"curve.{key}", mnemonic, value, confidence, crop_of(sheet, f"curve.{key}"))


def _curve_accepted(sheet: Sheet, key: str) -> Sheet:
    known = iter(curve_keys(sheet))
    tracks = []
    for track in sheet.tracks:
        curves = (replace(spec, confidence=None) if next(known) == key else spec for spec in track.curves)
        tracks.append(replace(track, curves=tuple(curves)))
    return replace(sheet, tracks=tuple(tracks))
