"""What the window said, with the time, to read again and to copy for somebody who helps."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QApplication

from curvedesk.session.changes import ChangeKind
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.base import Panel, Section, note
from curvedesk.ui.panels.rows import Rows
from curvedesk.ui.panels.said import Said, SaidRow, said_on
from curvedesk.ui.parts import button, head


class LogPanel(Panel):
    """The newest at the top."""

    listens: frozenset[ChangeKind] = frozenset()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._log = said_on(desk)
        self.none = note("Nothing was said yet.")
        self.copy = button("Copy all", self.copy_all, kind="link", tip="Everything said, as text")
        self.list: Rows[Said, SaidRow] = Rows(key=_number, make=SaidRow, update=SaidRow.show_said)
        section = Section(closed=False)
        section.add(head("Messages", self.copy), self.none, self.list)
        self.column.addWidget(section)
        self._log.said.connect(self.wake)

    def refresh(self, kinds: frozenset[ChangeKind]) -> None:  # noqa: ARG002 - no kind of change matters here
        """What was said so far."""
        self.none.setVisible(not self._log.lines)
        self.copy.setEnabled(bool(self._log.lines))
        self.list.show_items(tuple(reversed(self._log.lines)))

    def copy_all(self) -> None:
        """Everything said to the clipboard, oldest first."""
        QApplication.clipboard().setText("\n".join(as_text(line) for line in self._log.lines))


def as_text(said: Said) -> str:
    """One line: date and time, how grave, what."""
    detail = f" · {said.message.detail}" if said.message.detail else ""
    return f"{datetime.isoformat(said.at, sep=' ', timespec='seconds')} {said.message.kind} {said.message.text}{detail}"


def _number(said: Said) -> int:
    return said.number
