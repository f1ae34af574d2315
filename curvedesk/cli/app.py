"""The verbs, in the order a newcomer meets them, and what happens without one."""

from typing import Annotated

import typer

from curvedesk import __version__
from curvedesk.cli import (
    demo,
    digitize,
    doctor,
    evaluate,
    finetune,
    info,
    models,
    pack,
    predict,
    pretrain,
    register,
    synth,
    templates,
    trace,
    train,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"CurveDesk {__version__}")
        raise typer.Exit


app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def curvedesk(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Turn a scanned paper well log into LAS and CSV.

    Without a command the window opens: 'curvedesk [SCAN or PROJECT]', or 'curvedesk demo' on a sample log. A network
    finds the curves, a sheet file says what the paper means (depths, tracks, scales), strokes correct what the
    network got wrong. 'curvedesk COMMAND --help' explains a command. No internet is needed, and nothing is sent
    anywhere.
    """


for verb in (
    digitize.digitize,
    demo.demo,
    info.info,
    register.register,
    trace.trace,
    predict.predict,
    finetune.finetune,
    pack.pack,
    doctor.doctor,
    synth.synth,
    pretrain.pretrain,
    train.train,
    evaluate.evaluate,
):
    app.command(verb.__name__)(verb)
app.add_typer(models.app, name="models")
app.add_typer(templates.app, name="templates")
