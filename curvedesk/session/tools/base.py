"""What every tool speaks: events in scan pixels in; previews, commands and questions out. No window anywhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.project import CurveKey, Project, curve_keys
from curvedesk.domain.strokes import DEFAULT_WIDTH_PX, Points
from curvedesk.domain.track import CurveSpec, Track
from curvedesk.session.calibration import Paper
from curvedesk.session.commands import Command
from curvedesk.tracing.track import Evidence

GRAB = 8.0  # screen pixels within which a point is taken hold of
DRAG = 3.0  # screen pixels a pressed pointer must move before it draws


@dataclass(frozen=True, slots=True)
class ToolEvent:
    """Where the pointer is, in scan pixels; `zoom`: screen pixels a scan pixel."""

    x_px: float
    y_px: float
    zoom: float = 1.0
    shift: bool = False
    ctrl: bool = False
    alt: bool = False

    def scan_px(self, screen_px: float) -> float:
        """A length on the screen, in scan pixels."""
        return screen_px / self.zoom


@dataclass(frozen=True, slots=True)
class Drawn:
    """A polyline to be shown while the tool is used; `kind` as of a stroke, or "edge", "tie", "raw"."""

    kind: str
    points: Points
    width_px: float = DEFAULT_WIDTH_PX
    curve: CurveKey = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What is shown before anything is committed.

    `rows`: an interval of `kind` ("null", "accept") over `curve`. `marks`: points to be shown as handles. `words`: a
    few words at the pointer. `hidden`: ids of strokes that will go.
    """

    drawn: tuple[Drawn, ...] = ()
    rows: tuple[float, float] | None = None
    kind: str = ""
    curve: CurveKey = ""
    marks: Points = ()
    words: str = ""
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ask:
    """A number that the tool needs: where to ask for it, what to offer, and the command it then makes.

    `answer` raises CurveDeskError, one sentence, where the number cannot be.
    """

    question: str
    unit: str
    x_px: float
    y_px: float
    offer: float | None
    answer: Callable[[float], Command]


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answers. The first of `commands` is a step of the history, the others join it.

    `preview` None: nothing to show (any more). `say`: one sentence for the user, why nothing was done.
    """

    preview: Preview | None = None
    commands: tuple[Command, ...] = ()
    ask: Ask | None = None
    say: str = ""


NOTHING = ToolResult()


def attempted(make: Callable[[], Command | None]) -> ToolResult:
    """The command that `make` gives, or its refusal in one sentence."""
    try:
        command = make()
    except CurveDeskError as fault:
        return ToolResult(say=str(fault))
    return NOTHING if command is None else ToolResult(commands=(command,))


@dataclass(frozen=True, slots=True)
class Situation:
    """What tools may look at: immutable, taken anew for every event.

    `paper(x0, y0, x1, y1)`: gray pixels of the scan itself (h, w), None where they are not at hand. `evidence`: the
    network's answer, to which a pen snaps.
    """

    project: Project
    active: CurveKey | None = None
    width_px: float = DEFAULT_WIDTH_PX
    evidence: Evidence | None = None
    paper: Paper | None = None
    keys: Mapping[CurveKey, tuple[Track, CurveSpec]] = field(init=False)

    def __post_init__(self) -> None:
        sheet = self.project.sheet
        object.__setattr__(self, "keys", curve_keys(sheet) if sheet else {})

    @property
    def active_spec(self) -> CurveSpec | None:
        """The curve that strokes speak of."""
        return self.keys[self.active][1] if self.active is not None and self.active in self.keys else None

    def refusal(self) -> str:
        """Why nothing can be said of the active curve; empty where it can."""
        if self.active_spec is None or self.active is None:
            return "Choose a curve first: its number key, or a click in the list of curves."
        if self.project.look(self.active).locked:
            return f"{self.active_spec.mnemonic} is locked; unlock it in the list of curves to correct it."
        return ""


def scan_scale(now: Situation) -> float:
    """Scan pixels in a 200 dpi pixel."""
    sheet, scan = now.project.sheet, now.project.scan
    return ((sheet.dpi if sheet else None) or (scan.dpi if scan else None) or 200.0) / 200


Look = Callable[[], Situation]


class Tool(Protocol):
    """A tool in hand. Positions may leave the scan; nothing raises."""

    def press(self, event: ToolEvent) -> ToolResult:
        """The button went down."""

    def move(self, event: ToolEvent) -> ToolResult:
        """The pointer moved, pressed or not."""

    def release(self, event: ToolEvent) -> ToolResult:
        """The button went up."""

    def key(self, name: str) -> ToolResult | None:
        """Enter, Backspace or Delete while the tool is in hand; None where it has no use for it."""

    def cancel(self) -> bool:
        """Escape: drop what is half done; whether there was anything."""


class Idle:
    """A tool that does nothing of its own accord; the others begin from it."""

    def __init__(self, look: Look) -> None:
        self.look = look

    def press(self, event: ToolEvent) -> ToolResult:  # noqa: ARG002
        """See Tool."""
        return NOTHING

    def move(self, event: ToolEvent) -> ToolResult:  # noqa: ARG002
        """See Tool."""
        return NOTHING

    def release(self, event: ToolEvent) -> ToolResult:  # noqa: ARG002
        """See Tool."""
        return NOTHING

    def key(self, name: str) -> ToolResult | None:  # noqa: ARG002
        """See Tool."""
        return None

    def cancel(self) -> bool:
        """See Tool."""
        return False
