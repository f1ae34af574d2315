"""``curvedesk digitize``: the main job, scan and sheet in, LAS out."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curvedesk.cli.options import Device, DeviceOption, ModelOption, ScanArgument
from curvedesk.cli.outputs import check_outputs
from curvedesk.cli.progress import progress_bar
from curvedesk.domain.errors import SheetError

if TYPE_CHECKING:
    from curvedesk.domain.curve import DigitisedLog
    from curvedesk.imaging import Scan

LEAST_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Job:
    """What goes in and what comes out."""

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


def digitize(
    scan: ScanArgument,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT.las", help="The LAS file to write.")],
    sheet: Annotated[
        Path | None,
        typer.Option("--sheet", metavar="SHEET", help="What the paper means: depths, tracks, scales (*.sheet.json)."),
    ] = None,
    strokes: Annotated[
        Path | None, typer.Option("--strokes", metavar="S", help="Corrections that bind the result (*.strokes.json).")
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="OUT.csv", help="Also write the table as CSV.")] = None,
    overlay: Annotated[
        Path | None,
        typer.Option("--overlay", metavar="OUT.png", help="Also write a picture of the curves over the scan."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="OUT.json", help="Also write coverage, confidence and warnings by curve."),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Leave doubtful readings empty (confidence under 0.5).")
    ] = False,
    model: ModelOption = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Turn a scanned log into LAS: the main job.

    Finds the curves and reads them with the depths and scales of the sheet file. Values are what the pen drew:
    nothing is smoothed, gaps stay gaps. Every file appears whole or not at all.
    """
    if sheet is None:
        raise SheetError("no sheet: this version cannot read depths and scales off the paper; give --sheet SHEET")
    run_job(Job(scan, sheet, output, strokes, csv, overlay, report, model, device, partial))


def run_job(job: Job) -> None:
    """Do it, write every file that was asked for, and say on standard output where each lies."""
    check_outputs([job.las, job.csv, job.overlay, job.report], inputs=[job.scan, job.sheet, job.strokes])
    from curvedesk.domain.sheet import load_sheet
    from curvedesk.domain.strokes import load_strokes
    from curvedesk.imaging import open_scan

    sheet = load_sheet(job.sheet)
    strokes = load_strokes(job.strokes) if job.strokes else ()
    with open_scan(job.scan, dpi=sheet.dpi) as scan:  # mistakes are answered before torch is imported
        from curvedesk import pipeline
        from curvedesk.learn.checkpoints import load_model

        model = load_model(job.model)
        with progress_bar("Digitising") as progress:
            log = pipeline.digitize(scan, sheet, strokes, model, device=job.device, progress=progress)
        log = sure_only(log) if job.partial else log
        _write(log, scan, job)
    for warning in log.warnings:
        typer.echo(f"Warning: {warning}")


def sure_only(log: "DigitisedLog") -> "DigitisedLog":
    """The log without its doubtful readings; says how many were left out."""
    import numpy as np

    curves, warnings = [], list(log.warnings)
    for curve in log.curves:
        doubtful = np.isfinite(curve.values) & (curve.confidence < LEAST_CONFIDENCE)
        curves.append(replace(curve, values=np.where(doubtful, np.nan, curve.values)))
        if doubtful.any():
            warnings.append(f"{curve.mnemonic}: {doubtful.sum()} doubtful readings were left out, as asked.")
    return replace(log, curves=tuple(curves), warnings=tuple(warnings))


def _write(log: "DigitisedLog", scan: "Scan", job: Job) -> None:
    from curvedesk.interchange import write_csv, write_las, write_overlay, write_report

    write_las(log, job.las)
    typer.echo(f"LAS:     {job.las}")
    if job.csv:
        write_csv(log, job.csv)
        typer.echo(f"CSV:     {job.csv}")
    for picture in write_overlay(scan, log, job.overlay) if job.overlay else ():
        typer.echo(f"Overlay: {picture}")
    if job.report:
        write_report(log, job.report)
        typer.echo(f"Report:  {job.report}")
