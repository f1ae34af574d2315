"""Statistics that are measured once make a part of the image mean what it means in the whole."""

from __future__ import annotations

import copy

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from curvedesk.learn.net import CurveNet
from curvedesk.learn.steady import WINDOW_PX, WINDOWS, hold_statistics, sample_windows

Gray = NDArray[np.uint8]


def _ink(gray: Gray) -> torch.Tensor:
    return 1 - torch.from_numpy(gray)[:, None].float() / 255


def _held(net: CurveNet, gray: Gray) -> CurveNet:
    result = copy.deepcopy(net)
    hold_statistics(result, _ink(gray))
    return result


def test_on_what_was_measured_the_network_gives_what_it_gave(net: CurveNet, paper: Gray) -> None:
    gray = paper[None, :144, :224]
    with torch.inference_mode():
        torch.testing.assert_close(_held(net, gray)(_ink(gray)), net(_ink(gray)), atol=2e-4, rtol=1e-4)


def test_no_normalisation_over_pixels_is_left(net: CurveNet, paper: Gray) -> None:
    held = _held(net, paper[None, :64, :64])
    assert not [m for m in held.modules() if isinstance(m, nn.GroupNorm)]


def test_other_ink_elsewhere_changes_nothing_here(net: CurveNet, paper: Gray) -> None:
    """Two copies side by side in a batch: the left one stays as it was when the right one is blotted out."""
    pair = np.stack([paper[:64, :64], paper[64:128, :64]])
    held = _held(net, pair)
    blotted = pair.copy()
    blotted[1] = 0
    with torch.inference_mode():
        torch.testing.assert_close(held(_ink(pair))[0], held(_ink(blotted))[0], atol=1e-5, rtol=0)


def test_a_small_image_is_its_own_sample(paper: Gray) -> None:
    sample = sample_windows(paper)
    assert sample is not None
    assert sample.shape == (1, 160, 240)
    np.testing.assert_array_equal(sample[0, :150, :230], paper)


def test_a_large_image_is_sampled_where_there_is_ink(paper: Gray) -> None:
    gray = np.full((6000, 1700), 255, np.uint8)
    gray[:, 1000:1230] = np.tile(paper, (40, 1))
    sample = sample_windows(gray)
    assert sample is not None
    assert WINDOWS <= len(sample) <= 2 * WINDOWS
    assert max(sample.shape[1:]) <= WINDOW_PX
    assert all(np.ptp(window) > 30 for window in sample)


def test_a_tall_scan_is_sampled_without_reading_it_all() -> None:
    class Tall:
        shape = (60_000, 512)
        rows_read = 0

        def __getitem__(self, rows: slice) -> Gray:
            self.rows_read += rows.stop - rows.start
            strip = np.full((rows.stop - rows.start, 512), 255, np.uint8)
            strip[:, 100] = 0
            return strip

    tall = Tall()
    sample = sample_windows(tall)
    assert sample is not None
    assert len(sample) == WINDOWS
    assert tall.rows_read <= WINDOWS * WINDOW_PX


def test_blank_paper_has_no_sample() -> None:
    assert sample_windows(np.full((100, 100), 250, np.uint8)) is None
    assert sample_windows(np.full((3000, 1000), 250, np.uint8)) is None
