"""The keys: every action with its key, searchable; click a key to press another. Conflicts are said in the line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from curvedesk.ui.action_book import ActionBook
from curvedesk.ui.action_list import GROUPS
from curvedesk.ui.actions import ActionSpec
from curvedesk.ui.key_words import pressed_key, shown_keys
from curvedesk.ui.overlay import Overlay
from curvedesk.ui.parts import button, label, set_kind, tight

NO_KEY = "none"


class KeyButton(QPushButton):
    """Shows a key; clicked, it listens for another one."""

    def __init__(self, row: KeyRow) -> None:
        super().__init__()
        self._row = row
        self.listening = False
        self.setProperty("kind", "key")
        self.setMinimumWidth(104)
        self.setToolTip("Click, then press another key; Backspace takes the key away, Escape leaves it")
        self.clicked.connect(self.listen)

    def listen(self) -> None:
        """Wait for a key."""
        self.listening = True
        self.setText("Press a key")
        set_kind(self, "plain")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The new key, unless it is Escape."""
        if not self.listening:
            super().keyPressEvent(event)
            return
        if event.key() == Qt.Key.Key_Escape:
            self._row.show_keys()
        elif event.key() == Qt.Key.Key_Backspace:
            self._row.take("")
        else:
            key = pressed_key(event)
            if key:
                self._row.take(key)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab is a key like others while listening."""
        return False if self.listening else super().focusNextPrevChild(forward)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving changes nothing."""
        if self.listening:
            self._row.show_keys()
        super().focusOutEvent(event)


class KeyRow(QWidget):
    """One action: what it does, its key, what is wrong with the key just pressed."""

    def __init__(self, book: ActionBook, spec: ActionSpec) -> None:
        super().__init__()
        self._book, self.spec = book, spec
        row = tight(QHBoxLayout(self))
        text = spec.text.replace("...", "")
        words = label(text)
        words.setToolTip(spec.tip)
        row.addWidget(words, 1)
        self.fault = label("", "warn")
        row.addWidget(self.fault)
        self.button = KeyButton(self)
        self.button.setAccessibleName(f"Key of {text}")
        row.addWidget(self.button)
        self.show_keys()

    def show_keys(self) -> None:
        """The key as it is."""
        self.button.listening = False
        set_kind(self.button, "key")
        self.button.setText("  ".join(shown_keys(self._book.key_of(self.spec.id))) or NO_KEY)

    def take(self, key: str) -> None:
        """Bind the key, unless another action has it."""
        owner = self._book.owner_of(key) if key else None
        if owner is not None and owner != self.spec.id:
            self.fault.setText(f"{shown_keys(key)[0]} is {self._book.specs[owner].text.replace('...', '')}")
            self.show_keys()
            return
        self.fault.setText("")
        self._book.rebind(self.spec.id, key)
        self.show_keys()

    def answers(self, sought: str) -> bool:
        """Whether a search finds it."""
        keys = " ".join(shown_keys(self._book.key_of(self.spec.id)))
        text = f"{self.spec.text} {self.spec.tip} {self.spec.group}".casefold()
        return sought.casefold() in text or sought.casefold() == keys.casefold()


class KeysSheet(Overlay):
    """All of them, by group, in two columns."""

    def __init__(self, host: QWidget, book: ActionBook) -> None:
        super().__init__(host, "Keys", width_px=920, height_px=680)
        self._book = book
        self.rows: list[KeyRow] = []
        self._groups: list[tuple[QWidget, list[KeyRow]]] = []
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search: swap, zoom, Ctrl+G ...")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        top = QWidget()
        line = tight(QHBoxLayout(top))
        line.setContentsMargins(24, 0, 24, 12)
        line.addWidget(self.search, 1)
        line.addWidget(button("All keys as at first", self._reset, kind="quiet"))
        self.column.addWidget(top)
        self.column.addWidget(self._list(), 1)

    def open_sheet(self) -> None:
        """Ready to type."""
        super().open_sheet()
        self.search.clear()
        self.search.setFocus()

    def _list(self) -> QWidget:
        area, inside = QScrollArea(), QWidget()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        grid = QGridLayout(inside)
        grid.setContentsMargins(24, 0, 24, 24)
        grid.setHorizontalSpacing(40)
        columns = [tight(QVBoxLayout(), gap=0), tight(QVBoxLayout(), gap=0)]
        for place, column in enumerate(columns):
            grid.addLayout(column, 0, place)
            grid.setColumnStretch(place, 1)
        heights = [0, 0]
        for group in GROUPS:
            specs = [spec for spec in self._book.specs.values() if spec.group == group]
            place = heights.index(min(heights))
            heights[place] += len(specs) + 2
            columns[place].addWidget(self._group(group, specs))
        for column in columns:
            column.addStretch(1)
        area.setWidget(inside)
        return area

    def _group(self, title: str, specs: list[ActionSpec]) -> QWidget:
        made = QWidget()
        column = tight(QVBoxLayout(made), gap=0)
        column.setContentsMargins(0, 8, 0, 8)
        head = label(title, "muted")
        column.addWidget(head)
        rows = [KeyRow(self._book, spec) for spec in specs]
        for row in rows:
            column.addWidget(row)
        self.rows += rows
        self._groups.append((made, rows))
        return made

    def _filter(self, sought: str) -> None:
        for group, rows in self._groups:
            found = [row.answers(sought.strip()) if sought.strip() else True for row in rows]
            for row, there in zip(rows, found, strict=True):
                row.setVisible(there)
            group.setVisible(any(found))

    def _reset(self) -> None:
        for name in self._book.rebound():
            self._book.rebind(name, self._book.specs[name].shortcut)
        for row in self.rows:
            row.fault.setText("")
            row.show_keys()
