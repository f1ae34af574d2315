"""Accepted intervals that know what was traced in them bind a later trace like strokes along it."""

from collections.abc import Sequence

import numpy as np

from curvedesk.domain.strokes import AcceptStroke, CurveStroke, Stroke

_WIDTH_PX = 2.0


def spelled_out(strokes: Sequence[Stroke]) -> tuple[Stroke, ...]:
    """The strokes, and before them each accepted line as a curve stroke: a stroke drawn over it has the last word."""
    return (*(line for s in strokes if isinstance(s, AcceptStroke) for line in _lines(s)), *strokes)


def _lines(stroke: AcceptStroke) -> list[CurveStroke]:
    """The lines within the rows, which an eraser may have cut since."""
    found: list[CurveStroke] = []
    turns = stroke.turns or (None,) * len(stroke.lines)
    for line, turn in zip(stroke.lines, turns, strict=True):
        points = np.asarray(line, np.float64)
        inside = (points[:, 1] >= stroke.rows[0]) & (points[:, 1] <= stroke.rows[1])
        runs = np.split(np.arange(len(points)), np.flatnonzero(np.diff(inside)) + 1)
        kept = [points[run].tolist() for run in runs if inside[run[0]] and len(run) > 1]
        found += [CurveStroke(stroke.curve, tuple((x, y) for x, y in run), _WIDTH_PX, turn) for run in kept]
    return found
