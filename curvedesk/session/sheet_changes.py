"""What a new sheet does to the rest of the project: curves follow their pens, looks and strokes follow names."""

from collections.abc import Mapping
from dataclasses import replace

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import CurveKey, Project, curve_keys
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.strokes import NotCurveStroke, Stroke, SwapStroke
from curvedesk.domain.track import CurveSpec, Track

Keys = Mapping[CurveKey, tuple[Track, CurveSpec]]


def carried_over(project: Project, sheet: Sheet, renames: Mapping[CurveKey, CurveKey]) -> Project:
    """The project under `sheet`. A curve without a place in it goes; a stroke never does."""
    old, new = (curve_keys(project.sheet) if project.sheet else {}), curve_keys(sheet)
    moves = {**_reordered(old, new), **renames}
    curves = {}
    for key, curve in project.curves.items():
        to = moves.get(key, key)
        if to in new:
            curves[to] = _under(curve, *new[to])
    looks = {moves.get(key, key): look for key, look in project.looks.items()}
    strokes = _renamed_strokes(project.strokes, _names(moves, old, new))
    return replace(project, sheet=sheet, curves=curves, looks=looks, strokes=strokes)


def _under(curve: TracedCurve, track: Track, spec: CurveSpec) -> TracedCurve:
    if curve.spec == spec and curve.track == track.name:
        return curve
    return replace(curve, spec=spec, track=track.name)


def _reordered(old: Keys, new: Keys) -> dict[CurveKey, CurveKey]:
    """Repeats of a mnemonic in one track that changed places keep their curves: told apart by what they say."""
    moves = {}
    for key, (track, spec) in old.items():
        if key not in new or new[key][1] == spec:
            continue
        same = [other for other, (t, s) in new.items() if t.name == track.name and s == spec and other != key]
        if same and old.get(same[0], (None, spec))[1] != spec:
            moves[key] = same[0]
    return moves


def _names(moves: Mapping[CurveKey, CurveKey], old: Keys, new: Keys) -> dict[str, str]:
    """Mnemonics that were renamed and that no curve of the new sheet bears any more."""
    still = {spec.mnemonic for _, spec in new.values()}
    pairs = [(old[a][1].mnemonic, new[b][1].mnemonic) for a, b in moves.items() if a in old and b in new]
    return {before: after for before, after in pairs if before != after and before not in still}


def _renamed_strokes(strokes: Mapping[str, Stroke], names: Mapping[str, str]) -> Mapping[str, Stroke]:
    if not names:
        return strokes
    return {key: _renamed(stroke, names) for key, stroke in strokes.items()}


def _renamed(stroke: Stroke, names: Mapping[str, str]) -> Stroke:
    match stroke:
        case NotCurveStroke():
            return stroke
        case SwapStroke():
            first, second = (names.get(name, name) for name in stroke.curves)
            return replace(stroke, curves=(first, second))
        case _:
            return replace(stroke, curve=names.get(stroke.curve, stroke.curve))
