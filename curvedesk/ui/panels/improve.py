"""Improve from my strokes: what there is to learn from, the training as it runs, and what came out."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QWidget

from curvedesk.domain.tries import advice
from curvedesk.session.commands import ActivateModel
from curvedesk.session.improvement import Improvement, counts, figures, verdict
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.base import Section, line, note
from curvedesk.ui.panels.folding import Fold
from curvedesk.ui.panels.improve_options import ImproveOptions
from curvedesk.ui.panels.improve_verdict import DoubtedRows, FigureTable
from curvedesk.ui.panels.training import training_of
from curvedesk.ui.panels.training_curves import TrainingCurves
from curvedesk.ui.parts import button, head, label, set_role

WHY = "Draw where a curve goes wrong and accept stretches that are right; CurveDesk learns from both."
READY = "The model learns from these and is kept only if it is better. You can go on working."
BUSY = "Something else is running; this can start when it is done."
MODEL_STEP = ActivateModel("").label.strip()  # how the history calls the change of a model


class ImproveSection(Section):
    """The same in the list of curves and beside the models, there ``with_details``."""

    def __init__(self, desk: Desk, *, with_details: bool = False) -> None:
        super().__init__()
        self._desk, self._with_details = desk, with_details
        self._training = training_of(desk)
        self._make_start()
        self._make_running()
        self._make_verdict()
        self._training.changed.connect(self.refresh)
        desk.job_changed.connect(self.refresh)
        desk.jobs.learning.changed.connect(self.refresh)
        desk.places_changed.connect(self.refresh)
        self.refresh()

    def _make_start(self) -> None:
        desk = self._desk
        self.count = label("", "muted")
        self.where = button("Show where a stroke helps most", self._show_where, tip="The most doubtful place (J)")
        self.sentence = note()
        self.start = button("Improve from my strokes", self._improve, tip="Learn from your strokes (Ctrl+I)")
        self.broken = note("", "warn")
        self.resume = button("Go on", desk.jobs.resume, tip="From the step it had come to")
        self.drop = button("Drop it", desk.jobs.learning.drop, kind="quiet", tip="Nothing of it is wanted")
        self.options = Fold("How it learns", self._options)
        self.add(head("Improve from my strokes", self.count), self.sentence, line(self.start, self.where))
        self.add(self.broken, line(self.resume, self.drop))

    def _make_running(self) -> None:
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("How far the training is")
        self.step = label("", "muted")
        self.pause = button("Pause", self._pause, tip="Let it rest, and the computer with it")
        self.keep = button("Stop and keep", self._keep, tip="Judge what it has learnt so far")
        self.cancel = button("Cancel", self._cancel, kind="quiet", tip="Leave the model as it was")
        self.running = line(self.pause, self.keep, self.cancel)
        self.curves = TrainingCurves()
        self.add(self.bar, self.step, self.running, self.curves)

    def _make_verdict(self) -> None:
        desk = self._desk
        self.verdict = note()
        self.figures = FigureTable()
        self.doubted = DoubtedRows(desk)
        self.compare = button("Before and after", self._compare, tip="The curves before and after (Tab)")
        self.back = button("Take it back", desk.undo, kind="quiet", tip="Go back to the model before, and its curves")
        self.went = Fold("How it went", self._went)
        self.advice = note()
        self.add(self.verdict, self.figures, self.doubted, line(self.compare, self.back), self.advice)
        if self._with_details:
            self.add(self.went, self.options)

    def refresh(self) -> None:
        """As things stand."""
        now, project = self._training.value, self._desk.document.project
        drawn, accepted = counts(project.strokes.values())
        something = bool(drawn + accepted)
        self.setVisible(project.sheet is not None)
        self.count.setText(f"{drawn} stroke{'s' * (drawn != 1)} · {accepted} accepted")
        self.sentence.setText(self._sentence(now, something=something))
        _show(not now.running and something, self.start)
        _show(self._with_details and not now.running and something, self.options)  # else they are in no panel
        _show(not something and bool(self._desk.places.found), self.where)
        _show(not (self.start.isHidden() and self.where.isHidden()), self.start.parentWidget() or self.start)
        self.start.setEnabled(self._desk.job is None)
        _show(now.running, self.bar, self.step, self.running)
        _show(now.running and now.steps > 0, self.curves)
        _show(self._with_details and not now.running and bool(now.train), self.went)
        self.curves.show_training(now)
        self._show_unfinished(now)
        self._show_progress(now)
        self._show_verdict(now)

    def _sentence(self, now: Improvement, *, something: bool) -> str:
        if now.running:
            return f"{now.before_start} You can go on working.".strip()
        if not something:
            return WHY
        return READY if self._desk.job is None else BUSY

    def _show_unfinished(self, now: Improvement) -> None:
        unfinished = self._desk.jobs.learning.unfinished
        shown = unfinished is not None and not now.running
        self.broken.setText(unfinished.sentence if unfinished is not None else "")
        self.resume.setEnabled(self._desk.job is None)
        _show(shown, self.broken, self.resume.parentWidget() or self.resume)

    def _show_progress(self, now: Improvement) -> None:
        self.bar.setRange(0, now.steps)
        self.bar.setValue(now.step)
        self.step.setText(now.where)
        self.pause.setText("Go on" if now.resting else "Pause")
        self.pause.setEnabled(now.resting or now.steps > 0)

    def _show_verdict(self, now: Improvement) -> None:
        text = verdict(now)
        self.verdict.setText(text)
        set_role(self.verdict, "good" if now.kept else "warn" if text else "muted")
        said_above = now.died and not self.broken.isHidden()
        _show(bool(text) and not now.running and not said_above, self.verdict)
        self.figures.show_facts(now.facts)
        self.doubted.show_facts(now.facts)
        _show(self._with_details and bool(figures(now.facts)) and not now.running, self.figures)
        just_now = self._desk.document.history.undo_label.startswith(MODEL_STEP)
        _show(now.kept is True, self.compare.parentWidget() or self.compare)
        _show(now.kept is True and just_now, self.back)
        told = advice(self._desk.jobs.learning.tries)
        self.advice.setText(told)
        _show(bool(told) and not now.running, self.advice)

    def _went(self) -> QWidget:
        made = TrainingCurves(self._training)
        made.show_training(self._training.value)
        return made

    def _show_where(self) -> None:
        self._desk.places.step(1)

    def _options(self) -> QWidget:
        return ImproveOptions(self._desk)

    def _improve(self) -> None:
        self._desk.jobs.improve()

    def _pause(self) -> None:
        self._desk.jobs.pause()

    def _keep(self) -> None:
        self._desk.jobs.stop_and_keep()

    def _cancel(self) -> None:
        self._desk.jobs.cancel()

    def _compare(self) -> None:
        self._desk.set_flags(before=not self._desk.flags.before)


def _show(shown: bool, *widgets: QWidget) -> None:
    for widget in widgets:
        widget.setVisible(shown)
