"""Commands about strokes: what the analyst drew, each under an id of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from curvedesk.domain.errors import StrokesError
from curvedesk.domain.project import Project
from curvedesk.domain.strokes import (
    AcceptStroke,
    CurveStroke,
    NotCurveStroke,
    NullStroke,
    Stroke,
    SwapStroke,
    dump_strokes,
    parse_strokes,
)

STROKE_LABELS = {
    CurveStroke: "{} runs here",
    NotCurveStroke: "Not a curve",
    NullStroke: "No reading of {}",
    AcceptStroke: "{} accepted",
    SwapStroke: "{} and {} change places",
}


def stroke_label(stroke: Stroke) -> str:
    """What the history calls a stroke."""
    if isinstance(stroke, CurveStroke) and stroke.turn is not None:
        return f"{stroke.curve} on {f'back-up {stroke.turn}' if stroke.turn else 'its own scale'}"
    names = stroke.curves if isinstance(stroke, SwapStroke) else (getattr(stroke, "curve", ""),)
    return STROKE_LABELS[type(stroke)].format(*names)


def next_stroke_id(project: Project) -> str:
    """The id that the next stroke gets."""
    last = list(project.strokes)[-1] if project.strokes else "s0"
    return f"s{int(last[1:]) + 1}"


@dataclass(frozen=True, slots=True)
class AddStroke:
    """One stroke more, under the next id."""

    stroke: Stroke
    merge_key: str = ""

    @property
    def label(self) -> str:
        """The stroke in words."""
        return stroke_label(self.stroke)

    def apply(self, project: Project) -> Project:
        """Raises StrokesError where the stroke could not be read again from a file."""
        return ImportStrokes((self.stroke,)).apply(project)


@dataclass(frozen=True, slots=True)
class ImportStrokes:
    """Strokes of a file, behind those that are there."""

    strokes: Sequence[Stroke]
    label: str = "Strokes imported"
    merge_key: str = ""

    def apply(self, project: Project) -> Project:
        """Raises StrokesError where a stroke could not be read again from a file."""
        _check(self.strokes)
        first = int(next_stroke_id(project)[1:])
        added = {f"s{number}": stroke for number, stroke in enumerate(self.strokes, first)}
        return replace(project, strokes={**project.strokes, **added})


@dataclass(frozen=True, slots=True)
class ReplaceStroke:
    """Another stroke under the same id: a vertex dragged, a width changed."""

    id: str
    stroke: Stroke
    label: str = "Stroke changed"
    merge_key: str = ""

    def apply(self, project: Project) -> Project:
        """Raises StrokesError where there is no such stroke."""
        _check((self.stroke,))
        _known(project, (self.id,))
        return replace(project, strokes={**project.strokes, self.id: self.stroke})


@dataclass(frozen=True, slots=True)
class RemoveStrokes:
    """Strokes taken away."""

    ids: Sequence[str]
    merge_key: str = ""

    @property
    def label(self) -> str:
        """How many."""
        return "Stroke removed" if len(self.ids) == 1 else f"{len(self.ids)} strokes removed"

    def apply(self, project: Project) -> Project:
        """Raises StrokesError where there is no such stroke."""
        _known(project, self.ids)
        return replace(project, strokes={k: v for k, v in project.strokes.items() if k not in set(self.ids)})


def _check(strokes: Sequence[Stroke]) -> None:
    parse_strokes(dump_strokes(strokes), source="the stroke")


def _known(project: Project, ids: Sequence[str]) -> None:
    missing = [key for key in ids if key not in project.strokes]
    if missing:
        raise StrokesError(f"there is no stroke {missing[0]} any more; it was removed before")
