"""Printed names of the service companies mean mnemonics, misspelt by the reader or not; an analyst can add to them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curvedesk.domain.errors import SheetError
from curvedesk.registration.mnemonics import bundled_table, mnemonic_table


@pytest.mark.parametrize(
    ("printed", "mnemonic"),
    [
        ("GR (GAPI)", "GR"),
        ("GAMMA RAY A.P.I. UNITS", "GR"),
        ("GA (GAPI)", "GR"),
        ("Delta Time (usec/ft)", "DT"),
        ("CALIPER DIA. INCHES", "CALI"),
        ("dCAL (in)", "DCAL"),
        ("RHOH (G/C3)", "RHOB"),
        ("BULK DENSITY GRAMS/CC", "RHOB"),
        ("Sonic Porosity (pu)", "SPHI"),
        ("SPONTANEOUS POTENTIAL millivolts", "SP"),
        ('16" NORMAL', "SN"),
    ],
)
def test_that_a_printed_name_means_its_mnemonic(printed: str, mnemonic: str) -> None:
    match = bundled_table().match(printed)
    assert match is not None
    assert match.service.mnemonic == mnemonic


@pytest.mark.parametrize("printed", ["", "REMARKS", "OF THIS LINE", "5", "FOLD HERE", "Unit = ft/hr Unit=F"])
def test_that_other_words_mean_no_curve(printed: str) -> None:
    assert bundled_table().match(printed) is None


def test_that_tension_is_known_but_not_to_be_digitised() -> None:
    match = bundled_table().match("TENS (LBS)")
    assert match is not None
    assert not match.service.digitize


def test_that_an_analyst_can_add_names(curvedesk_home: Path) -> None:
    path = curvedesk_home / "config" / "mnemonics.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"curves": [{"mnemonic": "RASP", "unit": "OHMM", "names": ["RASPBERRY LOG"]}]}))
    match = mnemonic_table().match("Raspberry log")
    assert match is not None
    assert match.service.mnemonic == "RASP"
    path.write_text("[]")
    with pytest.raises(SheetError, match="table of mnemonics"):
        mnemonic_table()
