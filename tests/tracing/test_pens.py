"""Several pens in one track, each on its own ink."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.tracing.makers import Floats, Reading, cali, digitised, gr, ideal, make_sheet, pen_line, sp, values_of

CLOSE = 1.0  # % of the track: two pixels at 200 dpi
TYPICAL = 0.15  # %: a third of a pixel


def _off(got: Floats, wanted: Floats) -> Floats:
    return np.abs(got - wanted)


def slow(middle: float, swing: float, period_ft: float, shift: float = 0.0) -> Any:
    """A reading that swings around `middle`."""
    return lambda depth: middle + swing * np.sin((depth + shift) * 2 * np.pi / period_ft)


@pytest.mark.parametrize("other", [cali(), sp()], ids=["same style", "another style"])
def test_two_pens_that_do_not_touch_are_kept_apart(other: dict[str, Any]) -> None:
    sheet = make_sheet([gr(), other])
    readings = {"GR": slow(30, 12, 17), other["mnemonic"]: slow(62, 14, 11)}
    log = digitised(sheet, ideal(sheet, [pen_line(sheet, name, read) for name, read in readings.items()]))
    right = {name: np.mean(_off(values_of(log, name), read(log.depth)) < CLOSE) for name, read in readings.items()}
    swapped = np.mean(_off(values_of(log, "GR"), readings[other["mnemonic"]](log.depth)) < CLOSE)
    assert np.mean([np.isfinite(values_of(log, name)) for name in readings]) == 1
    assert min(right.values()) > 0.98 or (other["mnemonic"] == "CALI" and swapped > 0.98), (
        "which is which a stroke says"
    )


def test_solid_and_dashed_pens_that_cross_keep_their_names() -> None:
    sheet = make_sheet([gr(), sp()])
    readings = {"GR": slow(50, 30, 23), "SP": slow(50, 30, 31, 7)}
    log = digitised(sheet, ideal(sheet, [pen_line(sheet, n, r) for n, r in readings.items()], dashes_px=(14, 3)))
    for name, reading in readings.items():
        off = _off(values_of(log, name), reading(log.depth))
        assert np.isfinite(off).all(), "the holes of a dashed pen are bridged"
        assert np.mean(off < CLOSE) > 0.97
        assert np.median(off) < TYPICAL


def test_a_gap_stays_a_gap() -> None:
    sheet = make_sheet([gr()])
    reading = slow(50, 20, 19)

    def torn(depth: Floats) -> Floats:
        return np.where((depth > 1020) & (depth < 1030), np.nan, reading(depth))

    log = digitised(sheet, ideal(sheet, [pen_line(sheet, "GR", torn)]))
    values, inside = values_of(log, "GR"), (log.depth > 1020.5) & (log.depth < 1029.5)
    outside = (log.depth < 1019.5) | (log.depth > 1030.5)
    assert np.isnan(values[inside]).all()
    assert np.isfinite(values[outside]).all()
    assert np.mean(_off(values, reading(log.depth))[outside] < CLOSE) > 0.98, "all but the tips at the gap"


def test_level_swings_over_the_whole_track_are_followed() -> None:
    sheet = make_sheet([gr()])

    def blocky(depth: Floats) -> Floats:
        return np.where(np.floor(depth / 3) % 2 == 0, 12.0, 88.0)

    log = digitised(sheet, ideal(sheet, [pen_line(sheet, "GR", blocky)]))
    clear = np.abs((log.depth % 3) - 1.5) < 1.3  # samples at a level stroke may read either end of it
    assert _off(values_of(log, "GR"), blocky(log.depth))[clear].max() < CLOSE


def _swinging_over(depth: Floats) -> Floats:
    return slow(95, 50, 29)(depth)


def _dipping_below(depth: Floats) -> Floats:
    return 70 + 5 * np.sin(depth / 3) - 60 * np.exp(-(((depth - 1033) / 1.5) ** 2))


def _tenfold(depth: Floats) -> Floats:
    return slow(150, 130, 29)(depth)


@pytest.mark.parametrize(
    ("wrap", "left", "reading"),
    [(True, 0, _swinging_over), (True, 20, _dipping_below), ({"kind": "multiply", "factor": 10}, 0, _tenfold)],
    ids=["over the right border", "over the left border", "multiplied"],
)
def test_a_pen_that_wraps_is_read_on_its_back_up_scale(wrap: Any, left: float, reading: Reading) -> None:
    sheet = make_sheet([gr(wrap=wrap, left=left, right=100)])
    log = digitised(sheet, ideal(sheet, [pen_line(sheet, "GR", reading)]))
    off = _off(values_of(log, "GR"), reading(log.depth))
    widths = 10.0 if isinstance(wrap, dict) else 1.25  # a pixel of the tenfold scale is ten of the first
    assert np.mean(off < CLOSE * widths) > 0.95


@pytest.mark.parametrize(("dpi", "slope", "wave_px"), [(300, 0.014, 0), (400, -0.014, 3), (100, 0.02, 2)])
def test_tilted_and_wavy_sheets_of_any_resolution_read_alike(dpi: float, slope: float, wave_px: float) -> None:
    sheet = make_sheet([gr()], [sp(wrap=True)], dpi=dpi, slope=slope, wave_px=wave_px)
    readings = {"GR": slow(50, 30, 13), "SP": slow(95, 40, 37)}
    log = digitised(sheet, ideal(sheet, [pen_line(sheet, n, r) for n, r in readings.items()]))
    for name, reading in readings.items():
        off = _off(values_of(log, name), reading(log.depth))
        assert np.mean(off < CLOSE) > 0.95, name
        assert np.median(off) < TYPICAL * max(1, dpi / 200)


def test_a_pen_that_is_not_digitised_is_neither_exported_nor_mistaken() -> None:
    sheet = make_sheet([gr(), sp(mnemonic="TENS", digitize=False), sp()])
    readings = {"GR": slow(30, 12, 17), "TENS": slow(85, 3, 40), "SP": slow(55, 10, 11)}
    lines = [pen_line(sheet, name, reading) for name, reading in readings.items()]
    log = digitised(sheet, ideal(sheet, lines))
    assert [curve.mnemonic for curve in log.curves] == ["GR", "SP"]
    off_own = _off(values_of(log, "SP"), readings["SP"](log.depth))
    off_other = _off(values_of(log, "SP"), readings["TENS"](log.depth))
    assert max(np.mean(off < CLOSE) for off in (off_own, off_other)) > 0.99, (
        "one pen from top to bottom, never a bit of each"
    )


def test_a_curve_with_two_scales_is_read_on_each_in_its_depths() -> None:
    first, second = gr(to=1029.75), gr(**{"from": 1030, "left": 0, "right": 200})
    sheet = make_sheet([first, second])
    reading = slow(50, 30, 19)
    lines = [pen_line(sheet, "GR", reading, nth=n) for n in (0, 1)]
    log = digitised(sheet, ideal(sheet, lines))
    off = _off(values_of(log, "GR"), reading(log.depth))
    clear = np.abs(log.depth - 1030) > 0.3
    assert np.isfinite(off[clear]).all()
    assert np.mean(off[clear] < 2 * CLOSE) > 0.98


def test_a_curve_is_silent_outside_its_depths() -> None:
    sheet = make_sheet([gr(**{"from": 1010, "to": 1040})])
    everywhere = make_sheet([gr()])
    log = digitised(sheet, ideal(sheet, [pen_line(everywhere, "GR", slow(50, 30, 19))]))
    there = np.isfinite(values_of(log, "GR"))
    assert there.tolist() == ((log.depth >= 1010) & (log.depth <= 1040)).tolist()


def test_a_printed_line_from_border_to_border_sends_no_pen_round_its_back_up_scales() -> None:
    sheet = make_sheet([gr(wrap={"kind": "add"})])
    reading = slow(60, 30, 21)
    masks = ideal(sheet, [pen_line(sheet, "GR", reading)])
    masks.probability[0, 400:403, :] = 255
    masks.probability[0, 900:903, :] = 255
    log = digitised(sheet, masks)
    values = values_of(log, "GR")
    assert np.nanmax(values) < 100, "the network took two ruled lines for ink; the pen stays on its first scale"
    assert np.mean(_off(values, reading(log.depth)) < CLOSE) > 0.95
