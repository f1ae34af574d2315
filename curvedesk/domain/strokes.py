"""Strokes: what the analyst said about the ink, each one binding for every later trace."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curvedesk.domain.depth import NOTHING
from curvedesk.domain.errors import StrokesError
from curvedesk.domain.fields import Fields, is_number, load_document, merged, open_document, shown
from curvedesk.domain.scales import WrapKind
from curvedesk.domain.sheet import Sheet

FORMAT = "curvedesk-strokes"
DEFAULT_WIDTH_PX = 3.0
MOST_TURN = 8  # no pen of a log goes over its border more often

Points = tuple[tuple[float, float], ...]


def _nothing() -> Mapping[str, Any]:
    return NOTHING


@dataclass(frozen=True, slots=True)
class CurveStroke:
    """The pen of `curve` runs along `points` (x_px, y_px), there on back-up scale `turn` (FORMATS' n; None: unsaid)."""

    curve: str
    points: Points
    width_px: float = DEFAULT_WIDTH_PX
    turn: int | None = None
    extra: Mapping[str, Any] = field(default_factory=_nothing, hash=False)


@dataclass(frozen=True, slots=True)
class NotCurveStroke:
    """Whatever ink lies under `points` (x_px, y_px) is no curve."""

    points: Points
    width_px: float = DEFAULT_WIDTH_PX
    extra: Mapping[str, Any] = field(default_factory=_nothing, hash=False)


@dataclass(frozen=True, slots=True)
class NullStroke:
    """`curve` has no reading in `rows` (first and last y_px)."""

    curve: str
    rows: tuple[float, float]
    extra: Mapping[str, Any] = field(default_factory=_nothing, hash=False)


@dataclass(frozen=True, slots=True)
class AcceptStroke:
    """The traced `curve` is right in `rows` (first and last y_px).

    `lines` (x_px, y_px) is what was traced there when it was accepted, `turns` the back-up scale of each (none at all:
    unsaid); with them the interval binds like strokes.
    """

    curve: str
    rows: tuple[float, float]
    lines: tuple[Points, ...] = ()
    turns: tuple[int, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=_nothing, hash=False)


@dataclass(frozen=True, slots=True)
class SwapStroke:
    """From `from_row` (y_px) down the two curves change places."""

    curves: tuple[str, str]
    from_row: float
    extra: Mapping[str, Any] = field(default_factory=_nothing, hash=False)


Stroke = CurveStroke | NotCurveStroke | NullStroke | AcceptStroke | SwapStroke


def rows_of(stroke: Stroke) -> tuple[float, float]:
    """First and last row (y_px) that a stroke speaks of; of an exchange, which goes on down, the row it begins at."""
    match stroke:
        case CurveStroke() | NotCurveStroke():
            rows = [y for _, y in stroke.points]
        case NullStroke() | AcceptStroke():
            rows = list(stroke.rows)
        case SwapStroke():
            rows = [stroke.from_row]
    return min(rows), max(rows)


def _points(fields: Fields) -> Points:
    return tuple((x, y) for x, y in fields.rows("points", widths=(2,), what="[x_px, y_px]", least=1))


def _width(fields: Fields) -> float:
    width = fields.number_or_none("width_px")
    if width is not None and width <= 0:
        fields.fail("width_px", f"must be greater than 0, not {width:g}")
    return DEFAULT_WIDTH_PX if width is None else width


def _interval(fields: Fields) -> tuple[float, float]:
    rows = fields.sequence("rows")
    if len(rows) != 2 or not all(map(is_number, rows)):
        fields.fail("rows", f"must be [first row, last row], not {shown(rows)}")
    return float(min(rows)), float(max(rows))


def _curve(fields: Fields) -> Stroke:
    turn = fields.number_or_none("turn")
    if turn is not None and (turn != int(turn) or abs(turn) > MOST_TURN):
        fields.fail("turn", f"must be a whole number from {-MOST_TURN} to {MOST_TURN}, not {turn:g}")
    whole = None if turn is None else int(turn)
    return CurveStroke(fields.text("curve"), _points(fields), _width(fields), whole, fields.extra())


def _not_curve(fields: Fields) -> Stroke:
    return NotCurveStroke(_points(fields), _width(fields), fields.extra())


def _null(fields: Fields) -> Stroke:
    return NullStroke(fields.text("curve"), _interval(fields), fields.extra())


def _accept(fields: Fields) -> Stroke:
    curve, rows = fields.text("curve"), _interval(fields)
    lines = fields.sequence("lines", ())
    for i, line in enumerate(lines):
        if not isinstance(line, list | tuple) or not line or not all(map(_is_point, line)):
            fields.fail(f"lines[{i}]", f"must be a list of [x_px, y_px], not {shown(line)}")
    kept = tuple(tuple((float(x), float(y)) for x, y in line) for line in lines)
    turns = fields.sequence("turns", ())
    whole = all(is_number(turn) and turn == int(turn) and abs(turn) <= MOST_TURN for turn in turns)
    if not whole or len(turns) not in {0, len(kept)}:
        fields.fail("turns", f"must be a whole number up to {MOST_TURN} for each line, not {shown(turns)}")
    return AcceptStroke(curve, rows, kept, tuple(int(turn) for turn in turns), fields.extra())


def _is_point(value: object) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and all(map(is_number, value))


def _swap(fields: Fields) -> Stroke:
    names = fields.sequence("curves")
    if len(names) != 2 or not all(isinstance(name, str) for name in names) or names[0] == names[1]:
        fields.fail("curves", f"must name two different curves, not {shown(names)}")
    return SwapStroke((names[0], names[1]), fields.number("from_row"), fields.extra())


PARSERS: Mapping[str, Callable[[Fields], Stroke]] = {
    "curve": _curve,
    "not_curve": _not_curve,
    "null": _null,
    "accept": _accept,
    "swap": _swap,
}


def _parse_stroke(fields: Fields) -> Stroke:
    kind = fields.choice("kind", tuple(PARSERS))
    return PARSERS[kind](fields)


def parse_strokes(obj: object, *, source: str = "strokes") -> tuple[Stroke, ...]:
    """Strokes from decoded JSON, in the order drawn; `source` names the file in errors.

    Raises StrokesError: one sentence with the stroke's key and the fault.
    """
    top = open_document(obj, source=source, error=StrokesError, fmt=FORMAT)
    return tuple(_parse_stroke(child) for child in top.children("strokes"))


def load_strokes(path: Path) -> tuple[Stroke, ...]:
    """Read a `*.strokes.json`. Raises StrokesError."""
    return load_document(Path(path), parse_strokes, StrokesError)


def check_strokes(strokes: Sequence[Stroke], sheet: Sheet, *, source: str = "strokes") -> None:
    """Raise StrokesError where a stroke names a curve that the sheet lacks, or a back-up scale that cannot be."""
    known = [spec.mnemonic for _, spec in sheet.curves()]
    grow = {spec.mnemonic for _, spec in sheet.curves() if spec.scale.wrap.kind is WrapKind.MULTIPLY}
    for i, stroke in enumerate(strokes):
        if isinstance(stroke, CurveStroke) and stroke.curve in grow and (stroke.turn or 0) < 0:
            what = f"strokes[{i}].turn is {stroke.turn}, but the back-up scales of {stroke.curve} begin at 0"
            raise StrokesError(f"{source}: {what}; each is wider than the one before")
        for name in curves_of(stroke):
            if name not in known:
                has = ", ".join(dict.fromkeys(known)) or "no curve"
                raise StrokesError(f"{source}: strokes[{i}] names the curve {name}, but the sheet has {has}")


def curves_of(stroke: Stroke) -> tuple[str, ...]:
    """Mnemonics that a stroke speaks of."""
    if isinstance(stroke, SwapStroke):
        return stroke.curves
    return () if isinstance(stroke, NotCurveStroke) else (stroke.curve,)


def dump_strokes(strokes: Sequence[Stroke]) -> dict[str, Any]:
    """Strokes as JSON-ready objects; the inverse of `parse_strokes`."""
    return {"format": FORMAT, "version": 1, "strokes": [_dump_stroke(stroke) for stroke in strokes]}


def _dump_stroke(stroke: Stroke) -> dict[str, Any]:
    known: dict[str, Any]
    match stroke:
        case CurveStroke():
            points = [list(point) for point in stroke.points]
            known = {"kind": "curve", "curve": stroke.curve, "points": points, "width_px": stroke.width_px}
            if stroke.turn is not None:
                known["turn"] = stroke.turn
        case NotCurveStroke():
            points = [list(point) for point in stroke.points]
            known = {"kind": "not_curve", "points": points, "width_px": stroke.width_px}
        case NullStroke():
            known = {"kind": "null", "curve": stroke.curve, "rows": list(stroke.rows)}
        case AcceptStroke():
            known = {"kind": "accept", "curve": stroke.curve, "rows": list(stroke.rows)}
            if stroke.lines:
                known["lines"] = [[list(point) for point in line] for line in stroke.lines]
            if stroke.turns:
                known["turns"] = list(stroke.turns)
        case SwapStroke():
            known = {"kind": "swap", "curves": list(stroke.curves), "from_row": stroke.from_row}
    return merged(known, stroke.extra)
