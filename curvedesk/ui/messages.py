"""What the window says: one line that tells what happened, what it cost and how to take it back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["info", "warn", "error"]


@dataclass(frozen=True, slots=True)
class Message:
    """``text`` and ``detail`` (shown muted after a dot); ``action_text`` is a link or button that calls ``action``.

    info fades after some seconds; warn and error stay as a banner until closed or acted upon. A new message with the
    same ``topic`` replaces the one that is shown.
    """

    text: str
    kind: Kind = "info"
    detail: str = ""
    action_text: str = ""
    action: Callable[[], object] | None = None
    other_text: str = ""
    other: Callable[[], object] | None = None
    topic: str = ""
