"""What all panels are: a column of sections that scrolls, and that refreshes only when seen and only what changed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.sheet import Sheet
from curvedesk.session.changes import Change, ChangeKind
from curvedesk.session.commands import Command, SetSheet
from curvedesk.session.sheet_edits import renames
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.said import said_on
from curvedesk.ui.parts import hairline, label, tight
from curvedesk.ui.theme.tokens import PANEL_PX

EVERYTHING = frozenset(ChangeKind)
MARGIN_PX = 16
MINIMUM_PX = 280


class Panel(QScrollArea):
    """A scrolling column over the desk. Subclasses fill it once and write ``refresh``, which never rebuilds a field
    that has the focus."""

    listens: frozenset[ChangeKind] = EVERYTHING

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._stale = EVERYTHING
        self._inside = QWidget()
        self._inside.setProperty("role", "panel")
        outer = tight(QVBoxLayout(self._inside), gap=0)
        self.column = tight(QVBoxLayout(), gap=0)
        outer.addLayout(self.column)
        outer.addStretch(1)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._refresh_if_seen)
        desk.changed.connect(self._hear)
        said_on(desk)  # messages are kept from the first panel on

    def refresh(self, kinds: frozenset[ChangeKind]) -> None:
        """Show the project as it is now; ``kinds`` changed since the last time. A panel that shows none needs none."""

    def wake(self, kinds: frozenset[ChangeKind] = EVERYTHING) -> None:
        """Refresh soon, once, however often it is asked."""
        self._stale = self._stale | kinds
        if self.isVisible():
            self._timer.start()

    def sizeHint(self) -> QSize:
        """One width for all panels: the canvas must not jump when another tab is opened."""
        return QSize(PANEL_PX, 640)

    def minimumSizeHint(self) -> QSize:
        """Narrower than what is inside; it scrolls."""
        return QSize(MINIMUM_PX, 120)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while hidden."""
        self._refresh_if_seen()
        super().showEvent(event)

    def send(self, command: Command) -> CurveDeskError | None:
        """Do a command; where it cannot be, give back the error for the place it was typed in."""
        try:
            self.desk.execute(command)
        except CurveDeskError as error:
            return error
        return None

    def edit_sheet(
        self, edit: Callable[[Sheet], Sheet], label_text: str, *, merge_key: str = "", keeps_places: bool = False
    ) -> CurveDeskError | None:
        """Do one of the edits of the sheet; ``keeps_places`` where curves may be called otherwise but none moved."""
        sheet = self.desk.document.project.sheet
        if sheet is None:
            return None
        try:
            edited = edit(sheet)
        except CurveDeskError as error:
            return error
        names = renames(sheet, edited) if keeps_places else {}
        return self.send(SetSheet(edited, label_text, merge_key, names))

    def _hear(self, change: Change) -> None:
        kinds = change.kinds & self.listens
        if kinds:
            self.wake(kinds)

    def _refresh_if_seen(self) -> None:
        kinds, self._stale = self._stale, frozenset()
        if kinds:
            self.refresh(kinds)


class Section(QWidget):
    """A part of a panel with the grid's margins; a hairline closes it."""

    def __init__(self, *, closed: bool = True) -> None:
        super().__init__()
        outer = tight(QVBoxLayout(self), gap=0)
        inner = QWidget()
        self.rows = tight(QVBoxLayout(inner), gap=8)
        self.rows.setContentsMargins(MARGIN_PX, 12, MARGIN_PX, 12)
        outer.addWidget(inner)
        if closed:
            outer.addWidget(hairline())

    def clear(self) -> None:
        """Nothing in it any more."""
        while (item := self.rows.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()

    def add(self, *widgets: QWidget) -> None:
        """One below the other."""
        for widget in widgets:
            self.rows.addWidget(widget)


def line(*widgets: QWidget, gap: int = 8, stretch: int | None = None) -> QWidget:
    """Widgets side by side; ``stretch`` is the place that takes the room left, None puts it at the end."""
    made = QWidget()
    row = tight(QHBoxLayout(made), gap=gap)
    for place, widget in enumerate(widgets):
        row.addWidget(widget, 1 if place == stretch else 0)
    if stretch is None:
        row.addStretch(1)
    return made


def note(text: str = "", role: str = "muted") -> QLabel:
    """A sentence that wraps."""
    return label(text, role, wrap=True)
