"""``curvedesk digitize``: the main job, scan and sheet in, LAS out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from curvedesk.cli.export_options import (
    AllLabelsOption,
    BottomOption,
    CsvOption,
    CurvesOption,
    LabelsOption,
    LasFileOption,
    NullOption,
    OverlayOption,
    PartialOption,
    ReportOption,
    SheetOption,
    StepOption,
    StrokesOption,
    TopOption,
)
from curvedesk.cli.options import Device, DeviceOption, ModelOption, ScanArgument
from curvedesk.cli.outputs import check_outputs
from curvedesk.cli.progress import progress_bar
from curvedesk.cli.register import sheet_or_proposal

if TYPE_CHECKING:
    from curvedesk.interchange.plan import ExportPlan, Output

TITLES = {"las": "LAS", "csv": "CSV", "overlay": "Overlay", "report": "Report", "labels": "Labels"}


@dataclass(frozen=True, slots=True)
class Job:
    """What goes in and what comes out; depths and curves left out are the sheet's."""

    scan: Path
    sheet: Path
    las: Path
    strokes: Path | None = None
    csv: Path | None = None
    overlay: Path | None = None
    report: Path | None = None
    model: str | None = None
    device: Device = Device.AUTO
    partial: bool = False
    labels: Path | None = None
    all_labels: bool = False
    top: float | None = None
    bottom: float | None = None
    step: float | None = None
    null: float | None = None
    curves: tuple[str, ...] | None = None

    def files(self) -> "Mapping[Output, Path]":
        """What is to be written, by kind."""
        from curvedesk.interchange.plan import Output

        named = {output: getattr(self, output.value, None) for output in Output if output.value in TITLES}
        return {output: path for output, path in named.items() if path is not None}

    def plan(self) -> "ExportPlan":
        """The export that the options ask for."""
        from curvedesk.interchange.plan import CurveChoice, ExportPlan
        from curvedesk.interchange.table import NULL

        return ExportPlan(
            self.files(),
            top=self.top,
            bottom=self.bottom,
            step=self.step,
            null=NULL if self.null is None else self.null,
            curves=None if self.curves is None else tuple(map(CurveChoice.of, self.curves)),
            partial=self.partial,
            all_labels=self.all_labels,
        )


def digitize(
    scan: ScanArgument,
    output: LasFileOption,
    sheet: SheetOption = None,
    strokes: StrokesOption = None,
    csv: CsvOption = None,
    overlay: OverlayOption = None,
    report: ReportOption = None,
    labels: LabelsOption = None,
    all_labels: AllLabelsOption = False,
    partial: PartialOption = False,
    top: TopOption = None,
    bottom: BottomOption = None,
    step: StepOption = None,
    null: NullOption = None,
    curves: CurvesOption = None,
    model: ModelOption = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Turn a scanned log into LAS: the main job.

    Finds the curves and reads them with the depths and scales of the sheet file. Values are what the pen drew:
    nothing is smoothed, gaps stay gaps. All files appear whole, or none of them.
    """
    names = None if curves is None else tuple(name.strip() for name in curves.split(","))
    job = Job(
        scan, sheet or Path(), output, strokes=strokes, csv=csv, overlay=overlay, report=report, labels=labels,
        all_labels=all_labels, partial=partial, top=top, bottom=bottom, step=step, null=null, curves=names,
        model=model, device=device,
    )  # fmt: skip
    if sheet is None:  # mistakes in names are told before the paper is read
        check_outputs([path for path in job.files().values() if path != labels], inputs=[scan, strokes])
    with sheet_or_proposal(scan, sheet, partial=partial) as meaning:
        run_job(replace(job, sheet=meaning))


def run_job(job: Job) -> None:
    """Do it, write every file that was asked for, and say on standard output where each lies."""
    singles = [path for path in job.files().values() if path != job.labels]
    check_outputs(singles, inputs=[job.scan, job.sheet, job.strokes])
    from curvedesk.domain.sheet import load_sheet
    from curvedesk.domain.strokes import load_strokes
    from curvedesk.imaging import open_scan
    from curvedesk.interchange.export import write_export
    from curvedesk.interchange.faults import check_plan
    from curvedesk.interchange.labels import check_folder
    from curvedesk.interchange.log import source_of
    from curvedesk.interchange.planned import material_of

    sheet = load_sheet(job.sheet)
    strokes = load_strokes(job.strokes) if job.strokes else ()
    plan = job.plan()
    check_plan(sheet, plan, strokes=strokes)
    if job.labels:
        check_folder(job.labels)
    with open_scan(job.scan, dpi=sheet.dpi) as scan:  # mistakes are answered before torch is imported
        from curvedesk import pipeline
        from curvedesk.learn.checkpoints import load_model

        model = load_model(job.model)
        with progress_bar("Digitising") as progress:
            log = pipeline.digitize(scan, sheet, strokes, model, device=job.device, progress=progress)
        written = write_export(material_of(log, scan, source=source_of(scan)), plan)
    for output, paths in written.files.items():
        for path in paths:
            typer.echo(f"{TITLES[output] + ':':<8} {path}")
    for warning in written.log.warnings:
        typer.echo(f"Warning: {warning}")
