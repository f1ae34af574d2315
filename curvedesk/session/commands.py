"""Commands: what an analyst or a machine does to a project, as plain values; each gives the project after it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.depth import NOTHING
from curvedesk.domain.errors import ProjectError
from curvedesk.domain.project import CurveKey, Look, Prediction, Project, ScanRef, curve_keys
from curvedesk.domain.sheet import Sheet, dump_sheet, parse_sheet
from curvedesk.session.curve_checks import checked_curve
from curvedesk.session.sheet_changes import carried_over
from curvedesk.session.stroke_commands import (
    AddStroke,
    ImportStrokes,
    RemoveStrokes,
    ReplaceStroke,
    next_stroke_id,
    stroke_label,
)

LEARNT_FROM = "learnt_from"  # note in the project: how many strokes the last improvement saw

__all__ = [
    "LEARNT_FROM",
    "ActivateModel",
    "AddStroke",
    "Command",
    "ImportStrokes",
    "OpenScan",
    "RelocateScan",
    "RemoveStrokes",
    "ReplaceCurves",
    "ReplaceStroke",
    "SetExport",
    "SetLook",
    "SetPrediction",
    "SetSheet",
    "SetWell",
    "next_stroke_id",
    "stroke_label",
]


class Command(Protocol):
    """A frozen value. `merge_key`: consecutive commands of one key become one entry (typing a scale)."""

    @property
    def label(self) -> str:
        """What the history shows, in an analyst's words."""

    @property
    def merge_key(self) -> str:
        """Empty where the command never merges."""

    def apply(self, project: Project) -> Project:
        """The project after the command. Raises CurveDeskError, one sentence, where it cannot be."""


@dataclass(frozen=True, slots=True)
class OpenScan:
    """Another scan: everything that was said about the one before goes; model and export settings stay."""

    scan: ScanRef
    label: str = "Scan opened"
    merge_key: str = ""

    def apply(self, project: Project) -> Project:
        """See the class."""
        return Project(scan=self.scan, model_id=project.model_id, export=project.export, notes=project.notes)


@dataclass(frozen=True, slots=True)
class RelocateScan:
    """The same scan at another place, or a changed one that the analyst accepted; what was said about it stays."""

    scan: ScanRef
    label: str = "Scan found again"
    merge_key: str = ""

    def apply(self, project: Project) -> Project:
        """See the class."""
        return replace(project, scan=self.scan)


@dataclass(frozen=True, slots=True, eq=False)
class SetSheet:
    """A new sheet. Curves whose place in the sheet is gone go with it; strokes stay.

    `renames`: old key -> new key of curves that are the same pen under another name or in another track.
    """

    sheet: Sheet
    label: str = "Sheet changed"
    merge_key: str = ""
    renames: Mapping[CurveKey, CurveKey] = field(default_factory=lambda: NOTHING)

    def apply(self, project: Project) -> Project:
        """Raises SheetError, one sentence, where the sheet could not be read again from a file."""
        sheet = parse_sheet(dump_sheet(self.sheet), source="the sheet")  # what a file would give back
        return carried_over(project, sheet, self.renames)


@dataclass(frozen=True, slots=True)
class SetWell:
    """Fields of the well header; an empty text removes the field."""

    fields: Mapping[str, str]
    label: str = "Well header"
    merge_key: str = ""

    def apply(self, project: Project) -> Project:
        """Leaves a project without a sheet as it is. A field that was typed is sure."""
        if project.sheet is None:
            return project
        well = {key: value for key, value in {**project.sheet.well, **self.fields}.items() if value}
        sure = {key: value for key, value in project.sheet.well_confidence.items() if key not in self.fields}
        return replace(project, sheet=replace(project.sheet, well=well, well_confidence=sure))


@dataclass(frozen=True, slots=True, eq=False)
class ReplaceCurves:
    """Curves traced anew: result of a machine. `rows` (first, last y_px) says where, None everywhere.

    Keys that the sheet has not (any more) are left out.
    """

    curves: Mapping[CurveKey, TracedCurve]
    rows: tuple[float, float] | None = None
    label: str = "Curves traced"
    merge_key: str = ""

    def apply(self, project: Project) -> Project:
        """See the class."""
        return replace(project, curves={**project.curves, **_checked(project, self.curves)})


@dataclass(frozen=True, slots=True, eq=False)
class SetPrediction:
    """A whole answer of the network: the curves there give way to its curves."""

    prediction: Prediction | None
    curves: Mapping[CurveKey, TracedCurve]
    label: str = "Curves predicted"
    merge_key: str = ""

    def apply(self, project: Project) -> Project:
        """Keys that the sheet has not are left out."""
        return replace(project, prediction=self.prediction, curves=_checked(project, self.curves))


def _checked(project: Project, curves: Mapping[CurveKey, TracedCurve]) -> dict[CurveKey, TracedCurve]:
    known = curve_keys(project.sheet) if project.sheet else {}
    return {key: checked_curve(key, curve, *known[key]) for key, curve in curves.items() if key in known}


@dataclass(frozen=True, slots=True)
class ActivateModel:
    """Another model for the next prediction; `learnt_from` says how many strokes it was taught with."""

    model_id: str
    merge_key: str = ""
    learnt_from: int | None = None

    @property
    def label(self) -> str:
        """The model's name."""
        return f"Model {self.model_id}"

    def apply(self, project: Project) -> Project:
        """See the class."""
        notes = project.notes if self.learnt_from is None else {**project.notes, LEARNT_FROM: self.learnt_from}
        return replace(project, model_id=self.model_id, notes=notes)


@dataclass(frozen=True, slots=True)
class SetLook:
    """Colour, width, shown or hidden, locked."""

    key: CurveKey
    look: Look
    label: str = "Look of a curve"
    merge_key: str = ""

    def apply(self, project: Project) -> Project:
        """See the class."""
        return replace(project, looks={**project.looks, self.key: self.look})


@dataclass(frozen=True, slots=True)
class SetExport:
    """Export settings the project remembers: JSON values by name."""

    settings: Mapping[str, Any]
    label: str = "Export settings"
    merge_key: str = "export"

    def apply(self, project: Project) -> Project:
        """Raises ProjectError where a setting is no JSON value."""
        try:
            json.dumps(dict(self.settings), allow_nan=False)
        except (TypeError, ValueError) as fault:
            raise ProjectError("the export settings hold a value that cannot be kept; set them again") from fault
        return replace(project, export=dict(self.settings))
