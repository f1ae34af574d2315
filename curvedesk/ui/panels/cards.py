"""A model's card as the panel shows it: the text first, each table under a heading that opens."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

Row = tuple[str, ...]
_RULE = re.compile(r"^\|[\s:|-]+\|$")


@dataclass(frozen=True, slots=True)
class CardPart:
    """A heading with what stands under it: paragraphs, then tables as rows of cells, the first row the head."""

    title: str
    paragraphs: tuple[str, ...]
    tables: tuple[tuple[Row, ...], ...]


def read_card(text: str) -> tuple[CardPart, ...]:
    """Parts of a card in Markdown; the first has the model's id as its title. Code blocks are left out."""
    parts, waiting = [], ""
    for title, lines in _headed(text):
        part = _part(title, lines)
        if not (part.paragraphs or part.tables):
            waiting = title  # a heading over others: it says more than the name of the report below it
            continue
        parts.append(CardPart(waiting, part.paragraphs, part.tables) if waiting and ": " in title else part)
        waiting = ""
    return tuple(parts)


def table_html(table: tuple[Row, ...], *, muted: str, hairline: str) -> str:
    """A table for a label: numbers to the right, names to the left; the empty head of a list of facts is left out."""
    rows = table if any(table[0]) else table[1:]
    cells = "".join(_row_html(row, headed=i == 0 and any(table[0]), muted=muted) for i, row in enumerate(rows))
    return f'<table cellspacing="0" cellpadding="3" style="border-color:{hairline}">{cells}</table>'


def _row_html(row: Row, *, headed: bool, muted: str) -> str:
    cells = []
    for place, cell in enumerate(row):
        align = "left" if place == 0 or not (_is_number(cell) or headed) else "right"
        colour = f' style="color:{muted}"' if headed or (place == 0 and len(row) == 2) else ""
        cells.append(f'<td align="{align}"{colour}>{html.escape(cell)}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _headed(text: str) -> Iterator[tuple[str, list[str]]]:
    title, code = "", False
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("```"):
            code = not code
        elif line.startswith("#") and not code:
            yield title, lines
            title, lines = line.lstrip("# ").strip(), []
        elif not code:
            lines.append(line.strip())
    yield title, lines


def _part(title: str, lines: list[str]) -> CardPart:
    paragraphs: list[str] = []
    tables: list[list[Row]] = []
    previous = ""
    for line in lines:
        if line.startswith("|"):
            if not previous.startswith("|"):
                tables.append([])
            if not _RULE.match(line):
                tables[-1].append(tuple(cell.strip().strip("`") for cell in line.strip("|").split("|")))
        elif line:
            paragraphs.append(line)
        previous = line
    return CardPart(title, tuple(paragraphs), tuple(tuple(table) for table in tables if table))


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[−–+-]?[\d.,]*\s?%?", cell))
