"""What a change of the document tells those who show it: ids and rows, never arrays."""

from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    """Which part of the project changed; the values are the names of the project's fields."""

    SCAN = "scan"
    SHEET = "sheet"
    STROKES = "strokes"
    CURVES = "curves"
    LOOKS = "looks"
    MODEL = "model_id"
    PREDICTION = "prediction"
    EXPORT = "export"
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class Change:
    """One step of the document.

    `ids`: ids of strokes and keys of curves that changed. `rows`: first and last y_px of what changed on the
    canvas, None where that is everything (or nothing that has rows). `entry`: id of the history entry made,
    joined, taken back or done again. No kinds at all: the command left everything as it was.
    """

    kinds: frozenset[ChangeKind]
    ids: frozenset[str]
    rows: tuple[float, float] | None
    label: str
    entry: int
