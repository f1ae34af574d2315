"""``curvedesk evaluate``: the measured tables of a model's card."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curvedesk.cli.options import Device, DeviceOption, ModelOption
from curvedesk.cli.outputs import check_outputs
from curvedesk.cli.progress import progress_bar

if TYPE_CHECKING:
    from collections.abc import Callable

    from curvedesk.domain.curve import DigitisedLog
    from curvedesk.learn.checkpoints import Model


def evaluate(
    suite: Annotated[
        str,
        typer.Option("--suite", metavar="NAME", help="What to measure on: synthetic, labels (needs --data) or sheets."),
    ] = "synthetic",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="REPORT", help="Also write the tables to a file, as .md or .json."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="Hand-traced crops (labels), or sheets with their truth (sheets)."),
    ] = None,
    crops: Annotated[int, typer.Option("--crops", min=1, help="Synthetic crops to draw of each kind of paper.")] = 64,
    model: ModelOption = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Measure how well a model does.

    Prints the tables that its card shows: on synthetic paper, on hand-traced crops, or on whole logs.
    """
    check_outputs([output], inputs=[])
    from curvedesk.learn.checkpoints import load_model
    from curvedesk.learn.evaluate import evaluate as measure
    from curvedesk.store.atomic import replacing

    loaded = load_model(model)
    with progress_bar("Measuring") as bar:
        report = measure(
            suite,
            loaded,
            data=data,
            digitize=_digitizer(loaded, device),
            crops=crops,
            device=device,
            progress=lambda fraction: bar(round(1000 * fraction), 1000),
        )
    typer.echo(report.markdown().rstrip())
    if output is not None:
        with replacing(output) as part:
            part.write_text(report.json() if output.suffix == ".json" else report.markdown(), encoding="utf-8")


def _digitizer(model: "Model", device: str) -> "Callable[[Path, Path], DigitisedLog]":
    """Scan and sheet, to the log."""

    def digitize(scan: Path, sheet: Path) -> "DigitisedLog":
        from curvedesk.domain.sheet import load_sheet
        from curvedesk.imaging import open_scan
        from curvedesk.pipeline import digitize as digitise

        meaning = load_sheet(sheet)
        with open_scan(scan, dpi=meaning.dpi) as opened:
            return digitise(opened, meaning, (), model, device=device)

    return digitize
