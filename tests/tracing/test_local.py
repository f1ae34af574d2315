"""Around a stroke only: strokes obeyed, the rest untouched, and the same as if all had been traced anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvedesk.domain.curve import TracedCurve, sample
from curvedesk.domain.errors import StrokesError
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.strokes import CurveStroke, NullStroke, Stroke
from curvedesk.interchange.obeyed import distances, obeyed
from curvedesk.tracing.local import MARGINS, Retraced, retrace
from curvedesk.tracing.track import Evidence, trace_track
from tests.tracing.makers import Floats, cali, digitised, gr, ideal, make_sheet, pen_line, sp, strokes

SAME_PX = 0.5
Lines = list[TracedCurve]


def _wave(middle: float, swing: float, feet: float) -> Any:
    return lambda depth: middle + swing * np.sin(2 * np.pi * (depth - 1000) / feet)


@cache
def _log(dpi: float = 200, slope: float = 0.0, wrap: bool = False) -> tuple[Sheet, Evidence, Lines]:
    """Two solid pens that stay apart, one dashed pen that crosses both; traced as a whole."""
    sheet = make_sheet([gr(wrap=wrap), cali(), sp()], dpi=dpi, slope=slope, feet=90)
    high = 30.0 if not wrap else 70.0
    pens = [
        pen_line(sheet, "GR", _wave(high, 14 if not wrap else 45, 23)),
        pen_line(sheet, "CALI", _wave(74, 8, 31)),
        pen_line(sheet, "SP", _wave(52, 36, 47)),
    ]
    evidence = ideal(sheet, pens, dashes_px=(14, 6))
    return sheet, evidence, trace_track(sheet, sheet.tracks[0], evidence, dpi=dpi)


def _after(
    log: tuple[Sheet, Evidence, Lines], after: Sequence[Stroke], before: Sequence[Stroke] = (), **more: Any
) -> tuple[Retraced, Lines]:
    sheet, evidence, lines = log
    found = retrace(sheet, sheet.tracks[0], evidence, lines, dpi=sheet.dpi or 200, before=before, after=after, **more)
    return found, [found.curves.get(i, line) for i, line in enumerate(lines)]


def _obeys(stroke: Stroke, sheet: Sheet, lines: Lines) -> bool | None:
    log = digitised_of(sheet, lines)
    return obeyed(stroke, log)


def digitised_of(sheet: Sheet, lines: Lines) -> Any:
    """A log of lines that are traced already."""
    empty = replace(sheet, tracks=tuple(replace(track, curves=()) for track in sheet.tracks))
    nothing = Evidence(np.zeros((2, 4, 4), np.uint8), np.zeros((4, 4), np.uint8), ideal(empty, []).window)
    log = digitised(empty, nothing)
    from curvedesk.domain.curve import DigitisedCurve

    none = np.zeros(0), np.zeros(0, np.float32)
    return replace(log, curves=tuple(DigitisedCurve(line.spec.mnemonic, "", *none, "test", (line,)) for line in lines))


def _places(sheet: Sheet, line: TracedCurve) -> Floats:
    """Where the line is read across the track at the log's depths, in 200 dpi pixels along the unrolled scales."""
    values = sample([line], sheet, np.arange(sheet.depth.top, sheet.depth.bottom, 0.1))[0]
    return values / 100 * 200  # all curves of these sheets run from 0 to 100 over 200 px


def _agree(sheet: Sheet, one: Lines, other: Lines) -> float:
    """Share of depths, over all curves, at which two tracings read the same."""
    same = []
    for a, b in zip(one, other, strict=True):
        pa, pb = _places(sheet, a), _places(sheet, b)
        same.append((np.isnan(pa) & np.isnan(pb)) | (np.abs(pa - pb) <= SAME_PX))
    return float(np.mean(same))


def _at(sheet: Sheet, values: Sequence[float], feet: Sequence[float]) -> list[list[float]]:
    track = sheet.tracks[0]
    return np.column_stack(sheet.pixel_at(track, np.asarray(values) / 100, np.asarray(feet, float))).tolist()


papers = pytest.mark.parametrize(
    "paper", [{}, {"dpi": 300, "slope": 0.014}, {"dpi": 400, "slope": -0.014}, {"wrap": True}], ids=str
)


