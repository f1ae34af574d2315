"""Where a stroke helps most: the doubtful places of the log, worst first, a click or a key away."""

from __future__ import annotations

from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.base import Section, note
from curvedesk.ui.panels.places import PlaceLine, PlaceRow, align_chips, depths_text
from curvedesk.ui.panels.rows import Rows
from curvedesk.ui.parts import head, label

SHOWN = 8


class DoubtsSection(Section):
    """Shows what the desk found; the desk walks through it on J and K."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.aside = label("next: J", "muted")
        self.aside.setToolTip("J goes to the next place, K to the one before")
        self.none = note()
        self.list: Rows[PlaceLine, PlaceRow] = Rows(key=_number, make=self._row, update=PlaceRow.show_place)
        self.add(head("Where a stroke helps most", self.aside), self.none, self.list)
        desk.places_changed.connect(self.refresh)
        desk.place_reached.connect(self._reached)

    def refresh(self) -> None:
        """The places the desk knows of now."""
        places, project = self._desk.places, self._desk.document.project
        lines = [
            PlaceLine(number, depths_text(*doubt.depths), doubt.sentence, number == places.current)
            for number, doubt in enumerate(places.found[:SHOWN])
        ]
        self.setVisible(project.sheet is not None)
        self.aside.setVisible(bool(lines))
        self.none.setVisible(not lines)
        looked = "Nothing is doubtful enough to ask about." if places.is_known else "Looking for doubtful places..."
        self.none.setText(looked if project.curves else "Shown when curves are predicted.")
        self.list.show_items(lines)
        align_chips([row.chip for row in self.list.widgets()])

    def _reached(self, _y0_px: float, _y1_px: float) -> None:
        self.refresh()

    def _row(self, place: PlaceLine) -> PlaceRow:
        made = PlaceRow(place)
        made.wanted.connect(self._desk.places.go_to)
        return made


def _number(place: PlaceLine) -> int:
    return place.number
