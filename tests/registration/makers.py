"""Pages drawn for tests: grids that wave, lean and break, with the truth of where everything stands."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk.registration.page import Page


@dataclass(frozen=True)
class DrawnGrid:
    """A page with two tracks and a bare column, and functions that say where its lines truly are."""

    page: Page
    slope: float
    wave_px: float
    period_px: float
    borders_px: tuple[float, float, float, float]
    first_px: float
    last_px: float

    def x_at(self, border: int, y_px: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.borders_px[border] + self.wave_px * np.sin(2 * np.pi * y_px / self.period_px)


def draw_grid(
    *,
    slope: float = 0.0,
    wave_px: float = 0.0,
    broken: float = 0.0,
    pitch_px: float = 20.0,
    numbers: tuple[float, float] | None = None,
    letter_gap_px: int = 0,
    seed: int = 0,
    height: int = 3600,
) -> DrawnGrid:
    """Two tracks of ten divisions; level lines each `pitch_px`, heavier on the fifth; `broken` of the lines' ink gone;
    `numbers` (first, by) on every fifth line, their letters `letter_gap_px` further apart than type sets them."""
    rng = np.random.default_rng(seed)
    width, first, last = 1400, 400.0, height - 240.0
    borders = (60.0, 560.0, 720.0, 1220.0)
    ink = np.zeros((height, width), np.uint8)
    y = np.arange(first, last + 1)
    shift = wave_px * np.sin(2 * np.pi * y / 3000.0)
    for a, b in (borders[:2], borders[2:]):
        for k in range(11):
            x = a + (b - a) * k / 10 + shift
            _line(ink, np.stack([x, y], axis=1), 3 if k in {0, 10} else 1)
    for number, row in enumerate(np.arange(first + pitch_px, last - pitch_px, pitch_px)):
        move = wave_px * np.sin(2 * np.pi * row / 3000.0)
        for a, b in (borders[:2], borders[2:]):
            x = np.array([a, b]) + move
            _line(ink, np.stack([x, row + slope * (x - 640.0)], axis=1), 3 if number % 5 == 0 else 1)
        if numbers is not None and number % 5 == 0:
            text = f"{numbers[0] + numbers[1] * (number // 5):.0f}"
            _write(ink, text, 640.0 + move, row, letter_gap_px)
    if broken:
        holes = rng.random((height // 8, width // 8)) < broken
        ink[cv2.resize(holes.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0] = 0
    return DrawnGrid(Page(ink, 1.0), slope, wave_px, 3000.0, borders, first, last)


def _line(ink: NDArray[np.uint8], points: NDArray[np.float64], thickness: int) -> None:
    cv2.polylines(ink, [np.rint(points * 16).astype(np.int32)], False, 255, thickness, cv2.LINE_AA, 4)


def _write(ink: NDArray[np.uint8], text: str, x_px: float, y_px: float, gap_px: int = 0) -> None:
    font, size = cv2.FONT_HERSHEY_SIMPLEX, 0.7
    widths = [cv2.getTextSize(letter, font, size, 2)[0][0] + gap_px for letter in text]
    (whole, h), _ = cv2.getTextSize(text, font, size, 2)
    x = round(x_px - (whole + gap_px * (len(text) - 1)) / 2)
    if gap_px == 0:
        cv2.putText(ink, text, (x, round(y_px + h / 2)), font, size, 255, 2, cv2.LINE_AA)
        return
    for letter, wide in zip(text, widths, strict=True):
        cv2.putText(ink, letter, (x, round(y_px + h / 2)), font, size, 255, 2, cv2.LINE_AA)
        x += wide
