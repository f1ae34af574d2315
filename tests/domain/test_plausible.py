"""Values that no rock, mud or hole can give are known as such; whatever else a log reads is let be."""

from __future__ import annotations

import numpy as np
import pytest

from curvedesk.domain.plausible import beyond, limits_of, may_be_printed


@pytest.mark.parametrize(
    ("mnemonic", "unit", "low", "high"),
    [("RHOB", "G/C3", 1.9, 3.0), ("NPHI", "V/V", -0.1, 0.6), ("DT", "us/ft", 40, 180), ("CALI", "IN", 6, 22)],
)
def test_a_log_that_is_right_is_let_be(mnemonic: str, unit: str, low: float, high: float) -> None:
    assert beyond(np.linspace(low, high, 500), mnemonic, unit) == 0.0


def test_porosity_read_as_density_stands_out() -> None:
    values = np.linspace(-0.15, 0.45, 200)
    assert beyond(values, "RHOB", "G/C3") == 1.0


def test_a_few_cycle_skips_and_gaps_are_no_other_pen() -> None:
    values = np.full(200, 90.0)
    values[:12], values[50:120] = 300.0, np.nan
    assert beyond(values, "DT", "US/F") == 0.0
    values[:30] = 300.0
    assert beyond(values, "DT", "US/F") == pytest.approx(30 / 130)


def test_a_curve_or_a_unit_that_is_not_known_has_no_limits() -> None:
    assert limits_of("SP", "MV") is None
    assert limits_of("GR", "CPS") is None
    assert beyond(np.full(9, -1e6), "GR", "CPS") == 0.0
    assert beyond(np.full(9, np.nan), "GR", "GAPI") == 0.0


@pytest.mark.parametrize(
    ("scale", "mnemonic", "unit", "possible"),
    [
        ((6.0, 16.0), "CALI", "IN", True),
        ((611.0, 16.0), "CALI", "IN", False),  # 6" read with its mark
        ((140.0, 40.0), "DT", "US/F", True),
        ((45.0, -15.0), "NPHI", "PU", True),
        ((30.0, -10.0), "RHOB", "G/C3", False),
        ((0.0, 1e9), "SURF", "", True),  # nothing is known of it
    ],
)
def test_a_scale_far_beyond_what_a_curve_can_read_is_on_no_print(
    scale: tuple[float, float], mnemonic: str, unit: str, possible: bool
) -> None:
    assert may_be_printed(scale, mnemonic, unit) is possible
