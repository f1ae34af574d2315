"""Whole logs: the truth, read through the sheet, is the truth; wraps, gaps and styles occur."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from curvedesk.domain.curve import TracedCurve, sample
from curvedesk.domain.scales import ScaleKind, ValueScale, WrapKind
from curvedesk.domain.sheet import Style, dump_sheet, parse_sheet
from curvedesk.synth import RenderedSheet, sheet

SEEDS = range(10)


@cache
def _sheet(seed: int) -> RenderedSheet:
    return sheet(np.random.default_rng(seed), feet=200)


def _error(scale: ValueScale, ours: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """In widths of the track."""
    if scale.kind is ScaleKind.LOG:
        return np.abs(np.log10(ours / truth)) / abs(np.log10(scale.right / scale.left))
    return np.abs(ours - truth) / abs(scale.right - scale.left)


def _wanted(made: RenderedSheet) -> list[TracedCurve]:
    return [trace for trace in made.traces if trace.spec.digitize]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_pens_paths_read_through_the_sheet_file_give_the_true_values(seed: int) -> None:
    made = _sheet(seed)
    meaning = parse_sheet(dump_sheet(made.sheet))
    assert np.array_equal(meaning.depth.sample_depths(), made.depth)
    for trace in _wanted(made):
        truth = made.values[trace.spec.mnemonic]
        ours, _ = sample([trace], meaning, made.depth)
        both = np.isfinite(ours) & np.isfinite(truth)
        assert (np.isfinite(ours) != np.isfinite(truth)).mean() < 0.02
        errors = _error(trace.spec.scale, ours[both], truth[both])
        assert np.mean(errors < 0.003) > 0.99
        assert errors.mean() < 0.002


@pytest.mark.parametrize("seed", SEEDS)
def test_every_curve_stays_within_its_track_and_on_the_scan(seed: int) -> None:
    made = _sheet(seed)
    height, width = made.image.shape
    tracks = {track.name: track for track in made.sheet.tracks}
    assert len(made.traces) == len(list(made.sheet.curves()))
    for trace in made.traces:
        drawn = np.isfinite(trace.x_px)
        fraction = tracks[trace.track].fraction_at(trace.x_px[drawn], trace.y_px[drawn])
        assert fraction.min() > -1e-6
        assert fraction.max() < 1 + 1e-6
        assert (trace.x_px[drawn] > 0).all()
        assert (trace.x_px[drawn] < width).all()
        assert (trace.y_px[drawn] < height).all()


def test_ink_lies_under_the_pens_paths() -> None:
    shares = []
    for seed in SEEDS:
        made = _sheet(seed)
        for trace in made.traces:
            if trace.spec.style is Style.SOLID:
                drawn = np.isfinite(trace.x_px)
                rows, columns = (np.round(a[drawn]).astype(int) for a in (trace.y_px, trace.x_px))
                shares.append(float((made.image[rows, columns] < np.percentile(made.image, 90) - 25).mean()))
    assert np.median(shares) > 0.9


def test_the_depth_lines_of_the_print_are_where_the_sheet_says() -> None:
    made = sheet(np.random.default_rng(4), styles=["modern-laser"], feet=200)
    track = made.sheet.tracks[0]
    heavy = made.depth[(made.depth % 50 == 0)][1:-1]
    fraction = np.linspace(0.02, 0.98, 80)
    dark = []
    for depth in heavy:
        x, y = made.sheet.pixel_at(track, fraction, np.full(fraction.shape, depth))
        dark.append(float((made.image[np.round(y).astype(int), np.round(x).astype(int)] < 128).mean()))
    assert len(heavy) >= 2
    assert min(dark) > 0.9


def test_a_batch_of_sheets_has_wraps_of_both_kinds_gaps_and_pens_of_every_style() -> None:
    traces = [trace for seed in SEEDS for trace in _sheet(seed).traces]
    wrapped = {t.spec.scale.wrap.kind for t in traces if np.unique(t.turn[np.isfinite(t.x_px)]).size > 1}
    assert {t.spec.style for t in traces} >= {Style.SOLID, Style.DASHED}
    assert WrapKind.ADD in wrapped
    assert {t.spec.scale.wrap.kind for t in traces} == set(WrapKind)
    assert any(np.isnan(v).mean() > 0.01 for seed in SEEDS for v in _sheet(seed).values.values())
    assert {t.spec.scale.kind for t in traces} == {ScaleKind.LINEAR, ScaleKind.LOG}


def test_the_same_seed_gives_the_same_log() -> None:
    one, two = (sheet(np.random.default_rng(8), feet=120) for _ in range(2))
    assert one.image.tobytes() == two.image.tobytes()
    assert dump_sheet(one.sheet) == dump_sheet(two.sheet)
