"""Residuals of depth ties."""

from __future__ import annotations

import numpy as np

from curvedesk.domain.depth import DepthAxis
from curvedesk.session.residuals import tie_residuals_px


def axis(*ties: tuple[float, float]) -> DepthAxis:
    return DepthAxis("FT", np.array(ties, float), None, ties[0][1], ties[-1][1], 0.5)


def test_ties_on_one_line_have_no_residual() -> None:
    assert np.allclose(tie_residuals_px(axis((100, 1000), (300, 1010), (700, 1030), (900, 1040))), 0)


def test_a_tie_that_slipped_stands_out_by_as_much_as_it_slipped() -> None:
    ties = [(100.0 + 200 * i, 1000.0 + 10 * i) for i in range(7)]
    ties[3] = (706.0, 1030.0)
    off = tie_residuals_px(axis(*ties))
    assert off[3] == 6
    assert np.argmax(np.abs(off)) == 3


def test_two_ties_cannot_contradict_each_other() -> None:
    assert tie_residuals_px(axis((100, 1000), (300, 1010))).tolist() == [0, 0]
