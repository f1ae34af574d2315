"""Hands: wheel, drag, pinch, pen and keys, turned into views and into what the tool in hand is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QTabletEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture

from curvedesk.ui.canvas.tool_hand import ToolHand

if TYPE_CHECKING:
    from curvedesk.ui.canvas.canvas import Canvas

NOTCH, NOTCH_PX, ZOOM_A_NOTCH = 120.0, 96.0, 1.25
ARROW_PX, PAGE = 64.0, 0.9
WIDTH_A_NOTCH = 1.15
CURSORS = {
    "open_hand": Qt.CursorShape.OpenHandCursor,
    "rows": Qt.CursorShape.SizeVerCursor,
    "point": Qt.CursorShape.PointingHandCursor,
}
Buttons = Qt.MouseButton
Keys = Qt.Key
TOOL_KEYS = {
    Keys.Key_Return: "Return",
    Keys.Key_Enter: "Enter",
    Keys.Key_Backspace: "Backspace",
    Keys.Key_Delete: "Delete",
}
ARROWS = {Keys.Key_Up: (0, -1), Keys.Key_Down: (0, 1), Keys.Key_Left: (-1, 0), Keys.Key_Right: (1, 0)}


class Gestures(QObject):
    """One canvas' hands, listening as its event filter. Pressure and tilt of a pen are ignored."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        papers = canvas.papers
        self.tool = ToolHand(canvas.desk, self, evidence=papers.evidence, paper=papers.pixels)
        self._panning: QPointF | None = None
        self._space = False
        self._takers: tuple[tuple[type[QEvent], Callable[[Any], bool]], ...] = (
            (QTabletEvent, self._pen),
            (QNativeGestureEvent, self._native),
            (QMouseEvent, self._mouse),
            (QWheelEvent, self._wheel),
            (QKeyEvent, self._key),
            (QGestureEvent, self._pinch),
        )

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Handle an event if it is one of a hand; the canvas sees the others."""
        take = next((take for kind, take in self._takers if isinstance(event, kind)), None)
        return take is not None and bool(take(event))

    def take_tool(self) -> None:
        """Another tool is in hand."""
        self.tool.take()
        self._show_cursor()

    def cancel(self) -> bool:
        """Drop what is half done."""
        return self.tool.cancel()

    def _mouse(self, event: QMouseEvent) -> bool:
        at = event.position()
        match event.type():
            case QEvent.Type.MouseButtonPress | QEvent.Type.MouseButtonDblClick:
                return self._press(at, event.button(), event.modifiers())
            case QEvent.Type.MouseMove:
                return self._move(at, event.modifiers())
            case QEvent.Type.MouseButtonRelease:
                return self._release(at, event.modifiers())
            case _:
                return False

    def _pen(self, event: QTabletEvent) -> bool:
        event.accept()  # else Qt makes mouse events of it as well
        at = event.position()
        match event.type():
            case QEvent.Type.TabletPress:
                return self._press(at, event.button(), event.modifiers())
            case QEvent.Type.TabletMove:
                return self._move(at, event.modifiers())
            case QEvent.Type.TabletRelease:
                return self._release(at, event.modifiers())
            case _:
                return False

    def _press(self, at: QPointF, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> bool:
        self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        self._canvas.motion.finish()
        if button == Buttons.MiddleButton or (button == Buttons.LeftButton and (self._space or self.tool.is_pan)):
            self._panning = at
            self._show_cursor()
        elif button == Buttons.LeftButton and self._canvas.paper_rect.contains(at.toPoint()):
            self.tool.press(self._canvas.scan_at(at), self._canvas.shown.zoom, keys)
        return True

    def _move(self, at: QPointF, keys: Qt.KeyboardModifier) -> bool:
        if self._panning is not None:
            moved = at - self._panning
            self._panning = at
            self._pan(-moved.x(), -moved.y(), gliding=False)
        elif self._canvas.desk.view is not None:
            self.tool.move(self._canvas.scan_at(at), self._canvas.shown.zoom, keys)
        self._canvas.point_at(at)
        return True

    def _release(self, at: QPointF, keys: Qt.KeyboardModifier) -> bool:
        if self._panning is not None:
            self._panning = None
            self._show_cursor()
        else:
            self.tool.release(self._canvas.scan_at(at), self._canvas.shown.zoom, keys)
        return True

    def _wheel(self, event: QWheelEvent) -> bool:
        keys, turned = event.modifiers(), event.angleDelta()
        exact = event.pixelDelta()
        notches = (turned.y() or turned.x()) / NOTCH  # Alt turns a wheel sideways on some systems
        if keys & Qt.KeyboardModifier.ControlModifier:
            self._zoom(event.position(), ZOOM_A_NOTCH**notches)
        elif keys & Qt.KeyboardModifier.AltModifier:
            desk = self._canvas.desk
            desk.set_stroke_width(desk.stroke_width_px * WIDTH_A_NOTCH**notches)
        elif keys & Qt.KeyboardModifier.ShiftModifier:
            self._pan(-notches * NOTCH_PX, 0.0, gliding=True)
        elif not exact.isNull():
            self._pan(-exact.x(), -exact.y(), gliding=False)
        else:
            self._pan(-turned.x() / NOTCH * NOTCH_PX, -turned.y() / NOTCH * NOTCH_PX, gliding=True)
        self._canvas.point_at(event.position())
        event.accept()
        return True

    def _native(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._zoom(event.position(), 1.0 + event.value())
        return True

    def _pinch(self, event: QGestureEvent) -> bool:
        pinch = event.gesture(Qt.GestureType.PinchGesture)
        if not isinstance(pinch, QPinchGesture):
            return False
        self._zoom(QPointF(self._canvas.mapFromGlobal(pinch.hotSpot().toPoint())), pinch.scaleFactor())
        return True

    def _key(self, event: QKeyEvent) -> bool:
        pressed = event.type() == QEvent.Type.KeyPress
        if event.key() == Keys.Key_Space and event.type() != QEvent.Type.ShortcutOverride:
            if not event.isAutoRepeat():
                self._space = pressed
                self._show_cursor()
            return True
        if not pressed or event.modifiers() not in _PLAIN:
            return False
        return self._for_tool(event) or self._go(event.key())

    def _for_tool(self, event: QKeyEvent) -> bool:
        name = TOOL_KEYS.get(Keys(event.key()))
        return name is not None and self.tool.key(name)

    def _go(self, key: int) -> bool:
        view, scan = self._canvas.desk.view, self._canvas.desk.scan
        if view is None or scan is None:
            return False
        if key in ARROWS:
            across, down = ARROWS[Keys(key)]
            self._pan(ARROW_PX * across, ARROW_PX * down, gliding=True)
        elif key in {Keys.Key_PageUp, Keys.Key_PageDown}:
            self._pan(0.0, PAGE * view.height * (1 if key == Keys.Key_PageDown else -1), gliding=True)
        elif key in {Keys.Key_Home, Keys.Key_End}:
            row = 0.0 if key == Keys.Key_Home else float(scan.height)
            half = view.height / view.zoom / 2
            self._canvas.set_view(view.centred_on(y_px=row + (half if row == 0.0 else -half) - 0.5), gliding=True)
        else:
            return False
        return True

    def _pan(self, right: float, down: float, *, gliding: bool) -> None:
        if self._canvas.desk.view is not None:
            self._canvas.set_view(self._canvas.desk.view.panned(right=right, down=down), gliding=gliding)

    def _zoom(self, at: QPointF, factor: float) -> None:
        canvas = self._canvas
        if canvas.desk.view is not None and factor > 0:
            canvas.motion.finish()
            corner = canvas.paper_rect.topLeft()
            view = canvas.desk.view.zoomed_at(at.x() - corner.x(), at.y() - corner.y(), factor)
            canvas.set_view(view, gliding=False)

    def _show_cursor(self) -> None:
        shapes = Qt.CursorShape
        if self._panning is not None:
            self._canvas.setCursor(shapes.ClosedHandCursor)
        elif self._space:
            self._canvas.setCursor(shapes.OpenHandCursor)
        else:
            self._canvas.setCursor(CURSORS.get(self.tool.cursor, shapes.CrossCursor))


_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
