"""Fields in which a value of the project is typed: they show it, say when a person gave another, and mark a wrong one.

A field that has the focus and was touched is left alone by ``show_value``: nobody's typing is overwritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from math import isfinite

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from curvedesk.ui.theme import font


class TextField(QLineEdit):
    """One line of text; ``given`` when a person has finished another value, by Enter or by leaving."""

    given = Signal(str)

    def __init__(self, name: str, *, hint: str = "", words: Sequence[str] = ()) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setPlaceholderText(hint)
        self.setFont(font())
        self._shown = ""
        self.editingFinished.connect(self._finish)
        if words:
            self.setCompleter(_completer(words, self))

    def show_value(self, text: str) -> None:
        """What the project says."""
        if (text == self._shown == self.text()) or (self.hasFocus() and self.isModified()):
            return
        self._shown = text
        self.setText(text)
        self.setCursorPosition(0)
        mark_wrong(self, "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape takes back what was typed."""
        if event.key() == Qt.Key.Key_Escape and self.text() != self._shown:
            self.setText(self._shown)
            self.setModified(False)
            mark_wrong(self, "")
            event.accept()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The whole value is chosen when the field is reached by key, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}:
            self.selectAll()

    def _finish(self) -> None:
        if self.isModified() and self.text().strip() != self._shown:
            self.setModified(False)
            self.given.emit(self.text().strip())


class NumberField(TextField):
    """A number; ``number_given`` carries it, NaN where the field was emptied and may be empty."""

    number_given = Signal(float)

    def __init__(self, name: str, *, hint: str = "", may_be_empty: bool = False) -> None:
        super().__init__(name, hint=hint)
        self._may_be_empty = may_be_empty
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.given.connect(self._read)

    def show_number(self, value: float | None) -> None:
        """What the project says; None is empty."""
        self.show_value("" if value is None else number_text(value))

    def _read(self, text: str) -> None:
        if not text and self._may_be_empty:
            mark_wrong(self, "")
            self.number_given.emit(float("nan"))
            return
        value = number_of(text)
        mark_wrong(self, "" if value is not None else f"“{text}” is not a number")
        if value is not None:
            self.number_given.emit(value)


class Choice(QComboBox):
    """One of a few words; ``picked`` only when a person chose."""

    picked = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(name)
        for value, text in choices:
            self.addItem(text, value)
        self.activated.connect(self._pick)

    def show_choice(self, value: str | StrEnum) -> None:
        """What the project says."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(str(value)))

    def wheelEvent(self, event: object) -> None:
        """Wheeling through the panel changes nothing under the pointer."""
        if hasattr(event, "ignore"):
            event.ignore()

    def _pick(self, index: int) -> None:
        self.picked.emit(str(self.itemData(index)))


def mark_wrong(field: QWidget, fault: str) -> None:
    """Mark a field as wrong, its tooltip saying why; no fault takes the mark away."""
    if bool(field.property("wrong")) != bool(fault):
        field.setProperty("wrong", bool(fault))
        field.style().unpolish(field)
        field.style().polish(field)
    field.setToolTip(fault or field.accessibleName())


def number_text(value: float) -> str:
    """The shortest text that reads back as the number, for the depths and values people type."""
    return f"{value:.10g}" if abs(value) < 1e10 else repr(value)


def number_of(text: str) -> float | None:
    """The number a person typed: spaces, commas between thousands, a comma or a point before decimals, a true minus."""
    plain = text.strip().replace("−", "-").replace(" ", "").replace("\u202f", "")
    if plain.count(",") == 1 and "." not in plain and len(plain.rsplit(",", 1)[1]) != 3:
        plain = plain.replace(",", ".")
    try:
        value = float(plain.replace(",", ""))
    except ValueError:
        return None
    return value if isfinite(value) else None


def _completer(words: Sequence[str], parent: QLineEdit) -> QCompleter:
    made = QCompleter(list(words), parent)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    return made
