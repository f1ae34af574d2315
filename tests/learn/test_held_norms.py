"""Training sees the paper as prediction does: under the scan's own statistics."""

from __future__ import annotations

import copy

import numpy as np
import torch
from numpy.typing import NDArray

from curvedesk.learn.held_norms import HeldNorms, plain
from curvedesk.learn.net import CurveNet
from curvedesk.learn.steady import hold_statistics

Gray = NDArray[np.uint8]


def _ink(gray: Gray) -> torch.Tensor:
    return 1 - torch.from_numpy(np.ascontiguousarray(gray))[None, None].float() / 255


def _learner(net: CurveNet) -> tuple[CurveNet, HeldNorms]:
    made = copy.deepcopy(net)
    return made, HeldNorms(made)


def test_a_crop_in_training_gives_what_prediction_gives_in_the_whole_scan(net: CurveNet, paper: Gray) -> None:
    learner, norms = _learner(net)
    scan, crop = _ink(paper[:144, :224]), _ink(paper[:64, :64])
    norms.measure(scan)
    norms.hold()
    predicting = copy.deepcopy(net)
    hold_statistics(predicting, scan)
    torch.testing.assert_close(learner(crop), predicting(crop), atol=2e-4, rtol=1e-4)


def test_replay_is_normalised_by_itself_before_and_after(net: CurveNet, paper: Gray) -> None:
    learner, norms = _learner(net)
    crop = _ink(paper[:64, :64])
    torch.testing.assert_close(learner(crop), net(crop))
    norms.measure(_ink(paper[:144, :224]))
    norms.hold()
    norms.release()
    torch.testing.assert_close(learner(crop), net(crop))


def test_what_is_learnt_goes_into_an_ordinary_network_by_the_same_names(net: CurveNet, paper: Gray) -> None:
    learner, norms = _learner(net)
    norms.measure(_ink(paper[:144, :224]))
    norms.hold()
    learner(_ink(paper[:64, :64])).square().mean().backward()
    with torch.no_grad():
        for norm in (m for m in learner.modules() if isinstance(m, torch.nn.GroupNorm)):
            assert norm.weight.grad is not None
            norm.weight.sub_(norm.weight.grad)
    made = plain(learner)
    assert [n for n, _ in made.named_parameters()] == [n for n, _ in net.named_parameters()]
    changed = [n for n, p in made.named_parameters() if not torch.equal(p, dict(net.named_parameters())[n])]
    assert changed and all("norm" in name for name in changed)
