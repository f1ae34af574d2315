"""The ink round trip: each fault planted on the bundled sample is found where it is, and the truth has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from curvedesk.domain.curve import DigitisedLog
from curvedesk.domain.strokes import AcceptStroke, NullStroke
from curvedesk.interchange.ink import GrayInk, ScanInk
from curvedesk.interchange.quality import Quality, assess
from curvedesk.interchange.quality_places import Place
from curvedesk.interchange.quality_rules import FaultKind
from curvedesk.interchange.report import report_of
from tests.interchange.sample import Floats, sample_ink, sample_log, sample_material, values_of, with_values

FIRST, LAST = 300, 400  # samples with a fault: 4,350 to 4,399.5 ft


def _planted(mnemonic: str, plant: Callable[[Floats], None], log: DigitisedLog | None = None) -> Quality:
    log = sample_log() if log is None else log
    values = values_of(log, mnemonic)
    plant(values)
    return assess(with_values(log, mnemonic, values), sample_ink())


def _kinds(quality: Quality) -> set[tuple[str, FaultKind]]:
    return {(place.curve, place.kind) for place in quality.places}


def _near(place: Place, top: float, bottom: float, *, slack: float = 8.0) -> bool:
    return abs(place.depths[0] - top) < slack and abs(place.depths[1] - bottom) < slack


def test_what_the_pens_drew_is_clean() -> None:
    quality = assess(sample_log(), sample_ink())
    assert quality.places == ()
    assert [curve.clean for curve in quality.curves] == [1.0] * 4


@pytest.mark.parametrize("mnemonic", ["GR", "CALI", "ILD", "SFL"])
def test_a_stretch_left_out_is_a_gap_where_the_pen_drew(mnemonic: str) -> None:
    def leave_out(values: Floats) -> None:
        values[FIRST:LAST] = np.nan

    quality = _planted(mnemonic, leave_out)
    assert _kinds(quality) == {(mnemonic, FaultKind.GAP)}
    (place,) = quality.places
    assert _near(place, 4350, 4399.5)
    assert "has no value" in place.sentence


@pytest.mark.parametrize(("mnemonic", "moved"), [("GR", 12.0), ("GR", -5.0), ("CALI", 0.5), ("ILD", 1.4), ("SFL", 0.7)])
def test_a_curve_moved_aside_is_off_the_ink(mnemonic: str, moved: float) -> None:
    def move(values: Floats) -> None:
        values[FIRST:LAST] = values[FIRST:LAST] * moved if mnemonic in {"ILD", "SFL"} else values[FIRST:LAST] + moved

    quality = _planted(mnemonic, move)
    assert (mnemonic, FaultKind.OFF_INK) in _kinds(quality)
    worst = quality.places[0]
    assert (worst.curve, worst.kind) == (mnemonic, FaultKind.OFF_INK)
    assert worst.depths[0] >= 4345
    assert worst.depths[1] <= 4405
    share = next(c for c in quality.curves if c.mnemonic == mnemonic).shares[FaultKind.OFF_INK]
    assert 0.03 < share < 0.08


@pytest.mark.parametrize(("mnemonic", "factor"), [("GR", 1.5), ("ILD", 4.0), ("SFL", 4.0)])
@pytest.mark.parametrize("at", [500, 507])
def test_a_jump_the_pen_did_not_make_is_a_spike(mnemonic: str, factor: float, at: int) -> None:
    def jump(values: Floats) -> None:
        values[at : at + 2] *= factor

    quality = _planted(mnemonic, jump)
    assert _kinds(quality) == {(mnemonic, FaultKind.SPIKE)}
    assert _near(quality.places[0], 4200 + at / 2, 4200.5 + at / 2, slack=1.1)


def test_a_turn_taken_by_mistake_is_a_spike_though_it_lies_on_the_ink() -> None:
    def turn(values: Floats) -> None:
        values[500] += 100.0

    quality = _planted("GR", turn)
    assert _kinds(quality) == {("GR", FaultKind.SPIKE)}
    assert "179.2 GAPI" in quality.places[0].sentence


def test_a_curve_that_follows_the_border_is_pinned() -> None:
    def follow(values: Floats) -> None:
        values[600:680] = 6.0

    quality = _planted("CALI", follow)
    assert ("CALI", FaultKind.PINNED) in _kinds(quality)
    place = next(place for place in quality.places if place.kind is FaultKind.PINNED)
    assert _near(place, 4500, 4539.5)
    assert "left border" in place.sentence


def test_a_value_beyond_a_scale_without_back_up_is_out_of_scale() -> None:
    def beyond(values: Floats) -> None:
        values[700:720] = 3000.0

    place = next(p for p in _planted("ILD", beyond).places if p.kind is FaultKind.OUT_OF_SCALE)
    assert _near(place, 4550, 4559.5, slack=0.1)
    assert "3,000 OHMM" in place.sentence


def test_doubtful_readings_are_listed_until_somebody_looked() -> None:
    log = sample_log()
    gr = log.curves[0]
    doubtful = np.where((log.depth > 4300) & (log.depth < 4340), np.float32(0.3), gr.confidence)
    log = replace(log, curves=(replace(gr, confidence=doubtful), *log.curves[1:]))
    assert _kinds(assess(log, sample_ink())) == {("GR", FaultKind.LOW_CONFIDENCE)}
    seen = replace(log, strokes=(AcceptStroke("GR", (0.0, 4200.0)),))
    assert assess(seen, sample_ink()).places == ()


def test_what_was_accepted_or_nulled_is_not_held_against_a_curve() -> None:
    def leave_out(values: Floats) -> None:
        values[FIRST:LAST] = np.nan

    rows = tuple(float(sample_log().sheet.y_at(300.0, depth)) for depth in (4348.0, 4402.0))
    assert _planted("GR", leave_out, sample_log([NullStroke("GR", (rows[0], rows[1]))])).places == ()
    assert _planted("GR", leave_out, sample_log([AcceptStroke("GR", (rows[0], rows[1]))])).places == ()


def test_a_pen_that_drew_nothing_leaves_no_gap() -> None:
    paper = sample_ink()
    gray = paper.gray.copy()
    y0, y1 = (int(sample_log().sheet.y_at(300.0, depth)) for depth in (4345.0, 4405.0))
    gray[y0:y1] = 255
    values = values_of(sample_log(), "GR")
    values[FIRST:LAST] = np.nan
    log = with_values(sample_log(), "GR", values)
    quality = assess(log, GrayInk(gray, 0.0, 0.0, paper.scale))
    assert ("GR", FaultKind.GAP) not in _kinds(quality)
    assert ("CALI", FaultKind.OFF_INK) in _kinds(quality), "its ink is gone as well"


def test_places_come_worst_first() -> None:
    def two(values: Floats) -> None:
        values[300:310] += 15.0
        values[600:700] += 15.0

    places = _planted("GR", two).places
    assert [place.severity for place in places] == sorted((p.severity for p in places), reverse=True)
    assert places[0].depths[0] > 4490


def test_paper_read_from_the_scan_says_the_same_as_paper_in_memory() -> None:
    scan = sample_material().scan
    assert scan is not None
    values = values_of(sample_log(), "GR")
    values[FIRST:LAST] += 12.0
    log = with_values(sample_log(), "GR", values)
    assert assess(log, ScanInk.of(scan)).places == assess(log, sample_ink()).places


def test_the_report_carries_shares_and_places() -> None:
    def leave_out(values: Floats) -> None:
        values[FIRST:LAST] = np.nan

    quality = _planted("GR", leave_out)
    said = report_of(sample_log(), quality)["quality"]
    gr, *others = said["curves"]
    assert gr["gap"] == pytest.approx(0.06, abs=0.01)
    assert [other["clean"] for other in others] == [1.0] * 3
    assert said["places"][0]["kind"] == "gap"
    assert "quality" not in report_of(sample_log())


def test_a_log_without_curves_or_beside_the_paper_is_no_fault_of_the_program() -> None:
    log = sample_log()
    assert assess(replace(log, curves=()), sample_ink()).clean == 1.0
    white = GrayInk(np.full((50, 40), 255, np.uint8), 0.0, 0.0, 1.0)
    assert assess(log, white).curves[0].shares[FaultKind.OFF_INK] > 0.85
