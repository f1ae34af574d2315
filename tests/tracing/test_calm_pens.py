"""A tension pen runs straight beside a swinging curve of the same style; neither may be taken for the other."""

import numpy as np

from curvedesk.domain.scales import ValueScale
from curvedesk.domain.sheet import CurveSpec
from curvedesk.tracing.constraints import Bounds
from curvedesk.tracing.pens import trace_pens
from curvedesk.tracing.strip import MARGIN_PX

WIDTH, ROWS, TENSION = 400, 900, 350


def test_a_tension_pen_with_breaks_is_not_taken_for_the_curve_beside_it() -> None:
    rows = np.arange(ROWS)
    curve = (150 + 90 * np.sin(rows / 40)).astype(int)
    solid = np.zeros((ROWS, WIDTH + 1 + 2 * MARGIN_PX), np.uint8)
    for shift in (-1, 0, 1):
        solid[rows, curve + shift] = 255
        solid[:, TENSION + shift] = 255
    solid[400:430, TENSION - 1 : TENSION + 2] = 0  # a printed number lies over the tension pen
    specs = [CurveSpec(name, "", ValueScale(0, 1)) for name in ("DT", "LTEN")]
    sonic, tension = trace_pens(specs, solid, np.zeros_like(solid), [Bounds(), Bounds()], width=WIDTH)
    assert np.nanmax(sonic.u) < TENSION - 50
    assert np.nanmin(tension.u) > TENSION - 50
