"""How the canvas is painted: the kept paper with its layers, what moves over it, and the pinned ruler and scales."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QRegion

from curvedesk.session.view import View
from curvedesk.ui.canvas.backing import Backing
from curvedesk.ui.canvas.curves_layer import CurvesLayer
from curvedesk.ui.canvas.frame import Frame, Layer
from curvedesk.ui.canvas.grid_layer import GridLayer
from curvedesk.ui.canvas.heading import paint_heading
from curvedesk.ui.canvas.intervals_layer import IntervalsLayer
from curvedesk.ui.canvas.line_cache import LineCache
from curvedesk.ui.canvas.live import paint_brush
from curvedesk.ui.canvas.preview import paint_preview
from curvedesk.ui.canvas.proposal_layer import ProposalLayer
from curvedesk.ui.canvas.ruler import RULER_PX, paint_ruler
from curvedesk.ui.canvas.stretching import Stretching
from curvedesk.ui.canvas.strokes_layer import StrokesLayer
from curvedesk.ui.theme import theme

if TYPE_CHECKING:
    from curvedesk.ui.canvas.canvas import Canvas


class Picture:
    """Paints one canvas; ``backing`` keeps what does not move, ``cursor`` is where the pointer is, if it is here."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.backing = Backing()
        self.stretching = Stretching(self.backing, canvas.papers, canvas)
        self.cursor: QPointF | None = None
        lines = CurvesLayer(LineCache())
        self._layers: tuple[Layer, ...] = (IntervalsLayer(), ProposalLayer(), GridLayer(), lines, StrokesLayer())

    def paint(self, painter: QPainter, frame: Frame, region: QRegion) -> None:
        """Mend the kept picture, copy it, and paint what moves over it; stretch it while the size changes."""
        area = self._canvas.paper_rect
        painter.save()
        painter.scale(1 / frame.ratio, 1 / frame.ratio)  # device pixels onto device pixels: a plain copy
        painter.translate(round(area.left() * frame.ratio), round(area.top() * frame.ratio))
        if frame.desk.view is None:  # no scan, or not yet
            painter.fillRect(QRectF(0, 0, area.width() * frame.ratio, area.height() * frame.ratio), _ground())
        elif not self.stretching.paint(painter, frame, zooming=self._canvas.motion.is_zooming):
            self._paint_paper(painter, frame)
        painter.restore()
        self._paint_live(painter, frame, area)
        self._paint_pinned(painter, frame, area.top(), region)
        self.stretching.painted()

    def _paint_paper(self, painter: QPainter, frame: Frame) -> None:
        self.backing.show(frame.view, frame.ratio)
        painter.drawPixmap(0, 0, self.backing.mended(self._part_of, self._paint_layers, theme().tokens.sunken))

    def _part_of(self, view: View, ratio: float, part: QRectF) -> Frame:
        return Frame(self._canvas.desk, view, ratio, part)

    def _paint_layers(self, painter: QPainter, frame: Frame) -> None:
        self._canvas.papers.paint(painter, frame)
        painter.scale(frame.ratio, frame.ratio)
        for layer in self._layers:
            layer.paint(painter, frame)

    def _paint_live(self, painter: QPainter, frame: Frame, area: QRect) -> None:
        painter.save()
        painter.setClipRect(area)
        painter.translate(area.topLeft())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._canvas.pulse.paint(painter, frame, theme().tokens.accent)
        paint_preview(painter, frame, frame.desk.preview)
        if self.cursor is not None:
            paint_brush(painter, frame, self.cursor - QPointF(area.topLeft()))
        painter.restore()

    def _paint_pinned(self, painter: QPainter, frame: Frame, heading: int, region: QRegion) -> None:
        tokens, sheet, scan = theme().tokens, frame.desk.sheet, frame.desk.scan
        width, height = self._canvas.width(), self._canvas.height()
        if region.intersects(QRect(0, heading, RULER_PX, height)):
            cursor = self.cursor - QPointF(RULER_PX, heading) if self.cursor is not None else None
            dpi = scan.dpi if scan is not None else 200.0
            paint_ruler(painter, frame, sheet, top=heading, tokens=tokens, dpi=dpi, cursor=cursor)
        if region.intersects(QRect(0, 0, width, heading)):
            paint_heading(painter, frame, sheet, height=heading, width=width, tokens=tokens)


def _ground() -> QColor:
    return QColor(theme().tokens.sunken)
