"""Better or keep: the rule, and what it is applied to."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.sheet import Sheet, parse_sheet
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, NullStroke, Stroke, rows_of
from curvedesk.learn.gate import Judgement, held_out_error, split, verdict


def _stroke(top: float, tall: float = 20.0) -> CurveStroke:
    return CurveStroke("GR", tuple((50.0, top + k * tall / 4) for k in range(5)))


@given(st.lists(st.floats(0, 50_000), min_size=4, max_size=40, unique=True))
def test_every_fourth_stroke_by_depth_judges_and_none_does_both(tops: list[float]):
    strokes = [_stroke(top) for top in tops]
    parts = split(strokes, dpi=200)
    assert len(parts.judge) == len(tops) // 4
    assert sorted(map(rows_of, (*parts.learn, *parts.judge))) == sorted(map(rows_of, strokes))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_of_fewer_than_four_the_deeper_half_of_the_longest_one_judges(count: int):
    strokes: list[Stroke] = [_stroke(100.0 * k, 20.0 + 10 * k) for k in range(count)]
    parts = split([*strokes, NotCurveStroke(((1.0, 1.0),), 3.0)], dpi=200)
    (judge,) = parts.judge
    longest = strokes[-1]
    assert rows_of(judge)[1] == rows_of(longest)[1] and rows_of(judge)[0] > rows_of(longest)[0]
    assert len(parts.learn) == count + 1
    assert all(rows_of(s)[1] < rows_of(judge)[0] for s in parts.learn if isinstance(s, CurveStroke))


def test_what_is_doubted_never_judges_and_is_still_learnt_from():
    strokes = [_stroke(top) for top in (0, 100, 200, 300, 400)]
    assert split(strokes, dpi=200).judge == (strokes[3],)
    parts = split(strokes, dpi=200, doubted=(3,))
    assert parts.judge == (strokes[4],) and strokes[3] in parts.learn
    one = split(strokes[:1], dpi=200, doubted=(0,))
    assert (one.learn, one.judge) == ((strokes[0],), ())


def test_training_hears_nothing_of_rows_around_what_judges():
    parts = split([_stroke(top) for top in (0, 100, 200, 300)], dpi=400)
    assert parts.closed == ((300 - 48, 320 + 48),)


def _judgement(error: float = 2.0, swaps: int = 1, replay: float = 0.7) -> Judgement:
    return Judgement(error, swaps, replay)


@pytest.mark.parametrize(
    ("after", "adopted", "said"),
    [
        (_judgement(error=1.0), True, "2.00 % → 1.00 %"),
        (_judgement(error=2.0), False, "no better"),
        (_judgement(error=1.0, swaps=2), False, "mixes up curves 2 times"),
        (_judgement(error=1.0, replay=0.685), False, "0.685"),
        (_judgement(error=1.0, replay=0.695), True, "better"),
    ],
)
def test_a_new_model_is_adopted_only_if_it_is_better_in_every_way_that_counts(
    after: Judgement, adopted: bool, said: str
):
    told = verdict(_judgement(), after)
    assert told.adopted is adopted and said in told.sentence


@pytest.mark.parametrize(
    ("error", "share", "adopted"),
    [(2.1, 0.6, True), (1.9, 0.6, True), (2.1, 0.5, False), (1.9, 0.4, False), (2.3, 0.9, False), (1.7, 0.4, True)],
)
def test_where_both_err_alike_for_any_hand_the_one_that_is_surer_of_the_pen_is_better(
    error: float, share: float, adopted: bool
):
    told = verdict(Judgement(2.0, 0, 0.7, 0.2, 0.5), Judgement(error, 0, 0.7, 0.2, share))
    assert told.adopted is adopted
    assert ("rows' ink" in told.sentence) is (abs(error - 2.0) < 0.2)


def test_where_neither_finds_the_pen_a_hair_of_its_ink_is_chance() -> None:
    before = Judgement(25.0, 0, 0.7, 0.2, 0.004)
    assert not verdict(before, Judgement(25.0, 0, 0.7, 0.2, 0.006)).adopted
    assert verdict(before, Judgement(25.0, 0, 0.7, 0.2, 0.05)).adopted
    assert verdict(before, Judgement(20.0, 0, 0.7, 0.2, 0.004)).adopted


def test_half_a_pixel_is_what_no_hand_draws_more_exactly_than():
    assert _judged(_stroke(500), [_line(_sheet(), 0, 52.0)])[2] == pytest.approx(0.25, abs=0.01)


def _sheet() -> Sheet:
    curves = [
        {"mnemonic": name, "unit": "", "left": 0, "right": 100, "scale": "linear", "style": "solid"}
        for name in ("GR", "DT")
    ]
    edges = {"left": [[0, 0], [0, 1000]], "right": [[200, 0], [200, 1000]]}
    depth = {"unit": "FT", "ties": [[0, 0], [1000, 1000]], "top": 0, "bottom": 1000, "step": 1, "x_px": 10}
    track = {"name": "1", "edges": edges, "curves": curves}
    return parse_sheet({"format": "curvedesk-sheet", "version": 1, "scan": "s.tif", "depth": depth, "tracks": [track]})


def _line(sheet: Sheet, number: int, x: float) -> TracedCurve:
    y = np.arange(0.0, 1000.0)
    return TracedCurve(
        sheet.curves()[number][1], "1", np.full(y.size, x), y, np.zeros(y.size, np.int32), np.ones(y.size, np.float32)
    )


def _judged(stroke: Stroke, found: Sequence[TracedCurve]) -> tuple[float, int, float]:
    sheet = _sheet()
    return held_out_error([stroke], [_line(sheet, 0, 50.0)], sheet, lambda _cut: found)


def test_the_error_is_the_distance_to_the_stroke_in_per_cent_of_the_track():
    sheet = _sheet()
    assert _judged(_stroke(500), [_line(sheet, 0, 52.0)])[0] == pytest.approx(1.0, abs=0.01)
    assert _judged(AcceptStroke("GR", (500, 600)), [_line(sheet, 0, 54.0)])[0] == pytest.approx(1.5, abs=0.01)


def test_a_line_within_a_pixel_of_what_was_accepted_is_right():
    sheet = _sheet()
    assert _judged(AcceptStroke("GR", (500, 600)), [_line(sheet, 0, 50.9)])[0] == 0.0


def test_an_accepted_line_that_was_kept_is_what_counts_not_the_present_trace():
    kept = AcceptStroke("GR", (500, 600), (((60.0, 450.0), (60.0, 650.0)),))
    assert _judged(kept, [_line(_sheet(), 0, 60.5)])[0] == 0.0
    assert _judged(kept, [_line(_sheet(), 0, 50.0)])[0] == pytest.approx(4.5, abs=0.01)


def test_of_few_the_one_that_judges_is_a_stroke():
    accepted = [AcceptStroke("GR", (top, top + 50.0)) for top in (400.0, 500.0, 600.0)]
    assert split([*accepted, *map(_stroke, (0.0, 100.0, 200.0))], dpi=200).judge == (_stroke(0.0),)
    assert split([*accepted, *map(_stroke, (0.0, 100.0, 200.0, 300.0, 700.0))], dpi=200).judge == (
        _stroke(0.0),
        _stroke(700.0),
    )


def test_a_curve_that_is_not_found_or_far_away_counts_a_quarter_of_the_track():
    sheet = _sheet()
    assert _judged(_stroke(500), [])[0] == 25.0
    assert _judged(_stroke(500), [_line(sheet, 0, 180.0)])[0] == 25.0


def test_readings_where_the_analyst_said_there_are_none_are_an_error():
    sheet = _sheet()
    assert _judged(NullStroke("GR", (500, 600)), [_line(sheet, 0, 50.0)])[0] == pytest.approx(25.0, abs=1)
    assert _judged(NullStroke("GR", (500, 600)), [])[0] == 0.0


def test_a_stroke_that_another_curve_follows_counts_as_mixed_up():
    sheet = _sheet()
    assert _judged(_stroke(500), [_line(sheet, 0, 100.0), _line(sheet, 1, 51.0)])[1] == 1
    assert _judged(_stroke(500), [_line(sheet, 0, 51.0), _line(sheet, 1, 100.0)])[1] == 0
