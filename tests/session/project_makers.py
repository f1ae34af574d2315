"""Small projects to build on, and what a user or a machine may do to them next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import Look, Prediction, Project, ScanRef, curve_keys
from curvedesk.domain.sheet import Sheet, parse_sheet
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, NullStroke, Stroke, SwapStroke
from curvedesk.session.commands import (
    ActivateModel,
    AddStroke,
    Command,
    ImportStrokes,
    OpenScan,
    RemoveStrokes,
    ReplaceCurves,
    ReplaceStroke,
    SetExport,
    SetLook,
    SetPrediction,
    SetSheet,
    SetWell,
)
from curvedesk.session.steps import KEYED_FIELDS, difference

SCAN = ScanRef("/logs/one.tif", "ab" * 32, 0, 400, 1000, 200.0)
EVERY_KIND: tuple[Stroke, ...] = (
    CurveStroke("GR", ((101.5, 220.0), (99.0, 221.0)), 3.0),
    NotCurveStroke(((140.0, 225.0), (0.1 + 0.2, 1e-300)), 9.0),
    NullStroke("GR", (240.0, 252.0)),
    AcceptStroke("ILD", (180.0, 220.0)),
    SwapStroke(("GR", "ILD"), 310.5),
    CurveStroke("ILD", ((1.0, 2.0),), 3.0, 1, {"by": "Ann", "sure": [1, {"a": None}]}),
)


def sheet_of(*names: str, top: float = 1000.0, **of_curve: Any) -> Sheet:
    """One track "1" with these curves, a foot every ten rows."""
    curves = [{"mnemonic": name, "unit": "API", "left": 0, "right": 100, **of_curve} for name in names]
    edges = {"left": [[0, 0], [0, 1000]], "right": [[100, 0], [100, 1000]]}
    depth = {"unit": "FT", "x_px": 110, "ties": [[0, top], [1000, top + 100]], "top": top, "bottom": top + 100}
    obj = {"format": "curvedesk-sheet", "version": 1, "scan": "one.tif", "dpi": 200, "well": {"WELL": "ONE"}}
    obj |= {"depth": {**depth, "step": 0.5}, "tracks": [{"name": "1", "edges": edges, "curves": curves}]}
    return parse_sheet(obj)


def curve_of(sheet: Sheet, key: str, seed: int = 0, rows: int = 60) -> TracedCurve:
    """A pen with gaps, its turns and its confidences, all odd bits kept."""
    track, spec = curve_keys(sheet)[key]
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 100, rows), np.sort(rng.uniform(0, 1000, rows))
    x[rows // 3 : rows // 3 + 2] = np.nan
    y[rows // 3 : rows // 3 + 1] = np.nan
    turn = rng.integers(-2, 3, rows).astype(np.int32)
    return TracedCurve(spec, track.name, x, y, turn, rng.random(rows).astype(np.float32))


def filled(project: Project | None = None) -> Project:
    """Scan, sheet, two curves, a stroke of every kind."""
    sheet = sheet_of("GR", "ILD")
    for command in (OpenScan(SCAN), SetSheet(sheet), ImportStrokes(EVERY_KIND), ActivateModel("m1")):
        project = command.apply(project or Project())
    assert project is not None
    curves = {key: curve_of(sheet, key, seed) for seed, key in enumerate(curve_keys(sheet))}
    project = SetPrediction(Prediction("e", "m1", "p"), curves).apply(project)
    return SetLook("1/GR", Look("#D55E00", 2.0, visible=False)).apply(project)


def same(one: Project, other: Project) -> bool:
    """To the last bit; a sheet that is built anew counts by what it says."""
    step = difference(one, other)
    keyed = all(list(getattr(one, name)) == list(getattr(other, name)) for name in ("strokes",))
    return keyed and not step.keyed and not set(step.whole) - {"sheet"} and said(one.sheet) == said(other.sheet)


def said(sheet: Sheet | None) -> object:
    """What a sheet says, comparable."""
    from curvedesk.domain.sheet import dump_sheet

    return None if sheet is None else dump_sheet(sheet)


def touched(one: Project, other: Project) -> set[str]:
    """Ids and keys that differ, found the plain way."""
    ids = set()
    for name in set(KEYED_FIELDS) - {"export", "notes"}:
        old, new = getattr(one, name), getattr(other, name)
        ids |= {key for key in {*old, *new} if (key in old) != (key in new) or not alike(old[key], new[key])}
    return ids


def alike(one: object, other: object) -> bool:
    """Values of the maps, curves by their bits."""
    if isinstance(one, TracedCurve) and isinstance(other, TracedCurve):
        columns = ("x_px", "y_px", "turn", "confidence")
        bits = all(getattr(one, c).tobytes() == getattr(other, c).tobytes() for c in columns)
        return bits and (one.spec, one.track) == (other.spec, other.track)
    return one == other


NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: x + 0.0)
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=5).map(tuple)
ROWS = st.tuples(NUMBERS, NUMBERS).map(lambda pair: (min(pair), max(pair)))
NAMES = st.sampled_from(["GR", "ILD", "SP"])
STROKES: st.SearchStrategy[Stroke] = st.one_of(
    st.builds(CurveStroke, NAMES, POINTS),
    st.builds(NotCurveStroke, POINTS, st.floats(0.5, 50)),
    st.builds(NullStroke, NAMES, ROWS),
    st.builds(AcceptStroke, NAMES, ROWS),
    st.builds(SwapStroke, st.sampled_from([("GR", "ILD"), ("SP", "GR")]), NUMBERS),
)
SHEETS = st.lists(NAMES, unique=True, max_size=3).map(lambda names: sheet_of(*names))


@st.composite
def next_commands(draw: st.DrawFn, project: Project) -> Command:
    """Something that can be done to this project."""
    kinds = ["stroke", "import", "sheet", "model", "export", "look", "well", "scan"]
    kinds += ["replace", "remove"] if project.strokes else []
    kinds += ["predict", "trace", "trace", "trace"] if project.sheet and project.sheet.curves() else []
    return _command(draw, draw(st.sampled_from(kinds)), project)


def _command(draw: st.DrawFn, kind: str, project: Project) -> Command:  # noqa: PLR0911 - a table of kinds
    ids = list(project.strokes)
    match kind:
        case "stroke":
            return AddStroke(draw(STROKES))
        case "import":
            return ImportStrokes(tuple(draw(st.lists(STROKES, max_size=3))))
        case "replace":
            return ReplaceStroke(draw(st.sampled_from(ids)), draw(STROKES), merge_key=draw(st.sampled_from(["", "v"])))
        case "remove":
            return RemoveStrokes(draw(st.lists(st.sampled_from(ids), unique=True, min_size=1)))
        case "sheet":
            return SetSheet(draw(SHEETS), merge_key=draw(st.sampled_from(["", "scale"])))
        case "scan":
            return OpenScan(replace(SCAN, page=draw(st.integers(0, 3))))
        case "model":
            return ActivateModel(draw(st.sampled_from(["m1", "m2"])))
        case "export":
            return SetExport({"step": draw(st.integers(1, 3)), "null": None})
        case "look":
            return SetLook(f"1/{draw(NAMES)}", Look(draw(st.sampled_from(["#000000", "#D55E00"]))))
        case "well":
            return SetWell({"WELL": draw(st.text(max_size=5))}, merge_key="well")
        case _:
            return _traced(draw, kind, project)


def _traced(draw: st.DrawFn, kind: str, project: Project) -> Command:
    assert project.sheet is not None
    keys = list(curve_keys(project.sheet))
    if kind == "predict":
        curves = {key: curve_of(project.sheet, key, draw(st.integers(0, 99))) for key in keys}
        return SetPrediction(Prediction("e", "m", str(draw(st.integers(0, 9)))), curves)
    key = draw(st.sampled_from(keys))
    old = project.curves.get(key)
    new = curve_of(project.sheet, key, draw(st.integers(0, 99)), draw(st.integers(0, 60)))
    if old is None:
        return ReplaceCurves({key: new})
    a, b = sorted((draw(st.integers(0, len(old.x_px))), draw(st.integers(0, len(old.x_px)))))
    columns = [
        np.concatenate([getattr(old, c)[:a], getattr(new, c)[: draw(st.integers(0, 3))], getattr(old, c)[b:]])
        for c in ("x_px",)
    ]
    count = len(columns[0]) - a - (len(old.x_px) - b)
    spliced = [
        np.concatenate([getattr(old, c)[:a], getattr(new, c)[:count], getattr(old, c)[b:]])
        for c in ("x_px", "y_px", "turn", "confidence")
    ]
    return ReplaceCurves({key: TracedCurve(old.spec, old.track, *spliced)}, (0.0, 1000.0))
