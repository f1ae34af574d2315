"""A number asked for where it belongs on the paper, without a dialog: Enter takes it, Esc lets it be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from curvedesk.domain.errors import CurveDeskError
from curvedesk.session.commands import Command
from curvedesk.session.tools.base import Ask
from curvedesk.ui.parts import label, tight

if TYPE_CHECKING:
    from curvedesk.ui.canvas.canvas import Canvas

FIELD_PX = 96


class AskBox(QWidget):
    """One at a time; the command that the number makes is done on the canvas' desk."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setProperty("role", "raised")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._answer: Callable[[float], Command] | None = None
        row = tight(QHBoxLayout(self), margin=8)
        self.question, self.unit, self.fault = label(), label("", "muted"), label("", "bad")
        self.field = QLineEdit()
        self.field.setFixedWidth(FIELD_PX)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.returnPressed.connect(self._take)
        for part in (self.question, self.field, self.unit, self.fault):
            row.addWidget(part)
        self.hide()

    def ask(self, ask: Ask) -> None:
        """Ask beside the point of the paper that is asked about."""
        self._answer = ask.answer
        self.question.setText(ask.question)
        self.unit.setText(ask.unit)
        self.fault.setText("")
        self.field.setAccessibleName(ask.question)
        self.field.setText("" if ask.offer is None else f"{ask.offer:.10g}")
        self._place(self._canvas.widget_at(ask.x_px, ask.y_px).toPoint())
        self.show()
        self.raise_()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def _place(self, at: QPoint) -> None:
        self.adjustSize()
        room = self._canvas.rect().adjusted(4, 4, -4, -4)
        left = min(max(at.x() + 12, room.left()), room.right() - self.width())
        top = min(max(at.y() - self.height() - 12, room.top()), room.bottom() - self.height())
        self.move(left, top)

    def _take(self) -> None:
        if self._answer is None:
            return
        try:
            command = self._answer(float(self.field.text().replace(",", "").replace("\N{MINUS SIGN}", "-")))
        except ValueError:
            self._complain("That is not a number")
        except CurveDeskError as error:
            self._complain(str(error))
        else:
            self._close()
            self._do(command)

    def _do(self, command: Command) -> None:
        desk = self._canvas.desk
        try:
            desk.execute(command)
        except CurveDeskError as error:
            desk.say(str(error), kind="warn", topic="tool")

    def _complain(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.adjustSize()

    def _close(self) -> None:
        self._answer = None
        self.hide()
        self._canvas.setFocus()
