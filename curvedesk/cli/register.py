"""``curvedesk register``: a scan in, the proposed sheet out."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from curvedesk.cli.options import DpiOption, ScanArgument
from curvedesk.cli.outputs import check_outputs
from curvedesk.cli.progress import progress_bar

if TYPE_CHECKING:
    from curvedesk.domain.sheet import Sheet
    from curvedesk.registration.templates import Template


def register(
    scan: ScanArgument,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="SHEET", help="The sheet file to write.")],
    dpi: DpiOption = None,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            metavar="FORM",
            help="A confirmed sheet, or a saved form, to take scales from where the paper gives none.",
        ),
    ] = None,
) -> None:
    """Read depths, tracks, scales and header off a scan.

    Writes a sheet with a confidence for each part. What cannot be read is named in its warnings; nothing is
    guessed silently.
    """
    check_outputs([output], inputs=[scan, template])
    from curvedesk.domain.sheet import dump_sheet
    from curvedesk.store.atomic import write_json

    sheet = register_scan(scan, dpi=dpi, template=template)
    write_json(output, dump_sheet(sheet))
    typer.echo(f"Sheet:   {output}")
    for line in summary(sheet):
        typer.echo(line)


def register_scan(scan: Path, *, dpi: float | None = None, template: Path | None = None) -> "Sheet":
    """The proposed sheet of a scan file, with a progress bar. Raises ScanError, SheetError, ReadingError."""
    from curvedesk.imaging import open_scan
    from curvedesk.registration import propose_sheet

    form = None if template is None else _form(template)

    with open_scan(scan, dpi=dpi) as opened, progress_bar("Reading the paper") as progress:
        return propose_sheet(opened, dpi=dpi, progress=progress, template=form)


def _form(path: Path) -> "Template":
    """A saved form, or the form of a confirmed sheet. Raises SheetError."""
    from curvedesk.domain.sheet import load_sheet
    from curvedesk.registration.templates import load_template, template_of

    if path.name.endswith(".template.json"):
        return load_template(path)
    return template_of(load_sheet(path), path.stem)


def summary(sheet: "Sheet") -> list[str]:
    """What was found and how sure it is, a line a part, then the warnings."""
    from curvedesk.domain.print_scale import lines_in_words
    from curvedesk.registration.print_faults import faults_in_words

    depth = sheet.depth
    sure = depth.confidence or 0.0
    lines = []
    if sure > 0:
        lines.append(f"Depth:   {depth.ties[0, 1]:g} to {depth.ties[-1, 1]:g} {depth.unit}, {100 * sure:.0f} % sure")
    page = sheet.extra.get("page", {})
    parts = page.get("sections", ())
    if len(parts) > 1:
        lines.append(f"Parts:   {', '.join(map(_part, parts))}")
    if page.get("depth_lines"):
        lines.append(f"Grid:    {lines_in_words(page['depth_lines'], depth.unit)}")
    if page.get("print"):
        lines.append(f"Print:   {faults_in_words(page['print'])}")
    for track in sheet.tracks:
        names = ", ".join(f"{c.mnemonic} {100 * (c.confidence or 0):.0f} %" for c in track.curves) or "no scale read"
        lines.append(f"Track {track.name}: {100 * (track.confidence or 0):.0f} % sure; {names}")
    return [*lines, *(f"Warning: {text}" for text in sheet.extra.get("warnings", ()))]


def _part(part: "Mapping[str, Any]") -> str:
    """A section of the print in words: `repeat 4000-4500 at rows 4617 to 6260`."""
    depths = "-".join(f"{depth:g}" for depth in part.get("depths", ()))
    first, last = part["rows"]
    return f"{part['kind']}{' ' * bool(depths)}{depths} at rows {first:.0f} to {last:.0f}"


@contextmanager
def sheet_or_proposal(scan: Path, sheet: Path | None, *, partial: bool) -> Iterator[Path]:
    """The user's sheet, or one read off the paper that lives as long as the digitisation. Raises SheetError."""
    if sheet is not None:
        yield sheet
        return
    with TemporaryDirectory(prefix="curvedesk-") as folder:
        yield sheet_to_digitize(scan, Path(folder), partial=partial)


def sheet_to_digitize(scan: Path, folder: Path, *, partial: bool) -> Path:
    """Read the paper and write its sheet into `folder`, for a digitisation without a sheet of the user's own.

    With `partial`, curves whose scale or pen is doubtful are left out. Raises SheetError where too much is doubtful.
    """
    from curvedesk.domain.errors import SheetError
    from curvedesk.domain.sheet import dump_sheet
    from curvedesk.registration.trusted import trusted_part
    from curvedesk.store.atomic import write_json

    found = trusted_part(register_scan(scan))
    way_out = f"run 'curvedesk register {scan.name} -o SHEET', correct the sheet and give it with --sheet"
    if found.sheet.extra.get("turn"):
        raise SheetError(f"{scan.name}: {found.sheet.extra['warnings'][0].removesuffix('.')}")
    if not found.has_depths:
        raise SheetError(f"{scan.name}: its depths could not be read with confidence; {way_out}")
    if found.unread and not partial:
        raise SheetError(
            f"{scan.name}: scales or pens of track {', '.join(found.unread)} could not be told with confidence; "
            f"{way_out}, or export the rest with --partial"
        )
    if not found.has_curves:
        raise SheetError(f"{scan.name}: no scale could be read with confidence; {way_out}")
    for text in found.sheet.extra.get("warnings", ()):
        typer.echo(f"Warning: {text}")
    path = folder / "proposed.sheet.json"
    write_json(path, dump_sheet(found.sheet))
    return path
