"""From arrays of points to what Qt draws, without a Python loop over points."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath, QPolygonF

from curvedesk.domain.polyline import FloatArray

POINT_BYTES = 16  # two doubles
# A path as Qt streams it: a count, its elements, two numbers (where the last part starts, the fill rule).
ELEMENT = np.dtype([("is_line", ">i4"), ("x", ">f8"), ("y", ">f8")])


def polygon(x: FloatArray, y: FloatArray) -> QPolygonF:
    """Points (n,), (n,) as one polygon."""
    made = QPolygonF()
    made.resize(len(x))
    if len(x):
        _doubles(made, len(x))[:] = np.column_stack([x, y])
    return made


def _doubles(points: QPolygonF, count: int) -> NDArray[np.float64]:
    """The polygon's own memory (n, 2)."""
    pointer: Any = shiboken6.VoidPtr  # its types tell of the first argument only
    memory: Any = pointer(points.data(), count * POINT_BYTES, True)
    doubles: NDArray[np.float64] = np.frombuffer(memory, np.float64).reshape(-1, 2)
    return doubles


def path(pieces: Iterable[tuple[FloatArray, FloatArray]]) -> QPainterPath:
    """Several open lines as one path, so that a translucent pen does not darken where they touch."""
    return dashed_path((x, y, np.arange(len(x)) > 0) for x, y in pieces)


def dashed_path(pieces: Iterable[tuple[FloatArray, FloatArray, NDArray[np.bool_]]]) -> QPainterPath:
    """The same of lines that say for each point whether a line leads to it."""
    parts = list(pieces)
    made = QPainterPath()
    if not sum(len(x) for x, _, _ in parts):
        return made
    elements = np.zeros(sum(len(x) for x, _, _ in parts), ELEMENT)
    for name, place in (("x", 0), ("y", 1), ("is_line", 2)):
        elements[name] = np.concatenate([part[place] for part in parts])
    head, tail = np.array([len(elements)], ">i4"), np.zeros(2, ">i4")
    stream = QDataStream(QByteArray(head.tobytes() + elements.tobytes() + tail.tobytes()))
    stream >> made
    return made
