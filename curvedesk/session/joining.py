"""A machine's result becomes part of the entry that asked for it, even when more was done meanwhile."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from curvedesk.domain.project import Project
from curvedesk.session.history import Entry, History
from curvedesk.session.steps import GONE, Step, apply_step, difference


def joined(now: Project, after: Project, history: History, place: int) -> list[Entry]:
    """Entries from `place` on, rewritten so that what leads from `now` to `after` happened in entry `place`.

    States between get the new values; states ahead (taken back meanwhile) get them where they had the old ones.
    """
    entries, position = history.entries, history.position
    values = _new_values(difference(now, after), after)
    start, done = _done_states(now, entries[place:position])
    behind = [_put(state, values) for state in done]
    behind[-1] = after
    steps = [difference(new, old) for old, new in zip([start, *behind], behind, strict=False)]
    ahead, state, shifted = [], now, after
    for entry in entries[position:]:
        state = apply_step(state, entry.step)[0]
        following = _put(state, _untouched(values, now, state))
        ahead.append(difference(shifted, following))
        shifted = following
    return [replace(e, step=s) for e, s in zip(entries[place:], [*steps, *ahead], strict=True)]


def _done_states(now: Project, entries: tuple[Entry, ...]) -> tuple[Project, list[Project]]:
    """The state before the first of these entries, and those after each."""
    states = [now]
    for entry in reversed(entries):
        states.append(apply_step(states[-1], entry.step)[0])
    states.reverse()
    return states[0], states[1:]


def _new_values(step: Step, after: Project) -> Step:
    """The step with whole values in place of edits, so that it fits other states too."""
    keyed = {name: {key: getattr(after, name).get(key, GONE) for key in values} for name, values in step.keyed.items()}
    return Step(step.whole, keyed)


def _untouched(values: Step, now: Project, state: Project) -> Step:
    """Those values that `state` still has as they are `now`."""
    whole = {name: value for name, value in values.whole.items() if getattr(state, name) is getattr(now, name)}
    keyed: dict[str, Mapping[str, Any]] = {}
    for name, items in values.keyed.items():
        old, new = getattr(now, name), getattr(state, name)
        keyed[name] = {key: value for key, value in items.items() if new.get(key, GONE) is old.get(key, GONE)}
    return Step(whole, keyed)


def _put(project: Project, values: Step) -> Project:
    return apply_step(project, values)[0]
