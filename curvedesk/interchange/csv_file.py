"""CSV: the LAS table with one header line."""

from pathlib import Path

from curvedesk.domain.curve import DigitisedLog
from curvedesk.interchange.table import NULL, columns_of
from curvedesk.store.atomic import replacing


def write_csv(log: DigitisedLog, path: Path) -> None:
    """Write the log's table as CSV: header `DEPT[FT],GR[GAPI],...`, an empty cell for null.

    Raises ExportError; an old file of this name then stays as it was.
    """
    with replacing(path) as part:
        put_csv(log, part)


def put_csv(log: DigitisedLog, part: Path, *, null: float = NULL) -> None:
    """Write CSV to `part`; `null` is the value that LAS beside it takes for null, so that both tables agree."""
    columns = columns_of(log, null=null)
    header = ",".join(f"{column.mnemonic}[{column.unit}]" for column in columns)
    rows = zip(*(column.texts("") for column in columns), strict=True)
    part.write_text("\n".join([header, *map(",".join, rows)]) + "\n", encoding="ascii", newline="\n")
