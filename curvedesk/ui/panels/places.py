"""Rows that lead to places of the log: a chip with the depths, and a sentence; by click, arrows and Enter."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from curvedesk.ui.parts import label, set_role, tight
from curvedesk.ui.theme import font

_CHIP_PADDING_PX = 18
_CHIP_PX = 20


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One place: its number in the list, what the chip says, the sentence, whether it is the one reached."""

    number: int
    chip: str
    sentence: str
    current: bool = False


class PlaceRow(QWidget):
    """``wanted`` with the number when a person goes there."""

    wanted = Signal(int)

    def __init__(self, place: PlaceLine) -> None:
        super().__init__()
        self.place = place
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.chip, self.sentence = label(""), label("", wrap=True)
        self.chip.setFont(font("small"))
        set_role(self.chip, "chip")
        self.chip.setFixedHeight(_CHIP_PX)
        self.chip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.chip.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = tight(QHBoxLayout(self))
        row.setContentsMargins(4, 5, 4, 5)
        row.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.sentence, 1)

    def show_place(self, place: PlaceLine) -> None:
        """Show this from now on."""
        self.place = place
        self.chip.setText(place.chip)
        self.sentence.setText(place.sentence)
        self.setAccessibleName(f"{place.chip}: {place.sentence}")
        self.setToolTip("Go there")
        set_role(self, "chosen" if place.current else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Taken, so that the release comes here."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.wanted.emit(self.place.number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there, arrows go through the list."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.wanted.emit(self.place.number)
        elif event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)


def align_chips(chips: list[QLabel]) -> None:
    """One width for all, so that sentences begin below each other."""
    metrics = QFontMetricsF(font("small"))
    widest = max((metrics.horizontalAdvance(chip.text()) for chip in chips), default=0.0)
    for chip in chips:
        chip.setFixedWidth(round(widest) + _CHIP_PADDING_PX)


def depths_text(top: float, bottom: float) -> str:
    """`14,212–14,221`, one number where both are the same; decimals where a stretch is short."""
    if abs(bottom - top) < 0.05:
        return f"{top:,.1f}".removesuffix(".0")
    places = 0 if abs(bottom - top) >= 2 else 1
    first, last = f"{top:,.{places}f}", f"{bottom:,.{places}f}"
    return first if first == last else f"{first}–{last}"
