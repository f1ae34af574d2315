"""The sample that ships is the one the generator makes, and its truth is what its sheet reads off its scan."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import lasio
import numpy as np
import pytest

from curvedesk.domain.curve import sample
from curvedesk.domain.sheet import Style, load_sheet
from curvedesk.synth.sample import make_sample, write_sample

SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "sample"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder)
    return folder


def test_the_shipped_scan_is_the_one_we_make(made: Path) -> None:
    # Another version of the drawing library may round an edge or cut a letter differently; the paper stays the same.
    ours, shipped = (cv2.imread(str(folder / "scan.tif"), cv2.IMREAD_GRAYSCALE) for folder in (made, SHIPPED))
    assert ours.shape == shipped.shape
    assert ((ours < 128) != (shipped < 128)).mean() < 0.02


def test_the_shipped_sheet_and_truth_are_the_ones_we_make(made: Path) -> None:
    ours, shipped = (json.loads((f / "scan.sheet.json").read_text(encoding="utf-8")) for f in (made, SHIPPED))
    assert ours["tracks"][0]["curves"] == shipped["tracks"][0]["curves"]
    assert np.allclose(ours["depth"]["ties"], shipped["depth"]["ties"], atol=1e-3)
    first, second = (lasio.read(folder / "truth.las").data for folder in (made, SHIPPED))
    assert np.allclose(first, second, atol=1e-3, equal_nan=True)


def test_the_sample_is_small_and_says_its_resolution() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 400_000
    meaning = load_sheet(SHIPPED / "scan.sheet.json")
    assert meaning.dpi == 200
    assert meaning.scan == "scan.tif"
    assert len(meaning.tracks) == 2


def test_the_sample_shows_a_wrap_a_gap_and_solid_and_dashed_pens() -> None:
    meaning = load_sheet(SHIPPED / "scan.sheet.json")
    truth = lasio.read(SHIPPED / "truth.las")
    (ray,) = [spec for _, spec in meaning.curves() if spec.mnemonic == "GR"]
    assert np.nanmax(truth["GR"]) > ray.scale.right
    assert 0.02 < np.isnan(truth["GR"]).mean() < 0.2
    assert {spec.style for _, spec in meaning.curves()} == {Style.SOLID, Style.DASHED}


def test_the_shipped_truth_is_what_the_pens_path_reads_through_the_shipped_sheet() -> None:
    meaning, truth = load_sheet(SHIPPED / "scan.sheet.json"), lasio.read(SHIPPED / "truth.las")
    traces = make_sample().traces
    assert {trace.spec.mnemonic for trace in traces} == {spec.mnemonic for _, spec in meaning.curves()}
    for trace in traces:
        ours, _ = sample([trace], meaning, truth.index)
        theirs = truth[trace.spec.mnemonic]
        both = np.isfinite(ours) & np.isfinite(theirs)
        assert (np.isfinite(ours) != np.isfinite(theirs)).sum() <= 4
        axis = trace.spec.scale.to_axis
        span = abs(float(axis(trace.spec.scale.right) - axis(trace.spec.scale.left)))
        assert np.mean(np.abs(axis(ours[both]) - axis(theirs[both])) / span) < 0.001
