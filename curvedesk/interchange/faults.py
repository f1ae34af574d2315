"""What forbids an export: said beside the field that has to change."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from curvedesk.domain.errors import ExportError
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NullStroke, Stroke
from curvedesk.interchange.plan import ExportPlan, Output, wanted_names
from curvedesk.interchange.table import word

MOST_ROWS = 5_000_000
_NEEDS_SCAN = {Output.OVERLAY: "the overlay picture", Output.LABELS: "labels"}
_FIELDS_OF_TABLE = {"top", "bottom", "step", "null", "curves"}


@dataclass(frozen=True, slots=True)
class Fault:
    """`field` of the plan (`top`, `step`, `null`, `curves`, `files`, ...) and one sentence on what is wrong."""

    field: str
    sentence: str

    @property
    def of_table(self) -> bool:
        """Whether there can be no table."""
        return self.field in _FIELDS_OF_TABLE


def faults_of(
    sheet: Sheet, plan: ExportPlan, *, strokes: Sequence[Stroke] = (), scan_there: bool = True
) -> tuple[Fault, ...]:
    """Everything that forbids this export."""
    return (*_range_faults(sheet, plan), *_curve_faults(sheet, plan), *_file_faults(plan, strokes, scan_there))


def check_plan(sheet: Sheet, plan: ExportPlan, *, strokes: Sequence[Stroke] = (), scan_there: bool = True) -> None:
    """Raise ExportError, one sentence, for the first thing that forbids this export."""
    for fault in faults_of(sheet, plan, strokes=strokes, scan_there=scan_there):
        raise ExportError(fault.sentence)


def _range_faults(sheet: Sheet, plan: ExportPlan) -> Iterator[Fault]:
    axis = sheet.depth
    top = axis.top if plan.top is None else plan.top
    bottom = axis.bottom if plan.bottom is None else plan.bottom
    step = axis.step if plan.step is None else plan.step
    if not step > 0 or not math.isfinite(step):
        yield Fault("step", "The step must be greater than 0.")
    elif not bottom > top:
        yield Fault("bottom", f"The bottom must lie below the top of {top:,.10g}.")
    elif (bottom - top) / step > MOST_ROWS:
        yield Fault("step", f"A step of {step:g} would give more than {MOST_ROWS:,} rows; choose a wider one.")
    if not math.isfinite(plan.null):
        yield Fault("null", "The null value must be a number, such as -999.25.")


def _curve_faults(sheet: Sheet, plan: ExportPlan) -> Iterator[Fault]:
    choices = plan.choices(sheet)
    known = wanted_names(sheet)
    if not choices:
        yield Fault("curves", "No curve is chosen; tick at least one.")
    for choice in choices:
        if choice.mnemonic not in known:
            has = ", ".join(known) or "no curve"
            yield Fault("curves", f"The sheet has no curve {choice.mnemonic} to digitise, but {has}.")
        if not word(choice.name):
            yield Fault("curves", f"{choice.mnemonic} needs a name of letters or digits.")
    names = sorted(word(choice.name).upper() for choice in choices)
    for name in [name for name, group in groupby(names) if len(list(group)) > 1]:
        yield Fault("curves", f"Two curves would be called {name}; give each its own name.")
    if any(word(choice.name).upper() in {"DEPT", "DEPTH"} for choice in choices):
        yield Fault("curves", "A curve cannot be called DEPT; that is the depth column.")


def _file_faults(plan: ExportPlan, strokes: Sequence[Stroke], scan_there: bool) -> Iterator[Fault]:
    if not plan.files:
        yield Fault("files", "Nothing is chosen to be written; tick at least one file.")
    for output, what in _NEEDS_SCAN.items():
        if output in plan.files and not scan_there:
            yield Fault("files", f"The scan is missing, so {what} cannot be made; find the scan or untick it.")
    reviewed = any(isinstance(stroke, CurveStroke | AcceptStroke | NullStroke) for stroke in strokes)
    if Output.LABELS in plan.files and not plan.all_labels and not reviewed:
        yield Fault("labels", "There are no strokes or accepted stretches to make labels of; choose the whole log.")
