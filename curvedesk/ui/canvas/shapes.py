"""Shapes on the sheet, in screen pixels: a track between two rows, a depth line across it."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QPolygonF

from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.track import Track
from curvedesk.ui.canvas.frame import Frame
from curvedesk.ui.canvas.polyline import polygon


def knots(track: Track, y0_px: float, y1_px: float) -> FloatArray:
    """Rows at which a track's borders bend, between two rows, these included."""
    bends = np.concatenate([track.left[:, 1], track.right[:, 1]])
    inner = bends[(bends > y0_px) & (bends < y1_px)]
    return np.unique(np.concatenate([[y0_px, y1_px], inner]))


def strip(frame: Frame, track: Track, y0_px: float, y1_px: float) -> QPolygonF:
    """The track between two rows."""
    rows = knots(track, y0_px, y1_px)
    x = np.concatenate([track.left_at(rows), track.right_at(rows)[::-1]])
    return polygon(*frame.place(x, np.concatenate([rows, rows[::-1]])))


def seen_rows(frame: Frame, rows: tuple[float, float]) -> tuple[float, float] | None:
    """The part of these rows that is to be painted, and a little around; None where there is none."""
    top, bottom = max(rows[0], frame.rows[0]), min(rows[1], frame.rows[1])
    return (top, bottom) if top < bottom else None
