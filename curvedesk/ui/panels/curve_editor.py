"""The fields of one curve, opened below its row: name, unit, scale, back-up, pen, depths, exported or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import isnan

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QPlainTextEdit, QVBoxLayout, QWidget

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.presets import mnemonics, spec_of
from curvedesk.domain.project import CurveKey, Look
from curvedesk.domain.scales import ScaleKind, ValueScale, Wrap, WrapKind
from curvedesk.domain.track import CurveSpec, Style
from curvedesk.ui.panels.base import line
from curvedesk.ui.panels.fields import Choice, NumberField, TextField, mark_wrong, number_of, number_text
from curvedesk.ui.panels.pens import Swatches
from curvedesk.ui.parts import icon_button, label, tight

KINDS = ((ScaleKind.LINEAR, "linear"), (ScaleKind.LOG, "log"), (ScaleKind.TABLE, "by table"))
WRAPS = ((WrapKind.NONE, "none"), (WrapKind.ADD, "adds"), (WrapKind.MULTIPLY, "multiplies"))
STYLES = ((Style.SOLID, "solid"), (Style.DASHED, "dashed"), (Style.DOTTED, "dotted"))
DEFAULT_FACTOR = 10.0
NUMBER_PX, CHOICE_PX = 72, 112
SetSpec = Callable[[CurveKey, CurveSpec], CurveDeskError | None]
SetLookOf = Callable[[CurveKey, Look], object]
AsItIs = Callable[[CurveKey], tuple[CurveSpec, Look]]


class TableField(QPlainTextEdit):
    """Rows of a fraction and a value; ``left_it`` when a person who changed it goes elsewhere."""

    left_it = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Fractions across the track and their values")
        self.setToolTip(self.accessibleName())
        self.setPlaceholderText("0  1\n0.5  10\n1  100")
        self.setTabChangesFocus(True)
        self.setFixedHeight(88)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The table is finished."""
        super().focusOutEvent(event)
        if self.document().isModified():
            self.document().setModified(False)
            self.left_it.emit()


