"""Whether further strokes still pay, told from what the trainings on a log brought so far."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from curvedesk.domain.tries import FEWEST_NEW, FINE_PCT, Paying, Try, advice, paying

pct = st.floats(FINE_PCT * 1.5, 40.0)
tries = st.lists(st.builds(Try, st.integers(1, 60), pct, pct, st.booleans()), max_size=8)


def rising(found: list[Try]) -> list[Try]:
    """The same with ever more strokes, as an analyst draws them."""
    return [replace(one, strokes=5 * (place + 1)) for place, one in enumerate(found)]


@given(tries)
def test_there_is_a_sentence_exactly_where_there_is_an_answer(found: list[Try]) -> None:
    assert bool(advice(found)) == (paying(found) is not Paying.UNKNOWN)


@given(tries, st.floats(1.0, 3.0))
def test_only_shares_of_the_error_count_not_its_size(found: list[Try], by: float) -> None:
    assume(all(one.now_pct > FINE_PCT for one in found))
    larger = [replace(one, before_pct=one.before_pct * by, after_pct=one.after_pct * by) for one in found]
    assert paying(larger) is paying(found)


@given(tries, pct)
def test_enough_new_strokes_that_halve_the_error_always_pay(found: list[Try], before: float) -> None:
    assume(before / 2 > FINE_PCT)
    found = rising(found)
    found.append(Try(5 * len(found) + FEWEST_NEW, before, before / 2, True))
    assert paying(found) is Paying.YES


@given(tries, pct)
def test_enough_new_strokes_that_bring_nothing_no_longer_pay(found: list[Try], before: float) -> None:
    found = rising(found)
    refused = Try(5 * len(found) + FEWEST_NEW, before, before * 1.1, False)
    assert paying([*found, refused]) is (Paying.NO if found else Paying.UNKNOWN)


@given(tries, pct)
def test_trying_again_with_the_same_strokes_never_makes_it_look_worse(found: list[Try], before: float) -> None:
    found = rising(found)
    assume(found)
    again = replace(found[-1], before_pct=before, after_pct=before, kept=False)
    assert paying([*found, again]) is paying(found)


@given(tries)
def test_an_error_below_a_pens_width_is_fine_whatever_was_before(found: list[Try]) -> None:
    assert paying([*rising(found), Try(500, FINE_PCT * 2, FINE_PCT / 2, True)]) is Paying.FINE


@given(tries, tries)
def test_strokes_that_were_taken_away_begin_a_new_story(before: list[Try], after: list[Try]) -> None:
    after = rising(after)
    assume(after)
    earlier = [replace(one, strokes=1000 + place) for place, one in enumerate(before)]
    assert paying([*earlier, *after]) is paying(after)


def test_the_sentence_names_the_strokes_and_what_they_brought() -> None:
    first, second = Try(5, 2.0, 1.2, True), Try(10, 1.2, 1.15, True)
    assert advice([first]).startswith("Strokes still pay: the last 5 lowered")
    assert "by 40 %" in advice([first])
    assert advice([first, second]).startswith("Further strokes hardly pay: the last 5 lowered")
    assert "did not lower" in advice([first, replace(second, kept=False)])
    assert advice([replace(first, strokes=2)]) == ""
