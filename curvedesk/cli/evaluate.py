"""``curvedesk evaluate``: the measured tables of a model's card."""

from pathlib import Path
from typing import Annotated

import typer

from curvedesk.cli.options import Device, DeviceOption, ModelOption
from curvedesk.cli.outputs import check_outputs
from curvedesk.cli.progress import progress_bar


def evaluate(
    suite: Annotated[str, typer.Option("--suite", metavar="NAME", help="What to measure.")] = "synthetic",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="REPORT", help="Also write the tables to this file.")
    ] = None,
    model: ModelOption = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Measure how well a model does.

    Prints the tables that its card shows.
    """
    check_outputs([output], inputs=[])
    from curvedesk.learn.evaluate import evaluate as measure
    from curvedesk.store.atomic import replacing

    with progress_bar("Measuring") as progress:
        text = measure(suite, model=model, device=device, progress=progress)
    typer.echo(text)
    if output is not None:
        with replacing(output) as part:
            part.write_text(text, encoding="utf-8")
