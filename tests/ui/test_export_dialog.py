"""The export dialog as a person uses it: preview, faults beside their fields, files, and one sentence at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import lasio
import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from curvedesk.domain.project import Prediction
from curvedesk.interchange.plan import Output
from curvedesk.protocol.messages import Failed, Result
from curvedesk.session.document import Document
from curvedesk.session.view import View
from curvedesk.store.curve_file import write_curves
from curvedesk.ui.desk import Desk
from curvedesk.ui.export_dialog import ExportDialog
from curvedesk.ui.window import Window
from tests.session.test_export import _project, _scan

Wait = Callable[..., None]


class Engine(QObject):
    """Answers a trace job with the curves it was given, or fails."""

    event = Signal(object)
    stopped = Signal(str)

    def __init__(self, answer: Path | str) -> None:
        super().__init__()
        self.answer, self.jobs = answer, []  # type: Path | str, list[Any]

    def submit(self, job: Any) -> str:
        """Answer soon."""
        self.jobs.append(job)
        name = f"job-{len(self.jobs)}"
        QTimer.singleShot(0, self, self._answer)
        return name

    def _answer(self) -> None:
        name = f"job-{len(self.jobs)}"
        if isinstance(self.answer, Path):
            self.event.emit(Result(job=name, files={"curves": str(self.answer)}, facts={"seconds": 1.0}))
        else:
            self.event.emit(Failed(job=name, sentence=self.answer))

    def cancel(self, _job: str) -> None:
        """Too late."""

    def look(self, *_: object) -> None:
        """Nothing to look at."""


@pytest.fixture
def desk(app: QApplication) -> Iterator[Desk]:
    """The sample, traced, two strokes drawn, no engine."""
    made = Desk(Document(_project()))
    made.scan = _scan()
    yield made
    made.close()


@pytest.fixture
def host(app: QApplication, show: Callable[[QWidget], QWidget]) -> QWidget:
    """What the dialog lies over."""
    made = QWidget()
    made.resize(1440, 900)
    return show(made)


@pytest.fixture
def dialog(desk: Desk, host: QWidget, wait_until: Wait, tmp_path: Path) -> ExportDialog:
    """Open, its preview there, writing to a folder of its own."""
    made = ExportDialog(desk, host)
    made.open()
    _type(made.files.folder, str(tmp_path))
    wait_until(lambda: made.preview is not None and made.export.isEnabled())
    return made


def _type(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def test_it_shows_the_table_as_it_will_be_written(dialog: ExportDialog) -> None:
    table = dialog.side.table
    header = [table.horizontalHeaderItem(i).text() for i in range(table.columnCount())]
    assert header == ["DEPT [FT]", "GR [GAPI]", "CALI [IN]", "ILD [OHMM]", "SFL [OHMM]"]
    assert (table.item(0, 0).text(), table.item(table.rowCount() - 1, 0).text()) == ("4200.0000", "5000.0000")
    assert dialog.side.aside.text() == "1,601 depths, 4 curves"


def test_a_wrong_field_says_so_and_nothing_can_be_exported(dialog: ExportDialog, wait_until: Wait) -> None:
    _type(dialog.depths.fields["step"], "0")
    wait_until(lambda: not dialog.export.isEnabled())
    assert dialog.depths.odd.text() == "The step must be greater than 0."
    assert dialog.depths.fields["step"].property("wrong") is True
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.run is None
    _type(dialog.depths.fields["step"], "0.25")
    wait_until(dialog.export.isEnabled)
    assert dialog.depths.odd.isHidden()
    assert "3,201" in dialog.side.aside.text()


def test_curves_are_unticked_moved_and_renamed(dialog: ExportDialog, wait_until: Wait) -> None:
    rows = {row.mnemonic: row for row in dialog.curves.rows}
    rows["CALI"].box.click()
    _type(rows["ILD"].name, "RT")
    rows["ILD"]._up()
    rows["ILD"]._up()
    wait_until(
        lambda: dialog.preview is not None and dialog.preview.header[1:] == ("RT [OHMM]", "GR [GAPI]", "SFL [OHMM]")
    )
    _type(rows["GR"].name, "RT")
    wait_until(lambda: "Two curves" in dialog.curves.odd.text())
    assert not dialog.export.isEnabled()


def test_an_odd_header_field_is_said_at_once_and_forbids_nothing(dialog: ExportDialog) -> None:
    _type(dialog.header.fields["API"], "42-1")
    assert dialog.header.notes["API"].text() == "An API number has 10, 12 or 14 digits, this has 3."
    assert dialog.now().well == {"API": "42-1"}
    assert dialog.export.isEnabled()


def test_enter_writes_the_files_and_the_project_remembers(
    dialog: ExportDialog, desk: Desk, wait_until: Wait, tmp_path: Path
) -> None:
    _type(dialog.files.name, "harlan")
    dialog.files.boxes[Output.CSV].click()
    _type(dialog.depths.fields["bottom"], "4300")
    _type(dialog.header.fields["UWI"], "42-103-30012")
    wait_until(lambda: dialog.preview is not None and dialog.preview.rows == 201)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    wait_until(lambda: dialog.run is None)
    assert {p.name for p in tmp_path.iterdir()} == {"harlan.las", "harlan.csv"}
    assert dialog.said.text() == f"2 files written to {tmp_path} and read back, 201 depths."
    assert not dialog.folder.isHidden()
    assert lasio.read(tmp_path / "harlan.las").well.UWI.value == "42-103-30012"
    again = ExportDialog(desk, dialog.parentWidget())
    assert again.now() == dialog.now()
    assert again.files.name.text() == "harlan"


def test_a_fault_of_the_disk_is_one_sentence_and_the_form_stays(
    dialog: ExportDialog, wait_until: Wait, tmp_path: Path
) -> None:
    _type(dialog.files.folder, str(tmp_path / "nowhere"))
    wait_until(dialog.export.isEnabled)
    dialog.start()
    wait_until(lambda: dialog.run is None)
    assert "the folder does not exist" in dialog.said.text()
    assert dialog.said.property("role") == "bad"
    assert dialog.export.isEnabled()
    assert dialog.isVisible()


def test_files_of_the_sample_do_not_go_into_the_program(window: Window, wait_until: Wait, tmp_path: Path) -> None:
    window.documents.open_sample()
    wait_until(lambda: window.desk is not None and window.desk.sheet is not None)
    window.settings.change(folder=str(tmp_path))
    window.show_export()
    dialog = next(iter(window.findChildren(ExportDialog)))
    (path,) = dialog.plan.files.values()
    assert path == tmp_path / "Sample log.las"
    dialog.close_sheet()


def test_an_older_file_is_announced(dialog: ExportDialog, wait_until: Wait, tmp_path: Path) -> None:
    (tmp_path / "log.las").write_text("older")
    _type(dialog.files.name, "log")
    wait_until(lambda: dialog.said.text() == "1 file to write, replacing an older one")


def test_a_notice_leads_to_its_place(dialog: ExportDialog, desk: Desk) -> None:
    desk.set_view(View(width=300, height=200))
    dialog.side.wanted.emit(4300.0, 4310.0)
    assert desk.sheet is not None and desk.view is not None
    row = desk.view.centre[1]
    assert float(desk.sheet.depth_at(float(desk.sheet.column_at(row)), row)) == pytest.approx(4305.0, abs=0.2)
    assert not dialog.isVisible()


def test_escape_closes_it_and_writes_nothing(dialog: ExportDialog, tmp_path: Path) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert list(tmp_path.iterdir()) == []


def _with_engine(desk: Desk, answer: Path | str) -> Engine:
    engine = Engine(answer)
    desk.document = Document(replace(_project(), prediction=Prediction("cached", "model-7", "print")))
    desk.jobs.engines.use(engine)  # type: ignore[arg-type]
    return engine


def test_the_whole_trace_is_settled_before_it_is_written(
    desk: Desk, host: QWidget, wait_until: Wait, tmp_path: Path
) -> None:
    curves = dict(_project().curves)
    key = next(iter(curves))
    curves[key] = replace(curves[key], x_px=curves[key].x_px + 6.0)
    write_curves(tmp_path / "settled.curves", curves)
    engine = _with_engine(desk, tmp_path / "settled.curves")
    out = tmp_path / "out"
    out.mkdir()
    dialog = ExportDialog(desk, host)
    dialog.open()
    _type(dialog.files.folder, str(out))
    wait_until(lambda: dialog.preview is not None and dialog.export.isEnabled())
    assert dialog.preview is not None
    first = float(dialog.preview.first[0][1])
    dialog.start()
    wait_until(lambda: dialog.run is None)
    assert [job.evidence for job in engine.jobs] == ["cached"]
    written = lasio.read(next(out.glob("*.las")))
    assert written["GR"][0] == pytest.approx(first + 1.0, abs=0.05)


def test_a_trace_that_fails_is_said_and_nothing_is_written(
    desk: Desk, host: QWidget, wait_until: Wait, tmp_path: Path
) -> None:
    _with_engine(desk, "The engine ran out of memory; close other programs and export again.")
    dialog = ExportDialog(desk, host)
    dialog.open()
    _type(dialog.files.folder, str(tmp_path))
    wait_until(lambda: dialog.preview is not None and dialog.export.isEnabled())
    dialog.start()
    wait_until(lambda: dialog.run is None)
    assert dialog.said.text().startswith("The engine ran out of memory")
    assert list(tmp_path.iterdir()) == []


def test_every_field_has_a_name_for_those_who_cannot_see_it(dialog: ExportDialog) -> None:
    fields: Mapping[str, QLineEdit] = {f.accessibleName(): f for f in dialog.findChildren(QLineEdit)}
    assert "" not in fields
    assert len(fields) == len(dialog.findChildren(QLineEdit))
