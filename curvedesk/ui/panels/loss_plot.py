"""Two small lines: how wrong the model is on the strokes it learns from, and on those it has not seen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from curvedesk.ui.theme import font, theme

Points = Sequence[tuple[int, float]]
HEIGHT_PX = 72


class LossPlot(QWidget):
    """Solid: learnt from; dashed: not seen. No axis: only whether they fall, and whether they part, matters."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[Points, Points] = ((), ())
        self._steps = 0
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("Solid: error on the strokes it learns from. Dashed: error on strokes it has not seen.")
        self.setAccessibleName("How the error falls while it learns")

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(280, HEIGHT_PX)

    def show_lines(self, train: Points, held_out: Points, *, steps: int) -> None:
        """(step, error) of both lines; the width stands for ``steps``."""
        self._lines, self._steps = (tuple(train), tuple(held_out)), steps
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lines over a hairline."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, box = theme().tokens, QRectF(self.rect()).adjusted(1, 6, -1, -4)
        painter.setPen(QPen(QColor(tokens.hairline), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        values = [value for line in self._lines for _step, value in line]
        if not values:
            painter.setPen(QColor(tokens.muted))
            painter.setFont(font("small"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "the first steps are under way")
            return
        for line, colour, dashed in zip(self._lines, (tokens.accent, tokens.warn), (False, True), strict=True):
            pen = QPen(QColor(colour), 1.8)
            pen.setStyle(Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.drawPolyline(self._polygon(line, box, top=max(values)))

    def _polygon(self, line: Points, box: QRectF, *, top: float) -> QPolygonF:
        across = max(self._steps, 1, *(step for step, _value in line)) if line else 1
        points = (
            QPointF(box.left() + box.width() * step / across, box.bottom() - box.height() * value / (top or 1.0))
            for step, value in line
        )
        return QPolygonF(list(points))
