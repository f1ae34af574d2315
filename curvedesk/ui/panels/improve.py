"""Improve from my strokes: what there is to learn from, the training as it runs, and what came out."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QWidget

from curvedesk.session.commands import ActivateModel
from curvedesk.session.improvement import Improvement, counts, time_text, verdict
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.base import Section, line, note
from curvedesk.ui.panels.loss_plot import LossPlot
from curvedesk.ui.panels.training import training_of
from curvedesk.ui.parts import button, head, label, set_role

WHY = "Draw where a curve goes wrong and accept stretches that are right; CurveDesk learns from both."
READY = "The model learns from these and is kept only if it is better. You can go on working."
BUSY = "Something else is running; this can start when it is done."
MODEL_STEP = ActivateModel("").label.strip()  # how the history calls the change of a model


class ImproveSection(Section):
    """The same in the list of curves and beside the models."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._training = training_of(desk)
        self.count = label("", "muted")
        self.sentence = note()
        self.start = button("Improve from my strokes", self._improve, tip="Learn from your strokes (Ctrl+I)")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("How far the training is")
        self.step = label("", "muted")
        self.keep = button("Stop and keep", self._keep, kind="link", tip="Judge what it has learnt so far")
        self.cancel = button("Cancel", self._cancel, kind="link", tip="Leave the model as it was")
        self.plot = LossPlot()
        self.verdict = note()
        self.back = button("Go back to the model before", desk.undo, kind="link")
        self.running = line(self.step, self.keep, self.cancel, gap=4, stretch=0)
        self.add(head("Improve from my strokes", self.count), self.sentence, line(self.start), self.bar, self.running)
        self.add(self.plot, self.verdict, line(self.back))
        self._training.changed.connect(self.refresh)
        desk.job_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """As things stand."""
        now, project = self._training.value, self._desk.document.project
        drawn, accepted = counts(project.strokes.values())
        self.setVisible(project.sheet is not None)
        self.count.setText(f"{drawn} stroke{'s' * (drawn != 1)} · {accepted} accepted")
        self.sentence.setText(self._sentence(now, something=bool(drawn + accepted)))
        _show(not now.running and bool(drawn + accepted), self.start)
        self.start.setEnabled(self._desk.job is None)
        _show(now.running, self.bar, self.running)
        _show(now.running, self.keep)
        _show(now.running or bool(now.train), self.plot)
        self._show_progress(now)
        self._show_verdict(now)

    def _sentence(self, now: Improvement, *, something: bool) -> str:
        if now.running:
            return f"{now.before_start} You can go on working.".strip()
        if not something:
            return WHY
        return READY if self._desk.job is None else BUSY

    def _show_progress(self, now: Improvement) -> None:
        self.bar.setRange(0, now.steps)
        self.bar.setValue(now.step)
        left = "" if now.seconds_left is None else f" · {time_text(now.seconds_left)} left"
        where = f"step {now.step} of {now.steps}" if now.steps else now.phase or "starting"
        self.step.setText(f"{where}{left}")
        self.plot.show_lines(now.train, now.held_out, steps=now.steps)

    def _show_verdict(self, now: Improvement) -> None:
        text = verdict(now)
        if now.running and now.learns_by_heart:
            text = "It begins to learn the strokes by heart; stop and keep what there is."
        self.verdict.setText(text)
        set_role(self.verdict, "good" if now.kept else "warn" if text else "muted")
        _show(bool(text), self.verdict)
        just_now = self._desk.document.history.undo_label.startswith(MODEL_STEP)
        _show(now.kept is True and just_now, self.back.parentWidget() or self.back)

    def _improve(self) -> None:
        self._desk.jobs.improve()

    def _keep(self) -> None:
        self._desk.jobs.stop_and_keep()

    def _cancel(self) -> None:
        self._desk.jobs.cancel()


def _show(shown: bool, *widgets: QWidget) -> None:
    for widget in widgets:
        widget.setVisible(shown)
