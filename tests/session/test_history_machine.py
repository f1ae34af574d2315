"""Whatever is done, taken back, done again and joined, in any order: every state there was can be had back."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from curvedesk.domain.project import Project
from curvedesk.session.changes import Change
from curvedesk.session.document import Document
from curvedesk.session.record_codec import decode, encode
from curvedesk.session.weights import Weigh, weights
from tests.session.project_makers import next_commands, same, touched

LIMIT = 60_000
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # a long walk says enough; shrinking it takes minutes


class HistoryMachine(RuleBasedStateMachine):
    """A list of states is the model; a second document follows the journal's records, as a recovery would."""

    def __init__(self) -> None:
        super().__init__()
        self.document = Document(history_bytes=LIMIT)
        self.follower = Document(history_bytes=LIMIT)
        self.document.keeper = self
        self.states: dict[int, Project] = {0: self.document.project}  # by id of the last entry done
        self.heard: list[Change] = []
        self.document.subscribe(self.heard.append)

    def record(self, record: Any) -> None:
        """What a journal would do, and a recovery after it."""
        self.follower.replay(decode(encode(record)))

    def check(self) -> None:
        """Nothing can go wrong in memory."""

    def close(self, *, keep: bool) -> None:
        """Nothing to close."""

    @rule(data=st.data())
    def do(self, data: st.DataObject) -> None:
        """A command of its own, or one that merges with the one before."""
        before = self.document.project
        command = data.draw(next_commands(before))
        change = self.document.execute(command)
        self.watch(before, change)
        if change.kinds:
            self.forget_ahead()
            self.states[change.entry] = self.document.project

    @precondition(lambda self: self.document.history.can_undo)
    @rule(data=st.data())
    def join(self, data: st.DataObject) -> None:
        """A machine's result comes late."""
        entries = self.document.history.entries
        entry = data.draw(st.sampled_from([entry.id for entry in entries]))
        done = [each.id for each in entries[: self.document.history.position]]
        before, count = self.document.project, len(entries)
        change = self.document.execute(data.draw(next_commands(before)), joins=entry)
        self.watch(before, change)
        assert len(self.document.history.entries) <= count
        if entry not in done:
            assert not change.kinds
            assert self.document.project is before
        elif change.kinds:
            self.states = {key: state for key, state in self.states.items() if key == 0 or key < entry}
            self.states[done[-1]] = self.document.project

    @rule(back=st.booleans())
    def step(self, back: bool) -> None:
        """Undo or redo."""
        before, history = self.document.project, self.document.history
        possible = history.can_undo if back else history.can_redo
        label = history.undo_label if back else history.redo_label
        change = self.document.undo() if back else self.document.redo()
        assert (change is not None) == possible
        if change is not None:
            self.watch(before, change, label=label)

    @rule(data=st.data())
    def jump(self, data: st.DataObject) -> None:
        """A click in the history."""
        before = self.document.project
        position = data.draw(st.integers(0, len(self.document.history.entries)))
        change = self.document.go_to(position)
        if change is not None:
            self.watch(before, change)

    def watch(self, before: Project, change: Change, *, label: str | None = None) -> None:
        """A change says everything that differs, and is told."""
        assert change.ids >= touched(before, self.document.project)
        assert not change.kinds or self.heard[-1] is change
        assert label is None or change.label == label
        if change.rows is None:
            return
        for key in change.ids & {*before.curves, *self.document.project.curves}:
            old, new = before.curves.get(key), self.document.project.curves.get(key)
            if old is not None and new is not None:
                rows = np.setxor1d(_points(old), _points(new))
                assert all(change.rows[0] <= row.imag <= change.rows[1] for row in rows if np.isfinite(row.imag))

    def forget_ahead(self) -> None:
        """What was taken back cannot come again."""
        known = {entry.id for entry in self.document.history.entries}
        self.states = {key: state for key, state in self.states.items() if key == 0 or key in known}

    @invariant()
    def the_state_is_the_one_that_was(self) -> None:
        """Undo all gives the start, redo all the end, and so for every place between."""
        known = self.states.get(self.document.history.last_done)
        assert known is None or same(known, self.document.project)

    @invariant()
    def a_recovery_gives_the_same(self) -> None:
        """The records alone lead to the same project and the same labels."""
        assert same(self.follower.project, self.document.project)
        assert self.follower.history.undo_label == self.document.history.undo_label

    @invariant()
    def the_bytes_are_bounded_and_counted_right(self) -> None:
        """Beyond the limit only the newest entry is left behind the position."""
        history = self.document.history
        plain = Weigh()
        for entry in history.entries:
            plain.add(weights(entry.step), 1)
        assert history.bytes == plain.total
        newest = Weigh()
        for entry in history.entries[max(history.position - 1, 0) :]:
            newest.add(weights(entry.step), 1)
        assert history.bytes <= max(LIMIT, newest.total)

    def teardown(self) -> None:
        """All the way back and all the way forth."""
        end = len(self.document.history.entries)
        self.document.go_to(end)
        last = self.document.project
        self.document.go_to(0)
        self.document.go_to(end)
        assert same(last, self.document.project)
        strokes = list(self.document.project.strokes)
        assert strokes == sorted(strokes, key=lambda key: int(key[1:]))


def _points(curve: Any) -> Any:
    return curve.x_px + 1j * curve.y_px


TestHistory = HistoryMachine.TestCase
TestHistory.settings = settings(max_examples=25, stateful_step_count=20, deadline=None, phases=PHASES)
