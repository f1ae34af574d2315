"""``curvedesk templates``: forms that need no reading, because a confirmed sheet of one was saved."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from curvedesk.registration.templates import Template

app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="What the form is called.")]


@app.callback()
def templates(context: typer.Context) -> None:
    """List, save and delete templates (forms of logs seen before).

    Without a further word: one line a form, your own first.
    """
    if context.invoked_subcommand is None:
        from curvedesk.registration.templates import templates as known

        for template in known():
            typer.echo(_line(template))


def _line(template: "Template") -> str:
    tracks = "; ".join(", ".join(spec.mnemonic for spec in track.curves) or "no curve" for track in template.tracks)
    return f"{template.name}  {'yours' if template.own else 'bundled'}  {tracks}"


@app.command()
def save(
    name: NameArgument,
    sheet: Annotated[Path, typer.Argument(metavar="SHEET", help="A confirmed sheet.")],
    scan: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SCAN]", help="Its scan, by whose looks the form is known again; else the one the sheet names."
        ),
    ] = None,
) -> None:
    """Save the form of a confirmed sheet, so that the next log on it needs no reading of its scales."""
    from curvedesk.domain.sheet import load_sheet
    from curvedesk.imaging import open_scan
    from curvedesk.registration.templates import save_template

    meaning = load_sheet(sheet)
    beside = sheet.parent / meaning.scan if meaning.scan else None
    found = scan if scan is not None else beside if beside is not None and beside.is_file() else None
    if found is None:
        save_template(meaning, name)
        typer.echo(f"{name} is saved by its tracks alone; give its scan too, and its looks are known again.")
        return
    with open_scan(found, dpi=meaning.dpi) as opened:
        save_template(meaning, name, scan=opened)
    typer.echo(f"{name} is saved; 'curvedesk register' knows it on the next log.")


@app.command()
def delete(name: NameArgument) -> None:
    """Forget one of your own forms."""
    from curvedesk.registration.templates import delete_template

    delete_template(name)
    typer.echo(f"{name} is forgotten.")
