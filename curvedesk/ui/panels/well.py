"""The header of the exported file: standard fields with what they mean, what is odd said at once, free ones below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from curvedesk.domain.errors import CurveDeskError
from curvedesk.interchange.header_fields import HeaderField, doubt_of, fields_of
from curvedesk.session import sheet_edits, sheet_parts
from curvedesk.session.changes import ChangeKind
from curvedesk.session.commands import SetSheet
from curvedesk.session.sheet_parts import Crop
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.base import Panel, Section, line, note
from curvedesk.ui.panels.crops import CropView
from curvedesk.ui.panels.curve_row import sureness_token
from curvedesk.ui.panels.fields import TextField
from curvedesk.ui.panels.rows import Rows
from curvedesk.ui.parts import button, head, icon_button, label, set_role, tight

NAME_PX = 48


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """One field as the panel shows it."""

    field: HeaderField
    value: str
    confidence: float | None
    crop: Crop | None


class HeaderRow(QWidget):
    """Mnemonic, value, and what is odd about it; where it was read off the paper, the crop and accept."""

    given = Signal(str, str)
    accepted = Signal(str)

    def __init__(self, desk: Desk, shown: HeaderLine) -> None:
        super().__init__()
        self.name = shown.field.name
        self._title = label(self.name, "muted")
        self._title.setFixedWidth(NAME_PX)
        self._title.setToolTip(shown.field.title)
        self.field = TextField(shown.field.title, hint=shown.field.title)
        self.field.given.connect(self._give)
        self.sure, self.odd = label("", "muted"), label("", "warn", wrap=True)
        self.accept = icon_button("accept", f"{shown.field.title} is right", self._accept)
        self.crop = CropView(desk, size=QSize(232, 40))
        row = tight(QHBoxLayout(), gap=8)
        for widget in (self._title, self.field, self.sure, self.accept):
            row.addWidget(widget, 1 if widget is self.field else 0)
        under = tight(QVBoxLayout(), gap=4)
        under.setContentsMargins(NAME_PX + 8, 0, 0, 0)
        under.addWidget(self.crop)
        under.addWidget(self.odd)
        column = tight(QVBoxLayout(self), gap=4)
        column.addLayout(row)
        column.addLayout(under)

    def show_line(self, shown: HeaderLine) -> None:
        """As the project has it now."""
        self.field.show_value(shown.value)
        odd = doubt_of(self.name, shown.value)
        self.odd.setText(odd)
        self.odd.setVisible(bool(odd))
        asked = shown.confidence is not None
        self.sure.setVisible(asked)
        self.accept.setVisible(asked)
        self.crop.show_crop(shown.crop if asked else None)
        if shown.confidence is not None:
            self.sure.setText(f"{shown.confidence:.0%}")
            set_role(self.sure, sureness_token(shown.confidence))

    def _give(self, value: str) -> None:
        self.given.emit(self.name, value)

    def _accept(self) -> None:
        self.accepted.emit(self.name)


class WellPanel(Panel):
    """The ~W section as fields."""

    listens = frozenset({ChangeKind.SHEET, ChangeKind.SCAN})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.nothing = Section(closed=False)
        self.nothing.add(note("The header belongs to a sheet. Read it off the paper, or start one in Sheet."))
        self.groups: Rows[tuple[HeaderLine, ...], _Group] = Rows(
            key=_group_name, make=self._group, update=_Group.show_lines
        )
        self.name = TextField("Mnemonic of another field", hint="Name")
        self.name.setFixedWidth(80)
        self.value = TextField("Its value", hint="Value")
        self.fault = label("", "bad", wrap=True)
        self.fault.hide()
        self.adding = Section(closed=False)
        row = line(self.name, self.value, button("Add", self.add_field), stretch=1)
        self.adding.add(head("Another field"), row, self.fault)
        for part in (self.nothing, self.groups, self.adding):
            self.column.addWidget(part)

    def refresh(self, kinds: frozenset[ChangeKind]) -> None:  # noqa: ARG002 - there is only the header
        """The header as it is now."""
        sheet = self.desk.document.project.sheet
        self.nothing.setVisible(sheet is None)
        self.adding.setVisible(sheet is not None)
        lines = (
            []
            if sheet is None
            else [
                HeaderLine(
                    field,
                    sheet.well.get(field.name, ""),
                    sheet.well_confidence.get(field.name) if sheet.well.get(field.name) else None,
                    sheet_parts.crop_of(sheet, f"well.{field.name}"),
                )
                for field in fields_of(sheet.well)
            ]
        )
        self.groups.show_items([tuple(group) for _name, group in groupby(lines, key=_group_of)])

    def row(self, name: str) -> HeaderRow | None:
        """The row of a field."""
        rows = (group.list.widget_of(name) for group in self.groups.widgets())
        return next((row for row in rows if row is not None), None)

    def add_field(self) -> None:
        """A field no standard knows."""
        error = self._set(self.name.text(), self.value.text() or "-")
        self.fault.setText(str(error or ""))
        self.fault.setVisible(error is not None)
        if error is None:
            self.name.clear()
            self.value.clear()

    def _set(self, name: str, value: str) -> CurveDeskError | None:
        label_text = f"{name.strip().upper()} in the header"
        return self.edit_sheet(lambda sheet: sheet_edits.set_well(sheet, name, value), label_text)

    def _give(self, name: str, value: str) -> None:
        error = self._set(name, value)
        if error is not None:
            self.desk.say(str(error), kind="warn", topic="well")

    def _accept(self, name: str) -> None:
        sheet = self.desk.document.project.sheet
        if sheet is not None:
            self.send(SetSheet(sheet_parts.accepted(sheet, f"well.{name}"), f"{name} accepted"))

    def _group(self, lines: tuple[HeaderLine, ...]) -> _Group:
        return _Group(_group_name(lines), self._row)

    def _row(self, shown: HeaderLine) -> HeaderRow:
        made = HeaderRow(self.desk, shown)
        made.given.connect(self._give)
        made.accepted.connect(self._accept)
        return made


class _Group(Section):
    """Fields that belong together."""

    def __init__(self, title: str, make: Callable[[HeaderLine], HeaderRow]) -> None:
        super().__init__()
        self.list: Rows[HeaderLine, HeaderRow] = Rows(key=_field_name, make=make, update=HeaderRow.show_line, gap=8)
        self.add(head(title), self.list)

    def show_lines(self, lines: tuple[HeaderLine, ...]) -> None:
        """These fields."""
        self.list.show_items(lines)


def _group_name(lines: tuple[HeaderLine, ...]) -> str:
    return lines[0].field.group


def _group_of(shown: HeaderLine) -> str:
    return shown.field.group


def _field_name(shown: HeaderLine) -> str:
    return shown.field.name
