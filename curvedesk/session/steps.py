"""Steps between two projects: the per-field, per-key difference that undo, journal and file all use.

A step leads one way. Applying it gives the new project and the step that leads back, so that a history entry
needs to hold one step only, and any command can be undone without knowing how.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import pairwise
from typing import Any, Final

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.depth import NOTHING
from curvedesk.domain.project import Project
from curvedesk.domain.sheet import Sheet, dump_sheet
from curvedesk.session.curve_edits import CurveEdit, edit_between

WHOLE_FIELDS = ("scan", "sheet", "model_id", "prediction")
KEYED_FIELDS = ("strokes", "curves", "looks", "export", "notes")


class Gone(Enum):
    """The mark of a key that is not there."""

    GONE = "gone"


GONE: Final = Gone.GONE


@dataclass(frozen=True, slots=True)
class Step:
    """`whole`: field -> new value. `keyed`: field -> key -> new value, `CurveEdit` of the one there, or GONE."""

    whole: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    keyed: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: NOTHING)

    def __bool__(self) -> bool:
        return bool(self.whole or self.keyed)

    def fields(self) -> frozenset[str]:
        """Names of the project's fields it changes."""
        return frozenset(self.whole) | frozenset(self.keyed)


def difference(old: Project, new: Project) -> Step:
    """The step that leads from `old` to `new`; arrays are shared, of a curve only the stretch that differs is held."""
    whole = {name: getattr(new, name) for name in WHOLE_FIELDS if not _same(getattr(old, name), getattr(new, name))}
    keyed = {name: _keyed_difference(getattr(old, name), getattr(new, name)) for name in KEYED_FIELDS}
    return Step(whole, {name: values for name, values in keyed.items() if values})


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, Sheet) and isinstance(new, Sheet):
        return old is new or dump_sheet(old) == dump_sheet(new)
    return old is new or bool(old == new)


def _keyed_difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    if old is new:
        return {}
    gone: dict[str, Any] = {key: GONE for key in old if key not in new}
    for key, value in new.items():
        if key not in old:
            gone[key] = value
        elif old[key] is not value:
            changed = _value_difference(old[key], value)
            if changed is not None:
                gone[key] = changed
    return gone


def _value_difference(old: Any, new: Any) -> Any:
    """What leads from `old` to `new`, None where they are the same."""
    if isinstance(old, TracedCurve) and isinstance(new, TracedCurve):
        return edit_between(old, new)
    return None if type(old) is type(new) and old == new else new


def apply_step(project: Project, step: Step) -> tuple[Project, Step]:
    """The project after the step, and the step that leads back."""
    back_whole = {name: getattr(project, name) for name in step.whole}
    new: dict[str, Any] = dict(step.whole)
    back_keyed = {}
    for name, values in step.keyed.items():
        new[name], back_keyed[name] = _apply_keyed(name, getattr(project, name), values)
    return replace(project, **new), Step(back_whole, back_keyed)


def _apply_keyed(
    name: str, old: Mapping[str, Any], values: Mapping[str, Any]
) -> tuple[Mapping[str, Any], dict[str, Any]]:
    new, back = dict(old), {}
    for key, value in values.items():
        before = old.get(key, GONE)
        if isinstance(value, CurveEdit):
            new[key], back[key] = value.apply(before)
        else:
            back[key] = before
            if value is GONE:
                new.pop(key, None)
            else:
                new[key] = value
    return (in_order(new) if name == "strokes" else new), back


def in_order(strokes: Mapping[str, Any]) -> dict[str, Any]:
    """Strokes by number: the order they were drawn in, whatever was taken back and put there again meanwhile."""
    numbers = [int(key[1:]) for key in strokes]
    if all(a < b for a, b in pairwise(numbers)):
        return dict(strokes)
    return {f"s{number}": strokes[f"s{number}"] for number in sorted(numbers)}
