"""Families of paper: how a log was drawn, copied and scanned. Some are held out of training for the hard validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Style:
    """Ranges to draw from. Widths in pixels at 200 dpi; ink, paper and threshold as darkness 0 (white) to 1 (black)."""

    name: str
    share: float = 1.0  # how often crops are drawn in it, beside the others
    dpi: tuple[int, ...] = (200, 200, 300, 400)
    bilevel: float = 1.0  # chance of a 1-bit scan
    pen_px: Range = (1.5, 4.0)
    broad_pen: float = 0.06  # chance of a pen of 6 to 16 px
    galvo: float = 0.3  # chance that a pen thins where it swings
    pen_ink: Range = (0.8, 1.0)
    grid_px: Range = (0.6, 2.2)
    grid_ink: Range = (0.45, 1.0)
    grids: tuple[str, ...] = ("linear", "linear", "linear", "log", "vertical", "blank")
    ragged: Range = (0.04, 0.2)  # noise of the edges before the threshold
    breaks: Range = (0.0, 0.5)  # how far thin lines fade along their length
    blur_px: Range = (0.35, 0.9)
    threshold: Range = (0.34, 0.64)
    speckle: Range = (0.0, 0.25)
    paper: Range = (0.0, 0.1)
    jpeg: float = 0.05
    dirt: float = 0.3  # chance of blots, folds, streaks or film edges
    plotted: float = 0.3  # chance of straight plotter segments instead of a smooth pen


_BASE = Style("office-scan", share=4.0)

STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        _BASE,
        Style(
            "modern-laser",
            share=1.5,
            pen_px=(1.4, 3.2),
            galvo=0.0,
            broad_pen=0.03,
            grid_ink=(0.7, 1),
            breaks=(0, 0.1),
            ragged=(0.01, 0.06),
            speckle=(0, 0.02),
            dirt=0.1,
            plotted=0.8,
        ),
        Style(
            "galvo-1950s",
            share=2.5,
            dpi=(200, 300, 300, 400),
            pen_px=(1.6, 4.5),
            broad_pen=0.15,
            galvo=0.85,
            pen_ink=(0.6, 1),
            breaks=(0.2, 0.8),
            ragged=(0.08, 0.25),
            plotted=0.0,
        ),
        Style(
            "hairline-film",
            share=1.5,
            dpi=(300, 400, 400),
            pen_px=(0.8, 1.6),
            broad_pen=0.03,
            galvo=0.5,
            pen_ink=(0.6, 0.9),
            grid_px=(0.5, 1.0),
            grid_ink=(0.4, 0.75),
            breaks=(0.2, 0.8),
            blur_px=(0.3, 0.55),
            plotted=0.1,
        ),
        Style(
            "heavy-grid",
            share=1.5,
            pen_px=(2.0, 4.0),
            grid_px=(2.0, 4.2),
            grid_ink=(0.8, 1),
            threshold=(0.25, 0.5),
            breaks=(0, 0.3),
            grids=("linear", "linear", "log"),
        ),
        Style(
            "photocopy-lowthreshold",
            pen_px=(2, 5),
            broad_pen=0.15,
            threshold=(0.18, 0.35),
            blur_px=(0.6, 1.4),
            speckle=(0.1, 1.0),
            ragged=(0.1, 0.3),
            paper=(0.02, 0.16),
            dirt=0.7,
        ),
        Style(
            "photocopy-highthreshold",
            share=1.5,
            threshold=(0.55, 0.75),
            pen_px=(1.8, 4),
            grid_ink=(0.5, 0.85),
            breaks=(0.3, 0.9),
            speckle=(0, 0.1),
            ragged=(0.08, 0.25),
        ),
        Style(
            "thermal-plot",
            share=1.5,
            dpi=(200, 200, 300),
            pen_px=(2.0, 3.6),
            galvo=0.0,
            broad_pen=0.04,
            plotted=0.9,
            ragged=(0.05, 0.15),
            grid_ink=(0.5, 1),
            grid_px=(0.8, 2),
            jpeg=0.1,
        ),
        Style(
            "colour-print",
            bilevel=0.0,
            pen_px=(1.5, 3.2),
            pen_ink=(0.45, 0.9),
            grid_ink=(0.12, 0.45),
            galvo=0.05,
            ragged=(0.01, 0.05),
            blur_px=(0.4, 0.9),
            paper=(0.0, 0.2),
            speckle=(0, 0.03),
            jpeg=0.6,
            plotted=0.7,
        ),
        Style(
            "gray-film",
            share=0.7,
            bilevel=0.0,
            pen_px=(1.4, 4),
            pen_ink=(0.4, 0.85),
            grid_ink=(0.1, 0.5),
            galvo=0.4,
            paper=(0.1, 0.5),
            ragged=(0.03, 0.12),
            blur_px=(0.5, 1.4),
            jpeg=0.4,
            dirt=0.5,
        ),
        Style("dotted-grid", share=0.7, grids=("dotted", "dotted", "linear"), breaks=(0, 0.4), pen_px=(1.6, 4)),
        Style(
            "verticals-only",
            share=0.7,
            grids=("vertical", "vertical", "blank"),
            pen_px=(1.4, 4),
            galvo=0.5,
            breaks=(0.1, 0.7),
        ),
        Style(
            "low-resolution", share=0.7, dpi=(100, 130, 150), pen_px=(1.8, 3.4), grid_px=(1.2, 2.4), blur_px=(0.5, 1.0)
        ),
        Style(
            "blueprint",
            bilevel=0.5,
            paper=(0.1, 0.45),
            threshold=(0.4, 0.7),
            ragged=(0.1, 0.3),
            pen_px=(1.6, 4.2),
            pen_ink=(0.65, 1),
            grid_ink=(0.4, 0.8),
            speckle=(0.1, 0.7),
            dirt=0.7,
            galvo=0.5,
        ),
        Style(
            "microfiche",
            dpi=(200, 300),
            pen_px=(1.6, 4.0),
            blur_px=(0.9, 1.8),
            threshold=(0.25, 0.45),
            breaks=(0.3, 0.9),
            speckle=(0.2, 0.8),
            ragged=(0.12, 0.3),
            dirt=0.8,
            galvo=0.5,
            paper=(0.05, 0.2),
        ),
        Style(
            "colour-print-faded",
            bilevel=0.0,
            pen_px=(1.2, 3),
            pen_ink=(0.25, 0.6),
            grid_ink=(0.08, 0.3),
            paper=(0.1, 0.35),
            ragged=(0.03, 0.1),
            jpeg=0.8,
            plotted=0.5,
            blur_px=(0.6, 1.2),
        ),
    )
}

HELD_OUT_STYLES: frozenset[str] = frozenset({"blueprint", "microfiche", "colour-print-faded"})
TRAINING_STYLES: tuple[str, ...] = tuple(name for name in STYLES if name not in HELD_OUT_STYLES)


def named(style: str, **changes: object) -> Style:
    """The style of that name, with some of its ranges replaced; KeyError lists nothing it does not know."""
    return replace(STYLES[style], **changes)  # type: ignore[arg-type]


def shares(names: Sequence[str]) -> NDArray[np.float64]:
    """How often each of these styles is drawn, adding up to 1."""
    weights = np.array([STYLES[name].share for name in names])
    return np.asarray(weights / weights.sum(), np.float64)
