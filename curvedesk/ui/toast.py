"""The line at the bottom of the canvas: what happened, what it cost, how to take it back; gone after some seconds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from curvedesk.ui.messages import Message
from curvedesk.ui.parts import button, float_over, label, tight

SHOWN_MS = 6000
MARGIN_PX = 24


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
        self._place()
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
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        host = self.parentWidget()
        if host is not None:
            self.move(max(0, (host.width() - self.width()) // 2), host.height() - self.height() - MARGIN_PX)

    def _act(self) -> None:
        message = self._message
        self.hide()
        if message is not None and message.action is not None:
            message.action()
