"""From what a part was read with to the chance that it is right.

The shapes are logistic in a few features; their numbers were fitted on half of the hand-read and rendered logs and
tested on the other half (see tests/registration/test_calibration.py).
"""

from __future__ import annotations

import numpy as np

from curvedesk.registration.depth import DepthScale
from curvedesk.registration.tracks import Strip


def logistic(x: float) -> float:
    """0 to 1."""
    return float(1 / (1 + np.exp(-np.clip(x, -30, 30))))


def depth_confidence(scale: DepthScale) -> float:
    """That the tie table is right: numbers that agree, whole readings, lines to snap to, nothing that contradicts."""
    chain = scale.chain
    ties = scale.ties
    whole = sum(chain.read)
    missing = 1 - len(chain.y_px) / max(1, len(ties))
    seen = float(np.mean([t.seen for t in ties]))
    agreed = chain.sureness / (chain.sureness + 3.0 * chain.wrong + 1e-9)
    x = -4.2 + 1.25 * min(whole, 7) + 2.0 * seen * agreed - 3.0 * missing - 6.0 * (1 - agreed)
    x += 1.0 * min(1.0, max(0.0, scale.clear) / 0.4) - 1.2 * (whole < 4)
    return round(min(0.99, logistic(x)), 3)


def track_confidence(strip: Strip) -> float:
    """That both borders are right: drawn as dark as the rest, with a ruling between them that is one of the usual."""
    x = 0.4 + 2.2 * strip.sure + 2.4 * min(1.0, strip.ruling.fit / 0.6)
    return round(min(0.99, logistic(x)), 3)


def field_confidence(label_sure: float, value_sure: float) -> float:
    """That a header field holds what is printed."""
    return round(min(0.97, 0.95 * label_sure * value_sure), 3)
