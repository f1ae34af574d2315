"""The frame of a scale block is no pen: the line that the log begins with is not taken for a sample stroke."""

from __future__ import annotations

import numpy as np

from curvedesk.domain.track import Style
from curvedesk.registration.blocks import Sight

LEFT, RIGHT, LOG_ROW = 20, 420, 94


def block(*, dashed_at: int, frame_at: int) -> Sight:
    """A dashed stroke above, a solid line from border to border below."""
    ink = np.zeros((100, 440), np.uint8)
    for x in range(LEFT + 4, RIGHT - 8, 20):
        ink[dashed_at : dashed_at + 3, x : x + 12] = 255
    ink[frame_at : frame_at + 3, LEFT:RIGHT] = 255
    return Sight(ink, ((LEFT, RIGHT),), 0, 220.0, 0.0, LOG_ROW)


def test_that_the_line_the_log_begins_with_is_no_stroke() -> None:
    (stroke,) = block(dashed_at=40, frame_at=93).samples(LEFT, RIGHT)
    assert stroke.style is Style.DASHED


def test_that_a_solid_stroke_above_it_is_one() -> None:
    found = block(dashed_at=40, frame_at=76).samples(LEFT, RIGHT)
    assert [s.style for s in found] == [Style.DASHED, Style.SOLID]