@papers
def test_a_stroke_away_from_the_ink_is_obeyed_and_the_curve_comes_back(paper: dict[str, Any]) -> None:
    log = _log(**paper)
    said = strokes({"kind": "curve", "curve": "GR", "points": _at(log[0], [8, 10, 8], [1030, 1033, 1036])})
    found, lines = _after(log, said)
    assert _obeys(said[0], log[0], lines)
    assert 0 in found.curves
    assert found.traced_rows <= 60 + 2 * MARGINS[1 if paper.get("wrap") else 0] + 2
    whole = trace_track(log[0], log[0].tracks[0], log[1], dpi=log[0].dpi or 200, strokes=said)
    assert _agree(log[0], lines, whole) > 0.99


@papers
def test_points_off_the_window_are_the_very_same_numbers(paper: dict[str, Any]) -> None:
    log = _log(**paper)
    said = strokes({"kind": "curve", "curve": "GR", "points": _at(log[0], [8, 8], [1040, 1043])})
    found, lines = _after(log, said)
    assert found.rows is not None
    for old, new in zip(log[2], lines, strict=True):
        for side in (lambda y: y < found.rows[0], lambda y: y > found.rows[1]):
            with np.errstate(invalid="ignore"):
                a, b = side(old.y_px), side(new.y_px)
            assert a.sum() == b.sum() > 100
            assert (old.x_px[a] == new.x_px[b]).all()
            assert (old.confidence[a] == new.confidence[b]).all()


@pytest.mark.parametrize("paper", [{}, {"dpi": 300, "slope": 0.014}], ids=str)
def test_ink_that_is_no_curve_is_left_and_taken_again_when_the_stroke_goes(paper: dict[str, Any]) -> None:
    log = _log(**paper)
    sheet = log[0]
    line = log[2][1]
    with np.errstate(invalid="ignore"):
        here = (sheet.depth_at(line.x_px, line.y_px) > 1040) & (sheet.depth_at(line.x_px, line.y_px) < 1042)
    points = np.column_stack([line.x_px[here], line.y_px[here]]).tolist()
    said = strokes({"kind": "not_curve", "points": points, "width_px": 8 * (sheet.dpi or 200) / 200})
    _, lines = _after(log, said)
    assert _obeys(said[0], sheet, lines)
    _, again = _after((sheet, log[1], lines), (), before=said)
    assert _agree(sheet, again, log[2]) > 0.995


def test_a_null_interval_is_silent_and_speaks_again_when_it_goes() -> None:
    log = _log()
    y = sorted(p[1] for p in _at(log[0], [50, 50], [1030, 1036]))
    said = strokes({"kind": "null", "curve": "SP", "rows": y})
    found, lines = _after(log, said)
    assert set(found.curves) == {2}
    assert _obeys(said[0], log[0], lines)
    _, again = _after((log[0], log[1], lines), (), before=said)
    assert _agree(log[0], again, log[2]) > 0.99


def test_accepting_rows_changes_nothing() -> None:
    found, _ = _after(_log(), strokes({"kind": "accept", "curve": "GR", "rows": [300, 500]}))
    assert not found.curves
    assert found.rows is None


def test_accepted_rows_stay_when_a_neighbour_is_traced_anew() -> None:
    log = _log()
    accepted = strokes({"kind": "accept", "curve": "SP", "rows": [60, 900]})
    onto_sp = strokes({
        "kind": "curve", "curve": "CALI", "points": _at(log[0], [_wave(52, 36, 47)(1040.0)] * 2, [1039.5, 1040.5]),
    })  # fmt: skip
    found, lines = _after(log, [*accepted, *onto_sp], accepted)
    assert 1 in found.curves
    assert _agree(log[0], [lines[2]], [log[2][2]]) > 0.995


