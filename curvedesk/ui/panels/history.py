"""What was done and when, to go back to with a click; and every stroke, to go to or take away."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QSizePolicy

from curvedesk.session.changes import ChangeKind
from curvedesk.session.commands import RemoveStrokes
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.base import EVERYTHING, Panel, Section, line, note
from curvedesk.ui.panels.history_lists import ROW_PX, DoneList, StrokeList, TwoEnds
from curvedesk.ui.parts import button, head, label

STEPS_SHOWN, STROKES_SHOWN = 12, 12


class ListView(QListView):
    """A list as tall as its rows, up to so many; Enter and Delete are told to the panel."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__()
        self._most = most
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setItemDelegate(TwoEnds(self))

    def fit(self) -> None:
        """As tall as the rows need."""
        rows = self.model().rowCount() if self.model() is not None else 0
        self.setFixedHeight(ROW_PX * min(max(rows, 1), self._most) + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete goes to the panel; the rest is the list's."""
        if event.key() == Qt.Key.Key_Delete:
            event.ignore()
            return
        super().keyPressEvent(event)


class HistoryPanel(Panel):
    """Steps with the one the document stands at, and strokes."""

    listens = EVERYTHING

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.done, self.strokes = DoneList(desk, self), StrokeList(desk, self)
        self.steps_view = ListView("What was done", STEPS_SHOWN)
        self.steps_view.setModel(self.done)
        self.steps_view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.steps_view.clicked.connect(self._jump)
        self.steps_view.activated.connect(self._jump)
        self.kept = label("", "muted")
        self.steps = Section()
        self.steps.add(head("What was done", self.kept), self.steps_view)
        self.strokes_view = ListView("Strokes", STROKES_SHOWN)
        self.strokes_view.setModel(self.strokes)
        self.strokes_view.clicked.connect(self._show_stroke)
        self.strokes_view.activated.connect(self._show_stroke)
        self.count, self.none = label("", "muted"), note("Strokes you draw are listed here, each a click away.")
        self.remove = button("Take away", self.remove_chosen, tip="Take the chosen strokes away (Delete)")
        self.drawn = Section(closed=False)
        self.drawn.add(head("Strokes", self.count), self.none, self.strokes_view, line(self.remove))
        for part in (self.steps, self.drawn):
            self.column.addWidget(part)
        self.strokes_view.selectionModel().selectionChanged.connect(self._follow_choice)

    def refresh(self, kinds: frozenset[ChangeKind]) -> None:
        """The list of steps always, that of strokes where one changed."""
        self.done.refresh()
        self.steps_view.fit()
        self.steps_view.scrollTo(self.done.index(self.done.now_row()), QAbstractItemView.ScrollHint.EnsureVisible)
        megabytes = self.desk.document.history.bytes / 1e6
        self.kept.setText(f"{megabytes:.0f} MB kept" if megabytes >= 1 else "")
        if kinds & {ChangeKind.STROKES, ChangeKind.SHEET}:
            self.strokes.refresh()
            self.strokes_view.fit()
            count = len(self.desk.document.project.strokes)
            self.count.setText(str(count) if count else "")
            self.none.setVisible(not count)
            self.strokes_view.setVisible(bool(count))
            self._follow_choice()

    def remove_chosen(self) -> None:
        """Take the chosen strokes away; undo brings them back."""
        ids = [self.strokes.id_at(index.row()) for index in self.strokes_view.selectionModel().selectedIndexes()]
        if ids:
            error = self.send(RemoveStrokes(tuple(ids)))
            if error is not None:
                self.desk.say(str(error), kind="warn", topic="strokes")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the chosen strokes away."""
        if event.key() == Qt.Key.Key_Delete and self.strokes_view.hasFocus():
            self.remove_chosen()
            return
        super().keyPressEvent(event)

    def _follow_choice(self) -> None:
        self.remove.setVisible(self.strokes_view.selectionModel().hasSelection())

    def _jump(self, index: QModelIndex) -> None:
        self.desk.document.go_to(self.done.position_at(index.row()))

    def _show_stroke(self, index: QModelIndex) -> None:
        rows = self.strokes.rows_at(index.row())
        if rows is not None:
            self.desk.go_to_rows(*rows)
