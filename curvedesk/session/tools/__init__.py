"""Tools: what the pointer does on the paper, as state objects without a window, and the list of them as data."""

from curvedesk.session.tools.base import NOTHING, Ask, Drawn, Look, Preview, Situation, Tool, ToolEvent, ToolResult
from curvedesk.session.tools.erasing import EraseStrokes
from curvedesk.session.tools.registry import TOOLS, ToolSpec, make_tool

__all__ = [
    "NOTHING",
    "TOOLS",
    "Ask",
    "Drawn",
    "EraseStrokes",
    "Look",
    "Preview",
    "Situation",
    "Tool",
    "ToolEvent",
    "ToolResult",
    "ToolSpec",
    "make_tool",
]
