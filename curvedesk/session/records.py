"""What a document tells its journal: enough to do the same again on the state it was saved in."""

from dataclasses import dataclass
from datetime import datetime

from curvedesk.session.steps import Step


@dataclass(frozen=True, slots=True, eq=False)
class Did:
    """A new entry of the history."""

    entry: int
    label: str
    at: datetime
    step: Step


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """A result that became part of an entry."""

    entry: int
    label: str
    step: Step


@dataclass(frozen=True, slots=True)
class Moved:
    """Undo, redo or a jump: so many entries are done now."""

    position: int


Record = Did | Joined | Moved
