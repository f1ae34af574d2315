"""The export: what is written on the left, how it will look on the right; one button, one sentence when it is done."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from curvedesk.interchange.export import Written
from curvedesk.interchange.plan import ExportPlan, wanted_names
from curvedesk.interchange.preview import Preview
from curvedesk.session.export import preview_of, remembered_plan
from curvedesk.ui.desk import Desk
from curvedesk.ui.export_fields import CurveFields, DepthFields, Fields, FileFields, HeaderFields
from curvedesk.ui.export_preview import PreviewSide
from curvedesk.ui.export_run import ExportRun
from curvedesk.ui.looking import go_to_depth
from curvedesk.ui.overlay import Overlay
from curvedesk.ui.parts import button, hairline, label, set_role, tight
from curvedesk.ui.saving import beside_what

WIDTH_PX, HEIGHT_PX, LEFT_PX = 1080, 760, 430
WAIT_MS = 150


class ExportDialog(Overlay):
    """Over the window; what was chosen is remembered by the project when it is exported."""

    def __init__(self, desk: Desk, host: QWidget, *, folder: Path | None = None) -> None:
        super().__init__(host, "Export", width_px=WIDTH_PX, height_px=HEIGHT_PX)
        self.desk = desk
        self.run: ExportRun | None = None
        self.written: Written | None = None
        self.preview: Preview | None = None
        self._asked = 0
        self._wait = QTimer(self, interval=WAIT_MS, singleShot=True)
        self._wait.timeout.connect(self._look)
        project, sheet = desk.document.project, desk.document.project.sheet
        self.plan = remembered_plan(project, beside=beside_what(desk.document, folder or Path.home()))
        self.side = PreviewSide()
        self.side.wanted.connect(self._show_place)
        if sheet is not None:
            self._make_form(self.plan)
        self._make_foot()
        self._look()

    def open(self) -> None:
        """Show it."""
        self.open_sheet()
        if self.desk.document.project.sheet is not None:
            self.files.name.setFocus()
            self.files.name.selectAll()

    def start(self) -> None:
        """Write what is chosen."""
        if not self.export.isEnabled():
            return
        self._wait.stop()
        self._asked += 1  # a preview still under way would talk over what the export says
        self.written, self.run = None, ExportRun(self.desk, self.now())
        self.run.moved.connect(self._moved)
        self.run.done.connect(self._done)
        self.run.failed.connect(self._failed)
        self.run.stopped.connect(self._stopped)
        self._show_running(True)
        self.run.start()

    def now(self) -> ExportPlan:
        """The plan as the form says it."""
        sheet = self.desk.document.project.sheet
        if sheet is None:
            return self.plan
        axis, depths, curves = sheet.depth, self.depths, self.curves.choices()
        plain = [choice.mnemonic for choice in curves] == list(wanted_names(sheet)) and all(
            choice.mnemonic == choice.name for choice in curves
        )
        return ExportPlan(
            self.files.files(),
            top=_unless(depths.value("top"), axis.top),
            bottom=_unless(depths.value("bottom"), axis.bottom),
            step=_unless(depths.value("step"), axis.step),
            null=depths.value("null"),
            curves=None if plain else curves,
            well=self.header.changes(sheet.well),
            partial=self.curves.partial.isChecked(),
            all_labels=self.files.all_labels.isChecked(),
        )

    def close_sheet(self) -> None:
        """Away; an export under way is stopped first, and nothing of it stays."""
        if self.run is not None:
            self.run.stop()
            return
        self._asked += 1  # a preview still under way has nobody to tell any more
        super().close_sheet()
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter exports, Escape closes."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.start()
        else:
            super().keyPressEvent(event)

    def _make_form(self, plan: ExportPlan) -> None:
        sheet = self.desk.document.project.sheet
        assert sheet is not None
        axis = sheet.depth
        self.files = FileFields(plan.files, all_labels=plan.all_labels)
        self.depths = DepthFields(
            top=axis.top if plan.top is None else plan.top,
            bottom=axis.bottom if plan.bottom is None else plan.bottom,
            step=axis.step if plan.step is None else plan.step,
            null=plan.null,
            unit=axis.unit,
        )
        self.curves = CurveFields(sheet, plan.choices(sheet), partial=plan.partial)
        self.header = HeaderFields({**sheet.well, **plan.well})
        form = QWidget()
        column = tight(QVBoxLayout(form), gap=8)
        column.setContentsMargins(24, 16, 16, 16)
        parts: tuple[tuple[str, Fields], ...] = (
            ("Files", self.files), ("Depths", self.depths), ("Curves", self.curves), ("Well header", self.header),
        )  # fmt: skip
        for number, (title, part) in enumerate(parts):
            if number:
                column.addSpacing(4)
                column.addWidget(hairline())
                column.addSpacing(4)
            column.addWidget(label(title, "strong"))
            column.addWidget(part)
            part.changed.connect(self._wait.start)
        column.addStretch(1)
        body = tight(QHBoxLayout(), gap=0)
        body.addWidget(_scrolling(form, LEFT_PX))
        body.addWidget(hairline(upright=True))
        body.addWidget(_scrolling(self.side), 1)
        self.column.addWidget(hairline())
        self.column.addLayout(body, 1)
        self._form = form

    def _make_foot(self) -> None:
        self.said = label("", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.hide()
        self.folder = button("Show in folder", self._show_folder, kind="link")
        self.folder.hide()
        self.cancel, self.export = button("Cancel", self.close_sheet), button("Export", self.start, kind="primary")
        said = tight(QVBoxLayout(), gap=6)
        said.addWidget(self.said)
        said.addWidget(self.bar)
        row = tight(QHBoxLayout(), gap=8)
        row.setContentsMargins(24, 12, 16, 12)
        row.addLayout(said, 1)
        for part in (self.folder, self.cancel, self.export):
            row.addWidget(part)
        self.column.addWidget(hairline())
        self.column.addLayout(row)

    def _look(self) -> None:
        """Make the preview of what the form says now, in a thread."""
        self._asked += 1
        work = partial(preview_of, self.desk.document.project, self.desk.scan, self.now())
        self.desk.background.run(work, partial(self._previewed, self._asked), partial(self._unseen, self._asked))

    def _previewed(self, asked: int, preview: Preview) -> None:
        if asked != self._asked:
            return
        self.preview = preview
        faults = {fault.field: fault.sentence for fault in reversed(preview.faults)}
        self.depths.mark(faults)
        self.curves.say(faults.get("curves", ""))
        self.files.say(faults.get("files", faults.get("labels", "")))
        self.side.show_preview(preview)
        self.export.setEnabled(not preview.faults and self.run is None)
        if self.written is None and self.run is None:
            self._say(_to_write(self.now()) if not preview.faults else "")

    def _unseen(self, asked: int, error: Exception) -> None:
        if asked == self._asked:
            self.export.setEnabled(False)
            self._say(str(error), "bad")

    def _say(self, text: str, role: str = "muted") -> None:
        self.said.setText(text)
        set_role(self.said, role)

    def _show_running(self, running: bool) -> None:
        self._form.setEnabled(not running)
        self.bar.setVisible(running)
        self.bar.setRange(0, 0)
        self.folder.setVisible(False)
        self.export.setEnabled(not running)
        self.cancel.setText("Stop" if running else "Close")

    def _moved(self, what: str, done: int, total: int) -> None:
        if self.run is not None:
            self._say(what)
            self.bar.setRange(0, total)
            self.bar.setValue(done)

    def _done(self, written: Written) -> None:
        self._end()
        self.written = written
        files = [path for paths in written.files.values() for path in paths]
        what = files[0].name if len(files) == 1 else _count(len(files))
        self._say(f"{what} written to {written.folder} and read back, {len(written.log.depth):,} depths.", "good")
        self.folder.show()
        self.cancel.setFocus()

    def _failed(self, sentence: str) -> None:
        self._end()
        self._say(sentence, "bad")

    def _stopped(self) -> None:
        self._end()
        self._say("Stopped; nothing was written.")

    def _end(self) -> None:
        if self.run is not None:
            self.run.deleteLater()
        self.run = None
        self._show_running(False)

    def _show_folder(self) -> None:
        if self.written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.written.folder)))

    def _show_place(self, top: float, bottom: float) -> None:
        go_to_depth(self.desk, (top + bottom) / 2)
        self.close_sheet()


def _scrolling(inside: QWidget, width_px: int | None = None) -> QScrollArea:
    made = QScrollArea()
    inside.setProperty("role", "panel")
    inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    made.setWidget(inside)
    made.setWidgetResizable(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if width_px is not None:
        made.setFixedWidth(width_px)
    return made


def _unless(value: float, usual: float) -> float | None:
    return None if value == usual else value


def _count(files: int) -> str:
    return "1 file" if files == 1 else f"{files} files"


def _to_write(plan: ExportPlan) -> str:
    older = sum(path.exists() for path in plan.files.values())
    replaced = "" if not older else ", replacing an older one" if older == 1 else f", replacing {older} older ones"
    return f"{_count(len(plan.files))} to write{replaced}"