@pytest.mark.parametrize("dpi", [200, 300])
def test_a_swap_exchanges_all_below_and_keeps_the_strokes_there(dpi: float) -> None:
    log = _log(dpi=dpi)
    sheet = log[0]
    drawn = strokes({"kind": "curve", "curve": "GR", "points": _at(sheet, [12, 12], [1060, 1063])})
    _, lines = _after(log, drawn)
    row = _at(sheet, [50], [1045])[0][1]
    swap = strokes({"kind": "swap", "curves": ["GR", "CALI"], "from_row": row})
    found, swapped = _after((sheet, log[1], lines), [*drawn, *swap], drawn)
    assert _obeys(drawn[0], sheet, swapped)
    whole = trace_track(sheet, sheet.tracks[0], log[1], dpi=dpi, strokes=[*drawn, *swap])
    assert _agree(sheet, swapped, whole) > 0.99
    assert found.rows is not None
    assert found.rows[0] == pytest.approx(row, abs=3)
    back, again = _after((sheet, log[1], swapped), drawn, [*drawn, *swap])
    assert _agree(sheet, again, lines) > 0.985
    assert set(back.curves) == {0, 1}


def test_a_swap_of_two_tracks_is_refused() -> None:
    sheet = make_sheet([gr()], [cali()])
    evidence = ideal(sheet, [pen_line(sheet, "GR", _wave(30, 5, 20)), pen_line(sheet, "CALI", _wave(60, 5, 20))])
    lines = trace_track(sheet, sheet.tracks[0], evidence, dpi=200)
    swap = strokes({"kind": "swap", "curves": ["GR", "CALI"], "from_row": 300})
    with pytest.raises(StrokesError, match="joins two tracks"):
        retrace(sheet, sheet.tracks[0], evidence, lines, dpi=200, before=(), after=swap)


def test_a_locked_curve_is_not_changed_by_its_neighbours_stroke() -> None:
    log = _log()
    onto = strokes(
        {"kind": "curve", "curve": "GR", "points": _at(log[0], [_wave(74, 8, 31)(1040.0)] * 2, [1038, 1042])}
    )
    free, _ = _after(log, onto)
    found, lines = _after(log, onto, locked=[1])
    assert 0 in free.curves
    assert set(found.curves) <= {0, 2}
    assert lines[1] is log[2][1]


def test_without_any_ink_a_curve_is_drawn_by_hand() -> None:
    sheet = make_sheet([gr()])
    empty = TracedCurve(
        sheet.tracks[0].curves[0], "1", np.zeros(0), np.zeros(0), np.zeros(0, np.int32), np.zeros(0, np.float32)
    )
    first = strokes({"kind": "curve", "curve": "GR", "points": _at(sheet, [20, 40], [1010, 1020])})
    found = retrace(sheet, sheet.tracks[0], None, [empty], dpi=200, before=(), after=first)
    both = [*first, *strokes({"kind": "curve", "curve": "GR", "points": _at(sheet, [40, 30], [1030, 1040])})]
    found = retrace(sheet, sheet.tracks[0], None, [found.curves[0]], dpi=200, before=first, after=both)
    values = sample([found.curves[0]], sheet, [1005, 1015, 1025, 1035, 1045])[0]
    assert values == pytest.approx([np.nan, 30, np.nan, 35, np.nan], abs=0.6, nan_ok=True)


def test_evidence_on_disk_is_as_good_as_in_memory(tmp_path: Any) -> None:
    log = _log()
    files = []
    for name, array in (("p", log[1].probability), ("g", log[1].gray)):
        np.save(tmp_path / f"{name}.npy", array)
        files.append(np.load(tmp_path / f"{name}.npy", mmap_mode="r"))
    said = strokes({"kind": "curve", "curve": "GR", "points": _at(log[0], [8, 8], [1040, 1043])})
    one, _ = _after(log, said)
    other, _ = _after((log[0], Evidence(files[0], files[1], log[1].window), log[2]), said)
    assert set(one.curves) == set(other.curves)
    assert all(
        (one.curves[i].x_px == other.curves[i].x_px).all() for i in one.curves if np.isfinite(one.curves[i].x_px).all()
    )


def _value(draw: Any, name: str) -> float:
    return float(draw(st.floats(3, 97), label=name))


@st.composite
def _said(draw: Any) -> dict[str, Any]:
    """A stroke of any kind that binds, anywhere on the log, across or down, with the ink or against it."""
    kind = draw(st.sampled_from(["curve", "curve", "not_curve", "null"]))
    feet = draw(st.floats(1003, 1080))
    down = draw(st.floats(0.3, 6))
    curve = draw(st.sampled_from(["GR", "CALI", "SP"]))
    corners = draw(st.integers(1, 4))
    values = [draw(st.floats(4, 96)) for _ in range(corners)]
    return {"kind": kind, "curve": curve, "feet": feet, "down": down, "values": values, "width": draw(st.floats(2, 9))}


