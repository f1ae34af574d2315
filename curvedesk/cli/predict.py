"""``curvedesk predict``: which pixels are curves."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curvedesk.cli.options import Device, DeviceOption, DpiOption, ModelOption, RegionOption, ScanArgument
from curvedesk.cli.outputs import check_outputs
from curvedesk.cli.progress import progress_bar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def predict(
    scan: ScanArgument,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="MASK.tif", help="The mask to write, a TIFF.")],
    region: RegionOption = None,
    dpi: DpiOption = None,
    binary: Annotated[bool, typer.Option("--binary", help="1 for every curve, whatever its style.")] = False,
    model: ModelOption = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Write a mask of the curves, as large as the scan or the region.

    Pixels are 0 for background, 1 for a solid curve, 2 for a dashed or dotted one.
    """
    check_outputs([output], inputs=[scan])
    from curvedesk.imaging import open_scan
    from curvedesk.learn.checkpoints import load_model
    from curvedesk.pipeline import predict_mask

    with open_scan(scan, dpi=dpi) as opened, progress_bar("Looking for curves") as progress:
        mask = predict_mask(opened, load_model(model), region=region, binary=binary, device=device, progress=progress)
        _write_mask(output, mask, dpi=opened.dpi)


def _write_mask(path: Path, mask: "NDArray[np.uint8]", *, dpi: float) -> None:
    import tifffile

    from curvedesk.store.atomic import replacing

    with replacing(path) as part:
        tifffile.imwrite(part, mask, compression="zlib", rowsperstrip=256, resolution=(dpi, dpi), resolutionunit="INCH")
