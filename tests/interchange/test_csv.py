"""CSV: the LAS table again."""

import csv
from pathlib import Path

import lasio
import numpy as np

from curvedesk.domain.curve import DigitisedLog
from curvedesk.interchange import write_csv, write_las


def test_it_holds_the_same_table_as_the_las(log: DigitisedLog, tmp_path: Path) -> None:
    write_csv(log, tmp_path / "out.csv")
    write_las(log, tmp_path / "out.las")
    with (tmp_path / "out.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["DEPT[FT]", "GR[GAPI]", "ILD[OHMM]"]
    table = np.array([[float(cell) if cell else np.nan for cell in row] for row in rows])
    np.testing.assert_array_equal(table, lasio.read(tmp_path / "out.las").data)


def test_a_null_is_an_empty_cell(log: DigitisedLog, tmp_path: Path) -> None:
    write_csv(log, tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith("1035.0000,")]
    assert line.startswith("1035.0000,,")
