"""Sheet files: what is right is kept, what is wrong is told in one sentence that names the key."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curvedesk.domain.errors import SheetError
from curvedesk.domain.scales import ScaleKind, WrapKind
from curvedesk.domain.sheet import Style, dump_sheet, load_sheet, parse_sheet


def _set(obj: Any, path: str, value: Any) -> None:
    *parents, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    for part in parents:
        obj = obj[part]
    if value is KeyError:
        del obj[last]
    else:
        obj[last] = value


WRONG = [
    ("format", "other", "format"),
    ("version", 2, "version"),
    ("dpi", 0, "dpi"),
    ("dpi", "200", "dpi"),
    ("scan", 3, "scan"),
    ("well", [], "well"),
    ("well/WELL", ["a"], "well.WELL"),
    ("well_confidence", {"WELL": "high"}, "well_confidence.WELL"),
    ("well_confidence", {"WELL": 1.5}, "well_confidence.WELL"),
    ("depth", KeyError, "depth is missing"),
    ("depth/unit", KeyError, "depth.unit is missing"),
    ("depth/ties", [[0, 1000]], "depth.ties needs 2 or more"),
    ("depth/ties/1", [10], "depth.ties[1]"),
    ("depth/ties/1", "x", "depth.ties[1]"),
    ("depth/ties/1", [0, 1100], "two ties in row 0"),
    ("depth/ties/1", [1000, 900], "deeper downwards"),
    ("depth/ties/1/1", float("nan"), "depth.ties[1]"),
    ("depth/ties/1/1", 10**400, "depth.ties[1]"),
    ("depth/x_px", "middle", "depth.x_px"),
    ("depth/top", None, "depth.top is missing"),
    ("depth/bottom", 1000, "depth.bottom"),
    ("depth/top", -1e300, "depth.top"),
    ("depth/step", 1e-320, "depth.step"),
    ("depth/step", 0, "depth.step"),
    ("depth/step", -0.5, "depth.step"),
    ("depth/step", 1e-9, "depth.step"),
    ("depth/confidence", 2, "depth.confidence"),
    ("tracks", {}, "tracks must be a list"),
    ("tracks/0", 5, "tracks[0]"),
    ("tracks/0/name", 1, "tracks[0].name"),
    ("tracks/0/edges", KeyError, "tracks[0].edges is missing"),
    ("tracks/0/edges/left", [[0, 0]], "tracks[0].edges.left needs 2 or more"),
    ("tracks/0/edges/left/1", [0, 0], "tracks[0].edges.left has two points in one row"),
    ("tracks/0/edges/left/1", [200, 1000], "tracks[0].edges.left must stay left of right"),
    ("tracks/0/curves/0/mnemonic", "", "tracks[0].curves[0].mnemonic"),
    ("tracks/0/curves/0/left", KeyError, "tracks[0].curves[0].left is missing"),
    ("tracks/0/curves/0/left", True, "tracks[0].curves[0].left must be a number"),
    ("tracks/0/curves/0/right", 0, "tracks[0].curves[0].right must differ from left"),
    ("tracks/0/curves/0/scale", "log", "tracks[0].curves[0].left must be greater than 0 on a log scale"),
    ("tracks/0/curves/0/scale", "sqrt", "tracks[0].curves[0].scale must be one of linear, log, table"),
    ("tracks/0/curves/0/scale", ["log"], "tracks[0].curves[0].scale"),
    ("tracks/0/curves/0/scale", "table", "tracks[0].curves[0].table is missing"),
    ("tracks/0/curves/0/style", "wavy", "tracks[0].curves[0].style"),
    ("tracks/0/curves/0/wrap", "yes", "tracks[0].curves[0].wrap"),
    ("tracks/0/curves/0/wrap", {"kind": "multiply"}, "tracks[0].curves[0].wrap.factor is missing"),
    ("tracks/0/curves/0/wrap", {"kind": "multiply", "factor": 1}, "tracks[0].curves[0].wrap.factor"),
    ("tracks/0/curves/0/wrap", {"kind": "fold"}, "tracks[0].curves[0].wrap.kind"),
    ("tracks/0/curves/0/digitize", "no", "tracks[0].curves[0].digitize"),
    ("tracks/0/curves/0/confidence", -0.1, "tracks[0].curves[0].confidence"),
]


@pytest.mark.parametrize(("path", "value", "said"), WRONG)
def test_a_wrong_sheet_is_told_by_file_key_and_fault(
    plain: dict[str, Any], tmp_path: Path, path: str, value: Any, said: str
) -> None:
    _set(plain, path, value)
    file = tmp_path / "wrong.sheet.json"
    file.write_text(json.dumps(plain))
    with pytest.raises(SheetError) as raised:
        load_sheet(file)
    message = str(raised.value)
    assert message.startswith(f"{file}: ")
    assert said in message
    assert "\n" not in message


PATHS = sorted({path for path, _, _ in WRONG} | {"depth/ties/0/0", "tracks/0/curves", "tracks/0/edges/right/0/0"})
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PATHS), value=anything)
def test_whatever_stands_in_a_sheet_it_is_read_or_refused_in_one_sentence(
    plain: dict[str, Any], path: str, value: Any
) -> None:
    obj = copy.deepcopy(plain)
    _set(obj, path, value)
    try:
        sheet = parse_sheet(obj, source="x.sheet.json")
    except SheetError as error:
        assert str(error).startswith("x.sheet.json: ")
        assert "\n" not in str(error)
    else:
        assert dump_sheet(parse_sheet(dump_sheet(sheet))) == dump_sheet(sheet)
        assert len(sheet.depth.sample_depths()) >= 1


@pytest.mark.parametrize("table", [[[0, 1]], [[0, 1], [0, 2]], [[0, 1], [0.5, 3], [1, 2]], [[0, 1], [1, 1]], "x"])
def test_a_table_that_cannot_be_read_back_is_refused(plain: dict[str, Any], table: Any) -> None:
    plain["tracks"][0]["curves"][0] |= {"scale": "table", "table": table}
    with pytest.raises(SheetError, match=r"tracks\[0\].curves\[0\].table"):
        parse_sheet(plain)


@pytest.mark.parametrize("content", [b"", b"[1, 2]", b"{", b"\xff\xfe\x00", b"MM\x00*", b"null", b"[" * 100_000])
def test_a_file_that_is_no_sheet_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.sheet.json"
    file.write_bytes(content)
    with pytest.raises(SheetError, match=r"x\.sheet\.json: ") as raised:
        load_sheet(file)
    assert "\n" not in str(raised.value)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="cannot be read"):
        load_sheet(tmp_path / "none.sheet.json")


def test_unknown_keys_survive_at_every_level(plain: dict[str, Any]) -> None:
    plain["made_by"] = {"tool": "hand"}
    plain["depth"]["datum"] = "KB"
    plain["tracks"][0]["colour"] = "green"
    plain["tracks"][0]["edges"]["measured"] = True
    plain["tracks"][0]["curves"][0] |= {"tool": "GRT", "wrap": {"kind": "multiply", "factor": 10, "printed": "x10"}}
    plain["depth"]["ties"] = [[0.0, 1000.0, 0.0], [1000.0, 1100.0, 0.0]]
    assert dump_sheet(parse_sheet(plain)) == plain


def test_every_optional_key_survives(plain: dict[str, Any]) -> None:
    plain["well_confidence"] = {"WELL": 0.9}
    plain["depth"] |= {"confidence": 0.5, "ties": [[0.0, 1000.0, 0.01], [1000.0, 1100.0, 0.02]]}
    plain["tracks"][0]["confidence"] = 0.25
    curve = plain["tracks"][0]["curves"][0]
    curve |= {"confidence": 1, "from": 1000, "to": 1050, "digitize": False}
    plain["tracks"][0]["curves"].append(
        curve | {"scale": "table", "table": [[0.0, 0.0], [0.5, 10.0], [1.0, 100.0]], "from": 1050, "to": 1100}
    )
    assert dump_sheet(parse_sheet(plain)) == plain


def test_what_is_left_out_has_its_usual_meaning(plain: dict[str, Any]) -> None:
    plain["tracks"][0]["curves"] = [{"mnemonic": "GR", "left": 0, "right": 150}]
    for key in ("dpi", "well", "scan"):
        del plain[key]
    sheet = parse_sheet(plain)
    (spec,) = sheet.tracks[0].curves
    assert (spec.scale.kind, spec.style, spec.scale.wrap.kind) == (ScaleKind.LINEAR, Style.SOLID, WrapKind.NONE)
    assert spec.digitize
    assert (sheet.dpi, sheet.well, spec.unit) == (None, {}, "")


def test_a_header_item_may_be_a_number_or_left_open(plain: dict[str, Any]) -> None:
    plain["well"] = {"API": 1513120215, "KB": 12.5, "FLD": None}
    assert parse_sheet(plain).well == {"API": "1513120215", "KB": "12.5"}


def test_one_curve_may_come_twice_only_at_different_depths(plain: dict[str, Any]) -> None:
    first = plain["tracks"][0]["curves"][0]
    plain["tracks"][0]["curves"] = [first | {"to": 1050}, first | {"from": 1050, "right": 200}]
    assert len(parse_sheet(plain).curves()) == 2
    plain["tracks"][0]["curves"][1]["from"] = 1040
    with pytest.raises(SheetError, match="GR twice at one depth"):
        parse_sheet(plain)


def test_ties_and_edges_may_stand_in_any_order(plain: dict[str, Any]) -> None:
    plain["depth"]["ties"].reverse()
    plain["tracks"][0]["edges"]["left"].reverse()
    assert parse_sheet(plain).depth_at(110, 500) == pytest.approx(1050)
