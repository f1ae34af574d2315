"""Two small lines: how wrong the model is on the strokes it learns from, and on those it has not seen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from curvedesk.ui.theme import font, theme

Points = Sequence[tuple[int, float]]
HEIGHT_PX, LEGEND_PX = 104, 24
SWATCH_PX, DOT_PX, LINE_PX = 18.0, 2.5, 1.8
NAMES = ("strokes it learns from", "strokes held back")


class LossPlot(QWidget):
    """Solid: learnt from; dashed: held back. No axis: only whether they fall, and whether they part, matters."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[Points, Points] = ((), ())
        self._steps = 0
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            "How wrong the model is. Solid: on the strokes it learns from. Dashed: on strokes held back, "
            "which it has not seen. Both should fall together."
        )
        self.setAccessibleName("How the error falls while it learns")

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(280, HEIGHT_PX)

    def show_lines(self, train: Points, held_out: Points, *, steps: int) -> None:
        """(step, error) of both lines; the width stands for ``steps``."""
        lines = (tuple(train), tuple(held_out))
        if (lines, steps) != (self._lines, self._steps):
            self._lines, self._steps = lines, steps
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lines over a hairline, their names below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("small"))
        tokens, box = theme().tokens, QRectF(self.rect()).adjusted(1, 6, -4, -LEGEND_PX)
        self._paint_grid(painter, box)
        values = [value for line in self._lines for _step, value in line]
        if not values:
            painter.setPen(QColor(tokens.muted))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "the first steps are under way")
            return
        for line, pen in zip(self._lines, _pens(), strict=True):
            _paint_line(painter, self._polygon(line, box, top=max(values)), pen)
        self._paint_legend(painter)

    def _paint_grid(self, painter: QPainter, box: QRectF) -> None:
        colour = QColor(theme().tokens.hairline)
        for share in (0.0, 0.5, 1.0):
            y = box.top() + share * box.height()
            painter.setPen(QPen(colour, 1, Qt.PenStyle.SolidLine if share == 1.0 else Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))

    def _paint_legend(self, painter: QPainter) -> None:
        metrics, x, y = QFontMetricsF(painter.font()), 1.0, self.height() - LEGEND_PX / 2 + 2
        for name, pen in zip(NAMES, _pens(), strict=True):
            painter.setPen(pen)
            painter.drawLine(QPointF(x, y), QPointF(x + SWATCH_PX, y))
            painter.setPen(QColor(theme().tokens.muted))
            painter.drawText(QPointF(x + SWATCH_PX + 6, y + metrics.ascent() / 2 - 1), name)
            x += SWATCH_PX + 22 + metrics.horizontalAdvance(name)

    def _polygon(self, line: Points, box: QRectF, *, top: float) -> QPolygonF:
        across = max(self._steps, 1, *(step for step, _value in line)) if line else 1
        points = (
            QPointF(box.left() + box.width() * step / across, box.bottom() - box.height() * value / (top or 1.0))
            for step, value in line
        )
        return QPolygonF(list(points))


def _pens() -> tuple[QPen, QPen]:
    tokens = theme().tokens
    solid, dashed = QPen(QColor(tokens.accent), LINE_PX), QPen(QColor(tokens.warn), LINE_PX)
    dashed.setDashPattern([3.0, 2.0])
    return solid, dashed


def _paint_line(painter: QPainter, line: QPolygonF, pen: QPen) -> None:
    """The line, and a dot where it is now."""
    if line.isEmpty():
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.drawPolyline(line)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(pen.color())
    painter.drawEllipse(line.last(), DOT_PX, DOT_PX)
