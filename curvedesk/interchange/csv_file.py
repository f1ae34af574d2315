"""CSV: the LAS table with one header line."""

from pathlib import Path

from curvedesk.domain.curve import DigitisedLog
from curvedesk.interchange.table import columns_of
from curvedesk.store.atomic import replacing


def write_csv(log: DigitisedLog, path: Path) -> None:
    """Write the log's table as CSV: header `DEPT[FT],GR[GAPI],...`, an empty cell for null.

    Raises ExportError; an old file of this name then stays as it was.
    """
    columns = columns_of(log)
    header = ",".join(f"{column.mnemonic}[{column.unit}]" for column in columns)
    rows = zip(*(column.texts("") for column in columns), strict=True)
    with replacing(path) as part:
        part.write_text("\n".join([header, *map(",".join, rows)]) + "\n", encoding="ascii", newline="\n")
