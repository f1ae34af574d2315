"""``curvedesk trace``: every curve in a scan or a region, without a sheet."""

import json
from pathlib import Path
from typing import Annotated

import typer

from curvedesk.cli.options import Device, DeviceOption, DpiOption, ModelOption, RegionOption, ScanArgument
from curvedesk.cli.outputs import check_outputs
from curvedesk.cli.progress import progress_bar


def trace(
    scan: ScanArgument,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="X.curves.json", help="The polylines to write, as JSON.")
    ],
    region: RegionOption = None,
    dpi: DpiOption = None,
    model: ModelOption = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Trace all curves as lines in pixels, without a sheet.

    There are no depths and no values in the result. Coordinates count from the left top corner of the region.
    """
    check_outputs([output], inputs=[scan])
    from curvedesk.imaging import open_scan
    from curvedesk.learn.checkpoints import load_model
    from curvedesk.pipeline import trace_region
    from curvedesk.store.atomic import replacing

    with open_scan(scan, dpi=dpi) as opened, progress_bar("Tracing") as progress:
        curves = trace_region(opened, load_model(model), region=region, device=device, progress=progress)
    with replacing(output) as part:
        part.write_text(json.dumps({"curves": curves}), encoding="utf-8")
