"""``curvedesk info``: what a scan's header says, without decoding it."""

import json

import typer

from curvedesk.cli.options import ScanArgument


def info(scan: ScanArgument) -> None:
    """Show size, resolution and format of a scan.

    Prints one JSON object with pages, size, bits, compression, dpi, polarity and colour. Nothing is decoded, so
    this takes no time even for a scan of 250,000 rows.
    """
    from curvedesk.imaging import describe

    typer.echo(json.dumps(describe(scan), indent=2))
