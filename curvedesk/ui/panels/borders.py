"""Track borders as numbers: where each lies at the row in view; typing another place shifts the whole border."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from curvedesk.domain.sheet import Sheet
from curvedesk.ui.panels.fields import NumberField
from curvedesk.ui.panels.tracks import track_title
from curvedesk.ui.parts import label, tight

PLACES = 1


@dataclass(frozen=True, slots=True)
class BorderLine:
    """Both borders of one track at a row, and how many points they bend in."""

    name: str
    title: str
    left_px: float
    right_px: float
    bends: int


def border_lines(sheet: Sheet, row_px: float) -> list[BorderLine]:
    """One for each track, at a row of the scan."""
    return [
        BorderLine(
            track.name,
            track_title(track),
            round(float(track.left_at(row_px)), PLACES),
            round(float(track.right_at(row_px)), PLACES),
            len(track.left) + len(track.right) - 4,
        )
        for track in sheet.tracks
    ]


class BorderRow(QWidget):
    """``given`` with track, side and place."""

    given = Signal(str, str, float)

    def __init__(self, shown: BorderLine) -> None:
        super().__init__()
        self.name = shown.name
        self.title, self.bends = label(""), label("", "muted")
        self.left, self.right = NumberField("Left border, px"), NumberField("Right border, px")
        self.left.number_given.connect(self._give_left)
        self.right.number_given.connect(self._give_right)
        row = tight(QHBoxLayout(self), gap=8)
        row.addWidget(self.title, 1)
        row.addWidget(self.bends)
        for field in (self.left, self.right):
            field.setFixedWidth(72)
            row.addWidget(field)

    def show_line(self, shown: BorderLine) -> None:
        """As the sheet has it now."""
        self.name = shown.name
        self.title.setText(shown.title)
        self.bends.setText("" if shown.bends <= 0 else f"{shown.bends} bend{'s' * (shown.bends != 1)}")
        self.left.show_number(shown.left_px)
        self.right.show_number(shown.right_px)

    def _give_left(self, value: float) -> None:
        self.given.emit(self.name, "left", value)

    def _give_right(self, value: float) -> None:
        self.given.emit(self.name, "right", value)
