"""Exporting an open document: the same material, plan and writer as the command line's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.errors import ExportError
from curvedesk.domain.project import CurveKey, Project, curve_keys
from curvedesk.domain.sheet import Sheet
from curvedesk.imaging import Scan
from curvedesk.interchange.export import Written, write_export
from curvedesk.interchange.log import LogSource
from curvedesk.interchange.overlay import Raster
from curvedesk.interchange.plan import ExportPlan, Output, files_in, plan_of, settings_of
from curvedesk.interchange.planned import Material
from curvedesk.interchange.preview import Preview, preview

AT_FIRST = (Output.LAS,)


@dataclass(frozen=True, slots=True, eq=False)
class AtDpi:
    """A scan read as if its file stated this resolution, as the command line opens it with the sheet's."""

    scan: Raster
    dpi: float

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.scan.width

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.scan.height

    def read(self, x0: int, y0: int, x1: int, y1: int, *, scale: float = 1.0) -> NDArray[np.uint8]:
        """Gray of a box of the scan."""
        return self.scan.read(x0, y0, x1, y1, scale=scale)


def material_of_project(
    project: Project, scan: Scan | None, curves: Mapping[CurveKey, TracedCurve] | None = None
) -> Material:
    """What an export of the project is made of; `curves` are those of a whole trace, else the project's own.

    Raises ExportError where there is no sheet or no curve yet.
    """
    sheet, held = project.sheet, project.curves if curves is None else curves
    if sheet is None:
        raise ExportError("The sheet is not known yet, so there are no depths to export; read the sheet first.")
    if not held:
        raise ExportError("No curve has been traced yet, so there is nothing to export; predict first.")
    traced = tuple(held[key] for key in curve_keys(sheet) if key in held)
    model = project.prediction.model_id if project.prediction else project.model_id
    raster = None if scan is None else AtDpi(scan, sheet.dpi or scan.dpi)
    return Material(_source(project, scan, sheet), sheet, tuple(project.strokes.values()), traced, model, raster)


def _source(project: Project, scan: Scan | None, sheet: Sheet) -> LogSource:
    ref = project.scan
    assumed = scan.dpi if scan is not None and scan.info.dpi_assumed and sheet.dpi is None else None
    name = Path(ref.path).name if ref is not None else sheet.scan
    return LogSource(name, ref.sha256 if ref is not None else "", assumed)


def remembered_plan(project: Project, *, beside: Path | None = None) -> ExportPlan:
    """The plan this project was last exported by, or LAS beside `beside` (the project's or the scan's file)."""
    plan = plan_of(project.export, project.sheet)
    if plan.files or beside is None:
        return plan
    return replace(plan, files=files_in(beside.parent, beside.stem, AT_FIRST))


def settings_to_remember(plan: ExportPlan) -> dict[str, Any]:
    """What `SetExport` takes."""
    return settings_of(plan)


def preview_of(project: Project, scan: Scan | None, plan: ExportPlan) -> Preview:
    """The table as it would be written. Raises ExportError."""
    return preview(material_of_project(project, scan), plan)


def export_project(
    project: Project,
    scan: Scan | None,
    plan: ExportPlan,
    *,
    curves: Mapping[CurveKey, TracedCurve] | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Written:
    """Write all files of the plan or none. Raises ExportError, ScanError, Cancelled."""
    return write_export(material_of_project(project, scan, curves), plan, progress=progress, cancelled=cancelled)


def needs_settling(project: Project) -> bool:
    """Whether curves were traced anew around single strokes, so that a whole trace has to come before the export."""
    return bool(project.strokes) and project.prediction is not None
