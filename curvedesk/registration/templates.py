"""Forms seen before: what a confirmed sheet says of its print, recognised on the next log of the same form.

A template holds where the tracks lie across the print, what their scales said, and, of a form that the analyst saved
with its scan, a small picture of the scale block. A log with the same layout and the same picture needs no reading of
its block; one with the same layout alone is lent scales only where it gave none. Neither is ever called sure.
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
from curvedesk.imaging import Scan
from curvedesk.registration.page import U8
from curvedesk.registration.templates_picture import from_text, likeness, picture_above, to_text
from curvedesk.store.atomic import write_json
from curvedesk.store.locations import bundled_resources_dir, config_dir

FORMAT = "curvedesk-template"
_NEAR = 0.012  # of the print's width: borders of one form differ less
_LEAST = 0.5
_BORROWED, _BORROWED_BUNDLED, _SEEN = 0.8, 0.4, 0.94
_SAME_PICTURE = 0.84  # other forms of one hand reach 0.77, the same form on another scan 0.88
ENDING = ".template.json"


@dataclass(frozen=True, slots=True, eq=False)
class FormTrack:
    """A track of a form: its borders as parts of the print's width, and its curves."""

    left: float
    right: float
    curves: tuple[CurveSpec, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A form by name. `own`: saved by the analyst from a confirmed sheet, not one that came with the program.
    `picture`: what stands above the log, None where the form was saved without a scan."""

    name: str
    tracks: tuple[FormTrack, ...]
    words: tuple[str, ...]
    own: bool = True
    picture: U8 | None = None


def template_of(sheet: Sheet, name: str, scan: Scan | None = None) -> Template:
    """The form of a confirmed sheet. Raises SheetError for a sheet without tracks, ScanError."""
    if not sheet.tracks:
        raise SheetError(f"the sheet of {sheet.scan or 'this scan'} has no tracks, so no template can be made of it")
    edges = _shares(sheet.tracks)
    tracks = tuple(
        FormTrack(a, b, tuple(replace(c, confidence=None, extra={}) for c in track.curves))
        for (a, b), track in zip(edges, sheet.tracks, strict=True)
    )
    slope = float(sheet.depth.slope_at(sheet.tracks[0].left[0, 1]))
    picture = picture_above(scan, sheet.tracks, slope=slope) if scan is not None else None
    return Template(name, tracks, (), picture=picture)


def save_template(sheet: Sheet, name: str, *, scan: Scan | None = None) -> Path:
    """Keep a confirmed sheet's form under a name in the user's settings, in place of one of that name; the file.

    With its `scan` the form is known again by its looks. Raises SheetError, ScanError, ExportError.
    """
    template = template_of(sheet, name.strip(), scan)
    path = user_folder() / f"{_file_name(name)}{ENDING}"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, _dump(template))
    return path


def _file_name(name: str) -> str:
    safe = "".join(c if c.isalnum() or c in "-_ " else "_" for c in name).strip()
    if not safe:
        raise SheetError("a template needs a name; give one, such as the form's or the county's")
    return safe


def delete_template(name: str) -> None:
    """Forget one of the analyst's own forms. Raises SheetError where there is none of that name."""
    for path in _files(user_folder()):
        if _name_in(path).casefold() == name.strip().casefold():
            path.unlink()
            return
    raise SheetError(f"there is no template of your own called {name!r}; 'curvedesk templates' lists them")


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{ENDING}")) if folder.is_dir() else []


def _name_in(path: Path) -> str:
    """The name a file gives its form; of a broken one the file's own."""
    try:
        return load_template(path).name
    except SheetError:
        return path.name.removesuffix(ENDING)


def user_folder() -> Path:
    """Where the analyst's own templates lie."""
    return config_dir() / "templates"


def templates() -> list[Template]:
    """The analyst's own, then the bundled ones; a file that is none is passed over."""
    found = []
    for folder, own in ((user_folder(), True), (bundled_resources_dir() / "templates", False)):
        for path in _files(folder):
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
        picture = from_text(str(obj["picture"])) if obj.get("picture") else None
        return Template(str(obj["name"]), tracks, tuple(str(w) for w in obj.get("words", ())), own, picture)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SheetError(f"{path}: is not a template ({error}); save it again from a confirmed sheet") from error


def seen_before(scan: Scan, tracks: Sequence[Track], *, slope: float) -> tuple[Template, float] | None:
    """(the analyst's own form that this log is printed on, how alike), or None: by layout and looks, without reading.

    `slope`: dy/dx of the level lines at the tracks' first rows. Raises ScanError.
    """
    forms = [t for t in templates() if t.picture is not None and _apart(tracks, t) < _NEAR]
    seen = picture_above(scan, tracks, slope=slope, slip=True) if forms else None
    if seen is None:
        return None
    alike = [(form, likeness(form.picture, seen)) for form in forms if form.picture is not None]
    best = max(alike, key=lambda pair: pair[1])
    return best if best[1] >= _SAME_PICTURE else None


def _apart(tracks: Sequence[Track], template: Template) -> float:
    """How far the borders lie from the form's, in parts of the print's width; infinite for another number of tracks."""
    if not tracks or len(template.tracks) != len(tracks):
        return float("inf")
    return float(np.abs(np.array(_shares(tracks)) - np.array([(t.left, t.right) for t in template.tracks])).max())


def as_seen(tracks: Sequence[Track], template: Template, alike: float) -> tuple[Track, ...]:
    """Tracks with all curves of a form known by its looks."""
    extra, sure = {"from_template": template.name}, round(_SEEN * alike, 3)
    pairs = zip(tracks, template.tracks, strict=True)
    return tuple(
        replace(track, curves=tuple(replace(c, confidence=sure, extra=extra) for c in form.curves))
        for track, form in pairs
    )


def recognise(
    tracks: Sequence[Track], texts: Sequence[str], known: Sequence[Template]
) -> tuple[Template, float] | None:
    """(the form these tracks are printed on, how sure), or None; of several alike the one whose words are there."""
    if not tracks:
        return None
    said = " ".join(texts).upper()
    best: tuple[Template, float] | None = None
    for template in known:
        off = _apart(tracks, template)
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
    made = {"format": FORMAT, "version": 1, "name": template.name, "words": list(template.words), "tracks": tracks}
    return made if template.picture is None else made | {"picture": to_text(template.picture)}


def _parse_track(obj: Mapping[str, Any], path: Path) -> FormTrack:
    curves = [parse_curve(Fields(c, "curves", path.name, SheetError)) for c in obj.get("curves", ())]
    return FormTrack(float(obj["left"]), float(obj["right"]), tuple(curves))
