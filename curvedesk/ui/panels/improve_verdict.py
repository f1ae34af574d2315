"""The numbers of a verdict, before and after, and the strokes that were hardly listened to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from curvedesk.session.improvement import Figure, doubted, figures
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.base import note
from curvedesk.ui.panels.places import PlaceLine, PlaceRow, align_chips, depths_text
from curvedesk.ui.panels.rows import Rows
from curvedesk.ui.parts import label, set_role, tight

ROLES = {True: "good", False: "bad", None: "muted"}
RIGHT = Qt.AlignmentFlag.AlignRight


class FigureTable(QWidget):
    """A name, what it was, what it is; nothing where nothing was measured."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = tight(QGridLayout(self), gap=4)
        self._grid.setHorizontalSpacing(16)
        self._grid.setColumnStretch(0, 1)
        for column, text in ((1, "before"), (2, "after")):
            self._grid.addWidget(label(text, "small"), 0, column, RIGHT)
        self.rows: list[tuple[QLabel, QLabel, QLabel]] = []

    def show_facts(self, facts: Mapping[str, Any]) -> None:
        """The numbers of this verdict."""
        found = figures(facts)
        while len(self.rows) < len(found):
            self._add_row()
        for place, cells in enumerate(self.rows):
            for cell in cells:
                cell.setVisible(place < len(found))
            if place < len(found):
                _fill(cells, found[place])

    def _add_row(self) -> None:
        cells = (label("", "muted"), label("", "muted"), label())
        self.rows.append(cells)
        for column, cell in enumerate(cells):
            alignment = RIGHT if column else Qt.AlignmentFlag.AlignLeft
            self._grid.addWidget(cell, len(self.rows), column, alignment)


def _fill(cells: tuple[QLabel, QLabel, QLabel], figure: Figure) -> None:
    for cell, text in zip(cells, (figure.name, figure.before, figure.after), strict=True):
        cell.setText(text)
    set_role(cells[2], ROLES[figure.is_better])


class DoubtedRows(QWidget):
    """Strokes that the paper or another one speaks against; a click leads there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._places: tuple[tuple[float, float, str], ...] = ()
        self.text = note("", "warn")
        self.list: Rows[PlaceLine, PlaceRow] = Rows(key=_number, make=self._row, update=PlaceRow.show_place)
        column = tight(QVBoxLayout(self), gap=4)
        column.addWidget(self.text)
        column.addWidget(self.list)

    def show_facts(self, facts: Mapping[str, Any]) -> None:
        """Those of this verdict."""
        sheet, self._places = self._desk.sheet, doubted(facts)
        self.setVisible(bool(self._places) and sheet is not None)
        if sheet is None or not self._places:
            return
        one = len(self._places) == 1
        self.text.setText(
            "This stroke is doubted; it binds, but little is learnt from it."
            if one
            else "These strokes are doubted; they bind, but little is learnt from them."
        )
        lines = []
        for number, (first, last, why) in enumerate(self._places):
            depths = [float(sheet.depth_at(sheet.column_at(y_px), y_px)) for y_px in (first, last)]
            lines.append(PlaceLine(number, depths_text(*depths), why))
        self.list.show_items(lines)
        align_chips([row.chip for row in self.list.widgets()])

    def _row(self, place: PlaceLine) -> PlaceRow:
        made = PlaceRow(place)
        made.wanted.connect(self._go_to)
        return made

    def _go_to(self, number: int) -> None:
        first, last, _ = self._places[number]
        self._desk.go_to_rows(first, last)
        self._desk.place_reached.emit(first, last)


def _number(place: PlaceLine) -> int:
    return place.number