class CurveEditor(QWidget):
    """Reads the curve anew for every edit (``as_it_is``), sends it whole (``set_spec``) or its look (``set_look``).

    An edit that cannot be is told below the fields.
    """

    remove_asked = Signal(str)

    def __init__(self, as_it_is: AsItIs, set_spec: SetSpec, set_look: SetLookOf) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "sunken")
        self._as_it_is, self._set_spec, self._set_look = as_it_is, set_spec, set_look
        self.key: CurveKey = ""
        self._make_fields()
        self._lay_out()
        self._connect()

    def show_curve(self, key: CurveKey, *, depth_unit: str) -> None:
        """The curve as it is in the project now."""
        if key != self.key:
            self.fault.hide()
        self.key = key
        spec, look = self._as_it_is(key)
        scale = spec.scale
        self.name.show_value(spec.mnemonic)
        self.unit.show_value(spec.unit)
        self.left.show_number(scale.left)
        self.right.show_number(scale.right)
        self.kind.show_choice(scale.kind)
        self.wrap.show_choice(scale.wrap.kind)
        self.factor.show_number(scale.wrap.factor if scale.wrap.kind is WrapKind.MULTIPLY else None)
        self.style_of_pen.show_choice(spec.style)
        self.depth_from.show_number(spec.depth_from)
        self.depth_to.show_number(spec.depth_to)
        self.exported.setChecked(spec.digitize)
        self.locked.setChecked(look.locked)
        self.colour.show_colour(look.colour)
        self._show_scale_kind(scale, depth_unit)

    def _show_scale_kind(self, scale: ValueScale, depth_unit: str) -> None:
        by_table = scale.kind is ScaleKind.TABLE
        self.ends.setEnabled(not by_table)
        self.table.setVisible(by_table)
        self.factor_box.setVisible(scale.wrap.kind is WrapKind.MULTIPLY)
        if not self.table.hasFocus():
            self.table.setPlainText(_table_text(scale.table))
        self.depth_unit.setText(depth_unit.lower())
        self.reversed_note.setVisible(scale.left > scale.right)

    def _make_fields(self) -> None:
        self.name = TextField("Mnemonic", words=mnemonics())
        self.unit = TextField("Unit")
        self.left, self.right = NumberField("Value at the left border"), NumberField("Value at the right border")
        self.kind = Choice("How values are spread", KINDS)
        self.wrap = Choice("Back-up scale: what the pen does that leaves the track", WRAPS)
        self.factor = NumberField("How many times wider each back-up scale is")
        self.style_of_pen = Choice("How the pen draws", STYLES)
        self.depth_from = NumberField("Exists from this depth", hint="top", may_be_empty=True)
        self.depth_to = NumberField("Exists down to this depth", hint="bottom", may_be_empty=True)
        self.exported = QCheckBox("Exported")
        self.exported.setToolTip("Off: a pen that is on the paper (tension, speed) and must not be taken for another")
        self.colour = Swatches()
        self.locked = icon_button("lock", "Locked: strokes leave it alone (L)", checkable=True)
        self.remove = icon_button("trash", "Take this curve out of the sheet (Delete)", self._ask_to_remove)
        self.table = TableField()
        self.fault = label("", "bad", wrap=True)
        self.fault.hide()

    def _lay_out(self) -> None:
        self.depth_unit = label("", "muted")
        self.reversed_note = label("reversed", "muted")
        self.reversed_note.setToolTip("The value grows to the left")
        self.factor_box = line(label("×", "muted"), self.factor, gap=4, stretch=1)
        self.ends = line(self.left, label("to", "muted"), self.right, self.reversed_note)
        for field in (self.left, self.right, self.depth_from, self.depth_to, self.unit):
            field.setFixedWidth(NUMBER_PX)
        for choice in (self.kind, self.wrap, self.style_of_pen):
            choice.setFixedWidth(CHOICE_PX)
        self.factor.setFixedWidth(48)
        rows = (
            ("Name", line(self.name, self.unit, stretch=0)),
            ("Scale", self.ends),
            ("", self.kind),
            ("Back-up", line(self.wrap, self.factor_box)),
            ("Pen", self.style_of_pen),
            ("Colour", self.colour),
            ("Depths", line(self.depth_from, label("to", "muted"), self.depth_to, self.depth_unit)),
            ("", line(self.exported, QWidget(), self.locked, self.remove, gap=4, stretch=1)),
        )
        grid = tight(QGridLayout(), gap=4)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        for place, (text, widget) in enumerate(rows):
            grid.addWidget(label(text, "muted"), place, 0)
            stretched = widget is not self.colour and not isinstance(widget, Choice)
            grid.addWidget(widget, place, 1, Qt.AlignmentFlag(0) if stretched else Qt.AlignmentFlag.AlignLeft)
        outer = tight(QVBoxLayout(self), margin=12)
        outer.addLayout(grid)
        outer.addWidget(self.table)
        outer.addWidget(self.fault)

    def _connect(self) -> None:
        self.name.given.connect(self._give_name)
        self.unit.given.connect(self._give_unit)
        self.left.number_given.connect(self._give_ends)
        self.right.number_given.connect(self._give_ends)
        self.kind.picked.connect(self._give_kind)
        self.wrap.picked.connect(self._give_wrap)
        self.factor.number_given.connect(self._give_factor)
        self.style_of_pen.picked.connect(self._give_style)
        self.depth_from.number_given.connect(self._give_depths)
        self.depth_to.number_given.connect(self._give_depths)
        self.exported.clicked.connect(self._give_exported)
        self.locked.clicked.connect(self._give_locked)
        self.colour.picked.connect(self._give_colour)
        self.table.left_it.connect(self._give_table)

    def _give_name(self, name: str) -> None:
        spec = self._now()
        preset = spec_of(name) if not spec.unit else None
        self._give(preset or replace(spec, mnemonic=name.strip().upper()), self.name)

    def _give_unit(self, unit: str) -> None:
        self._give(replace(self._now(), unit=unit.strip()), self.unit)

    def _give_ends(self, _value: float) -> None:
        left, right = number_of(self.left.text()), number_of(self.right.text())
        if left is not None and right is not None:
            self._give_scale(replace(self._now().scale, left=left, right=right), self.left, self.right)

    def _give_kind(self, kind: str) -> None:
        scale = self._now().scale
        table = scale.table or ((0.0, scale.left), (1.0, scale.right))
        by_table = ScaleKind(kind) is ScaleKind.TABLE
        self._give_scale(replace(scale, kind=ScaleKind(kind), table=table if by_table else ()), self.kind)

    def _give_wrap(self, kind: str) -> None:
        factor = DEFAULT_FACTOR if WrapKind(kind) is WrapKind.MULTIPLY else 1.0
        self._give_scale(replace(self._now().scale, wrap=Wrap(WrapKind(kind), factor)), self.wrap)

    def _give_factor(self, factor: float) -> None:
        self._give_scale(replace(self._now().scale, wrap=Wrap(WrapKind.MULTIPLY, factor)), self.factor)

    def _give_table(self) -> None:
        table = _table_of(self.table.toPlainText())
        if table is None:
            self._tell(
                "The table needs two rows or more, each a fraction across the track and its value", (self.table,)
            )
        elif table != self._now().scale.table:
            self._give_scale(replace(self._now().scale, table=table, left=table[0][1], right=table[-1][1]), self.table)

    def _give_style(self, style: str) -> None:
        self._give(replace(self._now(), style=Style(style)), self.style_of_pen)

    def _give_depths(self, _value: float) -> None:
        ends = (number_of(field.text()) for field in (self.depth_from, self.depth_to))
        first, last = (None if end is None or isnan(end) else end for end in ends)
        self._give(replace(self._now(), depth_from=first, depth_to=last), self.depth_from, self.depth_to)

    def _give_exported(self, exported: bool) -> None:
        self._give(replace(self._now(), digitize=exported), self.exported)

    def _give_locked(self, locked: bool) -> None:
        self._set_look(self.key, replace(self._as_it_is(self.key)[1], locked=locked))

    def _give_colour(self, colour: str) -> None:
        self._set_look(self.key, replace(self._as_it_is(self.key)[1], colour=colour))

    def _give_scale(self, scale: ValueScale, *fields: QWidget) -> None:
        self._give(replace(self._now(), scale=scale), *fields)

    def _give(self, spec: CurveSpec, *fields: QWidget) -> None:
        error = self._set_spec(self.key, spec)
        self._tell(str(error or ""), fields)
        if error is not None:  # a list that was turned goes back to what holds
            self.kind.show_choice(self._now().scale.kind)
            self.wrap.show_choice(self._now().scale.wrap.kind)

    def _tell(self, fault: str, fields: tuple[QWidget, ...]) -> None:
        for field in (self.name, self.left, self.right, self.factor, self.depth_from, self.depth_to, *fields):
            mark_wrong(field, fault if field in fields else "")
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))

    def _now(self) -> CurveSpec:
        return self._as_it_is(self.key)[0]

    def _ask_to_remove(self) -> None:
        self.remove_asked.emit(self.key)


def _table_text(table: tuple[tuple[float, float], ...]) -> str:
    return "\n".join(f"{number_text(fraction)}  {number_text(value)}" for fraction, value in table)


def _table_of(text: str) -> tuple[tuple[float, float], ...] | None:
    """Rows of a fraction and a value; None while a row is not finished."""
    rows = []
    for row in text.strip().splitlines():
        numbers = [number_of(word) for word in row.replace(";", " ").split()]
        if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
            return None
        rows.append((numbers[0], numbers[1]))
    return tuple(rows) if len(rows) >= 2 else None
