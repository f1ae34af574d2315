"""Strokes files: read, written back, and refused in one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from curvedesk.domain.errors import StrokesError
from curvedesk.domain.sheet import parse_sheet
from curvedesk.domain.strokes import CurveStroke, NullStroke, check_strokes, dump_strokes, load_strokes, parse_strokes

ALL = [
    {"kind": "curve", "curve": "GR", "points": [[101.5, 2200], [99, 2210]], "width_px": 3},
    {"kind": "not_curve", "points": [[140, 2250], [170, 2251]], "width_px": 9, "note": "stamp"},
    {"kind": "null", "curve": "GR", "rows": [2400, 2520]},
    {"kind": "accept", "curve": "GR", "rows": [1800, 2200]},
    {"kind": "swap", "curves": ["GR", "SP"], "from_row": 3105},
    {"kind": "curve", "curve": "GR", "points": [[101.5, 2200], [99, 2210]], "width_px": 3, "turn": -1},
    {"kind": "accept", "curve": "GR", "rows": [1, 9], "lines": [[[1, 2], [3, 4]], [[1, 2], [3, 9]]], "turns": [0, 1]},
]


def _file(*strokes: Any) -> dict[str, Any]:
    return {"format": "curvedesk-strokes", "version": 1, "strokes": list(strokes)}


def test_every_kind_is_written_back_as_it_was_read() -> None:
    assert dump_strokes(parse_strokes(_file(*ALL))) == _file(*ALL)


def test_equal_strokes_are_equal_values() -> None:
    one, other = parse_strokes(_file(ALL[0], ALL[0]))
    assert one == other
    assert isinstance(one, CurveStroke)
    assert one.points == ((101.5, 2200.0), (99.0, 2210.0))


def test_rows_given_upside_down_mean_the_same() -> None:
    (stroke,) = parse_strokes(_file({"kind": "null", "curve": "GR", "rows": [20, 10]}))
    assert stroke == NullStroke("GR", (10.0, 20.0))


@pytest.mark.parametrize(
    ("stroke", "said"),
    [
        (7, "strokes[0] must be an object"),
        ({}, "strokes[0].kind is missing"),
        ({"kind": "erase"}, "strokes[0].kind must be one of curve, not_curve, null, accept, swap"),
        ({"kind": "curve", "points": [[1, 2]]}, "strokes[0].curve is missing"),
        ({"kind": "curve", "curve": "GR", "points": []}, "strokes[0].points needs 1 or more"),
        ({"kind": "curve", "curve": "GR", "points": [[1, 2, 3]]}, "strokes[0].points[0]"),
        ({"kind": "curve", "curve": "GR", "points": [[1, 2]], "turn": 0.5}, "strokes[0].turn must be a whole number"),
        (
            {"kind": "curve", "curve": "GR", "points": [[1, 2]], "turn": 9},
            "strokes[0].turn must be a whole number from -8 to 8, not 9",
        ),
        ({"kind": "accept", "curve": "GR", "rows": [1, 2], "lines": [[[1, 2]]], "turns": [1, 2]}, "strokes[0].turns"),
        ({"kind": "accept", "curve": "GR", "rows": [1, 2], "turns": ["a"]}, "strokes[0].turns"),
        ({"kind": "not_curve", "points": [[1, 2]], "width_px": 0}, "strokes[0].width_px"),
        ({"kind": "null", "curve": "GR", "rows": [1]}, "strokes[0].rows"),
        ({"kind": "accept", "curve": "GR", "rows": ["a", 2]}, "strokes[0].rows"),
        ({"kind": "swap", "curves": ["GR", "GR"], "from_row": 1}, "strokes[0].curves"),
        ({"kind": "swap", "curves": ["GR"], "from_row": 1}, "strokes[0].curves"),
        ({"kind": "swap", "curves": ["GR", "SP"]}, "strokes[0].from_row is missing"),
    ],
)
def test_a_wrong_stroke_is_told_by_file_key_and_fault(tmp_path: Path, stroke: Any, said: str) -> None:
    file = tmp_path / "my.strokes.json"
    file.write_text(json.dumps(_file(stroke)))
    with pytest.raises(StrokesError) as raised:
        load_strokes(file)
    assert str(raised.value).startswith(f"{file}: {said}")


def test_a_stroke_for_a_curve_that_the_sheet_lacks_is_refused(plain: dict[str, Any]) -> None:
    sheet = parse_sheet(plain)
    check_strokes(parse_strokes(_file(*ALL[:4])), sheet)
    with pytest.raises(StrokesError, match=r"strokes\[4\] names the curve SP, but the sheet has GR"):
        check_strokes(parse_strokes(_file(*ALL)), sheet)


def test_a_back_up_scale_that_cannot_be_is_refused(plain: dict[str, Any]) -> None:
    said = parse_strokes(_file({"kind": "curve", "curve": "GR", "points": [[1, 2]], "turn": -1}))
    check_strokes(said, _wrapping(plain, True))
    with pytest.raises(StrokesError, match=r"strokes\[0\].turn is -1, but the back-up scales of GR begin at 0"):
        check_strokes(said, _wrapping(plain, {"kind": "multiply", "factor": 10}))


def _wrapping(plain: dict[str, Any], wrap: Any) -> Any:
    """The sheet with a back-up scale for GR."""
    (track, *others) = plain["tracks"]
    curves = [{**curve, "wrap": wrap} if curve["mnemonic"] == "GR" else curve for curve in track["curves"]]
    return parse_sheet({**plain, "tracks": [{**track, "curves": curves}, *others]})
