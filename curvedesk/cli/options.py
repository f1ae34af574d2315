"""Arguments and options that several verbs share, with the words a geologist reads."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Device(StrEnum):
    """Where a network runs."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


ScanArgument = Annotated[
    Path, typer.Argument(metavar="SCAN", show_default=False, help="The scanned log: TIFF, PNG, JPEG, BMP or PDF.")
]
RegionOption = Annotated[
    tuple[int, int, int, int] | None,
    typer.Option(
        "--region",
        metavar="X0 Y0 X1 Y1",
        show_default=False,
        help="Only this rectangle, in pixels of the scan: left, top, right, bottom (right and bottom not included).",
    ),
]
DpiOption = Annotated[
    float | None,
    typer.Option(
        "--dpi",
        metavar="N",
        show_default=False,
        help="Dots per inch of the scan, where its own tag is missing or wrong.",
    ),
]
DeviceOption = Annotated[
    Device, typer.Option("--device", help="Where the network runs; auto takes a GPU if there is one that works.")
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="M",
        show_default=False,
        help="A model's id (see 'curvedesk models') or its folder; without it, the model in use.",
    ),
]
