"""Messages kept from the moment the first panel of a document is made, the last few hundred of them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from curvedesk.ui.desk import Desk
from curvedesk.ui.messages import Message
from curvedesk.ui.parts import label, set_role, tight

MOST = 300
ROLES = {"info": "", "warn": "warn", "error": "bad"}


@dataclass(frozen=True, slots=True)
class Said:
    """One message with its number and local time."""

    number: int
    at: datetime
    message: Message


class MessageLog(QObject):
    """Listens to one desk."""

    said = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lines: deque[Said] = deque(maxlen=MOST)
        self._count = 0
        desk.message.connect(self._hear)

    def _hear(self, message: Message) -> None:
        self._count += 1
        self.lines.append(Said(self._count, datetime.now().astimezone(), message))
        self.said.emit()


def said_on(desk: Desk) -> MessageLog:
    """The desk's one."""
    kept = desk.findChild(MessageLog)
    return kept if isinstance(kept, MessageLog) else MessageLog(desk)


class SaidRow(QWidget):
    """Time and text, the detail below; warnings in their colour."""

    def __init__(self, said: Said) -> None:
        super().__init__()
        self.time = label("", "muted")
        self.text = label("", wrap=True, selectable=True)
        row = tight(QHBoxLayout(self), gap=12)
        row.setContentsMargins(0, 6, 0, 6)
        row.addWidget(self.time, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        self.show_said(said)

    def show_said(self, said: Said) -> None:
        """What was said never changes."""
        detail = f"\n{said.message.detail}" if said.message.detail else ""
        self.time.setText(f"{said.at:%H:%M:%S}")
        self.text.setText(said.message.text + detail)
        set_role(self.text, ROLES[said.message.kind])
