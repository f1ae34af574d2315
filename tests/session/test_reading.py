"""What curves read under the pointer: the nearest point by row, wherever the pen turned back or was lifted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import Look, Project
from curvedesk.session.commands import ReplaceCurves, SetLook, SetSheet
from curvedesk.session.line_index import LineIndex
from curvedesk.session.reading import NEAR_PX, Readings, nearest_point, scale_readings
from tests.session.project_makers import curve_of, sheet_of

SHEET = sheet_of("GR", "ILD")
TRACK = SHEET.tracks[0]


def _line(x_px: list[float], y_px: list[float]) -> TracedCurve:
    x, y = np.asarray(x_px, np.float64), np.asarray(y_px, np.float64)
    return replace(
        curve_of(SHEET, "1/GR"), x_px=x, y_px=y, turn=np.zeros(len(x), np.int32), confidence=np.ones(len(x), np.float32)
    )


def _project(**curves: TracedCurve) -> Project:
    project = SetSheet(SHEET).apply(Project())
    return ReplaceCurves({f"1/{name}": curve for name, curve in curves.items()}).apply(project)


def _values(readings: Readings, project: Project, y_px: float) -> list[float | None]:
    return [reading.value for reading in readings.of(project, ("1/GR", "1/ILD"), TRACK, y_px)]


@given(st.lists(st.floats(0, 1000) | st.just(float("nan")), max_size=40), st.floats(-20, 1020))
def test_no_point_is_nearer_by_row_than_the_one_that_is_read(rows: list[float], y_px: float) -> None:
    curve = _line([1.0] * len(rows), rows)
    at = nearest_point(LineIndex.of(curve), y_px)
    away = np.abs(curve.y_px - y_px)
    nearest = np.nanmin(away) if np.isfinite(away).any() else np.inf
    if at is None:
        assert nearest > NEAR_PX
    else:
        assert away[at] == nearest <= NEAR_PX


def test_a_pen_that_turned_back_is_read_where_it_is_and_a_lifted_one_nowhere() -> None:
    nan = float("nan")
    curve = _line([10.0, 20.0, 30.0, nan, 40.0], [100.0, 130.0, 110.0, 200.0, 300.0])
    project, readings = _project(GR=curve), Readings()
    assert [_values(readings, project, y) for y in (101.0, 110.0, 130.0, 200.0, 302.5)] == [
        [10.0], [30.0], [20.0], [None], [40.0],
    ]  # fmt: skip


def test_a_curve_that_was_traced_anew_is_read_anew_and_a_hidden_one_not_at_all() -> None:
    readings, project = Readings(), _project(GR=_line([10.0], [100.0]), ILD=_line([60.0], [100.0]))
    assert _values(readings, project, 100.0) == [10.0, 60.0]
    project = ReplaceCurves({"1/GR": _line([25.0], [100.0])}).apply(project)
    assert _values(readings, project, 100.0) == [25.0, 60.0]
    project = SetLook("1/ILD", Look("#000000", 2.0, visible=False)).apply(project)
    assert _values(readings, project, 100.0) == [25.0]


def test_where_nothing_is_traced_the_scale_itself_is_read() -> None:
    assert [(r.spec.mnemonic, r.value) for r in scale_readings(TRACK, 75.0, 500.0)] == [("GR", 75.0), ("ILD", 75.0)]
