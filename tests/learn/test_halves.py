"""Of what was learnt, all or half is taken: which, the strokes that were held out say."""

from __future__ import annotations

import pytest

from curvedesk.learn.gate import Judgement
from curvedesk.learn.halves import HALF, WHOLE, better

BEFORE = Judgement(4.0, 0, 0.80, grain_pct=0.1)


@pytest.mark.parametrize(
    ("whole", "half", "taken", "adopted"),
    [
        (Judgement(1.0, 0, 0.80), Judgement(3.0, 0, 0.80), WHOLE, True),
        (Judgement(2.5, 0, 0.80), Judgement(3.0, 0, 0.80), HALF, True),  # not so much better
        (Judgement(0.0, 0, 0.80), Judgement(0.05, 0, 0.80), HALF, True),  # the same for any hand
        (Judgement(2.0, 0, 0.70), Judgement(3.0, 0, 0.795), HALF, True),  # all of it forgets too much
        (Judgement(2.0, 2, 0.80), Judgement(3.0, 0, 0.80), HALF, True),  # all of it mixes up curves
        (Judgement(2.0, 0, 0.80), Judgement(5.0, 0, 0.80), WHOLE, True),
        (Judgement(5.0, 0, 0.80), Judgement(4.5, 0, 0.80), WHOLE, False),
    ],
)
def test_half_is_taken_where_all_of_it_is_refused_or_not_clearly_better_on_what_was_held_out(
    whole: Judgement, half: Judgement, taken: float, adopted: bool
) -> None:
    share, told = better(BEFORE, {WHOLE: whole, HALF: half}.__getitem__)
    assert (share, told.adopted) == (taken, adopted)
    assert told.after == {WHOLE: whole, HALF: half}[taken]


def test_where_no_time_is_left_only_the_whole_is_judged() -> None:
    asked: list[float] = []

    def judged(share: float) -> Judgement:
        asked.append(share)
        return Judgement(5.0, 0, 0.80)

    share, told = better(BEFORE, judged, in_time=lambda: False)
    assert (share, told.adopted, asked) == (WHOLE, False, [WHOLE])
