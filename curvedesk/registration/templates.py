"""Forms seen before: what a confirmed sheet says of its print, recognised on the next log of the same form.

A template holds where the tracks lie across the print, how they are ruled, and what their scales said. It matches a
log by that layout alone; scales are taken over only where the log itself gave none, and are never called sure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from curvedesk.domain.errors import SheetError
from curvedesk.domain.fields import Fields
from curvedesk.domain.sheet import CurveSpec, Sheet, Track
from curvedesk.domain.sheet_fields import dump_curve, parse_curve
from curvedesk.store.atomic import replacing
from curvedesk.store.locations import bundled_resources_dir, config_dir

FORMAT = "curvedesk-template"
_NEAR = 0.012  # of the print's width: borders of one form differ less
_LEAST = 0.5
_BORROWED, _BORROWED_BUNDLED = 0.8, 0.4


@dataclass(frozen=True, slots=True, eq=False)
class FormTrack:
    """A track of a form: its borders as parts of the print's width, and its curves."""

    left: float
    right: float
    curves: tuple[CurveSpec, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A form by name. `own`: saved by the analyst from a confirmed sheet, not one that came with the program."""

    name: str
    tracks: tuple[FormTrack, ...]
    words: tuple[str, ...]
    own: bool = True


def template_of(sheet: Sheet, name: str) -> Template:
    """The form of a confirmed sheet. Raises SheetError for a sheet without tracks."""
    if not sheet.tracks:
        raise SheetError(f"the sheet of {sheet.scan or 'this scan'} has no tracks, so no template can be made of it")
    edges = _shares(sheet.tracks)
    tracks = tuple(
        FormTrack(a, b, tuple(replace(c, confidence=None, extra={}) for c in track.curves))
        for (a, b), track in zip(edges, sheet.tracks, strict=True)
    )
    return Template(name, tracks, ())


def save_template(sheet: Sheet, name: str, folder: Path | None = None) -> Path:
    """Keep a confirmed sheet's form in the user's settings (or `folder`); the file's path. Raises SheetError."""
    template = template_of(sheet, name)
    safe = "".join(c if c.isalnum() or c in "-_ " else "_" for c in name).strip() or "form"
    path = (folder or user_folder()) / f"{safe}.template.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        part.write_text(json.dumps(_dump(template), indent=1), encoding="utf-8")
    return path


def user_folder() -> Path:
    """Where the analyst's own templates lie."""
    return config_dir() / "templates"


def templates() -> list[Template]:
    """The analyst's own, then the bundled ones; a file that is none is passed over."""
    found = []
    for folder, own in ((user_folder(), True), (bundled_resources_dir() / "templates", False)):
        for path in sorted(folder.glob("*.template.json")) if folder.is_dir() else ():
            try:
                found.append(load_template(path, own=own))
            except SheetError:  # one broken file must not stop a reading
                continue
    return found


def load_template(path: Path, *, own: bool = True) -> Template:
    """A template file. Raises SheetError."""
    try:
        obj = json.loads(path.read_text(encoding="utf-8-sig"))
        if obj["format"] != FORMAT:
            raise ValueError("its format is another")
        tracks = tuple(_parse_track(t, path) for t in obj["tracks"])
        return Template(str(obj["name"]), tracks, tuple(str(w) for w in obj.get("words", ())), own)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SheetError(f"{path}: is not a template ({error}); save it again from a confirmed sheet") from error


def recognise(
    tracks: Sequence[Track], texts: Sequence[str], known: Sequence[Template]
) -> tuple[Template, float] | None:
    """(the form these tracks are printed on, how sure), or None; of several alike the one whose words are there."""
    if not tracks:
        return None
    edges = np.array(_shares(tracks))
    said = " ".join(texts).upper()
    best: tuple[Template, float] | None = None
    for template in known:
        if len(template.tracks) != len(tracks):
            continue
        off = np.abs(edges - np.array([(t.left, t.right) for t in template.tracks])).max()
        words = [w.upper() in said for w in template.words]
        told = float(np.mean(words)) if words else (0.75 if template.own else 0.0)
        likeness = float(np.clip(1 - off / _NEAR, 0, 1)) ** 0.5 * told if off < _NEAR else 0.0
        if likeness >= _LEAST and (best is None or likeness > best[1]):
            best = template, likeness
    return best


def filled(tracks: Sequence[Track], template: Template, likeness: float) -> tuple[Track, ...]:
    """Tracks with the form's curves where the paper gave none."""
    borrowed = (_BORROWED if template.own else _BORROWED_BUNDLED) * likeness
    taken = {spec.mnemonic.upper() for track in tracks for spec in track.curves}
    found = []
    for track, form in zip(tracks, template.tracks, strict=True):
        if not track.curves:
            new = [c for c in form.curves if c.mnemonic.upper() not in taken]
            extra = {"from_template": template.name}
            track = replace(track, curves=tuple(replace(c, confidence=round(borrowed, 3), extra=extra) for c in new))  # noqa: PLW2901
        found.append(track)
    return tuple(found)


def _shares(tracks: Sequence[Track]) -> list[tuple[float, float]]:
    """Borders at the middle row of the print, as parts of its width from the first border to the last."""
    row = float(np.mean([edge[:, 1].mean() for t in tracks for edge in (t.left, t.right)]))
    ends = [(float(t.left_at(row)), float(t.right_at(row))) for t in tracks]
    low, width = ends[0][0], max(1e-6, ends[-1][1] - ends[0][0])
    return [((a - low) / width, (b - low) / width) for a, b in ends]


def _dump(template: Template) -> dict[str, Any]:
    tracks = [{"left": t.left, "right": t.right, "curves": [dump_curve(c) for c in t.curves]} for t in template.tracks]
    return {"format": FORMAT, "version": 1, "name": template.name, "words": list(template.words), "tracks": tracks}


def _parse_track(obj: Mapping[str, Any], path: Path) -> FormTrack:
    curves = [parse_curve(Fields(c, "curves", path.name, SheetError)) for c in obj.get("curves", ())]
    return FormTrack(float(obj["left"]), float(obj["right"]), tuple(curves))
