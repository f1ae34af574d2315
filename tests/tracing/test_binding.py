"""A line that is made to run along a stroke does so row by row."""

from __future__ import annotations

import numpy as np

from curvedesk.tracing.binding import bound
from curvedesk.tracing.refine import Line


def test_a_line_that_leaps_to_a_slanted_stroke_and_away_does_not_run_back_up_along_it() -> None:
    stroke = np.column_stack([np.linspace(551.4, 561.7, 53), np.linspace(1110.4, 1162.1, 53)])
    there, back = np.arange(371.0, 549, 4), np.arange(557.0, 440, -4)
    u = np.concatenate([np.full(10, 363.0), there, np.linspace(551, 561, 50), back, np.full(20, 441.0)])
    v = np.concatenate(
        [
            np.arange(1100.0, 1110),
            np.full(there.size, 1110.5),
            np.linspace(1111, 1161, 50),
            np.full(back.size, 1161.9),
            np.arange(1162.5, 1182),
        ]
    )
    line = Line(u, v, np.zeros(u.size, np.int32), np.full(u.size, 0.5, np.float32))
    told = bound(line, stroke, width_px=3.0)
    assert float((np.maximum.accumulate(told.v) - told.v).max()) < 2
    assert (told.confidence[(told.v > 1112) & (told.v < 1160)] == 1).all()
