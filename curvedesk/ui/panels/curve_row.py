"""One curve in the list: shown or hidden, its pen, name, scale and how sure it is; click, keys and drag."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from curvedesk.domain.track import Style
from curvedesk.ui.panels.pens import SAMPLE_PX, draw_dot, draw_sample
from curvedesk.ui.theme import font, icon, theme

HEIGHT_PX = 32
TAIL_PX = 26  # room of the chevron, and of the button in the track's head above it
_DIGIT_X, _DOT_X, _SAMPLE_X = 6, 28, 44
_NAME_X = _SAMPLE_X + SAMPLE_PX + 10
_DOT_ZONE_PX = 38
GOOD, FAIR = 0.9, 0.7


@dataclass(frozen=True, slots=True)
class CurveLine:
    """What a row shows."""

    key: str
    digit: str
    name: str
    scale: str
    style: Style
    colour: str
    confidence: float | None
    exported: bool = True
    shown: bool = True
    locked: bool = False
    active: bool = False
    open: bool = False


class CurveRow(QWidget):
    """Painted by hand, so that columns align; every signal carries the curve's key."""

    chosen = Signal(str)
    edit_asked = Signal(str)
    show_asked = Signal(str)
    lock_asked = Signal(str)
    remove_asked = Signal(str)
    menu_asked = Signal(str, QPoint)
    moved_by = Signal(str, int)
    dragged = Signal(str, int)  # y on the screen
    dropped = Signal(str, int)

    def __init__(self, line: CurveLine) -> None:
        super().__init__()
        self.line = line
        self._pressed_at: QPoint | None = None
        self._dragging = False
        self.setFixedHeight(HEIGHT_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Wide enough for a name and a scale."""
        return QSize(280, HEIGHT_PX)

    def show_line(self, line: CurveLine) -> None:
        """Show this from now on."""
        if line != self.line or not self.toolTip():
            self.line = line
            sure = "" if line.confidence is None else f", {line.confidence:.0%} sure"
            self.setAccessibleName(f"{line.name}, {line.scale}{sure}")
            key = f"Key {line.digit} chooses it. " if line.digit else ""
            self.setToolTip(f"{line.name}: {line.scale}\n{key}Enter edits, Space shows or hides, Alt+Up and Down move")
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter edits, Space shows or hides, L locks, Delete removes, Alt with arrows moves."""
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        signal = {
            Qt.Key.Key_Return: self.edit_asked,
            Qt.Key.Key_Enter: self.edit_asked,
            Qt.Key.Key_F2: self.edit_asked,
            Qt.Key.Key_Space: self.show_asked,
            Qt.Key.Key_L: self.lock_asked,
            Qt.Key.Key_Delete: self.remove_asked,
        }.get(Qt.Key(event.key()))
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and alt:
            self.moved_by.emit(self.line.key, step)
        elif step:
            self.focusNextPrevChild(step > 0)
        elif signal is not None:
            signal.emit(self.line.key)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """What is pressed is decided on release, so that a drag can begin."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
        elif event.button() == Qt.MouseButton.RightButton:
            self.menu_asked.emit(self.line.key, event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A drag takes the curve to another place."""
        if self._pressed_at is None:
            return
        far = (event.position().toPoint() - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        if far or self._dragging:
            self._dragging = True
            self.dragged.emit(self.line.key, event.globalPosition().toPoint().y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Shown or hidden, edited, chosen, or dropped."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed_at is None:
            return
        x, dragging = self._pressed_at.x(), self._dragging
        self._pressed_at, self._dragging = None, False
        if dragging:
            self.dropped.emit(self.line.key, event.globalPosition().toPoint().y())
        elif x < _DOT_ZONE_PX:
            self.show_asked.emit(self.line.key)
        elif x > self.width() - TAIL_PX:
            self.edit_asked.emit(self.line.key)
        else:
            self.chosen.emit(self.line.key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Opens the fields."""
        if event.position().x() >= _DOT_ZONE_PX:
            self.edit_asked.emit(self.line.key)

    def event(self, event: QEvent) -> bool:
        """Repaints when the pointer comes and goes."""
        if event.type() in {QEvent.Type.HoverEnter, QEvent.Type.HoverLeave}:
            self.update()
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Digit, dot, pen, name, scale, confidence, chevron."""
        painter = QPainter(self)
        self._paint_ground(painter)
        self._paint_pen(painter)
        right = self._paint_tail(painter)
        self._paint_words(painter, right)

    def _paint_ground(self, painter: QPainter) -> None:
        tokens, line = theme().tokens, self.line
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(tokens.accent), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
        ground = tokens.accent_soft if line.active else tokens.hover if self.underMouse() else tokens.ground
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, 6, 6)

    def _paint_pen(self, painter: QPainter) -> None:
        tokens, line, middle = theme().tokens, self.line, HEIGHT_PX / 2
        painter.setFont(font("small"))
        painter.setPen(QColor(tokens.muted))
        painter.drawText(QRect(_DIGIT_X, 0, 12, HEIGHT_PX), Qt.AlignmentFlag.AlignCenter, line.digit)
        draw_dot(painter, QPointF(_DOT_X, middle), shown=line.shown, colour=tokens.muted)
        faint = not (line.shown and line.exported)
        draw_sample(painter, _SAMPLE_X, middle, colour=line.colour, style=line.style, faint=faint)

    def _paint_tail(self, painter: QPainter) -> float:
        """Chevron, confidence and lock; gives the x at which they begin."""
        tokens, line = theme().tokens, self.line
        right = self.width() - TAIL_PX
        if line.open or self.underMouse() or self.hasFocus():
            mark = icon("chevron-up" if line.open else "chevron-down", "muted")
            mark.paint(painter, QRect(right + 6, 8, 16, 16))
        text, colour = _sureness(line)
        painter.setFont(font("small" if not line.exported else "body"))
        painter.setPen(QColor(getattr(tokens, colour)))
        width = QFontMetricsF(painter.font()).horizontalAdvance(text)
        painter.drawText(QRectF(right - width, 0, width + 1, HEIGHT_PX), Qt.AlignmentFlag.AlignVCenter, text)
        if line.locked:
            icon("lock", "muted").paint(painter, QRect(int(right - width) - 20, 9, 14, 14))
            return right - width - 24
        return right - width - 8

    def _paint_words(self, painter: QPainter, right: float) -> None:
        tokens, line = theme().tokens, self.line
        painter.setFont(font(strong=True))
        painter.setPen(QColor(tokens.text if line.shown and line.exported else tokens.muted))
        name = QFontMetricsF(painter.font()).elidedText(line.name, Qt.TextElideMode.ElideRight, right - _NAME_X)
        width = QFontMetricsF(painter.font()).horizontalAdvance(name)
        painter.drawText(QRectF(_NAME_X, 0, width + 1, HEIGHT_PX), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(font())
        painter.setPen(QColor(tokens.muted))
        room = right - _NAME_X - width - 8
        scale = QFontMetricsF(painter.font()).elidedText(line.scale, Qt.TextElideMode.ElideRight, max(0.0, room))
        at = QRectF(_NAME_X + width + 8, 0, max(0.0, room) + 1, HEIGHT_PX)
        painter.drawText(at, Qt.AlignmentFlag.AlignVCenter, scale)


def _sureness(line: CurveLine) -> tuple[str, str]:
    """Words and colour token of a curve's confidence."""
    if not line.exported:
        return "not exported", "muted"
    if line.confidence is None:
        return "–", "muted"
    return f"{line.confidence:.0%}", sureness_token(line.confidence)


def sureness_token(confidence: float) -> str:
    """The colour token that says how sure."""
    return "good" if confidence >= GOOD else "warn" if confidence >= FAIR else "bad"