def _made(sheet: Sheet, said: dict[str, Any]) -> Stroke:
    feet = np.linspace(said["feet"], said["feet"] + said["down"], len(said["values"]))
    points = _at(sheet, said["values"], feet)
    rows = [points[0][1], points[0][1] + 40]
    kind = said["kind"]
    item = {"kind": kind} | ({} if kind == "not_curve" else {"curve": said["curve"]})
    return strokes(item | ({"rows": rows} if kind == "null" else {"points": points, "width_px": said["width"]}))[0]


@given(said=_said(), paper=st.sampled_from([{}, {"dpi": 300, "slope": 0.014}, {"wrap": True}]))
@settings(max_examples=40)
def test_any_stroke_is_obeyed(said: dict[str, Any], paper: dict[str, Any]) -> None:
    log = _log(**paper)
    stroke = _made(log[0], said)
    _, lines = _after(log, [stroke])
    assert _obeys(stroke, log[0], lines) is not False


@given(said=st.lists(_said(), min_size=2, max_size=4))
@settings(max_examples=15)
def test_strokes_given_one_after_the_other_hold_for_ever(said: list[dict[str, Any]]) -> None:
    sheet, evidence, lines = _log()
    done: list[Stroke] = []
    for one in said:
        _, lines = _after((sheet, evidence, lines), [*done, _made(sheet, one)], done)
        done.append(_made(sheet, one))
        apart = [s for s in done if not _in_each_others_way(s, [o for o in done if o is not s])]
        assert all(_obeys(s, sheet, lines) is not False for s in apart)


def _in_each_others_way(stroke: Stroke, others: Sequence[Stroke]) -> bool:
    """Whether others speak of the same rows: of two that contradict each other only one can be obeyed."""
    low, high = _rows(stroke)
    return any(a <= high + 12 and b >= low - 12 for a, b in map(_rows, others))


def _rows(stroke: Stroke) -> tuple[float, float]:
    if isinstance(stroke, NullStroke):
        return stroke.rows
    assert isinstance(stroke, CurveStroke) or hasattr(stroke, "points")
    y = [p[1] for p in stroke.points]  # type: ignore[union-attr]
    return min(y), max(y)


def test_a_line_is_continuous_where_the_new_stretch_begins() -> None:
    log = _log()
    said = strokes({"kind": "curve", "curve": "GR", "points": _at(log[0], [25, 25], [1050, 1052])})
    _, lines = _after(log, said)
    gap = distances(np.column_stack([lines[0].x_px[1:], lines[0].y_px[1:]]), [lines[0]])
    assert np.isfinite(lines[0].x_px).sum() > 800
    assert gap[np.isfinite(gap)].max() < 1e-6
    steps = np.hypot(np.diff(lines[0].x_px), np.diff(lines[0].y_px))
    assert np.nanmax(steps) < 60, "nowhere farther than from the ink to the stroke"


def test_a_draft_obeys_its_stroke_in_the_smallest_window_and_touches_nothing_else() -> None:
    log = _log()
    sheet, _, lines = log
    x, y = sheet.pixel_at(sheet.tracks[0], np.array([0.5, 0.54]), np.array([1030.0, 1036.0]))
    stroke = CurveStroke("GR", tuple(zip(x.tolist(), y.tolist(), strict=True)))
    drafted, after = _after(log, (stroke,), draft=True)
    traced, _ = _after(log, (stroke,))
    assert _obeys(stroke, sheet, after)
    assert 0 < drafted.traced_rows < traced.traced_rows
    assert set(drafted.curves) == {0}
    low, high = drafted.rows or (0.0, 0.0)
    old, new = lines[0], after[0]
    above = old.y_px < low - 1
    assert np.array_equal(old.x_px[above], new.x_px[: above.sum()])
    assert np.array_equal(old.x_px[old.y_px > high + 1], new.x_px[new.y_px > high + 1])
