"""What trainings brought is remembered for each log, and a damaged record costs its damaged lines alone."""

from __future__ import annotations

from curvedesk.domain.tries import Try
from curvedesk.store.locations import data_dir
from curvedesk.store.tries import remember_try, tries_of

ONE, OTHER = Try(5, 2.0, 1.5, True), Try(9, 1.5, 1.6, False)


def test_tries_come_back_in_order_and_each_log_has_its_own() -> None:
    for one in (ONE, OTHER):
        remember_try("ab" * 32, 0, one)
    remember_try("ab" * 32, 1, OTHER)
    assert tries_of("ab" * 32, 0) == (ONE, OTHER)
    assert tries_of("ab" * 32, 1) == (OTHER,)
    assert tries_of("cd" * 32, 0) == ()


def test_lines_that_cannot_be_read_are_left_out() -> None:
    remember_try("ab" * 32, 0, ONE)
    (path,) = (data_dir() / "tries").iterdir()
    with path.open("a", encoding="utf-8") as file:
        file.write('{"strokes": 3}\nnonsense\n[]\n{"strokes": "x", "before_pct": 1, "after_pct": 1, "kept": true}\n')
    remember_try("ab" * 32, 0, OTHER)
    assert tries_of("ab" * 32, 0) == (ONE, OTHER)


def test_a_disk_that_takes_nothing_costs_advice_alone() -> None:
    data_dir().mkdir(parents=True)
    (data_dir() / "tries").write_text("in the way", encoding="utf-8")
    remember_try("ab" * 32, 0, ONE)
    assert tries_of("ab" * 32, 0) == ()
