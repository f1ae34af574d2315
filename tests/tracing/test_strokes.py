"""Strokes of every kind, from the analyst's hand to the sampled values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from curvedesk.domain.curve import DigitisedLog
from curvedesk.domain.errors import StrokesError
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.strokes import Stroke
from curvedesk.interchange.obeyed import obeyed
from tests.tracing.makers import (
    Floats,
    cali,
    digitised,
    draw,
    found,
    gr,
    ideal,
    make_sheet,
    pen_line,
    rows_of,
    sp,
    strokes,
    values_of,
)

CLOSE = 1.0  # % of the track of 200 px
PAPERS = [(200, 0.0), (300, 0.014), (400, -0.014)]  # dpi, slope
papers = pytest.mark.parametrize(("dpi", "slope"), PAPERS)


def flat(value: float) -> Any:
    """A reading that stays what it is."""
    return lambda depth: np.full(np.shape(depth), value)


def points_at(sheet: Sheet, mnemonic: str, value: float | Sequence[float], feet: Sequence[float]) -> list[list[float]]:
    """Scan pixels of readings of a curve at depths."""
    track, spec = found(sheet, mnemonic)
    fraction = spec.scale.place_of(np.broadcast_to(value, len(feet)))[0]
    return np.column_stack(sheet.pixel_at(track, fraction, np.asarray(feet, np.float64))).tolist()


def _all_obeyed(log: DigitisedLog, said: Sequence[Stroke]) -> bool:
    return all(obeyed(stroke, log) is not False for stroke in said)


def _depths_between(log: DigitisedLog, top: float, bottom: float) -> Any:
    return (log.depth > top) & (log.depth < bottom)


@papers
def test_a_curve_stroke_binds_where_there_is_no_ink(dpi: float, slope: float) -> None:
    sheet = make_sheet([gr()], dpi=dpi, slope=slope)

    def torn(depth: Floats) -> Floats:
        return np.where((depth > 1020) & (depth < 1040), np.nan, 50.0)

    line = points_at(sheet, "GR", [50, 80, 50], [1020, 1030, 1040])
    said = strokes({"kind": "curve", "curve": "GR", "points": line, "width_px": 4 * dpi / 200})
    log = digitised(sheet, ideal(sheet, [pen_line(sheet, "GR", torn)]), said)
    wanted = np.interp(log.depth, [1020, 1030, 1040], [50, 80, 50])
    assert np.abs(values_of(log, "GR") - wanted).max() < 2 * CLOSE
    assert _all_obeyed(log, said)


@papers
@pytest.mark.parametrize("away", [4, 12, 40])
def test_a_curve_stroke_binds_against_the_ink(dpi: float, slope: float, away: float) -> None:
    sheet = make_sheet([gr()], dpi=dpi, slope=slope)
    line = points_at(sheet, "GR", 50 + away, [1020, 1040])
    said = strokes({"kind": "curve", "curve": "GR", "points": line, "width_px": 3 * dpi / 200})
    log = digitised(sheet, ideal(sheet, [pen_line(sheet, "GR", flat(50))]), said)
    values, bound = values_of(log, "GR"), _depths_between(log, 1020.2, 1039.8)
    assert np.abs(values[bound] - 50 - away).max() < 1.5 / 2 + 0.3, "half the stroke's width, in % of 200 px"
    assert np.abs(values[~_depths_between(log, 1019, 1041)] - 50).max() < CLOSE
    assert _all_obeyed(log, said)


def test_a_stroke_near_the_ink_is_snapped_to_it() -> None:
    sheet = make_sheet([gr(), cali()])
    lines = [pen_line(sheet, "GR", flat(50)), pen_line(sheet, "CALI", flat(70))]
    said = strokes(
        {"kind": "curve", "curve": "GR", "points": points_at(sheet, "GR", 70.6, [1005, 1050]), "width_px": 5}
    )
    log = digitised(sheet, ideal(sheet, lines), said)
    bound = _depths_between(log, 1006, 1049)
    assert np.abs(values_of(log, "GR")[bound] - 70).max() < 0.15, "the middle of the ink, not that of a shaky hand"
    assert np.abs(values_of(log, "CALI")[_depths_between(log, 1010, 1045)] - 50).max() < CLOSE


def test_a_level_stroke_is_obeyed_to_its_tip() -> None:
    sheet = make_sheet([gr()])
    spike = points_at(sheet, "GR", [20, 90, 20], [1030, 1030.3, 1030.6])
    said = strokes({"kind": "curve", "curve": "GR", "points": spike, "width_px": 3})
    log = digitised(sheet, ideal(sheet, [pen_line(sheet, "GR", flat(20))]), said)
    assert _all_obeyed(log, said)
    assert np.abs(values_of(log, "GR")[~_depths_between(log, 1029.5, 1031.1)] - 20).max() < CLOSE


@pytest.mark.parametrize("wrap", [False, True])
def test_a_stroke_on_the_border_of_its_track_is_obeyed(wrap: bool) -> None:
    sheet = make_sheet([gr(wrap=wrap)])
    track, _ = found(sheet, "GR")
    rows = np.linspace(200, 400, 5)
    line = np.column_stack([track.right_at(rows) + 1, rows]).tolist()
    said = strokes({"kind": "curve", "curve": "GR", "points": line, "width_px": 3})
    log = digitised(sheet, ideal(sheet, [pen_line(sheet, "GR", flat(60))]), said)
    assert _all_obeyed(log, said)


@papers
def test_a_null_stroke_silences_its_rows_and_no_others(dpi: float, slope: float) -> None:
    sheet = make_sheet([gr(), sp()], dpi=dpi, slope=slope)
    first, last = 251.3 * dpi / 200, 372.9 * dpi / 200
    said = strokes({"kind": "null", "curve": "GR", "rows": [first, last]})
    readings = {"GR": flat(20), "SP": flat(70)}
    log = digitised(sheet, ideal(sheet, [pen_line(sheet, n, r) for n, r in readings.items()]), said)
    track, _ = found(sheet, "GR")
    row = sheet.pixel_at(track, 0.2, log.depth)[1]
    assert np.isnan(values_of(log, "GR")).tolist() == ((row >= first) & (row <= last)).tolist()
    assert np.isfinite(values_of(log, "SP")).all()
    assert _all_obeyed(log, said)


def test_a_null_stroke_silences_a_pen_that_other_ink_would_feed() -> None:
    sheet = make_sheet([gr(), cali()])
    lines = [pen_line(sheet, "GR", flat(30)), pen_line(sheet, "CALI", flat(60))]
    said = strokes({"kind": "null", "curve": "CALI", "rows": [60, 2000]})
    log = digitised(sheet, ideal(sheet, lines), said)
    assert np.isnan(values_of(log, "CALI")).all()
    assert np.isfinite(values_of(log, "GR")).all()


@papers
def test_ink_that_is_no_curve_is_not_used(dpi: float, slope: float) -> None:
    sheet = make_sheet([gr()], dpi=dpi, slope=slope)

    def torn(depth: Floats) -> Floats:
        return np.where((depth > 1020) & (depth < 1040), np.nan, 30.0)

    evidence = ideal(sheet, [pen_line(sheet, "GR", torn)])
    stain = np.array(points_at(sheet, "GR", [30, 70, 70, 30], [1020, 1024, 1036, 1040]))
    draw(evidence.probability[0], np.column_stack(evidence.window.to_image(*stain.T)))
    used = values_of(digitised(sheet, evidence), "GR")[60]
    assert used == pytest.approx(70, abs=CLOSE), "without a word the stain is the only ink there"
    said = strokes({"kind": "not_curve", "points": stain[1:3].tolist(), "width_px": 11 * dpi / 200})
    log = digitised(sheet, evidence, said)
    assert not np.any(np.abs(values_of(log, "GR") - 70) < 2 * CLOSE)
    assert _all_obeyed(log, said)


def _two_pens(sheet: Sheet) -> Any:
    return ideal(sheet, [pen_line(sheet, "GR", flat(30)), pen_line(sheet, "CALI", flat(60))])


@papers
def test_a_swap_exchanges_two_curves_from_its_row_down(dpi: float, slope: float) -> None:
    sheet = make_sheet([gr(), cali()], dpi=dpi, slope=slope)
    from_row = 333.3 * dpi / 200
    plain = digitised(sheet, _two_pens(sheet))
    log = digitised(sheet, _two_pens(sheet), strokes({"kind": "swap", "curves": ["GR", "CALI"], "from_row": from_row}))
    for name, other in (("GR", "CALI"), ("CALI", "GR")):
        place = np.nanmedian(values_of(plain, name)) / 100
        own, others = (sheet.pixel_at(found(sheet, name)[0], p, log.depth)[1] for p in (place, 0.9 - place))
        above, below = np.maximum(own, others) < from_row - 1, np.minimum(own, others) > from_row + 1
        np.testing.assert_allclose(values_of(log, name)[above], values_of(plain, name)[above])
        np.testing.assert_allclose(values_of(log, name)[below], values_of(plain, other)[below])
        assert np.isfinite(values_of(log, name)).sum() >= len(log.depth) - (abs(slope) > 0)


def test_swaps_add_up_and_strokes_below_speak_of_the_new_names() -> None:
    sheet = make_sheet([gr(), cali()])
    plain = digitised(sheet, _two_pens(sheet))
    said = strokes(
        {"kind": "swap", "curves": ["CALI", "GR"], "from_row": 460},
        {"kind": "swap", "curves": ["GR", "CALI"], "from_row": 260},
        {"kind": "curve", "curve": "GR", "points": points_at(sheet, "GR", 85, [1025, 1030]), "width_px": 3},
        {"kind": "null", "curve": "CALI", "rows": [390, 420]},
    )
    log = digitised(sheet, _two_pens(sheet), said)
    gr_values, cali_values = values_of(log, "GR"), values_of(log, "CALI")
    first, second = (float(np.nanmedian(values_of(plain, name))) for name in ("GR", "CALI"))
    row = rows_of(sheet, "GR", log)
    for between, wanted in (((60, 255), first), ((265, 295), second), ((375, 455), second), ((465, 655), first)):
        here = (row > between[0]) & (row < between[1])
        assert gr_values[here] == pytest.approx(wanted, abs=CLOSE)
    assert gr_values[(row > 312) & (row < 358)] == pytest.approx(85, abs=CLOSE)
    assert np.isnan(cali_values[(row >= 390) & (row <= 420)]).all()
    assert _all_obeyed(log, said)


def test_a_swap_in_one_track_leaves_the_others_alone_and_none_joins_two() -> None:
    sheet = make_sheet([gr(), cali()], [sp()])
    lines = [pen_line(sheet, n, flat(v)) for n, v in (("GR", 30), ("CALI", 60), ("SP", 45))]
    log = digitised(sheet, ideal(sheet, lines), strokes({"kind": "swap", "curves": ["GR", "CALI"], "from_row": 300}))
    assert values_of(log, "SP") == pytest.approx(45, abs=CLOSE)
    with pytest.raises(StrokesError, match="GR and SP joins two tracks"):
        digitised(sheet, ideal(sheet, lines), strokes({"kind": "swap", "curves": ["GR", "SP"], "from_row": 300}))


def test_a_curve_of_two_scales_is_bound_and_swapped_in_both() -> None:
    sheet = make_sheet([gr(to=1029.75), gr(**{"from": 1030, "left": 0, "right": 200}), cali()])
    lines = [pen_line(sheet, "GR", flat(30)), pen_line(sheet, "GR", flat(60), nth=1), pen_line(sheet, "CALI", flat(70))]
    line = points_at(sheet, "GR", 50, [1025, 1035])
    bound = strokes({"kind": "curve", "curve": "GR", "points": line, "width_px": 3})
    log = digitised(sheet, ideal(sheet, lines), bound)
    values = values_of(log, "GR")
    assert values[_depths_between(log, 1025.3, 1029.7)] == pytest.approx(50, abs=CLOSE)
    assert values[_depths_between(log, 1030.3, 1034.7)] == pytest.approx(100, abs=2 * CLOSE)
    assert _all_obeyed(log, bound)
    names = strokes(
        {"kind": "curve", "curve": "GR", "points": points_at(sheet, "GR", 30, [1003, 1028]), "width_px": 3},
        {"kind": "curve", "curve": "CALI", "points": points_at(sheet, "GR", 30, [1035, 1055]), "width_px": 3},
    )
    swapped = digitised(
        sheet, ideal(sheet, lines), (*names, *strokes({"kind": "swap", "curves": ["GR", "CALI"], "from_row": 260}))
    )
    assert _all_obeyed(swapped, names[1:])
    assert values_of(swapped, "CALI")[_depths_between(log, 1035.3, 1054.7)] == pytest.approx(30, abs=CLOSE)


def test_an_accepted_interval_changes_nothing() -> None:
    sheet = make_sheet([gr(), cali()])
    plain = digitised(sheet, _two_pens(sheet))
    log = digitised(sheet, _two_pens(sheet), strokes({"kind": "accept", "curve": "GR", "rows": [100, 400]}))
    for name in ("GR", "CALI"):
        np.testing.assert_array_equal(values_of(log, name), values_of(plain, name))


def test_strokes_off_the_sheet_or_of_one_point_do_no_harm() -> None:
    sheet = make_sheet([gr()])
    said = strokes(
        {"kind": "curve", "curve": "GR", "points": [[5, -400]], "width_px": 3},
        {"kind": "not_curve", "points": [[9000, 300]], "width_px": 5},
        {"kind": "null", "curve": "GR", "rows": [5000, 6000]},
        {"kind": "curve", "curve": "GR", "points": points_at(sheet, "GR", 44, [1030]), "width_px": 3},
    )
    log = digitised(sheet, ideal(sheet, [pen_line(sheet, "GR", flat(50))]), said)
    assert values_of(log, "GR")[~_depths_between(log, 1029, 1031)] == pytest.approx(50, abs=CLOSE)
    assert obeyed(said[3], log)
