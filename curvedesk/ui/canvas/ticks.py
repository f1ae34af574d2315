"""Round numbers for rulers: steps of 1, 2 or 5 times a power of ten, and how they are written."""

from __future__ import annotations

import math

import numpy as np

from curvedesk.domain.polyline import FloatArray


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5 x 10**n that is at least `least` (> 0)."""
    power = 10.0 ** math.floor(math.log10(least))
    factor = next(f for f in (1.0, 2.0, 5.0, 10.0) if f * power >= least * (1 - 1e-9))
    return factor * power


def ticks(low: float, high: float, step: float) -> FloatArray:
    """Multiples of `step` in low..high, each the float nearest its decimal."""
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    places = decimals(step)
    return np.round(np.arange(first, last + 1) * step, places)


def decimals(step: float) -> int:
    """Decimal places that multiples of `step` need."""
    return max(0, -math.floor(math.log10(step) + 1e-9))


def depth_text(depth: float, step: float) -> str:
    """A depth as a ruler with this step writes it: 14,120 or 1,203.5."""
    return f"{depth + 0.0:,.{decimals(step)}f}"


def value_text(value: float) -> str:
    """A scale's end as a log heading writes it: 0, 0.2, 2000, -10."""
    return f"{value:.6g}".replace("-", "\N{MINUS SIGN}")
