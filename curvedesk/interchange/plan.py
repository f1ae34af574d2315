"""The export plan: what leaves the program, of which depths and curves, and under which names."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from curvedesk.domain.depth import NOTHING
from curvedesk.domain.sheet import Sheet
from curvedesk.interchange.table import NULL


class Output(StrEnum):
    """What can be written."""

    LAS = "las"
    CSV = "csv"
    OVERLAY = "overlay"
    REPORT = "report"
    LABELS = "labels"
    SHEET = "sheet"
    STROKES = "strokes"


ENDINGS: Mapping[Output, str] = {
    Output.LAS: ".las",
    Output.CSV: ".csv",
    Output.OVERLAY: ".png",
    Output.REPORT: ".report.json",
    Output.LABELS: "-labels",
    Output.SHEET: ".sheet.json",
    Output.STROKES: ".strokes.json",
}


@dataclass(frozen=True, slots=True)
class CurveChoice:
    """A curve of the sheet to be exported; `name` is what the file calls it."""

    mnemonic: str
    name: str

    @classmethod
    def of(cls, mnemonic: str) -> "CurveChoice":
        """The curve under its own name."""
        return cls(mnemonic, mnemonic)


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What to write. None means: as the sheet says (`top`, `bottom`, `step` in its depth unit; `curves` all).

    `well` holds header fields that shall differ from the sheet's. `partial` leaves doubtful readings empty.
    `all_labels` makes labels of the whole log, not of its reviewed stretches alone.
    """

    files: Mapping[Output, Path] = field(default_factory=dict, hash=False)
    top: float | None = None
    bottom: float | None = None
    step: float | None = None
    null: float = NULL
    curves: tuple[CurveChoice, ...] | None = None
    well: Mapping[str, str] = field(default_factory=lambda: NOTHING, hash=False)
    partial: bool = False
    all_labels: bool = False

    def choices(self, sheet: Sheet) -> tuple[CurveChoice, ...]:
        """The curves to export, in order."""
        if self.curves is not None:
            return self.curves
        return tuple(CurveChoice.of(name) for name in wanted_names(sheet))


def wanted_names(sheet: Sheet) -> tuple[str, ...]:
    """Mnemonics to digitise, each once, in the sheet's order."""
    return tuple(dict.fromkeys(spec.mnemonic for _, spec in sheet.curves() if spec.digitize))


def files_in(folder: Path, stem: str, outputs: Iterable[Output]) -> dict[Output, Path]:
    """Names for what is to be written, side by side in one folder."""
    return {output: folder / f"{stem}{ENDINGS[output]}" for output in Output if output in set(outputs)}


def settings_of(plan: ExportPlan) -> dict[str, Any]:
    """The plan as JSON-ready objects, for a project to remember; the inverse of `plan_of`."""
    choices = None if plan.curves is None else [[c.mnemonic, c.name] for c in plan.curves]
    return {
        "version": 1,
        "files": {str(output): str(path) for output, path in plan.files.items()},
        "top": plan.top,
        "bottom": plan.bottom,
        "step": plan.step,
        "null": plan.null,
        "curves": choices,
        "well": dict(plan.well),
        "partial": plan.partial,
        "all_labels": plan.all_labels,
    }


def plan_of(settings: Mapping[str, Any], sheet: Sheet | None = None) -> ExportPlan:
    """The plan that `settings_of` gave, as far as it still makes sense: what is odd falls back to the default.

    With a sheet, curves it no longer has are left out; none left means all of the sheet.
    """
    null = _number(settings.get("null"))
    return ExportPlan(
        files=_files(settings.get("files")),
        top=_number(settings.get("top")),
        bottom=_number(settings.get("bottom")),
        step=_number(settings.get("step")),
        null=NULL if null is None else null,
        curves=_choices(settings.get("curves"), sheet),
        well=_texts(settings.get("well")),
        partial=settings.get("partial") is True,
        all_labels=settings.get("all_labels") is True,
    )


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _texts(value: object) -> dict[str, str]:
    return {str(k): v for k, v in value.items() if isinstance(v, str)} if isinstance(value, Mapping) else {}


def _files(value: object) -> dict[Output, Path]:
    texts = _texts(value)
    return {output: Path(texts[output]) for output in Output if texts.get(output)}


def _choices(value: object, sheet: Sheet | None) -> tuple[CurveChoice, ...] | None:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    pairs = [tuple(pair) for pair in value if isinstance(pair, Sequence) and len(pair) == 2]
    known = [CurveChoice(str(mnemonic), str(name)) for mnemonic, name in pairs]
    if sheet is None:
        return tuple(known)
    wanted = wanted_names(sheet)
    return tuple(choice for choice in known if choice.mnemonic in wanted) or None
