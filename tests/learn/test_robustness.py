"""Worse scans: each fault does what its name says, labels turn with the paper, and a reader of ink suffers from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from curvedesk import synth
from curvedesk.domain.errors import CurveDeskError
from curvedesk.learn import evaluate as measuring
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.evaluate_sheets import reliability
from curvedesk.learn.robustness import FAULTS, robustness, spoil

CASES = [(fault, severity) for fault, steps in FAULTS.items() for severity in steps]


@pytest.fixture(scope="module")
def crop() -> synth.Crop:
    """A pen down the middle and a level grid line."""
    gray = np.full((128, 128), 255, np.uint8)
    gray[:, 63:66] = 0
    gray[40] = 90
    solid = np.zeros_like(gray)
    solid[:, 63:66] = 255
    return synth.Crop(gray, solid, np.zeros_like(gray), np.zeros(gray.shape, bool))


@pytest.mark.parametrize(("fault", "severity"), CASES)
def test_every_fault_changes_the_paper_and_keeps_its_size(crop: synth.Crop, fault: str, severity: float) -> None:
    worse = spoil(crop, fault, severity)
    assert worse.gray.shape == crop.gray.shape
    assert worse.gray.dtype == np.uint8
    assert (worse.gray != crop.gray).any()
    assert spoil(crop, fault, severity).gray.tobytes() == worse.gray.tobytes()


def test_labels_turn_with_the_paper(crop: synth.Crop) -> None:
    turned = spoil(crop, "skew, degrees", 2)
    assert (turned.gray[(turned.solid > 200) & ~turned.ignore] < 130).all()
    assert (turned.solid != crop.solid).any()


def test_less_ink_is_left_the_more_a_scan_fades(crop: synth.Crop) -> None:
    left = [255 - float(spoil(crop, "fading, ink left", s).gray[60:70, 64].mean()) for s in FAULTS["fading, ink left"]]
    assert left == sorted(left, reverse=True)


def _dark(model: Model, gray: NDArray[np.uint8], *, device: str = "cpu") -> NDArray[np.float16]:
    return np.stack([gray < 100, np.zeros(gray.shape, bool)]).astype(np.float16)


def test_the_report_tells_what_each_fault_costs(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "predict", _dark)
    (table,) = robustness(model, None, crops=2).tables
    rows = {(row[0], row[1]): row for row in table.rows}
    assert set(rows) == {("as it is", 0.0), *CASES}
    faded = rows["fading, ink left", 0.25]
    assert faded[2] == 0.0  # nothing is darker than the reader asks for
    assert isinstance(plain := rows["as it is", 0.0][2], float)
    assert plain > 0.05
    assert faded[3] == pytest.approx(-plain)


def test_a_folder_without_curves_is_named(model: Model, tmp_path: Path) -> None:
    with pytest.raises(CurveDeskError, match="give another --data"):
        robustness(model, tmp_path)


def test_reliability_sets_confidence_beside_what_was_right() -> None:
    sure = np.array([0.97, 0.96, 0.98, 0.99, 0.1, 1.0])
    right = np.array([True, True, True, False, False, True])
    rows = {row[0]: row for row in reliability([(sure, right)]).rows}
    assert rows["0.95 to 1"][1] == 5
    assert rows["0.95 to 1"][3] == pytest.approx(0.8)
    assert rows["0 to 0.25"][1:] == (1, pytest.approx(0.1), 0.0)
    assert rows["0.5 to 0.7"][1:] == (0, None, None)
