"""The verbs, in the order a newcomer meets them, and what happens without one."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from curvedesk import __version__
from curvedesk.cli import demo, digitize, doctor, evaluate, info, models, predict, synth, trace, train

if TYPE_CHECKING:
    from typer import Context

NO_WINDOW = "The window is not part of this version; 'curvedesk digitize' does the main job without it."


class _Verbs(TyperGroup):
    """Says that there is no window yet where a scan is given instead of a verb."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.commands and any(mark in args[0] for mark in "./\\"):
            _say_no_window(ctx)
        return super().resolve_command(ctx, args)


def _say_no_window(context: "Context") -> None:
    typer.echo(f"{NO_WINDOW}\n\n{context.get_help()}", err=True)
    raise typer.Exit(2)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"CurveDesk {__version__}")
        raise typer.Exit


app = typer.Typer(cls=_Verbs, add_completion=False, rich_markup_mode=None, invoke_without_command=True)


@app.callback()
def curvedesk(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback does it
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Turn a scanned paper well log into LAS and CSV.

    A network finds the curves, a sheet file says what the paper means (depths, tracks, scales), strokes correct
    what the network got wrong. 'curvedesk COMMAND --help' explains a command; 'curvedesk demo --headless out'
    shows the whole way on a bundled sample. No internet is needed, and nothing is sent anywhere.
    """
    if context.invoked_subcommand is None:
        _say_no_window(context)


for verb in (
    digitize.digitize,
    demo.demo,
    info.info,
    trace.trace,
    predict.predict,
    doctor.doctor,
    synth.synth,
    train.train,
    evaluate.evaluate,
):
    app.command(verb.__name__)(verb)
app.add_typer(models.app, name="models")
