"""Lines as the canvas draws them: the part in sight, thinned, cut into dashes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.scales import ValueScale
from curvedesk.domain.sheet import CurveSpec
from curvedesk.session.line_index import LineIndex
from curvedesk.ui.canvas.bands import band
from curvedesk.ui.canvas.polyline import path, polygon
from curvedesk.ui.canvas.thinning import dashed, thinned
from curvedesk.ui.canvas.ticks import depth_text, nice_step, ticks, value_text


def traced(x: NDArray[np.float64], y: NDArray[np.float64], turn: NDArray[np.int32] | None = None) -> TracedCurve:
    turn = np.zeros(len(x), np.int32) if turn is None else turn
    spec = CurveSpec("GR", "GAPI", ValueScale(0, 150))
    return TracedCurve(spec, "1", x, y, turn, np.ones(len(x), np.float32))


def wandering(rows: int, seed: int = 0) -> TracedCurve:
    rng = np.random.default_rng(seed)
    y = np.arange(rows) + rng.uniform(-2, 2, rows)
    x = 300 + np.cumsum(rng.normal(0, 5, rows))
    gaps = rng.random(rows) < 0.02
    x[gaps], y[gaps] = np.nan, np.nan
    return traced(x, y)


@given(st.integers(0, 50), st.floats(0, 400), st.floats(0, 200))
def test_no_point_in_sight_is_left_out(seed: int, top: float, rows: float) -> None:
    line = wandering(400, seed)
    seen = LineIndex.of(line).between(top, top + rows)
    inside = np.flatnonzero((line.y_px >= top) & (line.y_px <= top + rows))
    assert inside.size == 0 or (seen.start <= inside[0] and inside[-1] < seen.stop)


@given(st.integers(0, 50))
def test_runs_hold_every_point_and_no_gap(seed: int) -> None:
    line = wandering(300, seed)
    runs = list(LineIndex.of(line).runs(-10, 400))
    held = np.concatenate([np.arange(300)[run] for run in runs])
    assert np.array_equal(held, np.flatnonzero(np.isfinite(line.y_px)))


def test_a_line_is_broken_where_the_pen_comes_back_on_the_other_side() -> None:
    turn = np.repeat([0, 1], 10).astype(np.int32)
    line = traced(np.r_[np.linspace(490, 500, 10), np.linspace(0, 10, 10)], np.arange(20.0), turn)
    assert list(LineIndex.of(line).runs(-1, 30)) == [slice(0, 10), slice(10, 20)]


@pytest.mark.parametrize("zoom", [0.001, 0.01, 0.1, 1.0])
def test_a_thinned_line_keeps_the_extremes_of_every_row(zoom: float) -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(300, 40, 60_000), np.arange(60_000.0) * zoom
    thin_x, thin_y = thinned(x, y)
    assert len(thin_x) <= min(len(x), 4 * (y[-1] + 2))
    for row in range(0, int(y[-1]) + 1, max(1, int(y[-1]) // 40)):
        before, after = x[np.floor(y) == row], thin_x[np.floor(thin_y) == row]
        assert after.min() == before.min() and after.max() == before.max()


@given(st.floats(0.01, 3000), st.floats(0, 20), st.floats(0.5, 30), st.floats(0.5, 30))
def test_dashes_are_as_long_as_the_pen_is_down(length: float, start: float, down: float, up: float) -> None:
    along = np.linspace(start, start + length, 50)
    x, y = along * 0.6, along * 0.8
    px, py, pen_down = dashed((x, y), along, down=down, up=up)
    drawn = float((np.hypot(np.diff(px), np.diff(py)) * pen_down[1:]).sum())

    def down_until(at: float) -> float:
        return at // (down + up) * down + min(at % (down + up), down)

    assert drawn == pytest.approx(down_until(start + length) - down_until(start), abs=1e-6)


def test_dashes_stay_put_when_another_part_is_in_sight() -> None:
    along = np.arange(0.0, 200.0)
    x = np.zeros(200)

    def begins(first: int) -> set[float]:
        _, y, pen_down = dashed((x[first:], along[first:]), along[first:], down=5, up=3)
        return set(y[:-1][pen_down[1:] & ~pen_down[:-1]].tolist())

    assert begins(50) - {50.0} <= begins(0)
    assert len(begins(50)) > 15


@pytest.mark.parametrize("half", [2.5, 7.0])
def test_a_band_holds_all_within_its_reach_of_the_line_and_little_more(half: float) -> None:
    t = np.linspace(0, 60, 400)
    outline = path([band((200 + 40 * np.sin(t / 7), t * 3), half=half)])
    for angle in np.linspace(0, 2 * np.pi, 9):
        near = [(200 + 40 * np.sin(v / 7) + 0.9 * half * np.cos(angle), v * 3 + 0.9 * half * np.sin(angle)) for v in t]
        assert sum(outline.contains(QPointF(*point)) for point in near) >= 0.98 * len(near)
    beside = [(200 + 40 * np.sin(v / 7) + 2.5 * half + 3, v * 3) for v in t]
    assert not any(outline.contains(QPointF(*point)) for point in beside)


def test_a_polygon_holds_the_points_it_was_given() -> None:
    x, y = np.arange(5.0), np.arange(5.0) ** 2
    made = polygon(x, y)
    assert [(p.x(), p.y()) for p in made] == list(zip(x.tolist(), y.tolist(), strict=True))
    both = path([(x, y), (x, y + 1)])
    assert [(both.elementAt(i).x, both.elementAt(i).y) for i in (0, 4, 9)] == [(0, 0), (4, 16), (4, 17)]
    assert [both.elementAt(i).isMoveTo() for i in range(10)] == [True, *[False] * 4] * 2
    assert path([]).isEmpty()
    assert polygon(x[:0], y[:0]).isEmpty()


@given(st.floats(1e-4, 1e6))
def test_steps_are_one_two_or_five(least: float) -> None:
    step = nice_step(least)
    assert least * (1 - 1e-6) <= step <= 2.5001 * least
    assert f"{step:.3e}"[:4] in {"1.00", "2.00", "5.00"}


@given(st.floats(-100, 20_000), st.floats(1, 500))
def test_ticks_are_the_multiples_in_the_range(low: float, span: float) -> None:
    step = nice_step(span / 8)
    found = ticks(low, low + span, step)
    assert 2 <= len(found) <= 10
    assert np.allclose(found / step, np.round(found / step))
    assert found.min() >= low - 1e-6 and found.max() <= low + span + 1e-6


def test_numbers_are_written_as_on_a_log() -> None:
    assert depth_text(14120.0, 10) == "14,120"
    assert depth_text(1203.5, 0.5) == "1,203.5"
    assert depth_text(-0.0, 1) == "0"
    assert [value_text(v) for v in (0.2, 2000.0, -10.0)] == ["0.2", "2000", "\N{MINUS SIGN}10"]
