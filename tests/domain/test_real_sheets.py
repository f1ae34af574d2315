"""The given sheets: the pen's own line, read through the sheet, gives the values that were drawn."""

import json
from pathlib import Path

import lasio
import numpy as np
import pytest
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve, sample
from curvedesk.domain.scales import ValueScale, WrapKind
from curvedesk.domain.sheet import Sheet, dump_sheet, load_sheet, parse_sheet

NAMES = [f"d{i:02d}" for i in range(1, 13)]
# Share of a track's width. Truth is stored to 1e-4 px and values to 5 decimals, ties and slopes to 5 decimals,
# edges of a wavy print every 170 px: what is left on a steep swing is the storage, not the arithmetic.
WORST, TYPICAL = 0.01, 5e-4

Floats = NDArray[np.float64]


@pytest.fixture(params=NAMES)
def folder(request: pytest.FixtureRequest, shared_dir: Path) -> Path:
    return shared_dir / "data" / "sheets" / str(request.param)


def _turn_nearest(scale: ValueScale, fraction: Floats, wanted: Floats) -> NDArray[np.int32]:
    """Of all turns, the one whose value lies nearest to the wanted one."""
    if scale.wrap.kind is WrapKind.NONE:
        return np.zeros(fraction.shape, np.int32)
    turns = np.arange(-3, 8) if scale.wrap.kind is WrapKind.ADD else np.arange(8)
    off = np.abs(scale.to_axis(scale.value_at(fraction[:, None], turns)) - scale.to_axis(wanted)[:, None])
    return turns[np.argmin(np.where(np.isnan(off), np.inf, off), axis=1)].astype(np.int32)


def _traced(mnemonic: str, *, sheet: Sheet, depth: Floats, drawn: Floats, points: Floats) -> TracedCurve:
    track, spec = next((track, spec) for track, spec in sheet.curves() if spec.mnemonic == mnemonic)
    y, x = points.astype(np.float64).T
    ink = np.isfinite(drawn)
    axis = np.interp(sheet.depth_at(x, y), depth[ink], spec.scale.to_axis(drawn[ink]))
    turn = _turn_nearest(spec.scale, track.fraction_at(x, y), spec.scale.from_axis(axis))
    return TracedCurve(spec, track.name, x, y, turn, np.ones(len(x), np.float32))


def _widths_off(scale: ValueScale, values: Floats, drawn: Floats) -> Floats:
    """Distance in track widths of the scale the value was drawn on."""
    axis = [scale.to_axis(v) for v in (values, drawn, scale.left, scale.right)]
    width = np.abs(axis[3] - axis[2])
    if scale.wrap.kind is WrapKind.MULTIPLY:
        width = width * scale.wrap.factor ** scale.place_of(drawn)[1]
    return np.asarray(np.abs(axis[0] - axis[1]) / width)


def test_the_drawn_line_read_through_the_sheet_gives_the_drawn_values(folder: Path) -> None:
    sheet = load_sheet(folder / "sheet.json")
    truth = lasio.read(folder / "truth.las")
    depth = sheet.depth.sample_depths()
    assert depth.tolist() == np.asarray(truth.index).tolist()
    with np.load(folder / "truth.npz") as lines:
        for mnemonic in lines.files:
            drawn = np.asarray(truth[mnemonic], dtype=np.float64)
            line = _traced(mnemonic, sheet=sheet, depth=depth, drawn=drawn, points=lines[mnemonic])
            values, confidence = sample([line], sheet, depth)
            ink, read = np.isfinite(drawn), np.isfinite(values)
            assert not (ink & ~read).any(), "a drawn sample was lost"
            assert (read & ~ink).sum() <= 1, "more was read than the half row that the last point's ink reaches"
            assert (confidence[read] == 1).all()
            assert not confidence[~read].any()
            off = _widths_off(line.spec.scale, values, drawn)[ink]
            assert off.max() < WORST
            assert np.median(off) < TYPICAL


def test_every_value_of_the_truth_comes_back_from_its_place_in_the_track(folder: Path) -> None:
    sheet, truth = load_sheet(folder / "sheet.json"), lasio.read(folder / "truth.las")
    for _, spec in sheet.curves():
        drawn = np.asarray(truth[spec.mnemonic], dtype=np.float64)
        np.testing.assert_allclose(spec.scale.value_at(*spec.scale.place_of(drawn)), drawn, rtol=1e-12, atol=1e-12)


def test_a_sheet_is_written_back_as_it_was_read(folder: Path) -> None:
    obj = json.loads((folder / "sheet.json").read_text())
    assert dump_sheet(parse_sheet(obj)) == obj
