"""What the analyst said becomes labels exactly there, and nowhere else."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.sheet import Sheet, parse_sheet
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, NullStroke, Stroke
from curvedesk.learn.spoken import Spoken, spoken_of
from curvedesk.learn.spoken_crops import cut, varied
from curvedesk.learn.spoken_loss import spoken_loss, to_spoken_batch
from curvedesk.tracing.strip import Window

SIZE = 128
GR_X, DT_X = 60.0, 90.0


def _sheet() -> Sheet:
    curves = [
        {"mnemonic": name, "unit": "", "left": 0, "right": 100, "scale": "linear", "style": style}
        for name, style in (("GR", "solid"), ("DT", "dashed"))
    ]
    edges = {"left": [[20, 0], [20, 400]], "right": [[120, 0], [120, 400]]}
    return parse_sheet(
        {
            "format": "curvedesk-sheet", "version": 1, "scan": "s.tif", "dpi": 200, "well": {},
            "depth": {"unit": "FT", "ties": [[0, 0], [400, 400]], "top": 0, "bottom": 400, "step": 1, "x_px": 10},
            "tracks": [{"name": "1", "edges": edges, "curves": curves}],
        }
    )  # fmt: skip


def _paper() -> NDArray[np.uint8]:
    gray = np.full((400, 140), 240, np.uint8)
    gray[:, 59:62] = 20
    gray[:, 89:92] = 20
    return gray


def _traced(sheet: Sheet) -> list[TracedCurve]:
    y = np.arange(0.0, 400.0)
    return [
        TracedCurve(spec, "1", np.full(y.size, x), y, np.zeros(y.size, np.int32), np.ones(y.size, np.float32))
        for (_, spec), x in zip(sheet.curves(), (GR_X, DT_X), strict=True)
    ]


def _spoken(*strokes: Stroke) -> Spoken:
    sheet = _sheet()
    return spoken_of(strokes, sheet, _traced(sheet), _paper(), Window(0, 0, 1.0))


def _gradient(spoken: Spoken, channels: int = 3) -> NDArray[np.float32]:
    crop = cut(spoken, _paper(), (70, 100), SIZE)
    logits = torch.randn(1, channels, SIZE, SIZE, generator=torch.Generator().manual_seed(1), requires_grad=True)
    spoken_loss(logits, to_spoken_batch([crop])).backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    return logits.grad[0].numpy()


@pytest.mark.parametrize("channels", [1, 3])
def test_the_gradient_is_exactly_zero_in_rows_and_places_nobody_spoke_of(channels: int):
    gradient = _gradient(_spoken(CurveStroke("GR", ((60.0, 90.0), (60.0, 110.0)))), channels)
    rows = np.flatnonzero(np.abs(gradient).sum(axis=(0, 2)))
    # rows of the stroke and the round ends of its ring, in pixels of the crop, whose top is row 36 of the scan
    assert rows.min() >= 90 - 36 - 3 and rows.max() <= 110 - 36 + 3
    assert np.abs(gradient).sum() > 0


def test_a_stroke_says_nothing_of_the_other_pen_s_ink_or_of_what_lies_outside_the_track():
    solid = _gradient(_spoken(CurveStroke("GR", ((60.0, 90.0), (60.0, 110.0)))))[1]
    left = 70 - SIZE // 2
    assert np.abs(solid[:, : 20 - left - 1]).sum() == 0
    assert np.abs(solid[:, 120 - left + 2 :]).sum() == 0
    ring = np.r_[60 - left - 6 : 60 - left - 2, 60 - left + 3 : 60 - left + 6]
    assert np.abs(solid[60:70, ring]).sum() == 0


def test_a_curve_stroke_teaches_its_class_and_that_it_is_not_the_other_one():
    crop = cut(_spoken(CurveStroke("DT", ((90.0, 90.0), (90.0, 110.0)))), _paper(), (70, 100), SIZE)
    at = (100 - 36, 90 - 6)
    assert crop.target[1][at] == 1 and crop.known[1][at] == 1
    assert crop.target[0][at] == 0 and crop.known[0][at] == 1
    assert crop.centre[1, at[0]] == pytest.approx(84.0)


def test_what_is_brushed_as_no_curve_is_known_to_be_none_of_either_class():
    crop = cut(_spoken(NotCurveStroke(((40.0, 90.0), (40.0, 110.0)), 9.0)), _paper(), (70, 100), SIZE)
    assert crop.known[:, 64, 34].tolist() == [1, 1] and crop.target[:, 64, 34].tolist() == [0, 0]
    assert crop.known[:, 64, 84].tolist() == [0, 0]


def test_rows_in_which_all_curves_of_a_class_are_accepted_or_null_are_known_densely():
    spoken = _spoken(AcceptStroke("GR", (80.0, 120.0)), NullStroke("DT", (80.0, 120.0)))
    crop = cut(spoken, _paper(), (70, 100), SIZE)
    row = 100 - 36
    assert crop.target[0, row, 60 - 6] == 1
    assert crop.known[0, row, 34] == 1 and crop.target[0, row, 34] == 0
    assert crop.known[1, row, 84] == 1 and crop.target[1, row, 84] == 0


def test_nothing_is_known_in_rows_that_are_kept_for_judging():
    spoken = _spoken(CurveStroke("GR", ((60.0, 60.0), (60.0, 140.0))))
    crop = cut(spoken, _paper(), (70, 100), SIZE, closed=((90.0, 110.0),))
    assert crop.known[:, 90 - 36 : 110 - 36].sum() == 0 and np.isnan(crop.centre[:, 90 - 36 : 110 - 36]).all()
    assert crop.known.sum() > 0


def test_a_stroke_where_there_is_no_ink_is_named_and_weighs_little():
    sheet = _sheet()
    traced = [replace(line, x_px=np.full(400, 40.0)) for line in _traced(sheet)]
    spoken = spoken_of((CurveStroke("GR", ((40.0, 90.0), (40.0, 110.0))),), sheet, traced, _paper(), Window(0, 0, 1.0))
    assert spoken.fighting == (0,)
    assert {line.weight for line in spoken.lines} == {0.1}


def test_a_mirrored_crop_keeps_its_places():
    crop = cut(_spoken(CurveStroke("GR", ((60.0, 90.0), (60.0, 110.0)))), _paper(), (70, 100), SIZE)
    for seed in range(12):
        other = varied(crop, np.random.default_rng(seed))
        rows = np.flatnonzero(np.isfinite(other.centre[0]))
        assert rows.size
        for row in rows:
            assert other.target[0, row, round(float(other.centre[0, row]))] == 1
