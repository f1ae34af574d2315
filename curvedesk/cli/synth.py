"""``curvedesk synth``: labelled synthetic paper."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from curvedesk.cli.outputs import make_folder
from curvedesk.cli.progress import progress_bar
from curvedesk.cli.train import read_library
from curvedesk.cli.training_options import LasOption


class Kind(StrEnum):
    """What is drawn."""

    CROPS = "crops"
    SHEETS = "sheets"


def synth(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Folder to fill; made if not there.")],
    number: Annotated[int, typer.Option("-n", "--number", metavar="N", min=1, help="How many.")] = 10,
    seed: Annotated[int, typer.Option("--seed", metavar="S", min=0, help="The same seed draws the same paper.")] = 1,
    kind: Annotated[
        Kind, typer.Option("--kind", help="Small labelled crops, or whole logs with sheet file and true values.")
    ] = Kind.CROPS,
    size: Annotated[int, typer.Option("--size", min=32, help="Side of a crop in pixels at 200 dpi.")] = 256,
    las: LasOption = None,
    named: Annotated[
        str | None,
        typer.Option(
            "--set",
            metavar="NAME",
            show_default=False,
            help="A set of crops that has a name, the same for everybody: binary-2000, multiclass-15000 or hard-1000.",
        ),
    ] = None,
) -> None:
    """Draw synthetic paper logs with known curves.

    To train on, or to test with.
    """
    library = read_library(las)
    from curvedesk.synth import SETS, write_crops, write_set, write_sheets

    if named is not None and named not in SETS:
        raise typer.BadParameter(f"{named} is none of {', '.join(SETS)}", param_hint="--set")
    folder = make_folder(output)
    with progress_bar("Drawing") as progress:
        if named is not None:
            write_set(folder, SETS[named], library=library, progress=progress)
            number, kind = SETS[named].count, Kind.CROPS
        elif kind is Kind.CROPS:
            write_crops(folder, number, seed=seed, size=size, library=library, progress=progress)
        else:
            write_sheets(folder, number, seed=seed, library=library, progress=progress)
    typer.echo(f"{number} {kind} in {folder}")
