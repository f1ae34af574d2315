"""Small drawings of pens: the sample of a line, the dot that shows or hides it, and the colours to choose from."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from curvedesk.domain.project import OKABE_ITO
from curvedesk.domain.track import Style
from curvedesk.ui.theme import theme

_DASHES = {Style.SOLID: [], Style.DASHED: [7 / 3, 4 / 3], Style.DOTTED: [0.6, 1.9]}  # three dashes fill a sample
SAMPLE_PX = 32
_SWATCH_PX = 28


def pen_of(colour: str, style: Style, width_px: float = 3.0) -> QPen:
    """The pen that draws a curve's sample."""
    pen = QPen(QColor(colour), width_px)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap if style is not Style.DASHED else Qt.PenCapStyle.FlatCap)
    if _DASHES[style]:
        pen.setDashPattern(_DASHES[style])
    return pen


def draw_sample(painter: QPainter, x: float, y: float, *, colour: str, style: Style, faint: bool = False) -> None:
    """A short stretch of the pen, from x on, on height y."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(0.35 if faint else 1.0)
    painter.setPen(pen_of(colour, style))
    painter.drawLine(QPointF(x + 1.5, y), QPointF(x + SAMPLE_PX - 1.5, y))
    painter.restore()


def draw_dot(painter: QPainter, centre: QPointF, *, shown: bool, colour: str) -> None:
    """Filled where the curve is shown, a ring where it is hidden."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 1.5))
    painter.setBrush(QColor(colour) if shown else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(centre, 3.5, 3.5)
    painter.restore()


class Swatches(QWidget):
    """The palette that colour-blind eyes can tell apart; ``picked`` with a colour. Arrows and Enter work as well."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._chosen = ""
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Colour")
        self.setToolTip("Colour")
        self.setFixedHeight(_SWATCH_PX)
        self.setFixedWidth(_SWATCH_PX * len(OKABE_ITO))

    def sizeHint(self) -> QSize:
        """One square a colour."""
        return QSize(_SWATCH_PX * len(OKABE_ITO), _SWATCH_PX)

    def show_colour(self, colour: str) -> None:
        """The one in use."""
        self._chosen = colour.upper()
        known = [one.upper() for one in OKABE_ITO]
        self._at = known.index(self._chosen) if self._chosen in known else self._at
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick what lies there."""
        self._pick(int(event.position().x() // _SWATCH_PX))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go through the colours, Enter picks."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self._pick((self._at + step) % len(OKABE_ITO))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Circles, the chosen one ringed."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, colour in enumerate(OKABE_ITO):
            centre = QPointF((place + 0.5) * _SWATCH_PX, _SWATCH_PX / 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawEllipse(centre, 7, 7)
            if colour.upper() == self._chosen:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(theme().tokens.text), 1.5))
                painter.drawEllipse(centre, 10.5, 10.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme().tokens.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _pick(self, place: int) -> None:
        if 0 <= place < len(OKABE_ITO):
            self._at = place
            self.picked.emit(OKABE_ITO[place])
