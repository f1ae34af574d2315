"""Parts of a long print: what was logged twice is a repeat, what faded for a while is not."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from curvedesk.registration.blocks import free_rows
from curvedesk.registration.chain import Chain, joined_on
from curvedesk.registration.dividing import divide
from curvedesk.registration.numbers import Numeral
from curvedesk.registration.passes import LogPass
from curvedesk.registration.progression import find_chains, short_chains
from curvedesk.registration.sections import Kind, kind_of


def numerals(first: float, count: int, *, y_px: float, spacing_px: float = 500.0) -> list[Numeral]:
    """Numbers a hundred apart from row `y_px` on."""
    rows = [round(y_px + spacing_px * k) for k in range(count)]
    return [Numeral(float(y), first + 100 * k, 0.97, (0, y - 8, 50, y + 8), 0) for k, y in enumerate(rows)]


def chain(first: float, count: int, *, y_px: float, spacing_px: float = 500.0) -> Chain:
    return find_chains(numerals(first, count, y_px=y_px, spacing_px=spacing_px))[0]


MAIN = chain(4000, 20, y_px=1000)  # 4000 at 1000 to 5900 at 10,500


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        pytest.param(chain(5500, 5, y_px=11_500), Kind.REPEAT, id="depths of the log once more"),
        pytest.param(chain(4000, 20, y_px=11_500, spacing_px=200), Kind.OTHER_SCALE, id="the whole log, compressed"),
        pytest.param(chain(6000, 5, y_px=11_000), Kind.MAIN, id="on at once"),
        pytest.param(chain(6800, 5, y_px=15_000), Kind.MAIN, id="on after print that faded"),
        pytest.param(chain(6800, 5, y_px=11_500), Kind.OTHER_DEPTHS, id="a deeper run"),
        pytest.param(None, Kind.TAIL, id="without numbers"),
    ],
)
def test_that_a_part_below_the_log_is_what_its_depths_say(part: Chain | None, kind: Kind) -> None:
    assert kind_of(part, MAIN, below=True) is kind


def test_that_what_comes_before_the_log_without_depths_is_its_head() -> None:
    assert kind_of(None, MAIN, below=False) is Kind.HEAD


def test_that_numbers_that_fade_for_a_while_are_one_log() -> None:
    lower = chain(7500, 10, y_px=1000 + 35 * 500)
    whole, rest = joined_on(lower, [MAIN])
    assert rest == []
    assert (whole.depth[0], whole.depth[-1]) == (4000, 8400)
    assert np.all(np.diff(whole.y_px) > 0)


def test_that_a_repeat_is_never_joined_to_the_log() -> None:
    repeat = chain(5500, 5, y_px=11_500)
    whole, rest = joined_on(MAIN, [repeat])
    assert whole is MAIN
    assert rest == [repeat]


def test_that_two_numbers_of_depths_that_were_there_before_make_a_repeat() -> None:
    found = short_chains([*MAIN.numerals, *numerals(5700, 2, y_px=11_300)], MAIN)
    assert [list(c.depth) for c in found] == [[5700, 5800]]
    assert kind_of(found[0], MAIN, below=True) is Kind.REPEAT


def test_that_a_single_misread_number_is_no_part() -> None:
    assert short_chains([*MAIN.numerals, *numerals(5700, 1, y_px=11_300)], MAIN) == []


def test_that_the_log_ends_where_its_print_stops_before_the_repeat() -> None:
    share = np.ones(20_000)
    share[10_700:11_100] = 0.05
    share[11_200:11_230] = 0.05  # a worn spot of the repeat
    repeat = chain(5500, 5, y_px=11_500)
    own, other = divide(share, MAIN, [repeat], y0=0, extent=(800.0, 16_000.0))
    assert own == (800.0, 10_700.0)
    assert other is not None
    assert other[0] == 11_100.0


def test_that_the_log_never_runs_on_into_a_repeat_printed_without_a_break() -> None:
    repeat = chain(5500, 5, y_px=11_500)
    own, other = divide(np.ones(20_000), MAIN, [repeat], y0=0, extent=(800.0, 16_000.0))
    assert own == (800.0, 10_525.0)  # its last number stands at 10,500
    assert other is not None
    assert other[0] == 11_475.0


def test_that_numbers_between_those_of_the_log_are_no_part() -> None:
    between = chain(100, 6, y_px=3_200, spacing_px=700)
    assert divide(np.ones(20_000), MAIN, [between], y0=0, extent=(800.0, 16_000.0))[1] is None


@pytest.mark.parametrize(
    ("place", "free"),
    [
        pytest.param((4366, 5006), (4700, 5006), id="between the part above and the log"),
        pytest.param((360, 1006), (360, 1006), id="above both"),
        pytest.param((8994, 9640), (8994, 9200), id="between the log and its repeat"),
    ],
)
def test_that_scales_are_never_looked_for_among_the_curves_of_another_part(
    place: tuple[int, int], free: tuple[int, int]
) -> None:
    empty = cast("Any", None)
    beside = ((MAIN, (1000.0, 4700.0)), (MAIN, (9200.0, 11_000.0)))
    log = LogPass(empty, empty, empty, 5000.0, 9000.0, None, None, beside)
    assert free_rows(place, log) == free
