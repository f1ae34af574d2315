"""The history in a project file: for each entry the step that leads away from where the document stands."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.errors import CurveDeskError, ProjectError
from curvedesk.domain.fields import Fields
from curvedesk.domain.project import Project
from curvedesk.session.codec import Pool, pack_step, unpack_step
from curvedesk.session.curve_edits import CurveEdit
from curvedesk.session.document import Document
from curvedesk.session.history import Entry, History
from curvedesk.session.steps import Step
from curvedesk.session.weights import Weigh, weights

SAVED_BYTES = 96 * 1024 * 1024  # of history in a file; the oldest stay out
LEFT_OUT = "The history of this project could not be read and was left out; the work itself is complete"


def pack_history(history: History, pool: Pool) -> dict[str, Any]:
    """As JSON values; arrays and sheets go into the pool."""
    entries, position = history.entries, history.position
    drop = _too_old(entries, position)
    packed = [
        {"id": entry.id, "label": entry.label, "at": entry.at.isoformat(), "step": pack_step(entry.step, pool)}
        for entry in entries[drop:]
    ]
    return {"position": position - drop, "entries": packed}


def _too_old(entries: Sequence[Entry], position: int) -> int:
    """How many of the oldest do not fit into the bytes a file may spend."""
    weigh = Weigh()
    for index in range(len(entries) - 1, -1, -1):
        weigh.add(weights(entries[index].step), 1)
        if weigh.total > SAVED_BYTES and index < position:
            return index + 1
    return 0


def unpack_history(document: Document, obj: object, pool: Pool) -> tuple[str, ...]:
    """Give the document its history; what is to be said to the user where it cannot be read."""
    try:
        top = Fields(obj if isinstance(obj, dict) else {}, "history", pool.source, ProjectError)
        entries = [_entry(fields, pool) for fields in top.children("entries")]
        position = int(top.number("position"))
        _check(document.project, entries, position)
    except (CurveDeskError, ValueError):
        document.restore([], 0)
        return (LEFT_OUT,)
    document.restore(entries, position)
    return ()


def _entry(fields: Fields, pool: Pool) -> Entry:
    at = as_utc(datetime.fromisoformat(fields.text("at")))
    step = unpack_step(fields.get("step"), pool)
    return Entry(int(fields.number("id")), fields.text("label"), at, step, 0)


def as_utc(at: datetime) -> datetime:
    """A time that says no zone is taken for UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _check(project: Project, entries: Sequence[Entry], position: int) -> None:
    """Raise ValueError unless every edit of a curve fits the curve it would meet on the way."""
    if not 0 <= position <= len(entries) or len({entry.id for entry in entries}) != len(entries):
        raise ValueError("the entries do not fit each other")
    for way in (entries[position - 1 :: -1] if position else (), entries[position:]):
        lengths = {key: len(curve.x_px) for key, curve in project.curves.items()}
        for entry in way:
            _follow(lengths, entry.step)


def _follow(lengths: dict[str, int], step: Step) -> None:
    for key, value in step.keyed.get("curves", {}).items():
        match value:
            case CurveEdit():
                if not 0 <= value.start <= value.stop <= lengths.get(key, -1):
                    raise ValueError("an edit of a curve that is not there")
                lengths[key] += len(value.part[0]) - (value.stop - value.start)
            case TracedCurve():
                lengths[key] = len(value.x_px)
            case _:
                lengths.pop(key, None)
