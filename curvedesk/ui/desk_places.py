"""Where a stroke helps most: found in the background after every change, walked through by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from curvedesk.session.changes import Change, ChangeKind
from curvedesk.session.doubtful import Doubt, doubts, step_from

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk

WAIT_MS = 400
MATTERS = frozenset({ChangeKind.SHEET, ChangeKind.CURVES, ChangeKind.STROKES, ChangeKind.PREDICTION})


class Places(QObject):
    """The doubtful places of the document as it is, worst first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.found: tuple[Doubt, ...] = ()
        self.current: int | None = None
        self.is_known = False  # whether anybody has looked yet
        self._timer = QTimer(self, interval=WAIT_MS, singleShot=True)
        self._timer.timeout.connect(self.look)
        desk.changed.connect(self._hear)
        if desk.document.project.curves:
            self._timer.start()

    def look(self) -> None:
        """Find them anew, in a thread, on the project as it is now."""
        project, generation = self._desk.document.project, self._desk.document.generation
        if project.sheet is None or not project.curves:
            self._found(())
            return
        sheet, curves, strokes = project.sheet, project.curves, tuple(project.strokes.values())

        def answer(found: tuple[Doubt, ...]) -> None:
            if generation == self._desk.document.generation:
                self._found(found)

        self._desk.background.run(lambda: doubts(sheet, curves, strokes), answer)

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) place and say what it is."""
        place = step_from(self.found, self.current, by=by)
        if place is None:
            self._desk.say("No doubtful place is left", detail="the curves are sure of themselves everywhere")
            return
        self.go_to(place)

    def go_to(self, place: int) -> None:
        """Show one of them."""
        doubt = self.found[place]
        self.current = place
        if doubt.curves:
            self._desk.set_active(doubt.curves[0])
        self._desk.go_to_rows(*doubt.rows)
        self._desk.place_reached.emit(*doubt.rows)
        self._desk.say(doubt.sentence, detail=f"{place + 1} of {len(self.found)}", topic="place")

    def _hear(self, change: Change) -> None:
        if change.kinds & MATTERS:
            self._timer.start()

    def _found(self, found: tuple[Doubt, ...]) -> None:
        if found != self.found or not self.is_known:
            self.found, self.current, self.is_known = found, None, True
            self._desk.places_changed.emit()
