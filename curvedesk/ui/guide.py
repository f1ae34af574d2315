"""The guide: five steps over the sample log, in a card in a corner of the canvas; it can be closed at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from curvedesk.domain.strokes import CurveStroke
from curvedesk.ui.parts import button, float_over, icon_button, label, tight

if TYPE_CHECKING:
    from curvedesk.ui.action_book import ActionBook
    from curvedesk.ui.desk import Desk

WIDTH_PX, MARGIN_PX = 328, 24
INSET_PX = (16, 8, 8, 12)


def _never(_desk: Desk) -> bool:
    return False


def _has_curves(desk: Desk) -> bool:
    return bool(desk.document.project.curves)


def _has_stroke(desk: Desk) -> bool:
    return any(isinstance(stroke, CurveStroke) for stroke in desk.document.project.strokes.values())


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, what it is good for, the action that does it, and when it is done."""

    title: str
    text: str
    action: str
    done: Callable[[Desk], bool]


STEPS = (
    Step(
        "Look around",
        "Turn the wheel to go down the log, with Ctrl to zoom to the pointer. The strip at the left is the whole log: "
        "drag the frame in it.",
        "fit_width",
        _never,
    ),
    Step(
        "Check the sheet",
        "Depths, tracks and scales have been read off the paper. G draws them over the print: lines that lie on the "
        "printed ones are right. Points can be dragged.",
        "grid",
        _never,
    ),
    Step(
        "Predict",
        "Every curve at once, what you look at first. Each gets its colour and a confidence; the strip shows where to "
        "look.",
        "predict",
        _has_curves,
    ),
    Step(
        "Correct with strokes",
        "J goes to the next doubtful place. Take the pen (P), choose a curve (1-9) and draw where it runs: the curve "
        "follows at once, and stays there whatever is predicted later.",
        "tool_pen",
        _has_stroke,
    ),
    Step(
        "Export",
        "LAS and CSV with the well header, read back before they are called written. Nothing is smoothed.",
        "export",
        _never,
    ),
)


class Guide(QFrame):
    """Lies over a corner of ``canvas``; goes on by itself where a step is done."""

    def __init__(self, desk: Desk, book: ActionBook, canvas: QWidget, ended: Callable[[], object]) -> None:
        super().__init__(canvas)
        self._desk, self._book, self._ended = desk, book, ended
        self.place = 0
        self.setProperty("role", "raised")
        self.setFixedWidth(WIDTH_PX)
        column = tight(QVBoxLayout(self), gap=8)
        column.setContentsMargins(*INSET_PX)
        top = tight(QHBoxLayout())
        self.title, self.count = label("", "strong"), label("", "muted")
        top.addWidget(self.title, 1)
        top.addWidget(self.count)
        top.addWidget(icon_button("close", "Close the guide", self.end))
        column.addLayout(top)
        self.text = label("", wrap=True)
        self.text.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.text)
        column.addLayout(self._buttons())
        float_over(self)
        canvas.installEventFilter(self)
        desk.changed.connect(self._hear)
        self.show_step(0)

    def _buttons(self) -> QHBoxLayout:
        row = tight(QHBoxLayout())
        row.setContentsMargins(0, 4, 8, 0)
        self.do = button("", self._act, kind="plain")
        self.back = button("Back", self.step_back, kind="quiet")
        self.on = button("Next", self.step_on, kind="plain")
        row.addWidget(self.do)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.on)
        return row

    def show_step(self, place: int) -> None:
        """Show one of the steps."""
        self.place = place
        step = STEPS[place]
        self.title.setText(step.title)
        self.count.setText(f"{place + 1} of {len(STEPS)}")
        self.text.setText(step.text)
        self.text.setFixedHeight(self.text.heightForWidth(WIDTH_PX - INSET_PX[0] - INSET_PX[2]))
        self.do.setText(self._book.actions[step.action].text().replace("...", ""))
        self.do.setToolTip(self._book.actions[step.action].toolTip())
        self.back.setEnabled(place > 0)
        self.on.setText("Next" if place + 1 < len(STEPS) else "Done")
        self.adjustSize()
        self._move()

    def step_on(self) -> None:
        """The next step, or the end."""
        if self.place + 1 < len(STEPS):
            self.show_step(self.place + 1)
        else:
            self.end()

    def step_back(self) -> None:
        """The step before."""
        if self.place > 0:
            self.show_step(self.place - 1)

    def end(self) -> None:
        """Away for good."""
        self.hide()
        self._ended()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() == QEvent.Type.Resize:
            self._move()
        return super().eventFilter(watched, event)

    def _act(self) -> None:
        self._book.actions[STEPS[self.place].action].trigger()

    def _hear(self, _change: object) -> None:
        if self.isVisible() and STEPS[self.place].done(self._desk):
            self.step_on()

    def _move(self) -> None:
        canvas = self.parentWidget()
        if canvas is not None:
            self.move(canvas.width() - self.width() - MARGIN_PX, canvas.height() - self.height() - MARGIN_PX)
