"""Accepting: the rows, and the very line that the analyst saw and called right."""

import numpy as np

from curvedesk.domain.project import Project
from curvedesk.domain.strokes import AcceptStroke, Points
from curvedesk.session.tools.lines import as_points, simplified

_TOLERANCE_PX = 0.25


def accepted(project: Project, curve: str, rows: tuple[float, float]) -> AcceptStroke:
    """The interval with the line of `curve` in it, so that no later trace moves it."""
    lines, turns = list[Points](), list[int]()
    for key in project.keys_of(curve):
        line = project.curves.get(key)
        if line is None:
            continue
        points = np.column_stack([line.x_px, line.y_px])
        inside = np.isfinite(points).all(axis=1) & (points[:, 1] >= min(rows)) & (points[:, 1] <= max(rows))
        cut = (np.diff(inside) != 0) | (np.diff(line.turn) != 0)
        runs = np.split(np.arange(len(points)), np.flatnonzero(cut) + 1)
        seen = [run for run in runs if inside[run[0]] and len(run) > 1]
        lines += [as_points(simplified(points[run], tolerance_px=_TOLERANCE_PX)) for run in seen]
        turns += [int(line.turn[run[0]]) for run in seen]
    return AcceptStroke(curve, rows, tuple(lines), tuple(turns))
