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
from curvedesk.learn.spoken_loss import balanced, spoken_loss, to_spoken_batch
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


def test_a_doubted_stroke_weighs_little():
    sheet, strokes = _sheet(), (CurveStroke("GR", ((60.0, 90.0), (60.0, 110.0))), NotCurveStroke(((40.0, 90.0),), 9.0))
    spoken = spoken_of(strokes, sheet, _traced(sheet), _paper(), Window(0, 0, 1.0), doubted=(0, 1))
    assert {line.weight for line in spoken.lines} == {item.weight for item in spoken.nothing} == {0.1}
    crop = cut(spoken, _paper(), (70, 100), SIZE)
    assert crop.known[0, 100 - 36, 60 - 6] == pytest.approx(0.1)


def test_a_mirrored_crop_keeps_its_places():
    crop = cut(_spoken(CurveStroke("GR", ((60.0, 90.0), (60.0, 110.0)))), _paper(), (70, 100), SIZE)
    for seed in range(12):
        other = varied(crop, np.random.default_rng(seed))
        rows = np.flatnonzero(np.isfinite(other.centre[0]))
        assert rows.size
        for row in rows:
            assert other.target[0, row, round(float(other.centre[0, row]))] == 1


def test_a_row_in_which_a_pen_was_shown_holds_no_other_curve_of_its_track():
    crop = cut(_spoken(CurveStroke("GR", ((60.0, 90.0), (60.0, 110.0)))), _paper(), (70, 100), SIZE)
    row, left = 100 - 36, 70 - SIZE // 2
    blank = 30 - left
    assert crop.known[:, row, blank].tolist() == [1, 1] and crop.target[:, row, blank].tolist() == [0, 0]
    assert crop.known[:, 10, blank].tolist() == [0, 0]
    assert crop.known[:, row, 130 - left].tolist() == [0, 0]  # beyond the track
    assert crop.known[1, row, 90 - left] == 0  # where the other pen was traced


def test_a_row_says_nothing_of_the_rest_of_its_track_where_another_curve_may_be_anywhere():
    sheet, unsure = _sheet(), np.ones(400, np.float32)
    unsure[95:105] = 0.3
    traced = [_traced(sheet)[0], replace(_traced(sheet)[1], confidence=unsure)]
    stroke = CurveStroke("GR", ((60.0, 85.0), (60.0, 115.0)))
    crop = cut(spoken_of((stroke,), sheet, traced, _paper(), Window(0, 0, 1.0)), _paper(), (70, 100), SIZE)
    blank = 30 - (70 - SIZE // 2)
    assert crop.known[:, [88 - 36, 100 - 36, 112 - 36], blank].tolist() == [[1, 0, 1], [1, 0, 1]]


def test_all_the_ink_of_a_broad_pen_is_left_out_of_what_is_no_curve():
    gray = _paper()
    gray[:, 50:71] = 20
    spoken = spoken_of((CurveStroke("GR", ((60.0, 90.0), (60.0, 110.0))),), _sheet(), _traced(_sheet()), gray,
                       Window(0, 0, 1.0))  # fmt: skip
    row, left = 100 - 36, 70 - SIZE // 2
    crop = cut(spoken, gray, (70, 100), SIZE)
    assert not crop.known[0, row, [51 - left, 69 - left]].any() and crop.known[0, row, 45 - left] == 1


def test_a_gap_between_two_dashes_teaches_little():
    gray = _paper()
    gray[95:105, 85:95] = 240
    spoken = spoken_of((CurveStroke("DT", ((90.0, 80.0), (90.0, 120.0))),), _sheet(), _traced(_sheet()), gray,
                       Window(0, 0, 1.0))  # fmt: skip
    crop = cut(spoken, gray, (70, 100), SIZE)
    x = 90 - (70 - SIZE // 2)
    assert crop.known[1, 100 - 36, x] == pytest.approx(0.1) and crop.known[1, 85 - 36, x] == 1


@pytest.mark.parametrize(("share", "answer"), [(0.5, -1.0), (0.2, 1.0), (0.5, 0.0)])
def test_strokes_make_no_channel_keener_on_the_whole(share: float, answer: float):
    """A bias added to all logits of a channel is never drawn upwards, however much was missed."""
    bias = torch.zeros(2, requires_grad=True)
    target, known = torch.zeros(1, 2, 10, 10), torch.ones(1, 2, 10, 10)
    target[:, :, : round(10 * share)] = 1
    balanced(answer + bias[None, :, None, None] + torch.zeros(1, 2, 10, 10), target, known).backward()  # type: ignore[no-untyped-call]
    assert bias.grad is not None and bool((bias.grad > 0).all())


def test_what_is_balanced_still_tells_pens_from_the_rest():
    logits = torch.full((1, 1, 10, 10), -2.0, requires_grad=True)
    target = torch.zeros(1, 1, 10, 10)
    target[..., 5:] = 1
    balanced(logits, target, torch.ones(1, 1, 10, 10)).backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    assert bool((logits.grad[..., 5:] < 0).all()) and bool((logits.grad[..., :5] > 0).all())
