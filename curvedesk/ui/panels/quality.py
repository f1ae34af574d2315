"""The curves to be exported, redrawn over the ink: how clean each is, and the worst places one key after another."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication

from curvedesk.session.changes import ChangeKind
from curvedesk.session.quality import Place, Quality, assess_project, step_among
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.base import Panel, Section, line, note
from curvedesk.ui.panels.places import PlaceLine, PlaceRow, align_chips, depths_text
from curvedesk.ui.panels.quality_bars import CurveScore, ScoreRow, scores_of
from curvedesk.ui.panels.rows import Rows
from curvedesk.ui.parts import button, head, label, set_role

WAIT_MS = 500
SHOWN, AT_ONCE, MORE = 40, 8, 8  # places shown in all, in the first moment, and in each one after it
STEPS = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}


class QualityPanel(Panel):
    """Looks in a worker thread at the document as it is; what was found for an older state is looked at again."""

    listens = frozenset({
        ChangeKind.SCAN, ChangeKind.SHEET, ChangeKind.CURVES, ChangeKind.STROKES, ChangeKind.PREDICTION,
        ChangeKind.EXPORT, ChangeKind.LOOKS,
    })  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.quality: Quality | None = None
        self.current: int | None = None
        self._busy, self._again = False, False
        self._wait = QTimer(self, interval=WAIT_MS, singleShot=True)
        self._wait.timeout.connect(self.look)
        self._room = AT_ONCE
        self._growing = QTimer(self, interval=0, singleShot=True)
        self._growing.timeout.connect(self._show_places)
        self.overall, self.state = label("", "strong"), note()
        self.retry = button("Look again", self.look, kind="link")
        self.scores: Rows[CurveScore, ScoreRow] = Rows(key=_name, make=ScoreRow, update=ScoreRow.show_score, gap=10)
        self.top = Section()
        self.top.add(head("Drawn again over the ink", self.overall), self.scores, self.state, line(self.retry))
        self.aside, self.none = label("next: J", "muted"), note()
        self.aside.setToolTip("J goes to the next place, K to the one before, while this panel is in hand")
        self.list: Rows[PlaceLine, PlaceRow] = Rows(key=_number, make=self._row, update=PlaceRow.show_place)
        self.worst = Section(closed=False)
        self.worst.add(head("Worst places", self.aside), self.none, self.list)
        self.column.addWidget(self.top)
        self.column.addWidget(self.worst)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        desk.scan_changed.connect(self._look_soon)
        self._show()

    def refresh(self, kinds: frozenset[ChangeKind]) -> None:
        """Something changed: look again soon; another colour is shown at once."""
        if kinds - {ChangeKind.LOOKS}:
            self._look_soon()
        self._show()

    def look(self) -> None:
        """Score the document as it is now, in a thread; one look at a time."""
        self._wait.stop()
        project, generation = self.desk.document.project, self.desk.document.generation
        if project.sheet is None or not project.curves:
            self._take(None)
            return
        if self._busy:
            self._again = True
            return
        self._busy, self._again = True, False
        self.state.setText("Looking at every reading ...")
        self.retry.hide()
        work = partial(assess_project, project, self.desk.scan)
        self.desk.background.run(work, partial(self._found, generation), self._failed)

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) of the worst places."""
        place = step_among(self._places(), self.current, by=by)
        if place is not None:
            self.go_to(place)

    def go_to(self, number: int) -> None:
        """Show one of the places on the canvas, its curve in hand."""
        places = self._places()
        if not 0 <= number < len(places):
            return
        self.current, place = number, places[number]
        keys = self.desk.document.project.keys_of(place.curve)
        if keys:
            self.desk.set_active(keys[0])
        self.desk.go_to_rows(*place.rows)
        self.desk.place_reached.emit(*place.rows)
        self._show_places()
        reached = self.list.widget_of(number)
        if reached is not None:
            self.ensureWidgetVisible(reached, 0, 40)

    def event(self, event: QEvent) -> bool:
        """J and K are the panel's while it is in hand; elsewhere they lead to the doubtful places."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _steps(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Next and previous place."""
        if _steps(event):
            self.step(STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Look when it is first seen."""
        super().showEvent(event)
        if self.quality is None and not self._busy:
            self._look_soon()

    def _look_soon(self) -> None:
        if self.isVisible():
            self._wait.start()

    def _found(self, generation: int, quality: Quality | None) -> None:
        self._busy = False
        self._take(quality)
        if self._again or generation != self.desk.document.generation:
            self._look_soon()

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._take(None)
        self.state.setText(str(error))
        set_role(self.state, "warn")
        self.retry.show()

    def _take(self, quality: Quality | None) -> None:
        kept = self._places()[self.current] if self.current is not None and self._places() else None
        self.quality = quality
        places = self._places()
        self.current = places.index(kept) if kept in places else None
        self._show()

    def _places(self) -> tuple[Place, ...]:
        return self.quality.places if self.quality is not None else ()

    def _show(self) -> None:
        quality, project = self.quality, self.desk.document.project
        self.retry.hide()
        set_role(self.state, "muted")
        self.overall.setText("" if quality is None else f"{100 * quality.clean:.1f} %")
        self.scores.show_items([] if quality is None else scores_of(quality, project))
        self.state.setText(self._said(bool(project.curves)))
        self._show_places()

    def _said(self, traced: bool) -> str:
        if self._busy:
            return "Looking at every reading ..."
        if self.quality is None:
            return "Looked at soon." if traced else "Shown when curves are predicted."
        now = datetime.now().astimezone()
        return f"Every reading was put back on the paper at {now:%H:%M:%S}; what you accepted counts as right."

    def _show_places(self) -> None:
        places = self._places()
        self.worst.setVisible(self.quality is not None)
        self.aside.setVisible(bool(places))
        self.none.setVisible(not places)
        self.none.setText("Every reading lies on its ink.")
        lines = [
            PlaceLine(number, depths_text(*place.depths), place.sentence, number == self.current)
            for number, place in enumerate(places[: max(self._room, (self.current or 0) + 1)])
        ]
        self.list.show_items(lines)
        align_chips([row.chip for row in self.list.widgets()])
        if self._room < min(SHOWN, len(places)):  # many rows made in one go would be felt
            self._room += MORE
            self._growing.start()

    def _row(self, place: PlaceLine) -> PlaceRow:
        made = PlaceRow(place)
        made.wanted.connect(self.go_to)
        return made


def _steps(event: QKeyEvent) -> bool:
    plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
    typing = QApplication.focusWidget()
    return plain and event.key() in STEPS and not (typing is not None and typing.inherits("QLineEdit"))


def _name(score: CurveScore) -> str:
    return score.name


def _number(place: PlaceLine) -> int:
    return place.number
