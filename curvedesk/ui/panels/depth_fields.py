"""Unit, ends and step of the depth axis, and a tie typed for the row in view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from curvedesk.domain.depth import DepthAxis
from curvedesk.domain.errors import CurveDeskError
from curvedesk.session import depth_edits
from curvedesk.session.depth_edits import SheetEdit
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.base import line
from curvedesk.ui.panels.fields import Choice, NumberField, mark_wrong, number_of
from curvedesk.ui.parts import button, label, tight

Edit = Callable[[SheetEdit, str], CurveDeskError | None]


class DepthFields(QWidget):
    """Four fields under their names; what cannot be is told below."""

    def __init__(self, edit: Edit) -> None:
        super().__init__()
        self._edit = edit
        self.unit = Choice("Unit of depth", (("FT", "ft"), ("M", "m")))
        self.top, self.bottom = NumberField("First depth exported"), NumberField("Last depth exported")
        self.step = NumberField("Step between exported depths")
        self.fault = label("", "bad", wrap=True)
        self.fault.hide()
        grid = tight(QGridLayout(), gap=4)
        grid.setHorizontalSpacing(8)
        columns = (("From", self.top), ("To", self.bottom), ("Step", self.step), ("Unit", self.unit))
        for place, (text, field) in enumerate(columns):
            grid.addWidget(label(text, "muted"), 0, place)
            grid.addWidget(field, 1, place)
            grid.setColumnStretch(place, 2 if place < 2 else 1)
        column = tight(QVBoxLayout(self), gap=4)
        column.addLayout(grid)
        column.addWidget(self.fault)
        self.unit.picked.connect(self._give_unit)
        self.top.number_given.connect(self._give_top)
        self.bottom.number_given.connect(self._give_bottom)
        self.step.number_given.connect(self._give_step)

    def show_axis(self, axis: DepthAxis) -> None:
        """As the sheet has it."""
        if self.unit.findData(axis.unit) < 0:  # a unit of its own is shown as it stands
            self.unit.addItem(axis.unit, axis.unit)
        self.unit.show_choice(axis.unit)
        self.top.show_number(axis.top)
        self.bottom.show_number(axis.bottom)
        self.step.show_number(axis.step)

    def _give_unit(self, unit: str) -> None:
        self._give(lambda s: depth_edits.set_depth(s, unit=unit), f"Depths in {unit.lower()}", self.unit)

    def _give_top(self, top: float) -> None:
        self._give(lambda s: depth_edits.set_depth(s, top=top), "First depth exported", self.top)

    def _give_bottom(self, bottom: float) -> None:
        self._give(lambda s: depth_edits.set_depth(s, bottom=bottom), "Last depth exported", self.bottom)

    def _give_step(self, step: float) -> None:
        self._give(lambda s: depth_edits.set_depth(s, step=step), "Step between depths", self.step)

    def _give(self, edit: SheetEdit, text: str, given: QWidget) -> None:
        error = self._edit(edit, text)
        for field in (self.unit, self.top, self.bottom, self.step):
            mark_wrong(field, str(error) if error and field is given else "")
        self.fault.setText(str(error or ""))
        self.fault.setVisible(error is not None)


class TieHere(QWidget):
    """A depth typed for the middle of what is seen."""

    def __init__(self, desk: Desk, edit: Edit) -> None:
        super().__init__()
        self._desk, self._edit = desk, edit
        self.typed = NumberField("Depth of the row in the middle of the view", hint="depth")
        self.typed.setFixedWidth(96)
        self.typed.returnPressed.connect(self.add)
        self.unit = label("", "muted")
        self.fault = label("", "bad", wrap=True)
        self.fault.hide()
        column = tight(QVBoxLayout(self), gap=4)
        add = button("Tie here", self.add, tip="The row in the middle of the view has this depth")
        column.addWidget(line(self.typed, self.unit, add))
        column.addWidget(self.fault)

    def show_unit(self, unit: str) -> None:
        """The sheet's unit of depth."""
        self.unit.setText(unit.lower())

    def add(self) -> None:
        """The tie, where a depth was typed and something is in view."""
        depth, view = number_of(self.typed.text()), self._desk.view
        if depth is None or view is None:
            self._tell("Type the depth of the row in the middle of the view." if view else "Open a scan first.")
            return
        y_px = view.centre[1]
        error = self._edit(lambda s: depth_edits.add_tie(s, y_px=y_px, depth=depth), f"Tie at {depth:,g}")
        self._tell(str(error or ""))
        if error is None:
            self.typed.clear()

    def _tell(self, fault: str) -> None:
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        mark_wrong(self.typed, fault)
