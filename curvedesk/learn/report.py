"""Measured tables, for people (Markdown) and for programs (JSON)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind under column names; a missing figure is None."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def markdown(self) -> str:
        """The table alone, without its title."""
        head = [self.columns, ("---",) * len(self.columns)]
        return "\n".join(f"| {' | '.join(map(_text, row))} |" for row in (*head, *self.rows))


@dataclass(frozen=True, slots=True)
class Report:
    """What one suite measured of one model."""

    suite: str
    model_id: str
    note: str
    tables: tuple[Table, ...]

    def markdown(self) -> str:
        """The whole report as a page."""
        parts = [f"# {self.suite}: {self.model_id}", self.note]
        parts += [f"## {table.title}\n\n{table.markdown()}" for table in self.tables]
        return "\n\n".join(parts) + "\n"

    def json(self) -> str:
        """The same as one JSON object, a list of rows by column name for each table."""
        tables = {t.title: [dict(zip(t.columns, row, strict=True)) for row in t.rows] for t in self.tables}
        content = {"suite": self.suite, "model": self.model_id, "note": self.note, "tables": tables}
        return json.dumps(content, indent=1) + "\n"


def table_of(title: str, name: str, scores: Mapping[str, Mapping[str, float | None]]) -> Table:
    """One row a key of ``scores``, columns in the order they first appear; absent figures are None."""
    columns = tuple(dict.fromkeys(column for row in scores.values() for column in row))
    rows = tuple((key, *(row.get(column) for column in columns)) for key, row in scores.items())
    return Table(title, (name, *columns), rows)


def means(rows: Sequence[Mapping[str, float | None]]) -> dict[str, float | None]:
    """Mean of each figure over the rows that have it."""
    result: dict[str, float | None] = {}
    for key in dict.fromkeys(key for row in rows for key in row):
        known = [value for row in rows if (value := row.get(key)) is not None]
        result[key] = sum(known) / len(known) if known else None
    return result


def _text(cell: Cell) -> str:
    if cell is None:
        return "–"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)
