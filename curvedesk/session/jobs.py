"""Work that an engine does for a document: how far it is, and whether its result is still wanted when it comes.

A job is never undone and never saved; its result becomes a command of the document, or is dropped.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from curvedesk.domain.project import Project, sheet_print
from curvedesk.domain.sheet import dump_sheet
from curvedesk.domain.strokes import dump_strokes
from curvedesk.protocol import messages as said

PHASES = {
    "paper": "Reading the scan",
    "ink": "Looking for curves",
    "curves": "Tracing the curves",
    "register": "Reading the sheet off the paper",
    "look": "Looking at your strokes",
    "judge": "Judging the model",
    "measure": "Measuring this computer",
    "learn": "Learning from your strokes",
}


@dataclass(frozen=True, slots=True)
class Basis:
    """What a job was started from, as digests: equal where nothing changed that its result depends on."""

    scan: str
    geometry: str
    sheet: str
    strokes: str
    model: str


def basis_of(project: Project) -> Basis:
    """What a job for this project depends on now."""
    scan, sheet = project.scan, project.sheet
    return Basis(
        scan=f"{scan.sha256}-{scan.page}" if scan else "",
        geometry=sheet_print(sheet) if sheet else "",
        sheet=_digest(dump_sheet(sheet)) if sheet else "",
        strokes=_digest(dump_strokes(tuple(project.strokes.values()))),
        model=project.model_id,
    )


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


class Worth(StrEnum):
    """What a result is worth when it comes."""

    WHOLE = "whole"  # all of it, as it is
    INK = "ink"  # the ink that was found, but the curves must be traced again
    NOTHING = "nothing"  # dropped: the document went on without it


def worth(kind: str, made_for: Basis, now: Basis) -> Worth:
    """What the result of a job is worth for a document that may have gone on meanwhile."""
    if made_for.scan != now.scan:
        return Worth.NOTHING
    if kind in {"finetune", "pack"}:
        return Worth.WHOLE
    if kind == "register":
        return Worth.WHOLE if made_for.sheet == now.sheet else Worth.NOTHING
    if (made_for.geometry, made_for.model) != (now.geometry, now.model):
        return Worth.NOTHING
    if made_for == now:
        return Worth.WHOLE
    return Worth.INK if kind == "predict" else Worth.NOTHING


class Stage(StrEnum):
    """Where in its life a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class JobState:
    """A job as the window shows it. `kind` is predict, trace, register, finetune or pack."""

    kind: str
    id: str
    generation: int
    basis: Basis
    stage: Stage = Stage.WAITING
    phase: str = ""
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    sentence: str = ""
    evidence: str = ""
    resting: bool = False

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.stage in (Stage.DONE, Stage.FAILED, Stage.CANCELLED)

    @property
    def share(self) -> float | None:
        """How much of the phase is done, 0 to 1; None where that is not known."""
        return min(1.0, self.done / self.total) if self.total > 0 else None

    @property
    def text(self) -> str:
        """What is going on, for a line in the window."""
        if self.sentence:
            return self.sentence
        if self.stage is Stage.STOPPING:
            return "Stopping"
        if self.resting:
            return "The training rests"
        what = PHASES.get(self.phase, "Getting ready")
        return what if self.seconds_left is None else f"{what}, {time_left(self.seconds_left)}"


def stopping(state: JobState) -> JobState:
    """The job after it was asked to stop."""
    return state if state.is_over else replace(state, stage=Stage.STOPPING, seconds_left=None)


def advance(state: JobState, event: object) -> JobState:
    """The job after a sentence of the engine; what is said of other jobs, or after the end, changes nothing."""
    if state.is_over or getattr(event, "job", None) != state.id:
        return state
    stage, changes = Stage.RUNNING, _changes(event)
    if state.stage is Stage.STOPPING:
        stage = Stage.STOPPING
    return replace(state, **{"stage": stage, **changes})


def _changes(event: object) -> dict[str, Any]:
    """What a sentence changes of a job that runs."""
    match event:
        case said.Progress(phase=phase, done=done, total=total, seconds_left=left):
            return {"phase": phase, "done": done, "total": total, "seconds_left": left}
        case said.EvidenceAt(evidence=name):
            return {"evidence": name}
        case said.Paused(resting=resting):
            return {"resting": resting}
    return _ending(event)


def _ending(event: object) -> dict[str, Any]:
    match event:
        case said.Result():
            return {"stage": Stage.DONE, "seconds_left": None}
        case said.Failed(sentence=sentence):
            return {"stage": Stage.FAILED, "seconds_left": None, "sentence": sentence}
        case said.Cancelled():
            return {"stage": Stage.CANCELLED, "seconds_left": None}
    return {}


def time_left(seconds: float) -> str:
    """About how long, as a person would say it."""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 90:
        return f"about {round(seconds / 10) * 10} s left"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60)} min left"
    return f"about {seconds / 3600:.1f} h left"
