"""What the print means: depths and their ties, track borders, and the parts of a proposal that wait to be accepted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QLabel

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.print_scale import print_scale
from curvedesk.session import depth_edits, sheet_parts
from curvedesk.session.changes import ChangeKind
from curvedesk.session.commands import SetSheet
from curvedesk.session.depth_edits import SheetEdit
from curvedesk.session.sheet_layout import shifted_edge
from curvedesk.session.sheet_parts import Part
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.asked import PartRow
from curvedesk.ui.panels.base import Panel, Section, line, note
from curvedesk.ui.panels.borders import BorderLine, BorderRow, border_lines
from curvedesk.ui.panels.depth_fields import DepthFields, TieHere
from curvedesk.ui.panels.rows import Rows
from curvedesk.ui.panels.sheet_files import open_sheet, save_form, save_sheet
from curvedesk.ui.panels.ties import TiesModel, TiesView
from curvedesk.ui.parts import button, head, label

HOW = "What do rows and columns of this print mean? CurveDesk can read it off the paper."


class SheetPanel(Panel):
    """Everything of a sheet but its curves and its header, which have panels of their own."""

    listens = frozenset({ChangeKind.SHEET, ChangeKind.SCAN})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._make_start()
        self._make_asked()
        self._make_depth()
        self._make_borders()
        self._make_files()
        for part in (self.start, self.asked, self.depth_part, self.ties_part, self.borders_part, self.files):
            self.column.addWidget(part)
        desk.flags_changed.connect(self._show_flags)
        desk.scan_changed.connect(self.wake)
        desk.job_changed.connect(self._show_reading)
        desk.jobs.proposals.changed.connect(self._show_reading)
        desk.view_changed.connect(self._show_borders)

    def refresh(self, kinds: frozenset[ChangeKind]) -> None:  # noqa: ARG002 - all of it is the sheet
        """The sheet as it is now."""
        sheet = self.desk.document.project.sheet
        scanned = self.desk.scan is not None
        self.start.setVisible(sheet is None)
        self.no_scan.setVisible(not scanned)
        self.how.setVisible(scanned)
        self.starting.setVisible(scanned)
        for part in (self.depth_part, self.ties_part, self.borders_part, self.files):
            part.setVisible(sheet is not None)
        asked = sheet_parts.parts(sheet) if sheet else ()
        self.asked.setVisible(bool(asked))
        warnings = sheet_parts.warnings(sheet) if sheet else ()
        self.warned.show_items(warnings)
        self.warned.setVisible(bool(warnings))
        self.parts.show_items(asked)
        self.ties.refresh()
        self.ties_view.fit()
        if sheet is not None:
            self.fields.show_axis(sheet.depth)
            self.tie_here.show_unit(sheet.depth.unit)
            scale = print_scale(sheet.depth, sheet.dpi) if sheet.dpi else ""
            self.scale.setText(scale and f"printed {scale}")
            said = sheet_parts.ruled(sheet)
            self.ruled.setText(said and f"Ruled: {said}.")
            self.ruled.setVisible(bool(said))
        self._show_borders()
        self._show_flags()

    def _make_start(self) -> None:
        self.start = Section(closed=False)
        self.no_scan = note("Open a scan first; then this panel says what its print means.")
        self.how = note(HOW)
        self.read = button("Read the sheet", self._read, tip="Depths, tracks and scales off the paper (Ctrl+R)")
        self.by_hand = button("Start by hand", self._by_hand, tip="Two ties and a track, to be dragged into place")
        self.starting = line(self.read, button("Open a sheet…", self._open), gap=8)
        self.start.add(head("No sheet yet"), self.no_scan, self.how, self.starting, line(self.by_hand))

    def _show_reading(self) -> None:
        """What was found so far, while the sheet is being read."""
        job = self.desk.job
        reading = job is not None and job.kind == "register"
        found = self.desk.jobs.proposals.text
        self.how.setText(f"Reading the paper. {found and f'Found so far: {found}.'}".strip() if reading else HOW)
        self.read.setEnabled(not reading)

    def _make_asked(self) -> None:
        self.asked = Section()
        everything = button("Accept all", self._accept_all, kind="link", tip="Every part of the proposal is right")
        self.parts: Rows[Part, PartRow] = Rows(key=_path, make=self._part, update=PartRow.show_part, gap=4)
        self.warned: Rows[str, QLabel] = Rows(key=str, make=_warning, update=QLabel.setText, gap=8)
        self.asked.add(head("Proposed, to be confirmed", everything), self.warned, self.parts)

    def _make_depth(self) -> None:
        self.scale = label("", "muted")
        self.fields = DepthFields(self._edit)
        self.depth_part = Section()
        self.ruled = note("")
        self.depth_part.add(head("Depth", self.scale), self.ruled, self.fields)

    def _make_ties(self) -> None:
        self.ties = TiesModel(self.desk, self._edit_loudly, self)
        self.ties_view = TiesView(self.ties)
        self.ties_view.wanted.connect(self._go_to_tie)

    def _make_borders(self) -> None:
        self._make_ties()
        self.tie_here = TieHere(self.desk, self._edit)
        self.grid = QCheckBox("Show the calibration grid over the print")
        self.grid.setToolTip("The sheet's own depth and scale lines, so that any slip shows (G)")
        self.grid.clicked.connect(self._set_grid)
        self.ties_part = Section()
        self.ties_part.add(head("Depth ties", button("Click on the print", self._tie_tool, kind="link", tip="T")))
        self.ties_part.add(self.ties_view, self.tie_here, self.grid)
        self.border_rows: Rows[BorderLine, BorderRow] = Rows(
            key=_name, make=self._border, update=BorderRow.show_line, gap=8
        )
        self.borders_part = Section()
        drag = button("Drag on the print", self._drag_tool, kind="link", tip="D")
        self.borders_part.add(head("Track borders, px", drag), self.border_rows)

    def _make_files(self) -> None:
        self.files = Section(closed=False)
        self.files.add(line(button("Open a sheet…", self._open), button("Save the sheet…", self._save)))
        tip = "The next log on this form is known by its looks, and its scales need no reading"
        self.files.add(line(button("Save as a form…", self._save_form, tip=tip)))

    def _edit(self, edit: SheetEdit, text: str) -> CurveDeskError | None:
        return self.edit_sheet(edit, text)

    def _edit_loudly(self, edit: SheetEdit, text: str) -> CurveDeskError | None:
        return self._tell(self.edit_sheet(edit, text))

    def _tell(self, error: CurveDeskError | None) -> CurveDeskError | None:
        if error is not None:
            self.desk.say(str(error), kind="warn", topic="sheet")
        return error

    def _part(self, part: Part) -> PartRow:
        made = PartRow(self.desk, part)
        made.accepted.connect(self._accept)
        made.wanted.connect(self._go_to_part)
        return made

    def _border(self, shown: BorderLine) -> BorderRow:
        made = BorderRow(shown)
        made.given.connect(self._shift)
        return made

    def _row_in_view(self) -> float:
        return self.desk.view.centre[1] if self.desk.view is not None else 0.0

    def _show_borders(self) -> None:
        sheet = self.desk.document.project.sheet
        if self.isVisible():
            self.border_rows.show_items(border_lines(sheet, self._row_in_view()) if sheet else [])

    def _show_flags(self) -> None:
        self.grid.setChecked(self.desk.flags.grid)

    def _shift(self, name: str, side: str, to_px: float) -> None:
        row_px = self._row_in_view()
        self._tell(
            self.edit_sheet(
                lambda sheet: shifted_edge(sheet, name, side, to_px=to_px, row_px=row_px),
                f"Track {name}: {side} border",
            )
        )

    def _accept(self, path: str) -> None:
        title = self.parts.widget_of(path)
        self._tell(
            self.edit_sheet(
                lambda sheet: sheet_parts.accepted(sheet, path), f"{title.part.title if title else path} accepted"
            )
        )

    def _accept_all(self) -> None:
        self._tell(self.edit_sheet(sheet_parts.all_accepted, "Proposed sheet accepted"))

    def _go_to_part(self, path: str) -> None:
        sheet = self.desk.document.project.sheet
        crop = sheet_parts.crop_of(sheet, path) if sheet else None
        if crop is not None:
            self.desk.go_to_rows(crop.y0_px, crop.y1_px)

    def _go_to_tie(self, number: int) -> None:
        sheet = self.desk.document.project.sheet
        if sheet is not None:
            y_px = float(sheet.depth.ties[number, 0])
            self.desk.go_to_rows(y_px, y_px)

    def _set_grid(self, shown: bool) -> None:
        self.desk.set_flags(grid=shown)

    def _tie_tool(self) -> None:
        self.desk.set_tool("tie")

    def _drag_tool(self) -> None:
        self.desk.set_tool("vertex")

    def _read(self) -> None:
        self.desk.jobs.read_sheet()

    def _by_hand(self) -> None:
        scan = self.desk.scan
        if scan is not None:
            name = Path(scan.info.path).name
            made = depth_edits.sheet_by_hand(name, width=scan.width, height=scan.height, dpi=scan.dpi)
            self._tell(self.send(SetSheet(made, "Sheet started by hand")))

    def _open(self) -> None:
        self._tell(open_sheet(self))

    def _save_form(self) -> None:
        self._tell(save_form(self))

    def _save(self) -> None:
        self._tell(save_sheet(self))


def _warning(text: str) -> QLabel:
    return note(text, "warn")


def _path(part: Part) -> str:
    return part.path


def _name(shown: BorderLine) -> str:
    return shown.name
