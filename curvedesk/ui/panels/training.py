"""What the engine says of a training, kept for every panel that shows it; one for each desk."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from curvedesk.session.improvement import Improvement, heard
from curvedesk.ui.desk import Desk

KIND = "finetune"


class Training(QObject):
    """Follows the desk's job and the engine's events; ``value`` is how things stand."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.value = Improvement()
        desk.jobs.told.connect(self.hear)
        desk.job_changed.connect(self._follow)
        self._follow()

    def hear(self, event: object) -> None:
        """An event of the engine."""
        now = heard(self.value, event)  # type: ignore[arg-type]  # what it does not know changes nothing
        if now is not self.value:
            self.value = now
            self.changed.emit()

    def _follow(self) -> None:
        job = self._desk.job
        if job is None or job.kind != KIND:
            if self.value.running:
                self.value = replace(self.value, running=False, seconds_left=None)
                self.changed.emit()
            return
        began = self.value if self.value.job == job.id else Improvement(job=job.id, before_start=job.sentence)
        self.value = replace(
            began, running=True, phase=job.phase, step=job.done, steps=job.total, seconds_left=job.seconds_left
        )
        self.changed.emit()


def training_of(desk: Desk) -> Training:
    """The desk's one."""
    kept = desk.findChild(Training)
    return kept if isinstance(kept, Training) else Training(desk)
