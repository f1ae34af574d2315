"""Colour tells pens apart where the network, which sees gray, could not."""

import numpy as np
from numpy.typing import NDArray

from curvedesk.tracing.colour import Palette

PAPER, RED, BLUE, GREEN = (246, 240, 222), (190, 30, 30), (25, 40, 170), (120, 190, 130)
ROWS, WIDE = 400, 120


def _page() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A red pen at column 30, a blue one at 60, green lines each 20 rows; below row 300 the network is in doubt."""
    rgb = np.full((ROWS, WIDE, 3), PAPER, np.uint8)
    rgb[::20] = GREEN
    rgb[:, 29:32], rgb[:, 59:62] = RED, BLUE
    probability = np.zeros((2, ROWS, WIDE), np.uint8)
    probability[0, :300, 29:32] = probability[1, :300, 59:62] = 230
    probability[:, 300:, 29:32] = probability[:, 300:, 59:62] = 110
    probability[0, 300::20] = np.maximum(probability[0, 300::20], 120)
    return rgb, probability


def _refined(rgb: NDArray[np.uint8], probability: NDArray[np.uint8]) -> NDArray[np.uint8]:
    palette = Palette.of_paper(rgb)
    for start in range(0, ROWS, 100):
        palette.add(probability[:, start : start + 100], rgb[start : start + 100])
    return palette.refined(probability, rgb)


def test_doubtful_ink_gets_the_class_its_colour_has_elsewhere():
    rgb, probability = _page()
    solid, dashed = _refined(rgb, probability)
    doubtful = slice(305, 319)
    assert solid[doubtful, 30].min() > 190 and dashed[doubtful, 30].max() < 80
    assert dashed[doubtful, 60].min() > 190 and solid[doubtful, 60].max() < 80


def test_a_grid_line_that_the_network_took_for_a_pen_is_dropped_where_its_colour_is_the_grid_s():
    rgb, probability = _page()
    solid, _ = _refined(rgb, probability)
    assert probability[0, 320, 90:].min() >= 120
    assert solid[320, 90:].max() < 60


def test_gray_ink_on_yellowed_paper_stays_what_the_network_said():
    rgb, probability = _page()
    gray = np.where((rgb == PAPER).all(axis=2, keepdims=True), np.array(PAPER), np.array((60, 58, 56))).astype(np.uint8)
    assert np.array_equal(_refined(gray, probability), probability)
