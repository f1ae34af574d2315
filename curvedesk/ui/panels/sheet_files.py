"""Opening a sheet's file into the document, and saving the document's sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QInputDialog

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.sheet import dump_sheet, load_sheet
from curvedesk.session.commands import SetSheet
from curvedesk.store.atomic import write_json

if TYPE_CHECKING:
    from curvedesk.ui.panels.base import Panel

KINDS = "Sheets (*.sheet.json *.json)"


def open_sheet(panel: Panel) -> CurveDeskError | None:
    """Ask for a file and make its sheet the document's; the error where it is none."""
    path, _kind = QFileDialog.getOpenFileName(panel, "Open a sheet", _folder(panel), KINDS)
    if not path:
        return None
    try:
        sheet = load_sheet(Path(path))
    except CurveDeskError as error:
        return error
    return panel.send(SetSheet(sheet, f"Sheet {Path(path).name}"))


def save_sheet(panel: Panel) -> CurveDeskError | None:
    """Ask for a place and write the sheet, whole or not at all; the error where it could not be."""
    sheet = panel.desk.document.project.sheet
    suggested = Path(_folder(panel)) / f"{Path(sheet.scan if sheet else 'scan').stem}.sheet.json"
    path, _kind = QFileDialog.getSaveFileName(panel, "Save the sheet", str(suggested), KINDS)
    if not path or sheet is None:
        return None
    try:
        write_json(Path(path), dump_sheet(sheet))
    except CurveDeskError as error:
        return error
    panel.desk.say(f"Sheet saved as {Path(path).name}", topic="sheet")
    return None


def save_form(panel: Panel) -> CurveDeskError | None:
    """Ask for a name and keep the sheet's form: the next log on it is known by its looks; the error where not."""
    from curvedesk.registration.templates import save_template  # brings OpenCV's decoders, which few sheets need

    sheet, scan = panel.desk.document.project.sheet, panel.desk.scan
    name, given = QInputDialog.getText(panel, "Save the form", "What is this form called?")
    if not given or sheet is None:
        return None
    try:
        save_template(sheet, name, scan=scan)
    except CurveDeskError as error:
        return error
    panel.desk.say(f"Form {name.strip()} saved", detail="the next log on it needs no reading of scales", topic="sheet")
    return None


def _folder(panel: Panel) -> str:
    scan = panel.desk.document.project.scan
    return str(Path(scan.path).parent) if scan else str(Path.home())
