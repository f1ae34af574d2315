"""From arrays of points to what Qt draws, without a Python loop over points."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtGui import QPainterPath, QPolygonF

from curvedesk.domain.polyline import FloatArray

POINT_BYTES = 16  # two doubles


def polygon(x: FloatArray, y: FloatArray) -> QPolygonF:
    """Points (n,), (n,) as one polygon."""
    made = QPolygonF()
    made.resize(len(x))
    if len(x):
        _doubles(made)[:] = np.column_stack([x, y])
    return made


def _doubles(points: QPolygonF) -> NDArray[np.float64]:
    """The polygon's own memory (n, 2)."""
    memory = shiboken6.VoidPtr(points.data(), len(points) * POINT_BYTES, True)
    return np.frombuffer(memory, np.float64).reshape(-1, 2)


def path(pieces: Iterable[tuple[FloatArray, FloatArray]]) -> QPainterPath:
    """Several open lines as one path, so that a translucent pen does not darken where they touch."""
    made = QPainterPath()
    for x, y in pieces:
        made.addPolygon(polygon(x, y))
    return made
