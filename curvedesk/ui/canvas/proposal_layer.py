"""A sheet in the making over the print: borders and depth lines as they are read, before anything is taken over."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen

from curvedesk.domain.sheet import Sheet
from curvedesk.ui.canvas.frame import Frame
from curvedesk.ui.canvas.grid_layer import paint_label
from curvedesk.ui.canvas.inks import GRID, TIE, faint
from curvedesk.ui.canvas.polyline import path
from curvedesk.ui.canvas.shapes import knots, seen_rows
from curvedesk.ui.theme import font

ACROSS = np.linspace(0.0, 1.0, 5)


class ProposalLayer:
    """Dashed borders, a line and a number at each depth that was read."""

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """See the class; nothing while no sheet is being read."""
        sheet = frame.desk.jobs.proposals.sheet
        if sheet is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("small"))
        _paint_borders(painter, frame, sheet)
        if not sheet.depth.extra.get("missing"):
            _paint_depths(painter, frame, sheet)


def _paint_borders(painter: QPainter, frame: Frame, sheet: Sheet) -> None:
    pen = QPen(faint(GRID, 0.85), 1.8, Qt.PenStyle.DashLine)
    for track in sheet.tracks:
        ends = float(track.left[0, 1]), float(track.left[-1, 1])
        seen = seen_rows(frame, ends)
        if seen is not None:
            rows = knots(track, *seen)
            lines = [frame.place(edge(rows), rows) for edge in (track.left_at, track.right_at)]
            painter.strokePath(path(lines), pen)


def _paint_depths(painter: QPainter, frame: Frame, sheet: Sheet) -> None:
    top, bottom = frame.rows
    shown = sheet.depth.ties[(sheet.depth.ties[:, 0] >= top - 100) & (sheet.depth.ties[:, 0] <= bottom + 100)]
    pen = QPen(faint(TIE, 0.7), 1.4, Qt.PenStyle.DashLine)
    for depth in shown[:, 1].tolist():
        lines = [frame.place(*sheet.pixel_at(track, ACROSS, depth)) for track in sheet.tracks]
        painter.strokePath(path(lines), pen)
        if lines:
            paint_label(painter, f"{depth:,g}", float(lines[0][0][0]) + 6, float(lines[0][1][0]) - 4, TIE)
