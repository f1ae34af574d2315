"""Which ids and rows a step touches, so that views repaint that stretch only."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import Project
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, NullStroke, SwapStroke
from curvedesk.session.curve_edits import CurveEdit
from curvedesk.session.steps import GONE, Step

Rows = tuple[float, float]
EVERYWHERE: Rows = (-np.inf, np.inf)
_WITH_ROWS = frozenset({"strokes", "curves"})


def ids_of(step: Step) -> frozenset[str]:
    """Ids of strokes and keys of curves."""
    return frozenset(key for name in ("strokes", "curves", "looks") for key in step.keyed.get(name, ()))


def rows_of(project: Project, forth: Step, back: Step) -> Rows | None:
    """First and last y_px of what differs, None where the step is not about strokes and curves alone."""
    if not forth.fields() or forth.fields() - _WITH_ROWS:
        return None
    found = [*_all_rows(forth), *_all_rows(back), *_neighbours(back, project)]
    top, bottom = min((low for low, _ in found), default=0.0), max((high for _, high in found), default=0.0)
    return None if not np.isfinite([top, bottom]).all() else (top, bottom)


def _all_rows(step: Step) -> Iterator[Rows]:
    for name in _WITH_ROWS:
        for value in step.keyed.get(name, {}).values():
            rows = _rows(value)
            if rows is not None:
                yield rows


def _rows(value: Any) -> Rows | None:
    match value:
        case CurveStroke() | NotCurveStroke():
            rows = [y for _, y in value.points]
            return min(rows) - value.width_px, max(rows) + value.width_px
        case NullStroke() | AcceptStroke():
            return value.rows
        case SwapStroke():
            return value.from_row, np.inf
        case TracedCurve():
            return _span(value.y_px)
        case CurveEdit():
            return _span(value.part[1])
        case _:
            assert value is GONE
            return None


def _neighbours(back: Step, project: Project) -> Iterator[Rows]:
    """Rows of the points that lines lead to from an edited stretch; everywhere where only the scale changed."""
    for key, edit in back.keyed.get("curves", {}).items():
        if not isinstance(edit, CurveEdit):
            continue
        if edit.start == edit.stop and not len(edit.part[0]):
            yield EVERYWHERE
        y_px = project.curves[key].y_px  # the way back starts from the curve there is now
        beside = _span(np.concatenate([y_px[max(edit.start - 1, 0) : edit.start], y_px[edit.stop : edit.stop + 1]]))
        if beside is not None:
            yield beside


def _span(y_px: Any) -> Rows | None:
    solid = y_px[np.isfinite(y_px)]
    return (float(solid.min()), float(solid.max())) if len(solid) else None
