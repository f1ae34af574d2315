"""One codec for everything that a step can hold: JSON objects beside a list of arrays and a list of sheets.

Used for the journal (a frame an edit) and for the project file (the whole project is the step from an empty one).
What comes from a file is judged here: wrong types, wrong lengths, infinities and unknown fields raise ProjectError.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.errors import ProjectError
from curvedesk.domain.fields import Fields, is_number, shown
from curvedesk.domain.project import Look, Prediction, ScanRef
from curvedesk.domain.sheet import Sheet, dump_sheet, parse_sheet
from curvedesk.domain.sheet_fields import dump_curve, parse_curve
from curvedesk.domain.strokes import Stroke, dump_strokes, parse_strokes
from curvedesk.session.curve_edits import COLUMNS, DTYPES, CurveEdit, Part, columns_of
from curvedesk.session.pool import Pool
from curvedesk.session.steps import GONE, KEYED_FIELDS, WHOLE_FIELDS, Step

__all__ = ["Pool", "pack_step", "pack_stroke", "unpack_step", "unpack_stroke"]


def pack_step(step: Step, pool: Pool) -> dict[str, Any]:
    """A step as JSON values; arrays and sheets go into the pool."""
    whole = {name: _pack(name, value, pool) for name, value in step.whole.items()}
    keyed = {
        name: {key: None if value is GONE else _pack(name, value, pool) for key, value in values.items()}
        for name, values in step.keyed.items()
    }
    return {"whole": whole, "keyed": keyed}


def unpack_step(obj: object, pool: Pool) -> Step:
    """The inverse of `pack_step`. Raises ProjectError."""
    fields = Fields(_object(obj), "", pool.source, ProjectError)
    whole, keyed = fields.child("whole", {}), fields.child("keyed", {})
    unknown = (set(whole.values) - set(WHOLE_FIELDS)) | (set(keyed.values) - set(KEYED_FIELDS))
    if unknown:
        raise ProjectError(f"{pool.source}: holds something unknown ({', '.join(sorted(unknown))}); it is damaged")
    return Step(
        {name: _unpack(name, value, pool) for name, value in whole.values.items()},
        {name: _unpack_keyed(name, keyed.child(name).values, pool) for name in keyed.values},
    )


def _unpack_keyed(name: str, values: Mapping[str, Any], pool: Pool) -> dict[str, Any]:
    if name == "strokes":
        for key in values:
            if not (key.startswith("s") and key[1:].isascii() and key[1:].isdigit() and len(key) < 16):
                raise ProjectError(f"{pool.source}: {shown(key)} is no stroke's id; the file is damaged")
    return {key: GONE if value is None else _unpack(name, value, pool) for key, value in values.items()}


def pack_stroke(stroke: Stroke) -> dict[str, Any]:
    """As in a strokes file."""
    packed: dict[str, Any] = dump_strokes((stroke,))["strokes"][0]
    return packed


def unpack_stroke(obj: object, source: str) -> Stroke:
    """As in a strokes file. Raises StrokesError."""
    whole = {"format": "curvedesk-strokes", "version": 1, "strokes": [obj]}
    return parse_strokes(whole, source=source)[0]


def _pack(name: str, value: Any, pool: Pool) -> Any:
    match value:
        case Sheet():
            return {"sheet": pool.put_sheet(value, dump_sheet)}
        case TracedCurve():
            return _pack_columns(value.spec, value.track, columns_of(value), pool)
        case CurveEdit():
            packed = _pack_columns(value.spec, value.track, value.part, pool)
            return packed | {"start": value.start, "stop": value.stop}
        case ScanRef() | Look() | Prediction():
            return asdict(value)
        case _:
            return pack_stroke(value) if name == "strokes" else {"is": value}


def _pack_columns(spec: Any, track: str, part: Part, pool: Pool) -> dict[str, Any]:
    return {"spec": dump_curve(spec), "track": track, "columns": [pool.put_array(column) for column in part]}


def _unpack(name: str, obj: Any, pool: Pool) -> Any:
    fields = Fields(_object(obj), name, pool.source, ProjectError)
    if name == "strokes":
        return unpack_stroke(obj, pool.source)
    if "is" in fields.values and fields.values["is"] is None and name not in {"model_id"}:
        return None
    return _READERS.get(name, _plain)(fields, pool)


def _plain(fields: Fields, _pool: Pool) -> Any:
    return fields.values.get("is")


def _model(fields: Fields, _pool: Pool) -> str:
    return fields.text("is")


def _sheet(fields: Fields, pool: Pool) -> Sheet:
    return pool.sheet(_count(fields, "sheet"), lambda obj: parse_sheet(obj, source=pool.source))


def _scan(fields: Fields, _pool: Pool) -> ScanRef:
    numbers = {name: _count(fields, name) for name in ("page", "width", "height")}
    dpi = fields.number("dpi")
    if dpi <= 0 or min(numbers["width"], numbers["height"]) < 1:
        fields.fail("dpi", "and the size must be greater than 0")
    return ScanRef(fields.text("path"), fields.text("sha256"), dpi=dpi, **numbers)


def _look(fields: Fields, _pool: Pool) -> Look:
    width = fields.number("width_px")
    return Look(
        fields.text("colour"), width, fields.flag("visible", default=True), fields.flag("locked", default=False)
    )


def _prediction(fields: Fields, _pool: Pool) -> Prediction:
    return Prediction(fields.text("evidence"), fields.text("model_id"), fields.text("sheet_print"))


def _curve(fields: Fields, pool: Pool) -> TracedCurve | CurveEdit:
    spec, track = parse_curve(fields.child("spec")), fields.text("track")
    numbers = fields.sequence("columns")
    if len(numbers) != len(COLUMNS) or not all(isinstance(n, int) for n in numbers):
        fields.fail("columns", "must be four numbers of arrays")
    part = _part(fields, [pool.array(n) for n in numbers])
    if "start" not in fields.values:
        return TracedCurve(spec, track, *part)
    return CurveEdit(spec, track, _count(fields, "start"), _count(fields, "stop"), part)


def _part(fields: Fields, columns: list[NDArray[Any]]) -> Part:
    for name, column in zip(COLUMNS, columns, strict=True):
        if column.dtype != DTYPES[name] or column.shape != columns[0].shape:
            fields.fail("columns", f"do not fit each other at {name}; the file is damaged")
        if column.dtype.kind == "f" and np.isinf(column).any():
            fields.fail("columns", f"hold an infinite number at {name}; the file is damaged")
    x, y, turn, sure = columns
    return x, y, turn, sure


_READERS: Mapping[str, Callable[[Fields, Pool], Any]] = {
    "scan": _scan,
    "sheet": _sheet,
    "model_id": _model,
    "prediction": _prediction,
    "curves": _curve,
    "looks": _look,
}


def _count(fields: Fields, key: str) -> int:
    value = fields.get(key)
    if not is_number(value) or value != int(value) or value < 0:
        fields.fail(key, f"must be a whole number from 0 on, not {shown(value)}")
    return int(value)


def _object(obj: object) -> Mapping[str, Any]:
    if not isinstance(obj, Mapping):
        raise ProjectError(f"the project holds {shown(obj)} where an object belongs; it is damaged")
    return obj
