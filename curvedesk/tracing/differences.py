"""What differs between two lists of strokes, and between two versions of a line."""

from collections.abc import Sequence

import numpy as np

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.strokes import Stroke
from curvedesk.tracing.refine import Line


def difference(before: Sequence[Stroke], after: Sequence[Stroke], *, only: bool = False) -> list[Stroke]:
    """Strokes in one of the two but not in both, or `only` those that the first has and the second lacks."""
    same = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a is not b), None)
    same = min(len(before), len(after)) if same is None else same  # a stroke more or less, most often the last
    one, other = list(before[same:]), list(after[same:])
    for stroke in before[same:]:
        if stroke in other:
            one.remove(stroke)
            other.remove(stroke)
    return one if only else one + other


def changed_rows(old: Line, new: Line) -> tuple[float, float]:
    """The first and the last row (y_px) at which two versions of a line differ."""
    a, b = (np.asarray(np.column_stack(line)[np.isfinite(line.v)], np.float64) for line in (old, new))
    n = min(len(a), len(b))
    head, tail = (_alike(one, other) for one, other in ((a[:n], b[:n]), (a[len(a) - n :][::-1], b[len(b) - n :][::-1])))
    tail = min(tail, n - head)
    rows = np.concatenate([p[max(0, head - 1) : len(p) - max(0, tail - 1), 1] for p in (a, b)])
    return (float(rows.min()), float(rows.max())) if rows.size else (0.0, 0.0)


def _alike(one: FloatArray, other: FloatArray) -> int:
    """How many rows of two tables are equal from the start on."""
    same = (one == other).all(axis=1)
    return len(same) if same.all() else int(np.argmin(same))
