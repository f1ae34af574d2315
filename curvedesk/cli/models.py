"""``curvedesk models``: which networks there are, which one is used, the way back, and the way to another computer."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from curvedesk.store.registry import ModelEntry

app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
IdArgument = Annotated[str, typer.Argument(metavar="M", help="A model's id, as 'curvedesk models' lists it.")]


@app.callback()
def models(context: typer.Context) -> None:
    """List, show, pick, roll back and carry models (networks).

    Without a further word: one line a model, a star before the one in use.
    """
    if context.invoked_subcommand is None:
        from curvedesk.store.registry import list_models

        for entry in list_models():
            typer.echo(_line(entry))


def _line(entry: "ModelEntry") -> str:
    place = "bundled" if entry.bundled else "yours"
    if entry.manifest is None:
        return f"{'*' if entry.active else ' '} {entry.id}  {place}  damaged: {entry.problem}"
    classes = ", ".join(entry.manifest.classes)
    return f"{'*' if entry.active else ' '} {entry.id}  {place}  made {entry.manifest.created[:10]}  finds {classes}"


@app.command()
def show(
    model: Annotated[
        str | None, typer.Argument(metavar="[M]", help="Id or folder; without it, the one in use.")
    ] = None,
) -> None:
    """Show a model's card: what it was trained on, how well it does, how to make it again."""
    from curvedesk.store.manifest import CARD, read_manifest
    from curvedesk.store.registry import find_model

    folder = find_model(model)
    manifest = read_manifest(folder)
    card = folder / CARD
    text = card.read_text(encoding="utf-8") if card.is_file() else f"# {manifest.id}\n\nThis model has no card.\n"
    typer.echo(text.rstrip())
    typer.echo(f"\nFolder: {folder}\nSHA-256 of the weights: {manifest.weights_sha256}")


@app.command()
def pick(model: IdArgument) -> None:
    """Use this model from now on."""
    from curvedesk.store.registry import pick_model

    pick_model(model)
    typer.echo(f"{model} is in use now; 'curvedesk models rollback' goes back.")


@app.command()
def rollback() -> None:
    """Go back to the model that was in use before the last pick."""
    from curvedesk.store import registry

    typer.echo(f"{registry.rollback()} is in use again.")


@app.command("export")
def export(
    model: IdArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, such as NAME.curvemodel.")],
) -> None:
    """Write a model with its card as one file, for another computer."""
    from curvedesk.store.model_files import export_model

    typer.echo(f"{model} is in {export_model(model, file)}; 'curvedesk models import' takes it in elsewhere.")


@app.command("import")
def take_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that 'curvedesk models export' wrote.")],
) -> None:
    """Take in a model from a file, under its name or the next free one."""
    from curvedesk.store.model_files import import_model

    name = import_model(file)
    typer.echo(f"{name} is here now; 'curvedesk models pick {name}' uses it.")


@app.command()
def rename(
    model: IdArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its new id: letters, digits, '-', '_' and '.'.")],
) -> None:
    """Call one of your own models otherwise; projects go on with it."""
    from curvedesk.store.registry_edits import rename_model

    typer.echo(f"{model} is called {rename_model(model, name)} now.")


@app.command()
def delete(model: IdArgument) -> None:
    """Delete one of your own models that is not in use."""
    from curvedesk.store.registry_edits import delete_model

    delete_model(model)
    typer.echo(f"{model} is deleted; its name will not be given to another model.")


@app.command()
def blend(
    first: Annotated[str, typer.Argument(metavar="FIRST", help="Id or folder of a model.")],
    second: Annotated[str, typer.Argument(metavar="SECOND", help="Id or folder of what a training made of it.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="MODEL", help="Folder of the model to write.")],
    share: Annotated[float, typer.Option("--share", min=0, max=1, help="How much of the second.")] = 0.5,
) -> None:
    """Write the mean of two models' weights: part of the way from one to what a training made of it."""
    from curvedesk.cli.outputs import make_folder
    from curvedesk.learn.blend import blend as mean
    from curvedesk.learn.checkpoints import load_model, save_model

    a, b = load_model(first), load_model(second)
    net, words = mean(a, b, share=share), f"curvedesk models blend {first} {second} --share {share:g}"
    save_model(make_folder(output), net, {"parent": b.id, "commands": [f"{words} -o {output.name}"]})
    typer.echo(f"{output}: {100 * share:.0f} % of {b.id}, the rest of {a.id}; use it with --model {output}")
