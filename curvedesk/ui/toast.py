"""The line at the bottom of the canvas: what happened, what it cost, how to take it back; gone after some seconds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from curvedesk.ui.messages import Message
from curvedesk.ui.parts import button, float_over, label, tight

SHOWN_MS = 6000
MARGIN_PX, APART_PX = 24, 12


class Toast(QFrame):
    """Lies over ``host``; stays while the pointer is on it."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._message: Message | None = None
        self.setProperty("role", "raised")
        self.setAccessibleName("Message")
        row = tight(QHBoxLayout(self), gap=4)
        row.setContentsMargins(16, 6, 12, 6)
        self._text, self._detail = label(), label("", "muted")
        self._dot, self._action = label("·", "muted"), button("", self._act, kind="link")
        for part in (self._text, self._detail, self._dot, self._action):
            row.addWidget(part)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        float_over(self)
        host.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, in one line."""
        return f"{self._text.text()} {self._detail.text()}".strip() if self.isVisible() else ""

    def say(self, message: Message) -> None:
        """Show it now, in place of what was shown."""
        self._message = message
        self._text.setText(message.text)
        self._detail.setText(f"· {message.detail}" if message.detail else "")
        self._detail.setVisible(bool(message.detail))
        self._dot.setVisible(bool(message.action_text))
        self._action.setText(message.action_text)
        self._action.setVisible(bool(message.action_text))
        self.adjustSize()
        self.place()
        self.show()
        self.raise_()
        self._timer.start()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Reading takes as long as it takes."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Go soon."""
        self._timer.start()
        super().leaveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom of the host."""
        if event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """In the middle at the bottom; left of a card that lies there, or above it where there is no room."""
        host = self.parentWidget()
        if host is None:
            return
        top = host.height() - self.height() - MARGIN_PX
        self.move(max(0, (host.width() - self.width()) // 2), top)
        for card in host.findChildren(QFrame, options=Qt.FindChildOption.FindDirectChildrenOnly):
            taken = card.geometry()
            if card is self or not card.isVisible() or not taken.intersects(self.geometry()):
                continue
            left = taken.left() - APART_PX - self.width()
            self.move(max(left, 0), top if left >= 0 else taken.top() - APART_PX - self.height())

    def _act(self) -> None:
        message = self._message
        self.hide()
        if message is not None and message.action is not None:
            message.action()
