"""The scale of a print, from its ties."""

from __future__ import annotations

import numpy as np
import pytest

from curvedesk.domain.depth import DepthAxis
from curvedesk.domain.print_scale import print_scale


@pytest.mark.parametrize(
    ("unit", "depth_of_inch", "scale"),
    [
        ("FT", 20.0, "1:240"), ("ft.", 50.0, "1:600"), ("F", 100.0, "1:1,200"), ("M", 0.0254 * 200, "1:200"),
        ("FT", 20.3, "1:240"), ("FT", 40.0 * 1.01, "1:480"), ("FT", 500 / 12 * 0.99, "1:500"), ("FT", 25.0, "1:300"),
        ("FATHOM", 20.0, ""),
    ],
)  # fmt: skip
def test_a_print_has_the_usual_scale_nearest_to_its_ties_if_one_is_near(
    unit: str, depth_of_inch: float, scale: str
) -> None:
    ties = np.array([[100.0, 5000.0], [300.0, 5000.0 + depth_of_inch], [2100.0, 5000.0 + 10 * depth_of_inch]])
    assert print_scale(DepthAxis(unit, ties, None, 5000.0, 5100.0, 0.5), 200.0) == scale
