"""``curvedesk demo``: the main job on the bundled sample."""

from pathlib import Path
from typing import Annotated

import typer

from curvedesk.cli.digitize import Job, run_job
from curvedesk.cli.options import Device, DeviceOption
from curvedesk.cli.outputs import make_folder


def demo(
    headless: Annotated[
        Path | None,
        typer.Option(
            "--headless",
            metavar="OUT_DIR",
            help="Without a window: folder for LAS, CSV, overlay and report; made if it is not there.",
        ),
    ] = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Do the main job on a bundled sample log.

    Alone it opens the window on the sample. With --headless it writes LAS, CSV, a picture of the curves over the
    scan, and a report into a folder.
    """
    from curvedesk.store.locations import bundled_resources_dir

    sample = bundled_resources_dir() / "sample"
    if headless is None:
        raise typer.BadParameter("give a folder, or 'curvedesk demo' alone for the window", param_hint="--headless")
    folder = make_folder(headless)
    job = Job(
        scan=sample / "scan.tif",
        sheet=sample / "scan.sheet.json",
        las=folder / "sample.las",
        csv=folder / "sample.csv",
        overlay=folder / "sample.png",
        report=folder / "sample.report.json",
        device=device,
    )
    run_job(job)
