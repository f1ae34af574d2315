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
        typer.Option(
            "--suite",
            metavar="NAME",
            help="synthetic, labels, sheets, or strokes (a simulated analyst); all but the first need --data.",
        ),
    ] = "synthetic",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="REPORT", help="Also write the tables to a file, as .md or .json."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", metavar="DIR", help="Hand-traced crops (labels), or sheets with their truth (sheets, strokes)."
        ),
    ] = None,
    only: Annotated[
        str | None, typer.Option("--only", metavar="NAMES", help="With strokes: only these sheets, as d01,d05.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="With strokes: whose hand it is.")] = 1,
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

        def progress(fraction: float) -> None:
            bar(round(1000 * fraction), 1000)

        if suite == "strokes":
            from curvedesk.analyst import Analyst, simulate

            names = tuple(only.split(",")) if only else ()
            where = data or Path()
            report = simulate(where, loaded, names=names, analyst=Analyst(seed=seed), device=device, notify=progress)
        else:
            digitise = _digitizer(loaded, device)
            report = measure(suite, loaded, data=data, digitize=digitise, crops=crops, device=device, progress=progress)
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
