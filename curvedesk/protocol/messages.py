"""The sentences of the protocol as values: what an engine says, and what it may be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

VERSION = 1  # rises when an older end would misunderstand; window and engine of different versions do not talk


def _nothing() -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Hello:
    """The engine is there. Always its first sentence."""

    version: int
    pid: int


@dataclass(frozen=True, slots=True)
class Ready:
    """Libraries and the default model are in memory: the next job starts at once."""

    model: str  # empty where none could be loaded
    device: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Still alive, said every second whatever the job does."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `done` of `total` in a phase; `seconds_left` of the whole job where it can be told."""

    job: str
    phase: str
    done: int
    total: int
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class EvidenceAt:
    """The job writes its evidence into this folder of the evidence cache, which can be read from now on."""

    job: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Evidence of these rows of the scan is there (scan pixels, `y1_px` excluded)."""

    job: str
    y0_px: float
    y1_px: float


@dataclass(frozen=True, slots=True)
class Preview:
    """Part of a result while the job goes on: `what` it is, and the thing itself as JSON."""

    job: str
    what: str
    data: Mapping[str, Any] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Loss:
    """A training step: loss on the strokes, and on those held out where it was measured."""

    job: str
    step: int
    train: float
    held_out: float | None = None


@dataclass(frozen=True, slots=True)
class Paused:
    """A training rests because it was asked to, or goes on again."""

    job: str
    resting: bool


@dataclass(frozen=True, slots=True)
class Result:
    """The job is done; `files` by name, `facts` about them."""

    job: str
    files: Mapping[str, Any]
    facts: Mapping[str, Any] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Failed:
    """The job ended without a result; `sentence` is for the user, `detail` for the log."""

    job: str
    sentence: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The job stopped because it was asked to."""

    job: str


@dataclass(frozen=True, slots=True)
class Log:
    """A line for the log panel."""

    text: str
    level: str = "info"


Event = (
    Hello
    | Ready
    | Heartbeat
    | Progress
    | EvidenceAt
    | Rows
    | Preview
    | Loss
    | Paused
    | Result
    | Failed
    | Cancelled
    | Log
)


@dataclass(frozen=True, slots=True)
class Run:
    """Do the job of this file; jobs are done one after the other."""

    job: str
    job_file: str


@dataclass(frozen=True, slots=True)
class Look:
    """The user now looks at these rows of the scan: what lies there is wanted first."""

    job: str
    y0_px: float
    y1_px: float


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop a job, or strike it off the waiting list."""

    job: str


@dataclass(frozen=True, slots=True)
class Enough:
    """Stop a training here and judge what it has learnt so far."""

    job: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Let a training rest where it is."""

    job: str


@dataclass(frozen=True, slots=True)
class GoOn:
    """Let a training that rests go on."""

    job: str


@dataclass(frozen=True, slots=True)
class Quit:
    """End now."""


Request = Run | Look | Cancel | Enough | Pause | GoOn | Quit
EVENTS: Mapping[str, type[Event]] = {
    "hello": Hello,
    "ready": Ready,
    "heartbeat": Heartbeat,
    "progress": Progress,
    "evidence": EvidenceAt,
    "rows": Rows,
    "preview": Preview,
    "loss": Loss,
    "paused": Paused,
    "result": Result,
    "failed": Failed,
    "cancelled": Cancelled,
    "log": Log,
}
REQUESTS: Mapping[str, type[Request]] = {
    "run": Run,
    "look": Look,
    "cancel": Cancel,
    "enough": Enough,
    "pause": Pause,
    "go_on": GoOn,
    "quit": Quit,
}
