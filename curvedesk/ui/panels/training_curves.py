"""How a training goes, or went: the two errors as lines, and how far they lie apart."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from curvedesk.session.improvement import Improvement
from curvedesk.ui.panels.base import note
from curvedesk.ui.panels.loss_plot import LossPlot
from curvedesk.ui.panels.training import Training
from curvedesk.ui.parts import set_role, tight

BY_HEART = "It begins to learn the strokes by heart; stop and keep what there is."


class TrainingCurves(QWidget):
    """The plot with a sentence under it; follows `training` where one is given."""

    def __init__(self, training: Training | None = None) -> None:
        super().__init__()
        self._training = training
        self.plot, self.ratio = LossPlot(), note()
        column = tight(QVBoxLayout(self))
        column.addWidget(self.plot)
        column.addWidget(self.ratio)
        if training is not None:
            training.changed.connect(self._follow)

    def show_training(self, now: Improvement) -> None:
        """As it stands."""
        self.plot.show_lines(now.train, now.held_out, steps=now.steps)
        self.ratio.setVisible(now.ratio is not None)
        if now.ratio is not None:
            text = f"On strokes held back it is {now.ratio:.1f} times as wrong as on those it learns from."
            self.ratio.setText(f"{text} {BY_HEART}" if now.learns_by_heart and now.running else text)
            set_role(self.ratio, "warn" if now.learns_by_heart else "muted")

    def _follow(self) -> None:
        if self._training is not None:
            self.show_training(self._training.value)
