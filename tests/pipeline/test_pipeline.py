"""Scan, sheet, strokes and model in, a log out: what the caller sees on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from curvedesk.domain.errors import Cancelled, ScanError, SheetError, StrokesError
from curvedesk.domain.sheet import Sheet
from curvedesk.imaging import open_scan
from curvedesk.learn.checkpoints import Model
from curvedesk.pipeline import digitize, predict_mask, trace_region
from tests.tracing.makers import gr, make_sheet, sp, strokes

Paper = Callable[[float], Path]


def test_a_log_holds_every_wanted_curve_at_every_depth_and_says_where_it_came_from(
    paper: Paper, sheet: Sheet, model: Model
) -> None:
    with open_scan(paper(200), dpi=200) as scan:
        log = digitize(scan, sheet, (), model, device="cpu")
    assert [curve.mnemonic for curve in log.curves] == ["GR", "SP"]
    assert all(curve.values.shape == log.depth.shape == (61,) for curve in log.curves)
    assert log.model_id == model.id
    assert len(log.sha256) == 64
    assert "solid pen of track 1" in log.curves[0].source


def test_progress_only_grows_and_ends_at_the_whole(paper: Paper, sheet: Sheet, model: Model) -> None:
    seen: list[tuple[int, int]] = []
    with open_scan(paper(200), dpi=200) as scan:
        digitize(scan, sheet, (), model, device="cpu", progress=lambda done, total: seen.append((done, total)))
    shares = [Fraction(done, total) for done, total in seen]
    assert shares == sorted(shares)
    assert shares[0] < 1
    assert shares[-1] == 1
    assert len(set(shares)) > len(sheet.tracks)


def test_a_cancelled_run_stops(paper: Paper, sheet: Sheet, model: Model) -> None:
    with open_scan(paper(200), dpi=200) as scan, pytest.raises(Cancelled):
        digitize(scan, sheet, (), model, device="cpu", cancelled=lambda: True)


def test_a_sheet_of_another_scan_is_refused_in_one_sentence(paper: Paper, model: Model) -> None:
    far = make_sheet([gr()], feet=30)
    track, aside_px = far.tracks[0], np.array([9000.0, 0.0])
    moved = replace(far, tracks=(replace(track, left=track.left + aside_px, right=track.right + aside_px),))
    with open_scan(paper(200), dpi=200) as scan, pytest.raises(SheetError, match="another scan"):
        digitize(scan, moved, (), model, device="cpu")


def test_a_sheet_without_tracks_is_refused(paper: Paper, model: Model) -> None:
    with open_scan(paper(200), dpi=200) as scan, pytest.raises(SheetError, match="no tracks"):
        digitize(scan, make_sheet(feet=30), (), model, device="cpu")


def test_a_stroke_of_a_curve_that_the_sheet_lacks_is_refused(paper: Paper, sheet: Sheet, model: Model) -> None:
    said = strokes({"kind": "null", "curve": "NPHI", "rows": [0, 100]})
    with open_scan(paper(200), dpi=200) as scan, pytest.raises(StrokesError, match="NPHI"):
        digitize(scan, sheet, said, model, device="cpu")


def test_strokes_bind_whatever_the_network_says(paper: Paper, sheet: Sheet, model: Model) -> None:
    said = strokes(
        {"kind": "null", "curve": "SP", "rows": [60, 2000]},
        {"kind": "curve", "curve": "GR", "points": [[100, 120], [180, 300]], "width_px": 3},
    )
    with open_scan(paper(200), dpi=200) as scan:
        log = digitize(scan, sheet, said, model, device="cpu")
    row = 60 + 10 * (log.depth - 1000)
    bound = (row > 122) & (row < 298)
    wanted = np.interp(row, [120, 300], [(100 - 40) / 2, (180 - 40) / 2])
    assert np.abs(log.curves[0].values - wanted)[bound].max() < 1.5
    assert np.isnan(log.curves[1].values).all()
    assert any(warning.startswith("SP: no ink") for warning in log.warnings)
    assert log.strokes == said


def test_a_pen_not_to_be_digitised_is_left_out(paper: Paper, model: Model) -> None:
    sheet = make_sheet([gr(), sp(digitize=False)], feet=30)
    with open_scan(paper(200), dpi=200) as scan:
        log = digitize(scan, sheet, (), model, device="cpu")
    assert [curve.mnemonic for curve in log.curves] == ["GR"]


def test_an_assumed_resolution_is_said_so(paper: Paper, sheet: Sheet, model: Model) -> None:
    with open_scan(paper(200)) as scan:
        log = digitize(scan, replace(sheet, dpi=None), (), model, device="cpu")
    assert any("200 dpi was assumed" in warning for warning in log.warnings)


@pytest.mark.parametrize("dpi", [100, 200, 300])
def test_a_mask_has_the_size_of_what_was_asked_for(paper: Paper, model: Model, dpi: float) -> None:
    with open_scan(paper(dpi), dpi=dpi) as scan:
        whole = predict_mask(scan, model, device="cpu")
        part = predict_mask(scan, model, region=(11, 23, 144, 200), binary=True, device="cpu")
        assert whole.shape == (scan.height, scan.width)
    assert part.shape == (177, 133)
    assert whole.dtype == part.dtype == np.uint8
    assert set(np.unique(whole)) <= {0, 1, 2}
    assert set(np.unique(part)) <= {0, 1}


@pytest.mark.parametrize("region", [(-1, 0, 50, 50), (0, 0, 5000, 50), (50, 50, 50, 90), (60, 90, 10, 10)])
def test_a_region_off_the_scan_is_refused(paper: Paper, model: Model, region: tuple[int, int, int, int]) -> None:
    with open_scan(paper(200), dpi=200) as scan:
        for work in (predict_mask, trace_region):
            with pytest.raises(ScanError, match="not within the scan"):
                work(scan, model, region=region, device="cpu")


def test_traced_curves_lie_in_the_region_at_any_resolution(paper: Paper, model: Model) -> None:
    with open_scan(paper(300), dpi=300) as scan:
        curves = trace_region(scan, model, region=(60, 90, 360, 390), device="cpu")
    for curve in curves:
        points = np.asarray(curve["points"], np.float64)
        assert points.min() >= -0.5
        assert points.max() <= 299.5
        assert curve["style"] in {"solid", "dashed", "dotted"}
        assert 0 <= float(str(curve["confidence"])) <= 1
