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


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """Undo, redo or a jump: `entry` is the last one done now (0: none, or one that fell off).

    `step` is what it did to the project, for a replay whose history is shorter than the one that was walked.
    """

    entry: int
    step: Step


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """The whole project as the step from an empty one: begins a journal anew when the old one was lost."""

    entry: int
    label: str
    at: datetime
    step: Step


Record = Did | Joined | Moved | Whole
