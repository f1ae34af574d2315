"""The open document: it alone owns the project; everything else reads it or sends it commands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar

from curvedesk.domain.project import Project
from curvedesk.session.changes import Change, ChangeKind
from curvedesk.session.commands import Command
from curvedesk.session.extent import ids_of, rows_of
from curvedesk.session.history import DEFAULT_LIMIT, Entry, History
from curvedesk.session.joining import joined
from curvedesk.session.records import Did, Joined, Moved, Record, Whole
from curvedesk.session.steps import Step, apply_step, difference
from curvedesk.session.view_state import ViewState

Listener = Callable[[Change], None]
ProblemListener = Callable[[str], None]
MERGE_WITHIN_S = 2.0


class Keeper(Protocol):
    """What keeps a document's edits on the disk as they happen."""

    def record(self, record: Record) -> None:
        """Keep one more; never raises for the disk's faults, `Document.set_problem` tells them."""

    def check(self) -> None:
        """Try again what could not be kept, and tell what went wrong behind the back."""

    def close(self, *, keep: bool) -> None:
        """The document is closed; `keep` what was not saved, for a recovery."""


class Document:
    """One project with its history. Not for several threads: machines send their results to the window's."""

    def __init__(self, project: Project | None = None, *, history_bytes: int = DEFAULT_LIMIT) -> None:
        self._project = project or Project()
        self._next_id = 1
        self._next_state = 1
        self._saved_state: int | None = 0
        self._listeners: list[Listener] = []
        self.history = History(history_bytes)
        self.generation = 0
        self.view_state = ViewState()
        self.path: Path | None = None
        self.saved_at: datetime | None = None
        self.read_only = False
        self.scan_relative = ""  # the scan's path as seen from the project file
        self.scan_member = ""  # the copy of the scan that the project file carries
        self.keeper: Keeper | None = None  # told before any listener
        self.notices: tuple[str, ...] = ()  # sentences for the user about how it was opened
        self.problem = ""  # why the last edits are not on the disk, one sentence; empty where they are
        self._problem_listeners: list[ProblemListener] = []

    @property
    def project(self) -> Project:
        """The current value; it never changes in place, so a snapshot is just a reference."""
        return self._project

    @property
    def is_dirty(self) -> bool:
        """Whether closing now would lose something."""
        return self.history.state != self._saved_state

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` every change; returns what ends it."""
        return _subscribed(self._listeners, listener)

    def subscribe_problems(self, listener: ProblemListener) -> Callable[[], None]:
        """Tell `listener` when edits cannot be kept on the disk (one sentence), and "" when they can again."""
        return _subscribed(self._problem_listeners, listener)

    def set_problem(self, sentence: str) -> None:
        """What the keeper has to say."""
        if sentence != self.problem:
            self.problem = sentence
            for listener in tuple(self._problem_listeners):
                listener(sentence)

    def check(self) -> None:
        """Look whether what was done is on the disk; to be called every few seconds."""
        if self.keeper is not None:
            self.keeper.check()

    def execute(self, command: Command, *, joins: int | None = None) -> Change:
        """Do a command, as an entry of its own or as part of the entry `joins` (a machine's result of it).

        A result of an entry that was taken back is dropped: a change without kinds comes back.
        Raises CurveDeskError where the command cannot be; the document is then as it was.
        """
        after = command.apply(self._project)
        forth, back = difference(self._project, after), difference(after, self._project)
        place = self._place_to_join(command, joins)
        if not forth or (place is not None and place >= self.history.position):
            return Change(frozenset(), frozenset(), None, command.label, joins or 0)
        if place is None:
            return self._push(command, after, forth, back)
        label = self.history.entries[place].label if joins is not None else command.label
        return self._join(place, label, after, forth, back)

    def undo(self) -> Change | None:
        """Take back the last thing done; None where there is nothing."""
        return self.go_to(self.history.position - 1) if self.history.can_undo else None

    def redo(self) -> Change | None:
        """Do again what was taken back last; None where there is nothing."""
        return self.go_to(self.history.position + 1) if self.history.can_redo else None

    def go_to(self, position: int) -> Change | None:
        """Walk through the history until `position` entries are done; None where that is so already."""
        position = max(0, min(position, len(self.history.entries)))
        if position == self.history.position:
            return None
        before = self._project
        entry = self._walk(position)
        forth, back = difference(before, self._project), difference(self._project, before)
        self._record(Moved(self.history.last_done, forth))
        self.history.trim()
        return self._tell(forth, back, entry.label, entry.id)

    def mark_saved(self, path: Path, at: datetime) -> None:
        """The state now is the one on the disk."""
        self._saved_state, self.path, self.saved_at = self.history.state, path, at

    def mark_unsaved(self) -> None:
        """No state of this document is on the disk."""
        self._saved_state = None

    def replay(self, record: Record) -> None:
        """Do what a journal says. Raises ValueError where it does not fit this document."""
        match record:
            case Moved():
                self._replay_move(record)
            case Did() | Whole():
                after = apply_step(self._project if isinstance(record, Did) else Project(), record.step)[0]
                back = difference(after, self._project)
                self._set(after)
                self._next_id = max(self._next_id, record.entry + 1)
                self.history.push(Entry(record.entry, record.label, record.at, back, self._state()))
            case Joined():
                place = self.history.place_of(record.entry)
                after, back = apply_step(self._project, record.step)
                if place is None or place >= self.history.position:
                    self._stand_in(after, back, record.label)
                else:
                    self._join(place, record.label, after, record.step, back)

    def _replay_move(self, record: Moved) -> None:
        """Walk to the entry; where that does not lead to the state it led to then, the step itself becomes one."""
        after, back = apply_step(self._project, record.step)
        start, place = self.history.position, self.history.place_of(record.entry)
        self.go_to(0 if place is None else place + 1)
        if difference(self._project, after):
            self.go_to(start)
            self._stand_in(after, back, "Earlier steps taken back or done again")

    def _stand_in(self, after: Project, back: Step, label: str) -> None:
        """An entry in the place of one that this history does not have; no live entry has a number below 0."""
        self._set(after)
        number = min([entry.id for entry in self.history.entries] + [0]) - 1
        self.history.push(Entry(number, label, datetime.now(UTC), back, self._state()))

    def announce(self, label: str) -> None:
        """Tell every listener that anything may be different now."""
        project = self._project
        ids = frozenset((*project.strokes, *project.curves, *project.looks))
        change = Change(frozenset(ChangeKind), ids, None, label, self.history.last_done)
        for listener in tuple(self._listeners):
            listener(change)

    def restore(self, entries: list[Entry], position: int) -> None:
        """The history of a file, before anything was done."""
        numbered = [replace(entry, state=self._state()) for entry in entries]
        self.history.restore(numbered, position, 0)
        self._next_id = max([entry.id for entry in entries], default=0) + 1
        self._saved_state = self.history.state

    def _place_to_join(self, command: Command, joins: int | None) -> int | None:
        if joins is not None:
            return self.history.place_of(joins)
        if not command.merge_key or not self.history.can_undo or self.history.can_redo or not self.is_dirty:
            return None
        last = self.history.entries[-1]
        recent = (datetime.now(UTC) - last.at).total_seconds() < MERGE_WITHIN_S
        return self.history.position - 1 if last.merge_key == command.merge_key and recent else None

    def _push(self, command: Command, after: Project, forth: Step, back: Step) -> Change:
        at, number = datetime.now(UTC), self._next_id
        self._next_id += 1
        self._set(after)
        self.history.push(Entry(number, command.label, at, back, self._state(), command.merge_key))
        self._record(Did(number, command.label, at, forth))
        return self._tell(forth, back, command.label, number)

    def _join(self, place: int, label: str, after: Project, forth: Step, back: Step) -> Change:
        entries = joined(self._project, after, self.history, place)
        entries = [replace(entry, state=self._state()) for entry in entries]
        entries[0] = replace(entries[0], label=label, at=datetime.now(UTC))
        self._set(after)
        self.history.put(place, entries)
        self.history.trim()
        self._record(Joined(entries[0].id, label, forth))
        return self._tell(forth, back, label, entries[0].id)

    def _walk(self, position: int) -> Entry:
        entry = self.history.entries[max(position - 1, 0)]
        while self.history.position != position:
            down = self.history.position > position
            index = self.history.position - 1 if down else self.history.position
            entry = self.history.entries[index]
            project, back = apply_step(self._project, entry.step)
            self._set(project)
            self.history.moved(index, back, index if down else index + 1)
        return entry

    def _set(self, project: Project) -> None:
        self._project = project
        self.generation += 1

    def _state(self) -> int:
        self._next_state += 1
        return self._next_state

    def _record(self, record: Record) -> None:
        if self.keeper is not None:
            self.keeper.record(record)

    def _tell(self, forth: Step, back: Step, label: str, entry: int) -> Change:
        kinds = frozenset(ChangeKind(name) for name in forth.fields())
        change = Change(kinds, ids_of(forth), rows_of(self._project, forth, back), label, entry)
        for listener in tuple(self._listeners):
            listener(change)
        return change


T = TypeVar("T")


def _subscribed(listeners: list[T], listener: T) -> Callable[[], None]:
    listeners.append(listener)

    def unsubscribe() -> None:
        if listener in listeners:
            listeners.remove(listener)

    return unsubscribe
