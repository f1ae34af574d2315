"""What an analyst does to a sheet, as pure functions from sheet to sheet: panels, tools and tests share them.

Every function checks what it made as a sheet file would be checked, and raises SheetError with one sentence where
the edit cannot stand; the sheet it was given never changes. What a person sets carries no confidence any more.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from curvedesk.domain.errors import SheetError
from curvedesk.domain.fields import Fields
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.project import CurveKey, curve_keys
from curvedesk.domain.sheet import Sheet, dump_sheet, parse_sheet
from curvedesk.domain.sheet_fields import dump_curve, dump_track, parse_curve, parse_track
from curvedesk.domain.track import CurveSpec, Track


def add_curve(sheet: Sheet, track: str, spec: CurveSpec, *, at: int | None = None) -> Sheet:
    """The sheet with one curve more in `track`, last or at place `at`."""

    def added(old: Track) -> Track:
        place = len(old.curves) if at is None else at
        return replace(old, curves=(*old.curves[:place], _checked_curve(spec), *old.curves[place:]))

    return _checked(_with_track(sheet, track, added))


def replace_curve(sheet: Sheet, key: CurveKey, spec: CurveSpec) -> Sheet:
    """The sheet with `spec` in place of the curve `key`, given by a person."""
    number, place = find_curve(sheet, key)
    checked = _checked_curve(replace(spec, confidence=None))

    def replaced(old: Track) -> Track:
        return replace(old, curves=(*old.curves[:place], checked, *old.curves[place + 1 :]))

    return _checked(_with_track(sheet, sheet.tracks[number].name, replaced))


def remove_curve(sheet: Sheet, key: CurveKey) -> Sheet:
    """The sheet without the curve `key`."""
    number, place = find_curve(sheet, key)

    def removed(old: Track) -> Track:
        return replace(old, curves=old.curves[:place] + old.curves[place + 1 :])

    return _with_track(sheet, sheet.tracks[number].name, removed)


def move_curve(sheet: Sheet, key: CurveKey, *, track: str, at: int) -> Sheet:
    """The sheet with the curve `key` at place `at` of `track`, counted without the curve itself."""
    spec = spec_at(sheet, key)
    return add_curve(remove_curve(sheet, key), track, spec, at=max(0, at))


def add_track(sheet: Sheet, name: str, *, left: FloatArray, right: FloatArray) -> Sheet:
    """The sheet with one track more between two borders (n, 2) of x_px, y_px, placed by where it lies across."""
    _refuse_name(sheet, name)
    new = _checked_track(Track(name.strip(), left, right))
    tracks = sorted((*sheet.tracks, new), key=lambda track: float(track.left[0, 0]))
    return _checked(replace(sheet, tracks=tuple(tracks)))


def remove_track(sheet: Sheet, name: str) -> Sheet:
    """The sheet without a track and its curves."""
    number = track_number(sheet, name)
    return replace(sheet, tracks=sheet.tracks[:number] + sheet.tracks[number + 1 :])


def rename_track(sheet: Sheet, name: str, new: str) -> Sheet:
    """The sheet with a track called `new`."""
    if new.strip() == name:
        return sheet
    _refuse_name(sheet, new)
    return _with_track(sheet, name, lambda old: replace(old, name=new.strip()))


def move_track(sheet: Sheet, name: str, *, at: int) -> Sheet:
    """The sheet with a track at place `at` of the list; its borders stay where they are."""
    number = track_number(sheet, name)
    rest = sheet.tracks[:number] + sheet.tracks[number + 1 :]
    place = min(max(0, at), len(rest))
    return replace(sheet, tracks=(*rest[:place], sheet.tracks[number], *rest[place:]))


def set_edge(sheet: Sheet, name: str, *, side: str, points: FloatArray) -> Sheet:
    """The sheet with another border of a track; `side` is left or right, `points` (n, 2) of x_px, y_px."""

    def edged(old: Track) -> Track:
        new = replace(old, left=points) if side == "left" else replace(old, right=points)
        return _checked_track(replace(new, confidence=None))

    return _with_track(sheet, name, edged)


def set_well(sheet: Sheet, field: str, value: str) -> Sheet:
    """The sheet with a header field, which a person has now given; an empty value takes the field out."""
    name = field.strip().upper()
    if not name or any(mark in name for mark in ".: \t"):
        raise SheetError(f"Header field {field!r}: a name has no spaces, dots or colons; LAS could not hold it")
    well = {key: text for key, text in sheet.well.items() if key != name or value.strip()}
    if value.strip():
        well[name] = value.strip()
    sure = {key: share for key, share in sheet.well_confidence.items() if key != name}
    return replace(sheet, well=well, well_confidence=sure)


def renames(old: Sheet, new: Sheet, *, moved: CurveKey = "", to: CurveKey = "") -> dict[CurveKey, CurveKey]:
    """Old key -> new key of every curve that is called otherwise now, for sheets that hold the same pens.

    `moved` is the old key, `to` the new one, of the single curve that changed its place; the others keep their order.
    """
    before = [key for key in curve_keys(old) if key != moved]
    after = [key for key in curve_keys(new) if key != to]
    pairs = [*zip(before, after, strict=True), *([(moved, to)] if moved else [])]
    return {one: other for one, other in pairs if one != other}


def find_curve(sheet: Sheet, key: CurveKey) -> tuple[int, int]:
    """Place of the track, and of the curve in it. Raises SheetError where the sheet has no such curve."""
    places = [(i, j) for i, track in enumerate(sheet.tracks) for j in range(len(track.curves))]
    for place, known in zip(places, curve_keys(sheet), strict=True):
        if known == key:
            return place
    raise SheetError(f"The sheet has no curve {key}; it may have been renamed or removed meanwhile")


def spec_at(sheet: Sheet, key: CurveKey) -> CurveSpec:
    """The curve `key`. Raises SheetError."""
    number, place = find_curve(sheet, key)
    return sheet.tracks[number].curves[place]


def key_at(sheet: Sheet, track: str, place: int) -> CurveKey:
    """Key of the curve at a place of a track."""
    number = track_number(sheet, track)
    before = sum(len(one.curves) for one in sheet.tracks[:number])
    return list(curve_keys(sheet))[before + place]


def track_number(sheet: Sheet, name: str) -> int:
    """Place of a track. Raises SheetError where there is none of the name."""
    for number, track in enumerate(sheet.tracks):
        if track.name == name:
            return number
    raise SheetError(f"The sheet has no track {name}; it may have been renamed or removed meanwhile")


def free_track_name(sheet: Sheet) -> str:
    """The first number that no track is called by."""
    taken = {track.name for track in sheet.tracks}
    return next(str(n) for n in range(1, len(taken) + 2) if str(n) not in taken)


def _with_track(sheet: Sheet, name: str, change: Callable[[Track], Track]) -> Sheet:
    number = track_number(sheet, name)
    changed = change(sheet.tracks[number])
    return replace(sheet, tracks=(*sheet.tracks[:number], changed, *sheet.tracks[number + 1 :]))


def _refuse_name(sheet: Sheet, name: str) -> None:
    if not name.strip():
        raise SheetError("A track needs a name; a number will do")
    if "/" in name:
        raise SheetError(f"Track {name!r}: a name must not hold a slash; curves are told apart by it")
    if name.strip() in {track.name for track in sheet.tracks}:
        raise SheetError(f"The sheet has a track {name.strip()} already; give another name")


def _checked(sheet: Sheet) -> Sheet:
    return parse_sheet(dump_sheet(sheet), source="The sheet")


def _checked_curve(spec: CurveSpec) -> CurveSpec:
    return parse_curve(_fields(dump_curve(spec), spec.mnemonic.strip() or "The curve"))


def _checked_track(track: Track) -> Track:
    return parse_track(_fields(dump_track(track), f"Track {track.name}"), number=1)


def _fields(values: dict[str, Any], source: str) -> Fields:
    return Fields(values, "", source, SheetError)
