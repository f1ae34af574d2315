"""LAS 2.0: written whole, read back, compared, and only then put in place."""

import io
import logging
from collections.abc import Sequence
from pathlib import Path

import lasio
import numpy as np

from curvedesk.domain.curve import DigitisedLog
from curvedesk.domain.errors import ExportError
from curvedesk.interchange.las_header import fill_header
from curvedesk.interchange.table import NULL, Column, columns_of, null_text
from curvedesk.store.atomic import replacing

TITLES = {"~Version": "~Version", "~Well": "~Well", "~Curve": "~Curve Information", "~Params": "~Parameter Information",
          "~Other": "~Other", "~ASCII": "~ASCII"}  # fmt: skip
COLUMN_GAP = 2

_log = logging.getLogger(__name__)


def write_las(log: DigitisedLog, path: Path, *, null: float = NULL) -> None:
    """Write the log as LAS 2.0, unwrapped, ASCII, NULL -999.25 where `null` does not say otherwise.

    The file is read back with lasio and compared before it takes the name `path`. Raises ExportError where it
    cannot be written or does not read back as written; an old file of this name then stays as it was.
    """
    with replacing(path) as part:
        put_las(log, part, named=path, null=null)


def put_las(log: DigitisedLog, part: Path, *, named: Path, null: float = NULL) -> None:
    """Write LAS to `part` and read it back; `named` is what the file will be called. Raises ExportError."""
    if not len(log.depth):
        raise ExportError(f"{named}: there is no depth to export; check top, bottom and step of the sheet")
    columns = columns_of(log, null=null)
    text = _header_text(log, columns, null) + data_text(columns, null=null)
    part.write_text(text, encoding="ascii", newline="\n")
    _compare(part, columns, named, null)


def _header_text(log: DigitisedLog, columns: Sequence[Column], null: float) -> str:
    """lasio's own header of the log, under the section titles that strict readers know, up to ~ASCII."""
    las = lasio.LASFile()
    del las.version["DLM"]  # a word of LAS 3 that a strict reader of LAS 2 need not know
    fill_header(las, log, columns, null=null)
    well = {key: las.well[key].value for key in ("STRT", "STOP", "STEP")}
    buffer = io.StringIO()
    las.write(buffer, version=2, wrap=False, **well)
    return "".join(f"{_titled(line).rstrip()}\n" for line in buffer.getvalue().splitlines())


def _titled(line: str) -> str:
    return TITLES[line.split(maxsplit=1)[0]] if line.startswith("~") else line


def data_text(columns: Sequence[Column], *, null: float = NULL) -> str:
    """The lines under ~ASCII: right-aligned columns, a line each depth."""
    cells = [column.texts(null_text(null)) for column in columns]
    widths = [max(map(len, texts)) + COLUMN_GAP for texts in cells]
    pattern = "".join(f"%{width}s" for width in widths) + "\n"
    return "".join([pattern % row for row in zip(*cells, strict=True)])


def _compare(part: Path, columns: Sequence[Column], path: Path, null: float) -> None:
    try:
        read = lasio.read(part, mnemonic_case="preserve")
        fault = _difference(read, columns, null)
    except (lasio.exceptions.LASDataError, lasio.exceptions.LASHeaderError, KeyError, ValueError, IndexError) as error:
        _log.exception("the exported LAS does not parse")
        fault = f"lasio says {error}"
    if fault:
        raise ExportError(
            f"{path}: the LAS did not read back as written ({fault}); nothing was kept, please report this"
        )


def _difference(read: lasio.LASFile, columns: Sequence[Column], null: float) -> str | None:
    """What the file read back says otherwise, or None."""
    names = [(curve.original_mnemonic, curve.unit) for curve in read.curves]
    if names != [(column.mnemonic, column.unit) for column in columns]:
        return f"its curves are {names}"
    for column, curve in zip(columns, read.curves, strict=True):
        data = np.asarray(curve.data, dtype=np.float64)
        near = 0.51 * 10.0**-column.decimals + 1e-12 * np.abs(column.values)  # float noise of a 15-digit number
        if data.shape != column.values.shape or not _same(data, column.values, near):
            return f"the values of {column.mnemonic} differ"
    ends = [float(read.well[key].value) for key in ("STRT", "STOP", "NULL")]
    if ends != [float(text) for text in (columns[0].texts("")[0], columns[0].texts("")[-1])] + [null]:
        return f"STRT, STOP and NULL are {ends}"
    return None


def _same(data: np.ndarray, values: np.ndarray, near: np.ndarray) -> bool:
    null = np.isnan(values)
    return bool((np.isnan(data) == null).all() and (np.abs(data - values) <= near)[~null].all())
