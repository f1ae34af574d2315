"""The list of tools as data: words, keys, icons, and how each is made."""

from collections.abc import Callable
from dataclasses import dataclass

from curvedesk.session.tools.back_up import BackUp
from curvedesk.session.tools.base import Idle, Look, Tool
from curvedesk.session.tools.drawing import Brush, Pen
from curvedesk.session.tools.edges import Edge
from curvedesk.session.tools.erasing import Eraser
from curvedesk.session.tools.intervals import Accept, Null
from curvedesk.session.tools.swapping import Swap
from curvedesk.session.tools.ties import Tie
from curvedesk.session.tools.vertex import Vertex


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """One tool: its words, key, icon, the pointer's shape (open_hand, cross, brush, rows, point), how to make it.

    `sized`: whether the wheel changes its width.
    """

    id: str
    name: str
    key: str
    icon: str
    tip: str
    cursor: str
    make: Callable[[Look], Tool]
    sized: bool = False


TOOLS = (
    ToolSpec(
        "pan", "Move the paper", "V", "pan", "Move the paper; Space held does the same with any tool", "open_hand", Idle
    ),
    ToolSpec(
        "pen",
        "Pen: the curve runs here",
        "P",
        "pen",
        "Draw where the active curve runs, or click corner by corner and press Enter; Alt keeps the pen off the ink",
        "cross",
        Pen,
    ),
    ToolSpec(
        "erase", "Eraser", "E", "eraser", "Take strokes away, or the part under the eraser", "brush", Eraser, sized=True
    ),
    ToolSpec(
        "not_curve",
        "Not a curve",
        "N",
        "not-curve",
        "Paint over ink that is no curve: grid, text, stains; Alt with the wheel: width",
        "brush",
        Brush,
        sized=True,
    ),
    ToolSpec(
        "null", "No reading", "O", "null", "Drag over rows in which the active curve has no reading", "rows", Null
    ),
    ToolSpec(
        "accept", "Accept rows", "A", "accept", "Drag over rows in which the active curve is right", "rows", Accept
    ),
    ToolSpec(
        "swap",
        "Swap from here down",
        "X",
        "swap",
        "From the row you click down, the two nearest curves change places",
        "cross",
        Swap,
    ),
    ToolSpec(
        "back_up",
        "Back-up scale",
        "U",
        "back-up",
        "Click on a curve that is on its next back-up scale there; with Shift: on the one before",
        "cross",
        BackUp,
    ),
    ToolSpec(
        "vertex",
        "Drag a point",
        "D",
        "vertex",
        "Drag the curve itself, corners of strokes, depth ties and track borders",
        "point",
        Vertex,
    ),
    ToolSpec(
        "tie",
        "Depth tie",
        "T",
        "tie",
        "Click a depth line and type its depth; drag a tie, or press Delete over it",
        "cross",
        Tie,
    ),
    ToolSpec(
        "edge",
        "Track border",
        "B",
        "edge",
        "Drag a track's border onto the print; Delete takes a point away",
        "point",
        Edge,
    ),
)


def make_tool(tool_id: str, look: Look) -> Tool:
    """The tool in hand; one that is not known does nothing."""
    spec = next((spec for spec in TOOLS if spec.id == tool_id), TOOLS[0])
    return spec.make(look)
