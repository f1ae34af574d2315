"""Sets with a name: their sizes, the fifth that is for testing, and that no training sees what the hard one shows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from curvedesk.synth import HELD_OUT_STYLES, SETS, TRAINING_STYLES, CurveLibrary, NamedSet, write_set


def test_the_sets_of_the_published_work_are_there_in_their_sizes() -> None:
    assert {(s.name, s.count, s.binary, s.hard) for s in SETS.values()} == {
        ("binary-2000", 2_000, True, False),
        ("multiclass-15000", 15_000, False, False),
        ("hard-1000", 1_000, False, True),
    }
    assert len({s.seed for s in SETS.values()}) == 3


@pytest.mark.parametrize("name", ["binary-2000", "multiclass-15000"])
def test_a_fifth_is_for_testing(name: str) -> None:
    named = SETS[name]
    assert sum(named.is_test(i) for i in range(named.count)) == named.count // 5


def test_the_hard_set_shows_styles_and_wells_that_no_training_sees() -> None:
    hard, plain = SETS["hard-1000"], SETS["multiclass-15000"]
    assert set(hard.styles) == HELD_OUT_STYLES
    assert set(plain.styles) == set(TRAINING_STYLES)
    library = CurveLibrary({f"well-{n}": (np.linspace(0, 1, 300, dtype=np.float32),) for n in range(64)})
    kept, lent = hard.library(library), plain.library(library)
    assert kept is not None
    assert lent is not None
    assert kept.wells
    assert not set(kept.wells) & set(lent.wells)
    assert all(hard.is_test(i) for i in range(7))


def test_the_same_number_is_the_same_crop_and_the_test_part_holds_its_own() -> None:
    named = SETS["binary-2000"]
    first, second = (named.crop(4, size=64) for _ in range(2))
    assert first.gray.tobytes() == second.gray.tobytes()
    (one,) = named.test_crops(1)
    assert one.gray.tobytes() == named.crop(4).gray.tobytes()


def test_a_set_on_disk_says_which_crops_are_for_testing_and_what_its_labels_mean(tmp_path: Path) -> None:
    small: NamedSet = replace(SETS["binary-2000"], count=10)
    write_set(tmp_path, small)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["name"] == "binary-2000"
    assert [crop["part"] for crop in manifest["crops"]] == (["train"] * 4 + ["test"]) * 2
    values = {int(v) for crop in manifest["crops"] for v in np.unique(cv2.imread(str(tmp_path / crop["label"]), -1))}
    assert values <= {0, 1, 255}
    assert 1 in values
    assert manifest["classes"] == {"background": 0, "curve": 1, "ignore": 255}
