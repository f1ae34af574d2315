"""Strokes the paper or another stroke speaks against are told from strokes along a pen."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from curvedesk.domain.sheet import Sheet, parse_sheet
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, NullStroke, Stroke
from curvedesk.learn.doubts import Doubt, doubted, found_at, mostly_doubted
from curvedesk.tracing.strip import Window
from curvedesk.tracing.track import Evidence

HEIGHT, LEFT, RIGHT = 900, 30.0, 330.0
Points = NDArray[np.float64]


def _sheet(scale: float = 1.0) -> Sheet:
    curves = [
        {"mnemonic": name, "unit": "", "left": 0, "right": 100, "scale": "linear", "style": style}
        for name, style in (("GR", "solid"), ("DT", "dashed"))
    ]
    edges = {side: [[x / scale, 0], [x / scale, HEIGHT / scale]] for side, x in (("left", LEFT), ("right", RIGHT))}
    return parse_sheet(
        {
            "format": "curvedesk-sheet", "version": 1, "scan": "s.tif", "dpi": 200 / scale, "well": {},
            "depth": {"unit": "FT", "ties": [[0, 0], [400, HEIGHT / scale]], "top": 0, "bottom": 400, "step": 1,
                      "x_px": 5},
            "tracks": [{"name": "1", "edges": edges, "curves": curves}],
        }
    )  # fmt: skip


def _pen(y: Points) -> Points:
    return 180 + 80 * np.sin(y / 60)


def _paper(*, pens: bool = True) -> NDArray[np.uint8]:
    """A black grid every 30 px, a swinging solid pen, dots beside it; a pen at rest from row 300 to 420."""
    gray = np.full((HEIGHT, 360), 245, np.uint8)
    gray[:, 30:331:30] = 60
    gray[::30, 30:330] = 60
    if pens:
        for y in range(HEIGHT):
            x = round(float(_pen(np.array([float(y)]))[0]))
            gray[y, x - 1 : x + 2] = 10
            if y % 8 < 4:
                gray[y, x + 39 : x + 41] = 10
        gray[300:420, 104:107] = 10
    return gray


def _blind(points: Points) -> Points:
    return np.zeros(len(points))


def _keen(points: Points) -> Points:
    return np.ones(len(points))


def _of(*strokes: Stroke, seen: Callable[[Points], Points] = _blind) -> dict[int, Doubt]:
    return doubted(strokes, _sheet(), _paper(), Window(0, 0, 1.0), seen)


def _stroke(x: Points, y: Points, curve: str = "GR") -> CurveStroke:
    return CurveStroke(curve, tuple((float(a), float(b)) for a, b in zip(x, y, strict=True)))


@settings(deadline=None, max_examples=60)
@given(top=st.integers(20, 800), beside=st.integers(-3, 3), seed=st.integers(0, 99))
def test_a_stroke_along_a_pen_is_believed_where_a_hand_shakes_and_errs_by_three_pixels(
    top: int, beside: int, seed: int
):
    y = np.arange(top, top + 60, 3.0)
    shake = np.random.default_rng(seed).normal(0, 0.8, y.size)
    assert _of(_stroke(_pen(y) + beside + shake, y)) == {}
    assert _of(_stroke(_pen(y) + 39.5 + shake, y, "DT")) == {}


def test_most_strokes_that_wander_over_a_grid_run_where_there_is_no_ink():
    rng, paper, found = np.random.default_rng(1), _paper(pens=False), []
    for _ in range(100):
        y = rng.uniform(20, 800) + np.arange(0, 60, 3.0)
        x = rng.uniform(60, 300) + np.cumsum(rng.normal(0, 4.0, y.size))
        found += doubted((_stroke(x, y),), _sheet(), paper, Window(0, 0, 1.0), _blind).values()
    assert found.count(Doubt.NO_INK) >= 85


def test_a_stroke_down_a_grid_line_is_doubted_and_one_down_a_pen_at_rest_is_not():
    y = np.arange(330.0, 390.0, 3.0)
    shake = np.random.default_rng(1).normal(0, 0.8, y.size)
    assert _of(_stroke(90 + shake, y)) == {0: Doubt.RULED}
    assert _of(_stroke(105 + shake, y)) == {}


def test_what_the_network_takes_for_a_pen_is_no_ruled_line():
    y = np.arange(330.0, 390.0, 3.0)
    assert _of(_stroke(np.full(y.size, 90.0), y), seen=_keen) == {}


def test_one_curve_in_two_places_of_the_same_rows_is_a_contradiction():
    y = np.arange(100.0, 160.0, 3.0)
    right, aside = _stroke(_pen(y), y), _stroke(_pen(y) + 40, y)
    assert _of(right, aside) == {0: Doubt.CONTRADICTED, 1: Doubt.CONTRADICTED}
    assert _of(right, _stroke(_pen(y) + 40, y, "DT")) == {}  # the dots are another curve's
    assert _of(right, _stroke(_pen(y + 50), y + 50)) == {}  # goes on where the first one ends
    assert _of(right, _stroke(_pen(y) + 2, y)) == {}  # drawn twice


@pytest.mark.parametrize(
    ("other", "contradicts"),
    [
        (NullStroke("GR", (90.0, 170.0)), True),
        (NullStroke("DT", (90.0, 170.0)), False),
        (NullStroke("GR", (155.0, 300.0)), False),
        (NotCurveStroke(tuple((float(_pen(np.array([y]))[0]), y) for y in np.arange(95.0, 165.0, 5.0)), 6.0), True),
        (NotCurveStroke(((60.0, 100.0), (60.0, 160.0)), 6.0), False),
        (AcceptStroke("GR", (90.0, 170.0)), False),
    ],
)
def test_no_curve_where_a_curve_was_drawn_is_a_contradiction(other: Stroke, contradicts: bool):
    y = np.arange(100.0, 160.0, 3.0)
    found = _of(_stroke(_pen(y), y), other)
    assert found == (dict.fromkeys((0, 1), Doubt.CONTRADICTED) if contradicts else {})


def test_level_strokes_of_a_swinging_pen_do_not_contradict_each_other():
    x = np.linspace(60, 300, 60)
    first, second = _stroke(x, 200 + x / 30), _stroke(x[::-1], 214 + x / 30)
    assert Doubt.CONTRADICTED not in _of(first, second).values()


def test_places_on_a_finer_scan_are_judged_alike():
    y = np.arange(100.0, 160.0, 3.0)
    strokes = [_stroke(np.full(y.size, 90.0), y), _stroke(_pen(y), y), _stroke(_pen(y) + 40, y)]
    fine = [
        _stroke((np.array(s.points)[:, 0] + 0.5) * 2 - 0.5, (np.array(s.points)[:, 1] + 0.5) * 2 - 0.5) for s in strokes
    ]
    window = Window(0, 0, 0.5)
    wanted = {0: Doubt.CONTRADICTED, 1: Doubt.CONTRADICTED, 2: Doubt.CONTRADICTED}
    assert doubted(fine, _sheet(0.5), _paper(), window, _blind) == _of(*strokes) == wanted
    assert doubted(fine[:1], _sheet(0.5), _paper(), window, _blind) == _of(*strokes[:1]) == {0: Doubt.RULED}


@pytest.mark.parametrize("points", [((5.0, 5.0),), ((200.0, 5.0), (201.0, 5.5)), ((3.0, -400.0), (4.0, -300.0))])
def test_a_dot_and_a_stroke_off_the_paper_are_no_fault_of_the_program(points: tuple[tuple[float, float], ...]):
    assert set(_of(CurveStroke("GR", points)).values()) <= {Doubt.NO_INK}


def test_half_of_what_was_drawn_is_most_and_accepted_stretches_do_not_count():
    y = np.arange(100.0, 160.0, 3.0)
    strokes: list[Stroke] = [_stroke(_pen(y), y + 100 * k) for k in range(4)]
    strokes += [AcceptStroke("GR", (500.0 + k, 600.0)) for k in range(6)]
    assert mostly_doubted(strokes, {0: Doubt.NO_INK, 3: Doubt.RULED})
    assert not mostly_doubted(strokes, {0: Doubt.NO_INK})
    assert not mostly_doubted(strokes[4:], {})


def test_the_network_is_asked_where_the_points_lie_on_its_own_image():
    probability = np.zeros((2, 50, 60), np.uint8)
    probability[1, 20, 30] = 255
    ink = Evidence(probability, np.zeros((50, 60), np.uint8), Window(100, 200, 0.5))
    at = np.array([[80.0, 120.0], [80.0, 122.0], [84.0, 120.0], [500.0, 500.0]])  # on an image that begins at (0, 0)
    assert found_at(ink, Window(0, 0, 0.5), at).tolist() == [1.0, 0.0, 0.0, 0.0]
