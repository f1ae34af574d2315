"""The history of a document: entries to go back and forth through, bounded in bytes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from curvedesk.session.steps import Step
from curvedesk.session.weights import Weigh, weights

DEFAULT_LIMIT = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One thing that was done. `step` leads back where it is done, forth where it is taken back.

    `state` names the state of the document after it: two equal states mean nothing changed between.
    """

    id: int
    label: str
    at: datetime
    step: Step
    state: int
    merge_key: str = ""


class History:
    """Entries 0 .. position - 1 are done, the rest was taken back. Changed by the document alone."""

    def __init__(self, limit_bytes: int = DEFAULT_LIMIT) -> None:
        self.limit_bytes = limit_bytes
        self.first_state = 0
        self._first_done = 0
        self._entries: list[Entry] = []
        self._position = 0
        self._weigh = Weigh()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Oldest first, those taken back included."""
        return tuple(self._entries)

    @property
    def position(self) -> int:
        """How many entries are done."""
        return self._position

    @property
    def state(self) -> int:
        """Name of the state the document is in."""
        return self._entries[self._position - 1].state if self._position else self.first_state

    @property
    def last_done(self) -> int:
        """Id of the last entry done; of the one that fell off last where none is, 0 where none ever was."""
        return self._entries[self._position - 1].id if self._position else self._first_done

    @property
    def bytes(self) -> int:
        """Memory the entries keep, arrays that several share counted once."""
        return self._weigh.total

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return self._position > 0

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return self._position < len(self._entries)

    @property
    def undo_label(self) -> str:
        """What undo would take back, empty where nothing."""
        return self._entries[self._position - 1].label if self.can_undo else ""

    @property
    def redo_label(self) -> str:
        """What redo would do again, empty where nothing."""
        return self._entries[self._position].label if self.can_redo else ""

    def place_of(self, entry_id: int) -> int | None:
        """Index of an entry, None where it fell off or was replaced."""
        return next((i for i, entry in enumerate(self._entries) if entry.id == entry_id), None)

    def push(self, entry: Entry) -> None:
        """A new entry; what was taken back is forgotten, and the oldest where the bytes run out."""
        self.put(self._position, [entry], drop_rest=True)
        self._position += 1
        self.trim()

    def put(self, start: int, entries: Sequence[Entry], *, drop_rest: bool = False) -> None:
        """Entries in the place of those from `start` on."""
        stop = len(self._entries) if drop_rest else start + len(entries)
        self._count(self._entries[start:stop], -1)
        self._entries[start:stop] = entries
        self._count(entries, 1)

    def moved(self, index: int, back: Step, position: int) -> None:
        """Entry `index` was crossed: its step now leads the other way."""
        self.put(index, [replace(self._entries[index], step=back)])
        self._position = position

    def restore(self, entries: Iterable[Entry], position: int, first_state: int) -> None:
        """The history of a file."""
        self.put(0, list(entries), drop_rest=True)
        self._position, self.first_state = position, first_state
        self.trim()

    def _count(self, entries: Iterable[Entry], sign: int) -> None:
        for entry in entries:
            self._weigh.add(weights(entry.step), sign)

    def trim(self) -> None:
        """The oldest fall off, but the newest thing done can always be taken back, and what was taken back redone."""
        drop = 0
        while self.bytes > self.limit_bytes and drop < self._position - 1:
            self._count(self._entries[drop : drop + 1], -1)
            drop += 1
        if drop:
            self.first_state, self._first_done = self._entries[drop - 1].state, self._entries[drop - 1].id
            del self._entries[:drop]
            self._position -= drop
