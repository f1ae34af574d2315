"""Curves that follow strokes: traced anew around each on a thread, joined to the stroke's own step of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from curvedesk.domain.project import Project
from curvedesk.session.retrace import Outcome, Retracer, evidence_in
from curvedesk.session.retracing import Retracing
from curvedesk.store.evidence_cache import EvidenceCache
from curvedesk.tracing.track import Evidence

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk


class Following(QObject):
    """Hears outcomes on the worker's thread and takes them on the window's."""

    _came = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._known: tuple[str, Evidence | None] = ("", None)
        self._came.connect(self._take)
        self._worker = Retracer(self._came.emit)
        self.retracing = Retracing(desk.document, self._evidence, self._worker.submit)

    def close(self) -> None:
        """End the thread."""
        self.retracing.close()
        self._worker.close()

    def _evidence(self, project: Project) -> Evidence | None:
        """The ink of the prediction the curves were traced from; None where there is none any more."""
        name = project.prediction.evidence if project.prediction is not None else ""
        if not name:
            return None
        if name != self._known[0]:
            folder = EvidenceCache().find(name)
            self._known = (name, evidence_in(folder) if folder is not None else None)
        return self._known[1]

    def _take(self, outcome: Outcome) -> None:
        change = self.retracing.take(outcome)
        desk = self._desk
        if outcome.sentence:
            desk.say(outcome.sentence, kind="warn", topic="retrace")
        elif change is not None and (outcome.snapshot.draft or outcome.snapshot.evidence is None):
            desk.say(
                "Curve follows your stroke",
                detail=_said_of(outcome),
                action_text="Undo Ctrl+Z",
                action=desk.undo,
                topic="undo",
            )


def _said_of(outcome: Outcome) -> str:
    took = f"in {1000 * outcome.seconds:.0f} ms"
    return f"re-traced {outcome.traced_rows} rows {took}" if outcome.traced_rows else took
