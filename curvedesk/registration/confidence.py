"""From what a part was read with to the chance that it is right.

The shapes are logistic in a few features, set by hand so that no trusted log (20, rendered and real) has a wrong part
that is called sure, and capped where real scans without a trusted sheet showed how a reading can mislead: lost last
digits, numbers that contradict, no lines to snap to. Twenty logs cannot fit more, nor prove 95 %.
"""

from __future__ import annotations

import numpy as np

from curvedesk.registration.depth import DepthScale
from curvedesk.registration.tracks import Strip

_FEW_LINES, _MANY_MISSING = 0.4, 0.6
_ASK, DOUBT = 0.9, 0.6
_MOST_WRONG = 0.5  # contradictions for each whole number read: more, and the numbers are of another progression
_BEHIND_BASE, _BESIDE_BASE, _PER_LETTER = 0.97, 0.92, 0.8
_LARGEST_SCALE = 75.0  # 16 inches for 100 ft


def logistic(x: float) -> float:
    """0 to 1."""
    return float(1 / (1 + np.exp(-np.clip(x, -30, 30))))


def depth_confidence(scale: DepthScale, *, ratios: tuple[float, ...] = ()) -> float:
    """That the tie table is right: numbers that agree, whole readings, lines to snap to, nothing that contradicts.

    `ratios`: the print's scale (the 240 of 1:240) by its resolution and by its tracks' width; where they say that the
    numbers stand further apart than logs are drawn, a digit of every number may be missing.
    """
    chain, ties = scale.chain, scale.ties
    missing = 1 - len(chain.y_px) / max(1, len(ties))
    seen = float(np.mean([t.seen for t in ties]))
    whole = sum(chain.read)
    x = -4.2 + 1.25 * min(whole, 7) + 2.0 * seen - 3.0 * missing
    x += 1.0 * min(1.0, max(0.0, scale.clear) / 0.4) - 1.2 * (whole < 4)
    sure = min(0.99, logistic(x))
    if chain.wrong >= max(2, 0.05 * len(ties)) or seen < _FEW_LINES or missing > _MANY_MISSING:
        sure = min(sure, _ASK)
    if chain.wrong > _MOST_WRONG * whole or chain.doubt:
        sure = min(sure, DOUBT)
    if ratios and min(ratios) < _LARGEST_SCALE:
        sure = min(sure, DOUBT)
    return round(sure, 3)


def track_confidence(strip: Strip) -> float:
    """That both borders are right: drawn as dark as the rest, with a ruling between them that is one of the usual."""
    x = 0.4 + 2.2 * strip.sure + 2.4 * min(1.0, strip.ruling.fit / 0.6)
    return round(min(0.99, logistic(x)), 3)


def field_confidence(label_sure: float, value_sure: float, *, letters: int, beside: bool) -> float:
    """That a header field holds what is printed: every letter is a chance to misread, and what stands beside a label
    rather than behind it may be another's.

    The three numbers are the likeliest for 117 fields of 22 headers (12 drawn, 10 of real paper read by eye), fitted on
    every second header: of the fields of the others that it calls 95 % sure or more 13 in 14 and 12 in 12 are right.
    """
    base = _BESIDE_BASE if beside else _BEHIND_BASE
    return round(base * label_sure * float(np.exp(-_PER_LETTER * letters * (1 - value_sure))), 3)
