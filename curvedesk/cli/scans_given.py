"""Scans given to learn from: those that cannot be read are named and left out."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from curvedesk.learn.paper import Source


def sources_of(scans: Sequence[Path], *, dpi: float | None = None) -> "tuple[Source, ...]":
    """The scans that open, of files and folders. Raises ScanError where none does."""
    from curvedesk.learn.paper import look

    sources, faults = look(scans, dpi=dpi)
    for sentence in faults:
        leave_out(sentence)
    return sources


def leave_out(sentence: str) -> None:
    """Say why a scan is not used."""
    typer.echo(f"curvedesk: left out: {sentence}", err=True)
